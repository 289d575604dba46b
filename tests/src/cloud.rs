//! What answers the SDK: `DynamoDB` by its [model](crate::model), SQS, SES and S3 by a few lines. Every call is noted with
//! the function that made it.

use crate::{
    faults::{Attempt, Faults, Verdict},
    issuer::Issuer,
    model::Tables,
    receiver::Receiver,
    secrecy::Secrecy,
    template::{Pattern, Template},
    traffic::{Traffic, answered},
};
use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorFuture},
    orchestrator::HttpRequest,
    result::ConnectorError,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value as Json, json};
use sha2::Digest;
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

/// A message in a queue.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its id.
    pub id: String,
    /// Its body.
    pub body: String,
    /// When it was sent, in milliseconds.
    pub sent: i64,
    /// How often it was delivered.
    pub deliveries: u32,
    /// Whoever receives sees it from then on, in milliseconds.
    pub visible_at: i64,
}

/// A mail that was taken.
#[derive(Debug, Clone)]
pub struct Mail {
    /// The name that SES gave it.
    pub id: String,
    /// The notice that it is sent for.
    pub notice: String,
    /// To whom.
    pub to: String,
    /// The bytes.
    pub raw: String,
}

impl Mail {
    /// The subject line, as it stands in the bytes.
    #[must_use]
    pub fn subject(&self) -> &str {
        self.raw.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap_or_default().trim_end()
    }

    /// The token of its link to this place, if it has one.
    #[must_use]
    pub fn token(&self, place: &str) -> Option<String> {
        // A line that is too long goes on behind a soft break.
        let raw = self.raw.replace("=\r\n", "");
        let (_, rest) = raw.split_once(&format!("/{place}/"))?;
        Some(rest.chars().take_while(|sign| sign.is_ascii_alphanumeric() || "-_".contains(*sign)).collect())
    }
}

/// A call to a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Which function made it.
    pub function: String,
    /// Service and operation, as the header says.
    pub target: String,
    /// Which operation.
    pub operation: String,
    /// What it said: the request's body, as it went over the wire.
    pub body: String,
}

/// An item of the outbox as it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// When, in milliseconds.
    pub at: i64,
    /// The item.
    pub image: Json,
}

/// All that is in a cloud at one time.
#[derive(Debug, Clone)]
pub struct Kept {
    tables: Tables,
    queues: BTreeMap<String, VecDeque<Message>>,
    mails: Vec<Mail>,
    arrived: BTreeMap<String, String>,
    files: BTreeMap<String, bool>,
    receiver: Receiver,
    stream: Vec<Written>,
    now: i64,
    messages: u64,
    mails_taken: u64,
}

impl Kept {
    /// Every item of a table.
    pub fn items(&self, table: &str) -> impl Iterator<Item = &str> {
        self.tables.items(table).map(|(_, text)| text)
    }
}

/// The services, and the time.
pub struct Cloud {
    /// Who signs people in.
    pub issuer: Mutex<Issuer>,
    /// The tables.
    pub tables: Mutex<Tables>,
    /// The queues, by logical name.
    pub queues: Mutex<BTreeMap<String, VecDeque<Message>>>,
    /// Every mail, in order.
    pub mails: Mutex<Vec<Mail>>,
    /// Mails that came in, by their path in their bucket.
    pub arrived: Mutex<BTreeMap<String, String>>,
    /// Every file in the bucket, by its path, and whether it still has the tag of an upload.
    pub files: Mutex<BTreeMap<String, bool>>,
    /// Who is told what happens.
    pub receiver: Mutex<Receiver>,
    /// Every call, in order.
    pub calls: Mutex<Vec<Call>>,
    /// The answers to them, as long as somebody wants them.
    pub answers: Mutex<Option<Vec<String>>>,
    /// Of the new items of the outbox, those that its stream is yet to deliver.
    pub stream: Mutex<Vec<Written>>,
    /// Which it delivers.
    streamed: Pattern,
    /// Who listens that no word of a customer goes where it may not.
    pub secrecy: Arc<Secrecy>,
    /// What goes wrong, if anything.
    pub faults: Faults,
    /// What holds calls back until it lets them through, if anything.
    pub traffic: Traffic,
    now: AtomicI64,
    skew: AtomicI64,
    messages: AtomicU64,
    mails_taken: AtomicU64,
}

impl std::fmt::Debug for Cloud {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cloud")
    }
}

/// The table with a stream.
const OUTBOX: &str = "OutboxTable";

/// What is behind a lock, also after a test has panicked.
pub fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Cloud {
    /// The empty cloud of this template, at this time.
    ///
    /// # Panics
    /// If a table's request is none, or no function has the outbox' stream.
    #[must_use]
    pub fn new(template: &Template, now: i64) -> Self {
        let mut mappings = template.functions.values().filter_map(|function| function.stream.as_ref());
        Self {
            issuer: Mutex::default(),
            tables: Mutex::new(Tables::new(template.tables.values())),
            queues: Mutex::default(),
            mails: Mutex::default(),
            arrived: Mutex::default(),
            files: Mutex::default(),
            receiver: Mutex::default(),
            calls: Mutex::default(),
            answers: Mutex::default(),
            stream: Mutex::default(),
            streamed: mappings.next().expect("a function has the stream").pattern.clone(),
            secrecy: Arc::default(),
            faults: Faults::default(),
            traffic: Traffic::default(),
            now: AtomicI64::new(now),
            skew: AtomicI64::new(0),
            messages: AtomicU64::new(0),
            mails_taken: AtomicU64::new(0),
        }
    }

    /// All that is in the cloud now, to begin from again.
    #[must_use]
    pub fn kept(&self) -> Kept {
        Kept {
            tables: locked(&self.tables).clone(),
            queues: locked(&self.queues).clone(),
            mails: locked(&self.mails).clone(),
            arrived: locked(&self.arrived).clone(),
            files: locked(&self.files).clone(),
            receiver: locked(&self.receiver).clone(),
            stream: locked(&self.stream).clone(),
            now: self.now(),
            messages: self.messages.load(Ordering::SeqCst),
            mails_taken: self.mails_taken.load(Ordering::SeqCst),
        }
    }

    /// Makes everything as it was. No call is remembered.
    pub fn put_back(&self, kept: &Kept) {
        locked(&self.tables).clone_from(&kept.tables);
        locked(&self.queues).clone_from(&kept.queues);
        locked(&self.mails).clone_from(&kept.mails);
        locked(&self.arrived).clone_from(&kept.arrived);
        locked(&self.files).clone_from(&kept.files);
        locked(&self.receiver).clone_from(&kept.receiver);
        locked(&self.stream).clone_from(&kept.stream);
        locked(&self.calls).clear();
        self.set_now(kept.now);
        self.messages.store(kept.messages, Ordering::SeqCst);
        self.mails_taken.store(kept.mails_taken, Ordering::SeqCst);
    }

    /// The time, in milliseconds.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.now.load(Ordering::SeqCst)
    }

    /// Sets the time.
    pub fn set_now(&self, now: i64) {
        self.now.store(now, Ordering::SeqCst);
    }

    /// The time that the running function's clock shows.
    #[must_use]
    pub fn wall(&self) -> i64 {
        self.now() + self.skew.load(Ordering::SeqCst)
    }

    /// From now on the functions' clock differs so much from the time, in milliseconds.
    pub fn skew(&self, by: i64) {
        self.skew.store(by, Ordering::SeqCst);
    }

    /// Lays an item down, as no function would.
    ///
    /// # Panics
    /// If the table does not take it.
    pub fn put(&self, table: &str, item: &Json) {
        self.change("PutItem", &json!({ "TableName": table, "Item": item }));
    }

    /// Takes an item away, as no function would.
    ///
    /// # Panics
    /// If there is no such table.
    pub fn delete(&self, table: &str, item: &Json) {
        let key = json!({ "pk": item["pk"], "sk": item["sk"] });
        let delete = json!({ "Delete": { "TableName": table, "Key": key } });
        self.change("TransactWriteItems", &json!({ "TransactItems": [delete] }));
    }

    fn change(&self, operation: &str, body: &Json) {
        let (status, answer) = locked(&self.tables).answer(operation, &body.to_string(), self.now());
        assert_eq!(status, 200, "{answer}");
    }

    /// Puts a message into a queue.
    pub fn send(&self, queue: &str, body: String) -> String {
        let id = format!("m-{:08}", self.messages.fetch_add(1, Ordering::SeqCst));
        let message = Message { id: id.clone(), body, sent: self.now(), deliveries: 0, visible_at: 0 };
        locked(&self.queues).entry(queue.to_owned()).or_default().push_back(message);
        id
    }

    pub(crate) fn answer(&self, attempt: &Attempt) -> (u16, String) {
        let (status, answer) = self.answer_as_the_service(attempt);
        if let Some(answers) = locked(&self.answers).as_mut() {
            answers.push(if status == 200 { answer.clone() } else { String::new() });
        }
        (status, answer)
    }

    fn answer_as_the_service(&self, attempt: &Attempt) -> (u16, String) {
        let Attempt { function, target, operation, body } = attempt;
        let call = Call {
            function: function.clone(),
            target: target.clone(),
            operation: operation.clone(),
            body: body.clone(),
        };
        locked(&self.calls).push(call);
        self.secrecy.look_at(attempt);
        if target.starts_with("DynamoDB_") {
            let mut tables = locked(&self.tables);
            let leaves = operation == "TransactWriteItems" && body.contains(OUTBOX);
            let changes = if leaves { tables.put_into(OUTBOX, body) } else { Vec::new() };
            let (status, answer) = tables.answer(operation, &self.faults.taken(attempt), self.now());
            if status == 200 {
                let given = changes.into_iter().filter(|(change, image)| self.streamed.fits(change, image));
                let at = self.now();
                locked(&self.stream).extend(given.map(|(_, image)| Written { at, image }));
            }
            (status, answer)
        } else if target == "Issuer" {
            locked(&self.issuer).answer(body)
        } else if target == "Receiver" {
            locked(&self.receiver).answer(body)
        } else if target == "S3" {
            self.s3(body)
        } else if target.starts_with("AmazonSQS") {
            (200, self.sqs(body).to_string())
        } else {
            (200, self.ses(body))
        }
    }

    /// What this call is answered, once more: of what is there now.
    pub fn answer_again(&self, call: Call) -> (u16, String) {
        let Call { function, target, operation, body } = call;
        self.answer(&Attempt { function, target, operation, body })
    }

    /// What was sent before its sender ended, and arrives only now; says how many.
    pub fn land(&self, at_last: bool) -> usize {
        let late = self.faults.late(at_last);
        for attempt in &late {
            self.answer(attempt);
        }
        late.len()
    }

    fn sqs(&self, body: &str) -> Json {
        let request: Json = serde_json::from_str(body).unwrap_or_default();
        let queue = request["QueueUrl"].as_str().and_then(|url| url.rsplit('/').next()).unwrap_or_default();
        let entries = request["Entries"].as_array().cloned().unwrap_or_default();
        let sent: Vec<_> = entries
            .iter()
            .map(|entry| {
                let id = self.send(queue, entry["MessageBody"].as_str().unwrap_or_default().to_owned());
                json!({ "Id": entry["Id"], "MessageId": id, "MD5OfMessageBody": "" })
            })
            .collect();
        json!({ "Successful": sent, "Failed": [] })
    }

    /// A mail is given out; a file is put there; the tag of a file is taken away. What is not there is said to be none.
    fn s3(&self, asked: &str) -> (u16, String) {
        let none = || (404, "<Error><Code>NoSuchKey</Code></Error>".to_owned());
        if let Some(path) = asked.strip_prefix("GET ") {
            return locked(&self.arrived).get(path).map_or_else(none, |raw| (200, raw.clone()));
        }
        if let Some(path) = asked.strip_prefix("PUT ") {
            locked(&self.files).insert(path.to_owned(), false);
            return (200, String::new());
        }
        let path = asked.strip_prefix("DELETE ").and_then(|path| path.strip_suffix("?tagging"));
        match locked(&self.files).get_mut(path.expect("what S3 is asked")) {
            Some(tagged) => {
                *tagged = false;
                (204, String::new())
            }
            None => none(),
        }
    }

    /// What S3 answers to whoever follows a link to upload with this content: it holds the headers against the content, and
    /// their names against the signed ones.
    ///
    /// # Panics
    /// If it is no link of ours.
    #[must_use]
    pub fn upload(&self, link: &Json, content: &[u8]) -> u16 {
        let (path, query) = link["url"].as_str().and_then(|url| url.split_once('?')).expect("a link");
        let header = |name: &str| link["headers"][name].as_str().unwrap_or_default();
        let names: Vec<_> = link["headers"].as_object().expect("headers").keys().map(String::as_str).collect();
        let signed = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "X-Amz-SignedHeaders");
        let signed = signed.expect("a signature").1.replace(";host", "");
        assert_eq!((link["method"].as_str(), names.join(";")), (Some("PUT"), signed), "all that is sent is signed");
        let digest = STANDARD.encode(sha2::Sha256::digest(content));
        if header("content-length") != content.len().to_string() || header("x-amz-checksum-sha256") != digest {
            return 400;
        }
        let mut files = locked(&self.files);
        if files.contains_key(path) && header("if-none-match") == "*" {
            return 412;
        }
        files.insert(path.to_owned(), header("x-amz-tagging") == "stage=uploaded");
        200
    }

    fn ses(&self, body: &str) -> String {
        let fields: BTreeMap<_, _> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
        let raw = STANDARD.decode(field("RawMessage.Data")).unwrap_or_default();
        let id = format!("mail-{}", self.mails_taken.fetch_add(1, Ordering::SeqCst) + 1);
        locked(&self.mails).push(Mail {
            id: id.clone(),
            notice: field("Tags.member.1.Value"),
            to: field("Destinations.member.1"),
            raw: String::from_utf8_lossy(&raw).into_owned(),
        });
        format!(
            "<SendRawEmailResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\"><SendRawEmailResult>\
             <MessageId>{id}</MessageId></SendRawEmailResult></SendRawEmailResponse>"
        )
    }
}

/// The connection of one function.
#[derive(Debug, Clone)]
pub struct Wire {
    cloud: Arc<Cloud>,
    function: String,
}

impl Wire {
    /// A connection in this function's name.
    #[must_use]
    pub fn new(cloud: Arc<Cloud>, function: &str) -> Self {
        Self { cloud, function: function.to_owned() }
    }
}

impl HttpConnector for Wire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let attempt = Attempt::of(&self.function, &request);
        if let Some(held) = self.cloud.traffic.hold(&attempt) {
            return held;
        }
        let never = || HttpConnectorFuture::new(std::future::pending());
        match self.cloud.faults.verdict(&attempt, &request) {
            Verdict::Perform => HttpConnectorFuture::ready(Ok(answered(self.cloud.answer(&attempt)))),
            Verdict::Refuse(status, body) => HttpConnectorFuture::ready(Ok(answered((status, body)))),
            Verdict::Lose => {
                self.cloud.answer(&attempt);
                HttpConnectorFuture::ready(Err(ConnectorError::io("the connection broke".into())))
            }
            Verdict::Never => never(),
            Verdict::Kill { performed } => {
                if performed {
                    self.cloud.answer(&attempt);
                }
                self.cloud.faults.kill();
                never()
            }
            Verdict::Hold { performed } => {
                let done = performed.then(|| self.cloud.answer(&attempt));
                let cloud = Arc::clone(&self.cloud);
                HttpConnectorFuture::new(async move {
                    cloud.faults.hold().await;
                    Ok(answered(done.unwrap_or_else(|| cloud.answer(&attempt))))
                })
            }
        }
    }
}
