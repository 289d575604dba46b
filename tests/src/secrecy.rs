//! What customers said, and what they were answered (INQ-5), overheard where it comes in. From there it may go into the
//! table Conversations, onto the desk, and into the body of a mail to the customer. Wherever else it shows (an answer to
//! anybody else, an error, a mail, a message, an item of another table, a line of a log) is a leak, and the test in whose
//! world it happened fails, whatever that test is about. So are an address in a log, and another seller in a mail to one.

use crate::{cloud::locked, faults::Attempt};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value as Json, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    pin::Pin,
    sync::{Arc, Mutex},
};

/// Where words lie.
const CONVERSATIONS: &str = "ConversationsTable";
/// Shorter texts may stand anywhere by chance.
const TELLING: usize = 12;
/// So many are enough to listen for; a replay of years has more.
const MOST: usize = 30;

/// The longest part of a text that stands in JSON as it is: where that is missing, so is the text.
fn plain(text: &str) -> &str {
    let parts = text.split(|sign: char| sign == '"' || sign == '\\' || sign.is_control());
    parts.max_by_key(|part| part.len()).unwrap_or_default()
}

tokio::task_local! {
    /// Who reads the log of what is at work.
    static READER: Arc<Secrecy>;
}

/// The log of every function at work.
struct Log;

impl io::Write for Log {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        // Nobody may read it: then it is of no world.
        let _ = READER.try_with(|reader| reader.look_at_line(line));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Which other seller is named, by its id or its address, in what belongs to this one. The sellers of the tests are `s1` to
/// `s9`.
#[must_use]
pub fn names_another(own: &str, text: &str) -> Option<String> {
    (1..=9).map(|n| format!("s{n}")).filter(|other| other != own).find(|other| {
        text.contains(&format!("\"seller_id\":\"{other}\"")) || text.contains(&format!("{other}@sellers.example"))
    })
}

/// Who listens.
#[derive(Debug, Default)]
pub struct Secrecy {
    heard: Mutex<BTreeSet<String>>,
    leaks: Mutex<Vec<String>>,
    lines: Mutex<BTreeMap<String, BTreeMap<String, Json>>>,
    written: Mutex<BTreeMap<String, (u64, u64)>>,
}

impl Secrecy {
    /// What a request brings in: the words of a contact, an answer, what is filled into a macro, a note, a comment.
    pub fn overhear(&self, path: &str, body: &str) {
        if !["/contacts", "/desk/", "/surveys"].iter().any(|place| path.contains(place)) {
            return;
        }
        let form = || form_urlencoded::parse(body.as_bytes()).map(|(name, text)| (name.into(), json!(text))).collect();
        let body: Json = serde_json::from_str(body).unwrap_or_else(|_| Json::Object(form()));
        let texts = ["message", "note", "comment"].map(|name| &body[name]);
        let slots = body["slots"].as_object().into_iter().flat_map(serde_json::Map::values);
        let mut heard = locked(&self.heard);
        let telling = texts
            .into_iter()
            .chain(slots)
            .filter_map(Json::as_str)
            .filter(|text| text.len() >= TELLING && text.contains(' '));
        for text in telling {
            if heard.len() < MOST {
                heard.insert(text.to_owned());
            }
        }
    }

    /// A text that nobody who may not know them finds their words in.
    pub fn look(&self, place: &str, text: &str) {
        let heard = locked(&self.heard);
        let leaks = heard.iter().filter(|words| text.contains(words.as_str()));
        locked(&self.leaks).extend(leaks.map(|words| format!("{place}: {words}")));
    }

    /// Functions at work, whose log is read: no word of a customer stands in it, and no address.
    pub fn reading_the_log<'a, T: 'a>(
        self: &Arc<Self>,
        work: impl Future<Output = T> + 'a,
    ) -> Pin<Box<dyn Future<Output = T> + 'a>> {
        shell::telemetry::start_on(|| Log);
        // Boxed: the functions are deep already.
        Box::pin(READER.scope(Arc::clone(self), work))
    }

    fn look_at_line(&self, line: &[u8]) {
        let fields: BTreeMap<String, Json> = serde_json::from_slice(line).expect("a line of JSON");
        for (name, value) in &fields {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            self.look(&format!("{name} in the log"), &text);
            if text.contains('@') {
                locked(&self.leaks).push(format!("{name} in the log: the address {text}"));
            }
        }
        if let Some(message) = fields.get("message").and_then(Json::as_str).map(str::to_owned) {
            let mut written = locked(&self.written);
            let (lines, bytes) = written.entry(message.clone()).or_default();
            *lines += 1;
            *bytes += u64::try_from(line.len()).unwrap_or(u64::MAX);
            locked(&self.lines).insert(message, fields);
        }
    }

    /// How many lines of the log there were with each message, and their bytes.
    #[must_use]
    pub fn written(&self) -> BTreeMap<String, (u64, u64)> {
        locked(&self.written).clone()
    }

    /// The fields of the last line of the log with this message.
    #[must_use]
    pub fn logged(&self, message: &str) -> Option<BTreeMap<String, Json>> {
        locked(&self.lines).get(message).cloned()
    }

    /// A call to a service: words go into Conversations and into the body of a customer's mail, and nowhere else.
    pub(crate) fn look_at(&self, attempt: &Attempt) {
        let is_mail = attempt.operation == "SendRawEmail";
        if !is_mail && !locked(&self.heard).iter().any(|words| attempt.body.contains(plain(words))) {
            return;
        }
        let place = format!("{} by {}", attempt.operation, attempt.function);
        match attempt.operation.as_str() {
            "TransactWriteItems" => {
                let request: Json = serde_json::from_str(&attempt.body).unwrap_or_default();
                let items = request["TransactItems"].as_array().into_iter().flatten();
                for item in items.filter(|item| item["Put"]["TableName"] != CONVERSATIONS) {
                    self.look(&place, &item.to_string());
                }
            }
            "SendRawEmail" => {
                let fields: BTreeMap<_, _> = form_urlencoded::parse(attempt.body.as_bytes()).collect();
                let raw = STANDARD.decode(fields["RawMessage.Data"].as_bytes()).expect("base64");
                // A line that is too long goes on behind a soft break.
                let mail = String::from_utf8_lossy(&raw).replace("=\r\n", "");
                let head = mail.split("\r\n\r\n").next().unwrap_or_default();
                let to_customer = fields["Destinations.member.1"].ends_with("@customers.example");
                self.look(&place, if to_customer { head } else { &mail });
                let own = fields["Destinations.member.1"].strip_suffix("@sellers.example");
                if let Some(other) = own.filter(|own| own.starts_with('s')).and_then(|own| names_another(own, &mail)) {
                    locked(&self.leaks).push(format!("{place}: a mail to {own:?} names {other}"));
                }
            }
            _ => self.look(&place, &attempt.body),
        }
    }

    /// What was found.
    #[must_use]
    pub fn leaks(&self) -> Vec<String> {
        locked(&self.leaks).clone()
    }

    /// What was found is what a test wanted to be found.
    pub fn forgive(&self) {
        locked(&self.leaks).clear();
    }
}

impl Drop for Secrecy {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let leaks = self.leaks();
            assert!(leaks.is_empty(), "INQ-5: words of a customer have leaked: {leaks:#?}");
        }
    }
}
