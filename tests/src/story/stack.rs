//! The running stack: its addresses, tokens, queues, mails and time.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value as Json, json};
use shell::{clock::Clock, sqs::Queue};
use std::{
    fmt,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

/// What a message that failed needs to come again, and then some.
const PATIENCE: Duration = Duration::from_mins(10);
const PAUSE: Duration = Duration::from_millis(250);

/// Why the story cannot go on.
#[derive(Debug)]
pub struct Trouble(pub String);

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Trouble {}

/// What must be so.
pub fn expect(what: &str, is: &Json, should: &Json) -> Result<(), Trouble> {
    if is == should { Ok(()) } else { Err(Trouble(format!("{what} should be {should} and is {is}"))) }
}

/// A running stack.
pub struct Stack {
    described: Json,
    queues: shell::sqs::Queues,
    clock: Clock,
    agent: ureq::Agent,
}

impl Stack {
    /// The stack that `cargo xtask up` started.
    pub fn running() -> Result<Self, Trouble> {
        let file = target().join("local/stack.json");
        let none = |_| Trouble("no local stack is running; start it with `cargo xtask up`".to_owned());
        let text = std::fs::read_to_string(&file).map_err(none)?;
        let described: Json = serde_json::from_str(&text).map_err(|error| Trouble(error.to_string()))?;
        let said = |path: &str| described.pointer(path).and_then(Json::as_str).unwrap_or_default().to_owned();
        let env = shell::Env::from([
            ("AWS_REGION".to_owned(), said("/region")),
            ("AWS_ENDPOINT_URL".to_owned(), said("/endpoint")),
            ("AWS_ACCESS_KEY_ID".to_owned(), said("/credentials/access_key_id")),
            ("AWS_SECRET_ACCESS_KEY".to_owned(), said("/credentials/secret_access_key")),
            (Queue::Events.variable().to_owned(), said("/queues/Events")),
        ]);
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_mins(1)))
            .build();
        let shell = shell::Shell::with_env(&env).map_err(|error| Trouble(error.to_string()))?;
        Ok(Self { described, queues: shell.queues, clock: shell.clock, agent: config.new_agent() })
    }

    /// The time on the stack.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.wall()
    }

    fn said(&self, name: &str) -> &str {
        self.described[name].as_str().unwrap_or_default()
    }

    /// An access token with these claims.
    pub fn token(&self, claims: &Json) -> Result<String, Trouble> {
        let url = format!("{}/token", self.said("issuer_url"));
        let mut answer = self.agent.post(&url).send_json(claims).map_err(|e| Trouble(format!("{url}: {e}")))?;
        let token: Json = answer.body_mut().read_json().map_err(|e| Trouble(format!("{url}: {e}")))?;
        Ok(token["access_token"].as_str().unwrap_or_default().to_owned())
    }

    /// A request; its status and body. A function that died answers 502, and the request is repeated.
    pub fn request(
        &self,
        method: &str,
        path: &str,
        token: &str,
        key: &str,
        body: Option<&Json>,
    ) -> Result<(u16, Json), Trouble> {
        let url = format!("{}/v1/stores/{}{path}", self.said("api_url"), super::STORE);
        let begun = Instant::now();
        loop {
            let bearer = format!("Bearer {token}");
            let sent = match body {
                None => self.agent.get(&url).header("authorization", &bearer).call(),
                Some(body) => {
                    let post = self.agent.post(&url).header("authorization", &bearer);
                    post.header("idempotency-key", key).send_json(body)
                }
            };
            let answered = sent.ok().map(|mut answer| {
                let status = answer.status().as_u16();
                (status, answer.body_mut().read_json::<Json>().unwrap_or(Json::Null))
            });
            match answered {
                Some((status, body)) if status < 500 => return Ok((status, body)),
                other if begun.elapsed() > PATIENCE => {
                    return Err(Trouble(format!("{method} {path} is not answered: {other:?}")));
                }
                _ => std::thread::sleep(PAUSE),
            }
        }
    }

    /// Sends a fact of the marketplace, twice.
    pub async fn fact(&self, fact: &Json) -> Result<(), Trouble> {
        let body = fact.to_string();
        let taken = self.queues.send(Queue::Events, &[&body, &body]).await;
        match taken {
            Ok(taken) if taken.iter().all(|taken| *taken) => Ok(()),
            other => Err(Trouble(format!("the queue does not take {fact}: {other:?}"))),
        }
    }

    /// Waits until there is an answer.
    pub async fn until(&self, what: &str, mut ask: impl FnMut() -> Result<Json, Trouble>) -> Result<Json, Trouble> {
        let begun = Instant::now();
        loop {
            let answer = ask()?;
            if !answer.is_null() {
                return Ok(answer);
            }
            if begun.elapsed() > PATIENCE {
                return Err(Trouble(format!("waited {} s in vain: {what}", PATIENCE.as_secs())));
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Subjects of the mails to an address.
    pub fn mails_to(&self, address: &str) -> Result<Vec<String>, Trouble> {
        let url = format!("{}/_ministack/ses/messages?account={}", self.said("endpoint"), self.said("account"));
        let unreadable = |error: ureq::Error| Trouble(format!("{url}: {error}"));
        let all: Json = self.agent.get(&url).call().map_err(unreadable)?.body_mut().read_json().map_err(unreadable)?;
        let messages = all["messages"][self.said("account")].as_array().cloned().unwrap_or_default();
        let to = |mail: &&Json| mail["To"].to_string().contains(address);
        Ok(messages.iter().filter(to).map(|mail| mail["Subject"].as_str().unwrap_or_default().to_owned()).collect())
    }

    /// Waits for a mail.
    pub async fn mail(&self, address: &str, subject: &str) -> Result<(), Trouble> {
        let there = || {
            let mails = self.mails_to(address)?;
            Ok(if mails.iter().any(|known| known.contains(subject)) { json!(true) } else { Json::Null })
        };
        self.until(&format!("a mail “{subject}” to {address}"), there).await.map(drop)
    }

    /// Moves the stack's time on.
    pub async fn travel(&self, time: TimeDelta) -> Result<(), Trouble> {
        // What is on its way arrives before the time moves.
        tokio::time::sleep(PAUSE).await;
        let xtask = target().join("debug/xtask");
        let ended = Command::new(&xtask).args(["travel", &format!("{}s", time.num_seconds().max(1))]).output();
        match ended {
            Ok(output) if output.status.success() => Ok(()),
            Ok(output) => Err(Trouble(String::from_utf8_lossy(&output.stderr).into_owned())),
            Err(error) => Err(Trouble(format!("{}: {error}", xtask.display()))),
        }
    }
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target")
}

/// Names that belong to one telling.
pub fn name(kind: &str, run: i64) -> String {
    format!("{kind}-{run}")
}
