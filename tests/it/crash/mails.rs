//! What a path may leave after its faults, and what of it may differ.
//!
//! A mail whose fate is known is sent once, and its notice ends as without the fault. Its fate is unknown (N3) where the
//! call to SES was answered by nothing or by a 500; where the note that it is ours was perhaps written, and its writer ended
//! before the send; and where the note of how it ended could not be written, or its writer ended before it was tried
//! again. Then the notice ends `sent` or `unknown`, and `unknown` is parked for a person to see, as is one that SES
//! rejected; a mail that must arrive is sent twice at most, any other once at most. All that is sent has the same bytes
//! (N5). Everything else is as without the fault.

use super::run::{Items, Left};
use serde_json::{Value as Json, json};
use world::faults::{Fault, Kind};

/// How a case ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// As without a fault.
    Same,
    /// The mail was sent twice.
    Twice,
    /// Nobody knows whether the mail arrived, or SES will not take it, and a person is told.
    Parked,
    /// A webhook is tried again later, or was given up.
    Later,
}

/// What the paths of the mails begin with.
pub const MAILS: &str = "mail";

fn is_notice(place: &(String, String, String)) -> bool {
    place.2 == "NOTICE"
}

/// Without the names that SES gave, which count the mails, and the notices' versions, which count the attempts.
fn without_names(items: Items) -> Items {
    let is_named = |place: &(String, String, String)| place.2 == "MAILED";
    let named = |(mut place, mut item): ((String, String, String), Json)| {
        if is_named(&place) {
            "MAILED#a mail".clone_into(&mut place.1);
            item["pk"] = json!({ "S": place.1 });
        }
        (place, item)
    };
    let mut items: Items = items.into_iter().map(named).collect();
    for (_, item) in items.iter_mut().filter(|(place, _)| is_notice(place)) {
        item["version"] = Json::Null;
        if let Some(name) = item.pointer_mut("/state/M/message_id/S") {
            *name = json!("a mail");
        }
    }
    items
}

/// Whether this operation was called before that call.
pub fn is_called_before(operation: &str, call: usize, calls: &[String]) -> bool {
    calls[..call].iter().any(|earlier| earlier == operation)
}

/// Whether after this one of the faults nobody can know what became of the mail. `calls` are those of the run.
fn leaves_a_doubt(fault: Fault, calls: &[String]) -> bool {
    let sent_before = is_called_before("SendRawEmail", fault.call, calls);
    match calls[fault.call].as_str() {
        "SendRawEmail" => !matches!(fault.kind, Kind::Throttle | Kind::Deny | Kind::DenyKey),
        "PutItem" | "TransactWriteItems" if sent_before => fault.every,
        "TransactWriteItems" => {
            fault.every && matches!(fault.kind, Kind::Lose | Kind::LandLate | Kind::LandLast | Kind::KillAfter)
        }
        _ => false,
    }
}

/// Whether who sent the mail ended between two attempts to note how that ended.
fn ends_before_it_is_noted(faults: &[Fault], calls: &[String]) -> bool {
    faults.windows(2).any(|pair| {
        let [first, then] = pair else { return false };
        let noted_later = first.kind == Kind::Conflict && is_called_before("SendRawEmail", first.call, calls);
        noted_later && then.call == first.call + 1 && matches!(then.kind, Kind::KillBefore | Kind::KillAfter)
    })
}

pub fn difference(left: &Items, clean: &Items) -> Option<String> {
    let changed = clean.iter().find(|(place, item)| left.get(*place) != Some(item));
    if let Some((place, item)) = changed {
        let found = left.get(place).map_or_else(|| "nothing".to_owned(), Json::to_string);
        return Some(format!("{place:?} holds {found}, not {item}"));
    }
    left.iter().find(|(place, _)| !clean.contains_key(*place)).map(|(place, item)| format!("{place:?} holds {item}"))
}

/// Holds what a path left against what it leaves without a fault.
pub fn judge(path: &str, faults: &[Fault], calls: &[String], left: &Left, clean: &Left) -> Result<Verdict, String> {
    if left.answer != clean.answer {
        return Err(format!("answered {:?}, not {:?}", left.answer, clean.answer));
    }
    let (items, expected) = (without_names(left.items.clone()), without_names(clean.items.clone()));
    let mut sent = left.mails.clone();
    sent.sort();
    let mut due = clean.mails.clone();
    due.sort();
    let in_doubt = faults.iter().any(|fault| leaves_a_doubt(*fault, calls)) || ends_before_it_is_noted(faults, calls);
    let doubt = path.starts_with(MAILS) && !due.is_empty() && in_doubt;
    if !doubt {
        if sent != due {
            return Err(format!("N3: {} mails were sent, not {}", sent.len(), due.len()));
        }
        return difference(&items, &expected).map_or(Ok(Verdict::Same), Err);
    }
    let most = if ["mail that must arrive", "mail of an answer", "mail of an answer that waits"].contains(&path) {
        2
    } else {
        1
    };
    if sent.len() > most {
        return Err(format!("N3: {} mails were sent", sent.len()));
    }
    if sent.iter().any(|mail| Some(mail) != due.first()) {
        return Err("N5: the mail reads otherwise".into());
    }
    let rejected = faults.iter().any(|fault| fault.kind == Kind::Reject);
    mail_in_doubt(items, expected, sent.len(), rejected)
}

/// The notice has ended, and nothing else differs but that its message is parked.
fn mail_in_doubt(mut items: Items, mut expected: Items, sent: usize, rejected: bool) -> Result<Verdict, String> {
    let place = expected.keys().find(|place| {
        is_notice(place) && expected[*place]["state"]["M"]["status"]["S"] == "sent" && !items.contains_key(*place)
    });
    if let Some(place) = place {
        return Err(format!("N2: {place:?} is not there"));
    }
    let differing: Vec<_> =
        items.iter().filter(|(place, item)| is_notice(place) && expected.get(*place) != Some(item)).collect();
    let statuses: Vec<_> = differing.iter().map(|(_, item)| item["state"]["M"]["status"]["S"].clone()).collect();
    let parks = |status: &Json| status == "unknown" || (rejected && status == "refused");
    let told = statuses.iter().any(parks);
    if statuses.iter().any(|status| status != "sent" && !parks(status)) {
        return Err(format!("N2: the notice ended {statuses:?}"));
    }
    if !told && sent == 0 {
        return Err("N3: it is said to be sent, and was not".into());
    }
    let parked = items.keys().filter(|place| place.0 == "ParkedTable").count();
    if usize::from(told) != parked {
        return Err(format!("N2: the notice ended {statuses:?}, and {parked} messages are parked"));
    }
    let named = |place: &(String, String, String)| told && place.2 == "MAILED";
    let may_differ =
        |place: &(String, String, String)| is_notice(place) || named(place) || (told && place.0 == "ParkedTable");
    items.retain(|place, _| !may_differ(place));
    expected.retain(|place, _| !is_notice(place) && !named(place));
    if let Some(difference) = difference(&items, &expected) {
        return Err(difference);
    }
    Ok(if told {
        Verdict::Parked
    } else if sent > 1 {
        Verdict::Twice
    } else {
        Verdict::Same
    })
}
