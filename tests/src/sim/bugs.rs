//! Bugs that are planted between the functions and the services, to see that they are found. The functions hold no
//! switch: each bug changes what goes over the wire into what a function with that bug would send or hear.

use crate::{
    cloud::Cloud,
    faults::{Attempt, Kind},
};
use serde_json::{Value as Json, json};

/// A bug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bug {
    /// A transaction's conditions are not asked.
    AsksNoConditions,
    /// Whether a fact was acted on before is not asked.
    AsksNoMarker,
    /// The last write wins: versions are not asked.
    LastWriteWins,
    /// A fact is marked as done first, and then done.
    ClaimsBeforeEffect,
    /// A fact is done first, and then marked.
    ClaimsAfterEffect,
    /// What leaves is written after the state, not with it.
    LeavesAfterCommit,
    /// The marker does not keep the answer.
    KeepsNoAnswer,
    /// Every transaction has the same token.
    OneTokenForAll,
    /// Of a list only the first page is read.
    ReadsOnePage,
    /// The seller is not part of the ledger's key.
    ForgetsTheSeller,
    /// A mail is sent before it is written down that it will be.
    SendsUnmarked,
    /// The SDK sends a mail again when its answer is lost.
    RetriesSends,
    /// Whether an address is suppressed is not asked.
    MailsWhoeverBounced,
    /// What is reported of a mail before it is known to be sent is passed over.
    PassesOverEarlyReports,
    /// What a queue did not take of a batch counts as sent.
    TakesPartForAll,
    /// What has failed is acknowledged.
    AcknowledgesFailures,
    /// A reply at the last instant is late: `<` for `<=`.
    LateAtTheLastInstant,
    /// Clocks are read off the machine, which is an hour fast.
    TrustsItsOwnClock,
    /// What a receiver refuses counts as delivered.
    BelievesItIsDelivered,
    /// What is told is written into another transaction than its fact.
    TellsAfterCommit,
}

impl Bug {
    /// Every bug.
    pub const ALL: [Self; 20] = [
        Self::AsksNoConditions,
        Self::AsksNoMarker,
        Self::LastWriteWins,
        Self::ClaimsBeforeEffect,
        Self::ClaimsAfterEffect,
        Self::LeavesAfterCommit,
        Self::KeepsNoAnswer,
        Self::OneTokenForAll,
        Self::ReadsOnePage,
        Self::ForgetsTheSeller,
        Self::SendsUnmarked,
        Self::RetriesSends,
        Self::MailsWhoeverBounced,
        Self::PassesOverEarlyReports,
        Self::TakesPartForAll,
        Self::AcknowledgesFailures,
        Self::LateAtTheLastInstant,
        Self::TrustsItsOwnClock,
        Self::BelievesItIsDelivered,
        Self::TellsAfterCommit,
    ];

    /// The services take a call of a function with this bug. `whole`: nothing goes wrong at this call; where a function
    /// with this bug makes two calls of one, only the first is made otherwise.
    pub(crate) fn perform(self, cloud: &Cloud, attempt: &Attempt, whole: bool) -> (u16, String) {
        match self {
            Self::AsksNoConditions => cloud.answer(&each_put(attempt, |_| true, unconditional)),
            Self::AsksNoMarker => cloud.answer(&each_put(attempt, is_marker, unconditional)),
            Self::LastWriteWins => {
                let is_versioned = |put: &Json| put["ConditionExpression"] == "version = :seen";
                cloud.answer(&each_put(attempt, is_versioned, unconditional))
            }
            Self::ClaimsBeforeEffect if !whole => cloud.answer(&only(attempt, is_marker)),
            Self::ClaimsAfterEffect if !whole => cloud.answer(&only(attempt, |put| !is_marker(put))),
            Self::LeavesAfterCommit if !whole => cloud.answer(&only(attempt, |put| put["TableName"] != "OutboxTable")),
            Self::TellsAfterCommit if !whole => {
                cloud.answer(&only(attempt, |put| !put["Item"]["pk"]["S"].to_string().contains("ENTRY#hook#")))
            }
            Self::KeepsNoAnswer => cloud.answer(&each_put(attempt, is_marker, |put| {
                put["Item"]["state"]["M"]["answer"] = json!({ "NULL": true });
            })),
            Self::OneTokenForAll => cloud.answer(&changed(attempt, |body| body["ClientRequestToken"] = json!("t"))),
            Self::ReadsOnePage => first_page(cloud.answer(attempt)),
            Self::ForgetsTheSeller => {
                cloud.answer(&Attempt { body: attempt.body.replace("\"US#s2#20", "\"US#s1#20"), ..attempt.clone() })
            }
            Self::SendsUnmarked
                if attempt.operation == "TransactWriteItems" && attempt.body.contains("\"sending\"") =>
            {
                (200, "{}".to_owned())
            }
            Self::MailsWhoeverBounced => cloud.answer(&changed(attempt, |body| {
                if let Some(items) = body["TransactItems"].as_array_mut() {
                    items.retain(|item| !item["ConditionCheck"]["Key"]["pk"].to_string().contains("ADDRESS#"));
                }
            })),
            // The first change of a notice takes it, and the second is its sender's.
            Self::PassesOverEarlyReports if attempt.function == "mail-feedback" && changes_to(attempt, "2") => {
                (200, "{}".to_owned())
            }
            Self::RetriesSends if attempt.operation == "SendRawEmail" && !whole => {
                cloud.answer(attempt);
                cloud.answer(attempt)
            }
            _ => cloud.answer(attempt),
        }
    }

    /// The answer that a function with this bug makes of a refusal.
    pub(crate) fn heard(self, kind: Kind, attempt: &Attempt, back: (u16, String)) -> (u16, String) {
        if self == Self::BelievesItIsDelivered && attempt.operation == "PostWebhook" {
            return (204, String::new());
        }
        if self != Self::TakesPartForAll || kind != Kind::Partly || attempt.operation != "SendMessageBatch" {
            return back;
        }
        let body: Json = serde_json::from_str(&attempt.body).unwrap_or_default();
        let entries = body["Entries"].as_array().into_iter().flatten();
        let taken: Vec<_> =
            entries.map(|e| json!({ "Id": e["Id"], "MessageId": "m", "MD5OfMessageBody": "" })).collect();
        (200, json!({ "Successful": taken, "Failed": [] }).to_string())
    }
}

/// Whether an item that is written alone is in this version then.
fn changes_to(attempt: &Attempt, version: &str) -> bool {
    let body: Json = serde_json::from_str(&attempt.body).unwrap_or_default();
    attempt.operation == "PutItem" && body["Item"]["version"]["N"] == version
}

fn is_marker(put: &Json) -> bool {
    put["TableName"] == "OnceTable"
}

fn unconditional(put: &mut Json) {
    if let Some(put) = put.as_object_mut() {
        put.retain(|name, _| name == "TableName" || name == "Item");
    }
}

/// A transaction, changed.
fn changed(attempt: &Attempt, change: impl FnOnce(&mut Json)) -> Attempt {
    if attempt.operation != "TransactWriteItems" {
        return attempt.clone();
    }
    let mut body: Json = serde_json::from_str(&attempt.body).unwrap_or_default();
    change(&mut body);
    Attempt { body: body.to_string(), ..attempt.clone() }
}

/// A transaction with some of its writes changed.
fn each_put(attempt: &Attempt, which: impl Fn(&Json) -> bool, change: impl Fn(&mut Json)) -> Attempt {
    changed(attempt, |body| {
        let items = body["TransactItems"].as_array_mut().into_iter().flatten();
        items.filter_map(|item| item.get_mut("Put")).filter(|put| which(put)).for_each(change);
    })
}

/// A transaction with some of its writes only.
fn only(attempt: &Attempt, which: impl Fn(&Json) -> bool) -> Attempt {
    changed(attempt, |body| {
        if let Some(items) = body["TransactItems"].as_array_mut() {
            items.retain(|item| item.get("Put").is_none_or(&which));
        }
        body["ClientRequestToken"] =
            json!(body["ClientRequestToken"].as_str().unwrap_or_default().to_owned() + "-part");
    })
}

fn first_page((status, body): (u16, String)) -> (u16, String) {
    let mut body: Json = serde_json::from_str(&body).unwrap_or_default();
    if let Some(body) = body.as_object_mut() {
        body.remove("LastEvaluatedKey");
    }
    (status, body.to_string())
}
