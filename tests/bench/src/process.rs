//! One process: started as Lambda would, given events, and asked what it took.

use crate::{
    Outcome,
    candidate::Candidate,
    runtime_api::{RuntimeApi, Step},
    share::Share,
    stub::Stub,
};
use hyper::body::Bytes;
use std::{
    collections::HashMap,
    fmt, fs,
    process::Stdio,
    time::{Duration, Instant},
};
use tokio::{
    process::{Child, Command},
    time::timeout,
};

/// Nothing that is measured takes longer.
const PATIENCE: Duration = Duration::from_mins(1);

/// What a cold start took.
#[derive(Debug, Clone, Copy)]
pub struct Cold {
    /// From its start to its first answer.
    pub answered: Duration,
    /// From its start until it asked for an event.
    pub ready: Duration,
    /// From then on.
    pub first: Duration,
    /// What it worked until then.
    pub cpu: Duration,
    /// How many calls it made.
    pub calls: usize,
}

/// How much of the machine it may use.
#[derive(Debug)]
pub enum Limit<'a> {
    /// All of it.
    None,
    /// A share from the beginning.
    FromStart(&'a Share),
    /// A share from when it asks for an event: Lambda gives the init phase a whole processor.
    AfterInit(&'a Share),
}

impl fmt::Display for Limit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Limit::None => "cold",
            Limit::FromStart(_) => "cold, with a share",
            Limit::AfterInit(_) => "cold, with a share after init",
        })
    }
}

/// A process that waits for an event.
#[derive(Debug)]
pub struct Process {
    child: Child,
    api: RuntimeApi,
    stub: Stub,
    event: Bytes,
    expected: HashMap<String, usize>,
    name: String,
}

impl Process {
    /// Starts it, and waits for its first answer.
    pub async fn start(candidate: &Candidate, api: RuntimeApi, stub: Stub, limit: &Limit<'_>) -> Outcome<(Self, Cold)> {
        let mut command = match limit {
            Limit::None | Limit::AfterInit(_) => Command::new(&candidate.program),
            Limit::FromStart(share) => {
                let mut shell = Command::new("/bin/sh");
                shell.args(["-c", "echo $$ > \"$0\" && exec \"$@\""]).arg(share.members()).arg(&candidate.program);
                shell
            }
        };
        command.args(&candidate.arguments).env_clear().envs(&candidate.environment);
        command.env("AWS_LAMBDA_RUNTIME_API", &api.address).env("AWS_ENDPOINT_URL", &stub.endpoint);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::inherit()).kill_on_drop(true);
        let started = Instant::now();
        let child = command.spawn().map_err(|error| format!("{}: {error}", candidate.program.display()))?;
        let mut process = Self {
            child,
            api,
            stub,
            event: candidate.event.clone(),
            expected: candidate.operations(),
            name: candidate.name.clone(),
        };
        let ready = process.asks().await?;
        if let Limit::AfterInit(share) = limit {
            fs::write(share.members(), process.id()?.to_string())?;
        }
        process.api.hand_out(process.event.clone()).await?;
        let answered = process.answers().await?;
        process.asks().await?;
        let cpu = process.cpu()?;
        let calls = process.check()?;
        Ok((
            process,
            Cold { answered: answered - started, ready: ready - started, first: answered - ready, cpu, calls },
        ))
    }

    /// One more event; says how long its answer took.
    pub async fn invoke(&mut self) -> Outcome<Duration> {
        let handed_out = Instant::now();
        self.api.hand_out(self.event.clone()).await?;
        let answered = self.answers().await?;
        self.asks().await?;
        self.check()?;
        Ok(answered - handed_out)
    }

    /// What all its threads have worked so far.
    pub fn cpu(&self) -> Outcome<Duration> {
        let threads = fs::read_dir(format!("/proc/{}/task", self.id()?))?;
        let mut worked = 0;
        for thread in threads {
            let text = fs::read_to_string(thread?.path().join("schedstat"))?;
            worked += text.split(' ').next().and_then(|ns| ns.parse::<u64>().ok()).ok_or("schedstat has no time")?;
        }
        Ok(Duration::from_nanos(worked))
    }

    /// The most memory that it ever had, in KiB.
    pub fn peak(&self) -> Outcome<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id()?))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let number = line.and_then(|line| line.split_whitespace().next()).and_then(|number| number.parse().ok());
        Ok(number.ok_or("the system does not say how much memory a process had")?)
    }

    /// Ends it.
    pub async fn end(mut self) -> Outcome<()> {
        Ok(self.child.kill().await?)
    }

    fn id(&self) -> Outcome<u32> {
        Ok(self.child.id().ok_or_else(|| format!("{} has ended", self.name))?)
    }

    async fn step(&mut self) -> Outcome<Step> {
        let step = tokio::select! {
            step = timeout(PATIENCE, self.api.step()) => step.ok().flatten(),
            ended = self.child.wait() => return Err(format!("{} ended by itself: {}", self.name, ended?).into()),
        };
        Ok(step.ok_or_else(|| format!("{} did nothing for too long", self.name))?)
    }

    async fn asks(&mut self) -> Outcome<Instant> {
        match self.step().await? {
            Step::Asks(at) => Ok(at),
            Step::Answered(..) => Err(format!("{} answers what nobody asked", self.name).into()),
            Step::Failed(why) => Err(format!("{}: {}", self.name, String::from_utf8_lossy(&why)).into()),
        }
    }

    async fn answers(&mut self) -> Outcome<Instant> {
        match self.step().await? {
            Step::Answered(at, answer) => {
                let answer = String::from_utf8_lossy(&answer);
                let bad = ["\"itemIdentifier\"", "\"statusCode\":5"].iter().any(|sign| answer.contains(sign));
                if bad { Err(format!("{} did not do its job: {answer}", self.name).into()) } else { Ok(at) }
            }
            Step::Asks(_) => Err(format!("{} asks before it has answered", self.name).into()),
            Step::Failed(why) => Err(format!("{}: {}", self.name, String::from_utf8_lossy(&why)).into()),
        }
    }

    /// A process that did not do what was recorded would be measured in vain. Says how many calls it made.
    fn check(&self) -> Outcome<usize> {
        let mut asked = self.stub.begin_anew();
        asked.remove("Greeting");
        let missing = self.expected.iter().any(|(operation, times)| asked.get(operation).is_none_or(|n| n < times));
        if missing {
            return Err(format!("{} called {asked:?} and should have called {:?}", self.name, self.expected).into());
        }
        Ok(asked.values().sum())
    }
}
