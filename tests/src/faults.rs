//! What goes wrong between a function and the services, call by call: the fault layer behind the connection.
//!
//! A plan names calls by their number since it began, and says what happens to each: refused before it takes effect,
//! taken and the answer lost, never answered, arriving after its sender has ended, the sender killed at it. A call is
//! what the SDK calls one operation, with all its attempts; a fault hits the first attempt or every one.
//!
//! Without a plan nothing here is in the way.

use crate::{
    cloud::locked,
    issuer::ISSUER,
    receiver::{RECEIVER, Receiver},
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use serde_json::{Value as Json, json};
use std::{
    borrow::Cow,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::sync::Notify;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// 500, and nothing was done.
    Refuse,
    /// Not this mail or this webhook, now or ever.
    Reject,
    /// Too many calls for now.
    Throttle,
    /// Too many calls for this table.
    Exhaust,
    /// Another transaction is at one of the items. Every: of a transaction at the next two attempts of the handler as well.
    Conflict,
    /// 200, and nothing of the batch was done.
    Partly,
    /// Done, and the answer is lost.
    Lose,
    /// Never answered and never done.
    Hang,
    /// Never answered, and done after the handler has ended, before it is called again.
    LandLate,
    /// Never answered, and done after everything else.
    LandLast,
    /// The process ends before the call is sent.
    KillBefore,
    /// The process ends after the call was done.
    KillAfter,
    /// Sent and done only when somebody lets it go on ([`Faults::let_go`]).
    HoldBefore,
    /// Done, and answered only when somebody lets it go on.
    HoldAfter,
    /// The role may not do this.
    Deny,
    /// The role may not use the key under which it is stored.
    DenyKey,
}

impl Kind {
    /// What can go wrong at this operation and passes by itself: without what a person has to mend, and without another
    /// worker, who has to be there.
    #[must_use]
    pub fn of(operation: &str) -> &'static [Self] {
        use Kind::{
            Conflict, Exhaust, Hang, KillAfter, KillBefore, LandLast, LandLate, Lose, Partly, Refuse, Reject, Throttle,
        };
        match operation {
            "GetItem" | "Query" => &[Refuse, Throttle, Exhaust, Lose, Hang, KillBefore, KillAfter],
            "BatchGetItem" => &[Refuse, Throttle, Exhaust, Partly, Lose, Hang, KillBefore, KillAfter],
            "PutItem" | "UpdateItem" | "TransactWriteItems" => {
                &[Refuse, Throttle, Exhaust, Conflict, Lose, Hang, LandLate, LandLast, KillBefore, KillAfter]
            }
            "BatchWriteItem" => {
                &[Refuse, Throttle, Exhaust, Partly, Lose, Hang, LandLate, LandLast, KillBefore, KillAfter]
            }
            "SendMessageBatch" => &[Refuse, Throttle, Partly, Lose, Hang, LandLate, LandLast, KillBefore, KillAfter],
            "DeleteObjectTagging" | "GetObject" | "PutObject" => &[Refuse, Throttle, Lose, Hang, KillBefore, KillAfter],
            "SendRawEmail" | "PostWebhook" => {
                &[Refuse, Reject, Throttle, Lose, Hang, LandLate, LandLast, KillBefore, KillAfter]
            }
            other => panic!("{other} is no call of ours"),
        }
    }

    /// Whether it hits one attempt or every one; a mail is attempted once, and so are a webhook and what S3 is asked; a
    /// process dies once.
    #[must_use]
    pub fn attempts(self, operation: &str) -> &'static [bool] {
        match self {
            Self::KillBefore | Self::KillAfter | Self::Partly => &[true],
            Self::Conflict if ["PutItem", "UpdateItem"].contains(&operation) => &[true],
            _ if ["SendRawEmail", "PostWebhook", "DeleteObjectTagging", "GetObject", "PutObject"]
                .contains(&operation) =>
            {
                &[true]
            }
            _ => &[false, true],
        }
    }
}

/// One thing that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// At which call, counted from the beginning of the plan.
    pub call: usize,
    /// What.
    pub kind: Kind,
    /// At every attempt of the SDK, not the first alone.
    pub every: bool,
}

/// One request on its way.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// Who sends it.
    pub function: String,
    /// Service and operation, as the header says.
    pub target: String,
    /// The operation.
    pub operation: String,
    /// The request's body.
    pub body: String,
}

impl Attempt {
    /// What this request asks.
    #[must_use]
    pub fn of(function: &str, request: &HttpRequest) -> Self {
        if request.uri().contains("X-Amz-Signature=") {
            let (path, query) = request.uri().split_once('?').unwrap_or_default();
            let named =
                format!("{} {path}{}", request.method(), if query.contains("tagging") { "?tagging" } else { "" });
            let operation = match request.method() {
                "GET" => "GetObject",
                "PUT" => "PutObject",
                _ => "DeleteObjectTagging",
            };
            let operation = operation.to_owned();
            return Self { function: function.to_owned(), target: "S3".into(), operation, body: named };
        }
        let body = std::str::from_utf8(request.body().bytes().unwrap_or_default()).unwrap_or_default();
        if request.uri().starts_with(ISSUER) {
            let operation = if request.method() == "GET" { "Discover" } else { "Exchange" }.to_owned();
            let asked = format!("{} {}\n{body}", request.method(), request.uri());
            let body = asked.trim_end().to_owned();
            return Self { function: function.to_owned(), target: "Issuer".into(), operation, body };
        }
        if request.uri().starts_with(RECEIVER) {
            let header = |name: &str| request.headers().get(name).unwrap_or_default().to_owned();
            let (target, operation) = ("Receiver".to_owned(), "PostWebhook".to_owned());
            return Self { function: function.to_owned(), target, operation, body: Receiver::asked(header, body) };
        }
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().filter(|name| !name.is_empty()).unwrap_or("SendRawEmail");
        Self {
            function: function.to_owned(),
            target: target.to_owned(),
            operation: operation.to_owned(),
            body: body.to_owned(),
        }
    }
}

/// What becomes of a request.
#[derive(Debug)]
pub enum Verdict {
    /// It is done and answered.
    Perform,
    /// It is answered with this, and not done.
    Refuse(u16, String),
    /// It is done, and the connection breaks.
    Lose,
    /// It is never answered.
    Never,
    /// The process ends.
    Kill {
        /// After it was done.
        performed: bool,
    },
    /// It waits until it is let go.
    Hold {
        /// After it was done.
        performed: bool,
    },
}

#[derive(Debug, Default)]
struct Plan {
    faults: Vec<Fault>,
    /// The SDK's name of each call, the operation, and its attempts so far.
    calls: Vec<(String, String, u32)>,
    /// Transactions that meet another one.
    conflicts: u32,
    /// Whether it lands at last, and what.
    late: Vec<(bool, Attempt)>,
}

/// The plan of what goes wrong.
#[derive(Debug, Default)]
pub struct Faults {
    on: AtomicBool,
    credulous: AtomicBool,
    plan: Mutex<Plan>,
    killed: Notify,
    held: Notify,
    go: Notify,
}

impl Faults {
    /// From now on calls are counted, and these go wrong.
    pub fn begin(&self, faults: &[Fault]) {
        *locked(&self.plan) = Plan { faults: faults.to_vec(), ..Plan::default() };
        self.on.store(true, Ordering::SeqCst);
    }

    /// From now on nothing goes wrong. Says which operations were called, in order.
    pub fn end(&self) -> Vec<String> {
        self.on.store(false, Ordering::SeqCst);
        std::mem::take(&mut *locked(&self.plan)).calls.into_iter().map(|(_, operation, _)| operation).collect()
    }

    /// A planted bug, to see that it is found: from now on no transaction's conditions are asked.
    pub fn ask_no_conditions(&self) {
        self.credulous.store(true, Ordering::SeqCst);
    }

    /// The body as the store takes it.
    pub(crate) fn taken<'a>(&self, attempt: &'a Attempt) -> Cow<'a, str> {
        if !self.credulous.load(Ordering::SeqCst) || attempt.operation != "TransactWriteItems" {
            return Cow::Borrowed(&attempt.body);
        }
        let mut request: Json = serde_json::from_str(&attempt.body).expect("JSON");
        for put in request["TransactItems"].as_array_mut().into_iter().flatten().filter_map(|item| item.get_mut("Put"))
        {
            let put = put.as_object_mut().expect("an object");
            put.retain(|name, _| name == "TableName" || name == "Item");
        }
        Cow::Owned(request.to_string())
    }

    /// Until the process is killed.
    pub async fn killed(&self) {
        self.killed.notified().await;
    }

    /// Until a call is held.
    pub async fn held(&self) {
        self.held.notified().await;
    }

    /// The call that is held goes on.
    pub fn let_go(&self) {
        self.go.notify_one();
    }

    pub(crate) async fn hold(&self) {
        self.held.notify_one();
        self.go.notified().await;
    }

    pub(crate) fn kill(&self) {
        self.killed.notify_one();
    }

    /// What lands now.
    pub(crate) fn late(&self, at_last: bool) -> Vec<Attempt> {
        let mut plan = locked(&self.plan);
        let (now, later): (Vec<_>, _) =
            std::mem::take(&mut plan.late).into_iter().partition(|(last, _)| *last == at_last);
        plan.late = later;
        now.into_iter().map(|(_, attempt)| attempt).collect()
    }

    pub(crate) fn verdict(&self, attempt: &Attempt, request: &HttpRequest) -> Verdict {
        if !self.on.load(Ordering::SeqCst) {
            return Verdict::Perform;
        }
        let mut plan = locked(&self.plan);
        // The SDK names each call; what is sent without it is attempted once.
        let name = request
            .headers()
            .get("amz-sdk-invocation-id")
            .map_or_else(|| format!("{} {}", attempt.body, plan.calls.len()), str::to_owned);
        let known = plan.calls.iter().position(|(known, ..)| *known == name);
        let call = known.unwrap_or(plan.calls.len());
        if known.is_none() {
            plan.calls.push((name, attempt.operation.clone(), 0));
        }
        plan.calls[call].2 += 1;
        let first = plan.calls[call].2 == 1;
        if attempt.operation == "TransactWriteItems" && plan.conflicts > 0 {
            plan.conflicts -= 1;
            let (status, body) = conflict(attempt);
            return Verdict::Refuse(status, body);
        }
        let fault = plan.faults.iter().find(|fault| fault.call == call && (fault.every || first)).copied();
        let Some(Fault { kind, every, .. }) = fault else { return Verdict::Perform };
        if kind == Kind::Conflict && attempt.operation == "TransactWriteItems" {
            plan.conflicts = if every { 2 } else { 0 };
        }
        if let Some((status, body)) = refusal(kind, attempt) {
            return Verdict::Refuse(status, body);
        }
        match kind {
            Kind::Lose => Verdict::Lose,
            Kind::LandLate | Kind::LandLast => {
                plan.late.push((kind == Kind::LandLast, attempt.clone()));
                Verdict::Never
            }
            Kind::KillBefore => Verdict::Kill { performed: false },
            Kind::KillAfter => Verdict::Kill { performed: true },
            Kind::HoldBefore => Verdict::Hold { performed: false },
            Kind::HoldAfter => Verdict::Hold { performed: true },
            _ => Verdict::Never,
        }
    }
}

/// The answer to a call that is refused in this way; `None` where it is no refusal.
#[must_use]
pub fn refusal(kind: Kind, attempt: &Attempt) -> Option<(u16, String)> {
    if attempt.operation == "PostWebhook" {
        let status = match kind {
            Kind::Refuse => Some(500),
            Kind::Reject => Some(410),
            Kind::Throttle => Some(429),
            _ => None,
        };
        return status.map(|status| (status, String::new()));
    }
    match kind {
        Kind::Refuse => Some(refused(attempt, 500, "InternalServerError", "InternalFailure")),
        Kind::Reject => Some(refused(attempt, 400, "MessageRejected", "MessageRejected")),
        Kind::Throttle => Some(refused(attempt, 400, "ThrottlingException", "Throttling")),
        Kind::Exhaust => Some(refused(attempt, 400, "ProvisionedThroughputExceededException", "Throttling")),
        Kind::Deny => Some(refused(attempt, 400, "AccessDeniedException", "AccessDenied")),
        Kind::DenyKey => Some(refused(attempt, 400, "KMSAccessDeniedException", "AccessDenied")),
        Kind::Conflict => Some(conflict(attempt)),
        Kind::Partly => Some((200, undone(attempt))),
        Kind::Lose
        | Kind::Hang
        | Kind::LandLate
        | Kind::LandLast
        | Kind::KillBefore
        | Kind::KillAfter
        | Kind::HoldBefore
        | Kind::HoldAfter => None,
    }
}

fn dynamodb_error(status: u16, code: &str) -> (u16, String) {
    (status, json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{code}"), "message": "planned" }).to_string())
}

fn refused(attempt: &Attempt, status: u16, code: &str, of_ses: &str) -> (u16, String) {
    if attempt.operation == "SendRawEmail" {
        let body = format!(
            "<ErrorResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\"><Error><Type>Sender</Type>\
             <Code>{of_ses}</Code><Message>planned</Message></Error><RequestId>r</RequestId></ErrorResponse>"
        );
        (status, body)
    } else {
        dynamodb_error(status, code)
    }
}

/// Another transaction is at the last of the items, or at the only one.
fn conflict(attempt: &Attempt) -> (u16, String) {
    let request: Json = serde_json::from_str(&attempt.body).unwrap_or_default();
    match request["TransactItems"].as_array() {
        None => dynamodb_error(400, "TransactionConflictException"),
        Some(items) => {
            let mut reasons = vec![json!({ "Code": "None" }); items.len()];
            if let Some(last) = reasons.last_mut() {
                *last = json!({ "Code": "TransactionConflict", "Message": "planned" });
            }
            let body = json!({ "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
                "Message": "planned", "CancellationReasons": reasons });
            (400, body.to_string())
        }
    }
}

/// The answer to a batch of which nothing was done.
fn undone(attempt: &Attempt) -> String {
    let request: Json = serde_json::from_str(&attempt.body).unwrap_or_default();
    let all = &request["RequestItems"];
    match attempt.operation.as_str() {
        "BatchGetItem" => json!({ "Responses": {}, "UnprocessedKeys": all }),
        "BatchWriteItem" => json!({ "UnprocessedItems": all }),
        _ => {
            let failed = |entry: &Json| json!({ "Id": entry["Id"], "SenderFault": false, "Code": "InternalError" });
            let failed: Vec<_> = request["Entries"].as_array().into_iter().flatten().map(failed).collect();
            json!({ "Successful": [], "Failed": failed })
        }
    }
    .to_string()
}
