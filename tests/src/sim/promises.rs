//! What must hold when all is quiet, each promise by its id. What the tables say alone is the verifier's to ask; here
//! they are held against what people told and asked, what they were answered, and what was mailed.

use super::{
    hooks,
    run::{Run, Sent},
};
use crate::{
    cloud::{Mail, locked},
    verify::{Moment, verify},
};
use domain::{
    id::{RequestId, SellerId, StoreId},
    mail::{Fate, Report},
    notice::{Notice, NoticeKind},
};
use serde_json::{Value as Json, json};
use shell::key::Key;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

/// S2: nothing expires before its deadline.
const NEVER_EARLY: &str = "S2";

/// A promise that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Its id.
    pub id: &'static str,
    /// Of what.
    pub place: String,
    /// What is wrong.
    pub what: String,
}

impl Broken {
    /// A promise that does not hold.
    #[must_use]
    pub fn new(id: &'static str, place: &str, what: &str) -> Self {
        Self { id, place: place.to_owned(), what: what.to_owned() }
    }
}

/// The items of all tables that are looked at, by table.
struct Left {
    requests: Vec<Json>,
    inquiries: Vec<Json>,
    notices: BTreeMap<String, Json>,
    suppressed: BTreeSet<String>,
    entries: Vec<(String, Json)>,
    parked: Vec<Json>,
}

/// Asks every promise.
pub fn ask(run: &mut Run<'_>) {
    let left = left(run);
    let mut broken = Vec::new();
    quiet(run, &left, &mut broken);
    requests(run, &left, &mut broken);
    claims(run, &left, &mut broken);
    notices(&left, &mut broken);
    mails(run, &left, &mut broken);
    reports(run, &left, &mut broken);
    answers(run, &mut broken);
    nothing_vanished(run, &left, &mut broken);
    parked(run, &left, &mut broken);
    tables(run, &mut broken);
    hooks::ask(run, &mut broken);
    run.broken.extend(broken);
}

fn left(run: &Run<'_>) -> Left {
    let tables = locked(&run.world.cloud.tables);
    let all = |table: &str, what: &str| -> Vec<(String, Json)> {
        let is_it = |sk: &str| sk.starts_with(what) && !sk.contains("#EVENT#");
        let items = tables.items(table).filter(|(place, _)| is_it(&place.sk));
        items.map(|(place, text)| (place.pk.to_string(), serde_json::from_str(text).expect("JSON"))).collect()
    };
    let states = |items: Vec<(String, Json)>| items.into_iter().map(|(_, mut item)| item["state"].take()).collect();
    Left {
        requests: states(all("RequestsTable", "REQUEST#")),
        inquiries: states(all("InquiriesTable", "")),
        notices: all("OutboxTable", "NOTICE")
            .into_iter()
            .map(|(pk, mut item)| (pk.trim_start_matches("NOTICE#").to_owned(), item["state"].take()))
            .collect(),
        suppressed: all("OutboxTable", "SUPPRESSED").into_iter().map(|(pk, _)| pk).collect(),
        entries: all("OutboxTable", "ENTRY"),
        parked: states(all("ParkedTable", "")),
    }
}

pub(super) fn text<'a>(item: &'a Json, path: &[&str]) -> &'a str {
    let mut at = item;
    for name in path {
        at = &at["M"][name];
    }
    at["S"].as_str().unwrap_or_default()
}

/// What the tables say by themselves.
fn tables(run: &Run<'_>, broken: &mut Vec<Broken>) {
    let tables = locked(&run.world.cloud.tables);
    let names = run.world.template.tables.keys();
    let items = names.flat_map(|name| tables.items(name).map(|(_, item)| (name.as_str(), run.story.written(item))));
    let book = &run.world.shell("sla-clock").book;
    let found = verify(book, Moment::Still, items).findings;
    broken.extend(found.into_iter().map(|f| Broken { id: f.invariant, place: f.place, what: f.what }));
}

/// X3, N2: nothing waits that should have left.
fn quiet(run: &Run<'_>, left: &Left, broken: &mut Vec<Broken>) {
    let now = run.world.cloud.now();
    for (pk, entry) in &left.entries {
        let due: i64 = entry["due_at"]["N"].as_str().and_then(|at| at.parse().ok()).unwrap_or_default();
        if due <= now {
            broken.push(Broken::new("X3", pk, "it is due and still in the outbox"));
        }
    }
    for (queue, waiting) in locked(&run.world.cloud.queues).iter().filter(|(_, waiting)| !waiting.is_empty()) {
        broken.push(Broken::new("X3", queue, &format!("{} messages wait though all is quiet", waiting.len())));
    }
}

/// S1, S4, S8: what became of each request, and of each reply that was taken.
fn requests(run: &Run<'_>, left: &Left, broken: &mut Vec<Broken>) {
    let now = run.world.cloud.now();
    for request in &left.requests {
        let (id, due) = (text(request, &["id"]), instant(text(request, &["due_at"])));
        let progress = text(request, &["progress", "state"]);
        if progress == "awaiting" && !is_decided(request) && due + 120_000 < now {
            broken.push(Broken::new("S3", id, "its time is over, and it still awaits an answer"));
        }
        for sent in run.sent.iter().filter(|sent| is_reply_to(sent, id)) {
            reply(sent, request, due, broken);
        }
    }
}

/// INQ-4: a claim of which nothing has come for half an hour is nobody's any more. INQ-3: what is late is marked so.
fn claims(run: &Run<'_>, left: &Left, broken: &mut Vec<Broken>) {
    let now = run.world.cloud.now();
    for inquiry in &left.inquiries {
        let (id, status) = (text(inquiry, &["id"]), text(inquiry, &["status", "status"]));
        let idle_since = instant(text(inquiry, &["status", "idle_since"]));
        if status == "working" && idle_since + 32 * 60_000 < now {
            broken.push(Broken::new("INQ-4", id, "its claim is idle, and still holds"));
        }
        let late = instant(text(inquiry, &["resolution_due"])) + 120_000 < now;
        let counts = ["open", "working", "waiting_seller"].contains(&status);
        if counts && late && text(inquiry, &["escalated"]) != "overdue" {
            broken.push(Broken::new("INQ-3", id, "its time is over, and nobody was told"));
        }
    }
}

fn is_decided(request: &Json) -> bool {
    request["M"]["decision"]["M"].is_object()
}

fn is_reply_to(sent: &Sent, request: &str) -> bool {
    sent.asked.path.ends_with(&format!("{request}/reply")) && sent.answers.iter().any(|(status, _)| *status == 200)
}

fn reply(sent: &Sent, request: &Json, due: i64, broken: &mut Vec<Broken>) {
    let (id, words) = (text(request, &["id"]), sent.asked.body["text"].as_str().unwrap_or_default());
    let kept = &request["M"]["progress"]["M"]["reply"];
    if text(kept, &["text"]) != words {
        return broken.push(Broken::new("S8", id, "a reply that was taken is not kept"));
    }
    let in_time = sent.taken_at.iter().all(|at| *at <= due);
    if in_time && kept["M"]["late"]["BOOL"] == true {
        broken.push(Broken::new("S4", id, "a reply that came in time counts as late"));
    }
}

pub(super) fn instant(text: &str) -> i64 {
    text.parse::<chrono::DateTime<chrono::Utc>>().map(|at| at.timestamp_millis()).unwrap_or_default()
}

/// S2: a transaction that was just written must not end a request whose time is not over.
pub fn never_early(run: &mut Run<'_>, body: &str) {
    if !body.contains("\"expired\"") || !body.contains("RequestsTable") {
        return;
    }
    let now = run.world.cloud.now();
    let requests = left(run).requests;
    let early = requests.iter().filter(|request| {
        text(request, &["progress", "state"]) == "expired" && instant(text(request, &["due_at"])) > now
    });
    let early: Vec<_> =
        early.map(|r| Broken::new(NEVER_EARLY, text(r, &["id"]), "it expired before its time")).collect();
    run.broken.extend(early);
}

/// N1: who is owed a mail is owed exactly this one. N2: each has ended.
fn notices(left: &Left, broken: &mut Vec<Broken>) {
    for (id, state) in &left.notices {
        let status = text(state, &["status"]);
        if !["sent", "suppressed", "refused", "unknown"].contains(&status) {
            broken.push(Broken::new("N2", id, &format!("the notice is left at {status}")));
        }
        let told = left.parked.iter().any(|parked| text(parked, &["body"]).contains(id.as_str()));
        if ["refused", "unknown"].contains(&status) && !told {
            broken.push(Broken::new("N2", id, &format!("the notice is {status}, and nobody is told")));
        }
    }
    for request in &left.requests {
        let id = text(request, &["id"]);
        let mut due = vec!["request_opened"];
        if text(request, &["progress", "state"]) == "expired" {
            due.push("request_expired");
        }
        for kind in due {
            let notice = notice_id(kind, text(request, &["store"]), text(request, &["seller"]), id);
            if !left.notices.contains_key(&notice) {
                broken.push(Broken::new("N1", id, &format!("nobody was mailed {kind}")));
            }
        }
        let ended = notice_id("request_expired", text(request, &["store"]), text(request, &["seller"]), id);
        if text(request, &["progress", "state"]) == "withdrawn" && left.notices.contains_key(&ended) {
            broken.push(Broken::new("INQ-1", id, "it is withdrawn, and its seller was mailed that it expired"));
        }
    }
}

/// The id of a notice to a seller about one of its requests.
fn notice_id(kind: &str, store: &str, seller: &str, request: &str) -> String {
    let (store, seller): (StoreId, SellerId) = (store.parse().expect("a store"), seller.parse().expect("a seller"));
    let id: RequestId = request.parse().expect("a request");
    let order = "any".parse().expect("an order");
    let at = chrono::DateTime::UNIX_EPOCH;
    let kind = if kind == "request_opened" {
        NoticeKind::RequestOpened { request: id, order, due_at: at, question: domain::question::QuestionKind::FreeText }
    } else {
        NoticeKind::RequestExpired { request: id, order, effective_at: at, decision: None }
    };
    Notice::to_seller(&store, &seller, kind, &[request]).id.to_string()
}

fn by_notice(mails: &[Mail]) -> BTreeMap<&str, Vec<&Mail>> {
    let mut by = BTreeMap::<_, Vec<_>>::new();
    for mail in mails {
        by.entry(mail.notice.as_str()).or_default().push(mail);
    }
    by
}

/// N3: how often a mail was sent. N5: what it says.
fn mails(run: &Run<'_>, left: &Left, broken: &mut Vec<Broken>) {
    let mails = locked(&run.world.cloud.mails);
    for (notice, sent) in by_notice(&mails) {
        let must_arrive = run.notices.get(notice).copied().unwrap_or(false);
        let most = if must_arrive && run.trouble { 2 } else { 1 };
        if sent.len() > most {
            broken.push(Broken::new("N3", notice, &format!("{} mails went out, {most} may", sent.len())));
        }
        if sent.iter().any(|mail| mail.raw != sent[0].raw || mail.to != sent[0].to) {
            broken.push(Broken::new("N5", notice, "its mails read differently"));
        }
        if !left.notices.contains_key(notice) {
            broken.push(Broken::new("N1", notice, "a mail went out that nobody is owed"));
        }
    }
    for (notice, state) in left.notices.iter().filter(|(_, state)| text(state, &["status"]) == "sent") {
        if run.notices.contains_key(notice) && !mails.iter().any(|mail| mail.notice == *notice) {
            broken.push(Broken::new("N2", notice, &format!("it is said to be sent, and was not: {state}")));
        }
    }
}

/// N3: whatever was said of a mail proves that it was sent, and what says most is known. N2: of what was not let out a
/// person is told. N4: whoever bounced or complained is suppressed, and nobody else.
fn reports(run: &Run<'_>, left: &Left, broken: &mut Vec<Broken>) {
    let mut most = BTreeMap::<&str, Report>::new();
    let mut suppressed = BTreeSet::new();
    for told in run.post.told.values() {
        let report = told.report;
        let known = most.entry(&told.notice).or_insert(report);
        if (report.fate, Reverse(report.at)) > (known.fate, Reverse(known.at)) {
            *known = report;
        }
        if report.suppresses() {
            suppressed.insert(Key::suppression(&told.to).pk);
        }
    }
    for (notice, report) in most {
        let state = left.notices.get(notice).cloned().unwrap_or_default();
        let (status, fate) = (text(&state, &["status"]), text(&state, &["became", "fate"]));
        let at = instant(text(&state, &["became", "at"]));
        if status != "sent" || json!(fate) != json!(report.fate) || at != report.at.timestamp_millis() {
            broken.push(Broken::new("N3", notice, &format!("SES said {report:?} of it, and it is {state}")));
        }
        let told = left.parked.iter().any(|parked| text(parked, &["body"]).contains(notice));
        if report.fate == Fate::Rejected && !told {
            broken.push(Broken::new("N2", notice, "it was not let out, and nobody is told"));
        }
    }
    for address in suppressed.symmetric_difference(&left.suppressed) {
        broken.push(Broken::new("N4", address, "it is suppressed and should not be, or the other way round"));
    }
}

/// Mails that went out twice.
pub fn sent_twice(run: &Run<'_>) -> u64 {
    by_notice(&locked(&run.world.cloud.mails)).values().filter(|sent| sent.len() > 1).count() as u64
}

/// X1: the same request is answered alike, however often it is sent.
fn answers(run: &Run<'_>, broken: &mut Vec<Broken>) {
    for sent in &run.sent {
        let Some(first) = sent.answers.first() else {
            broken.push(Broken::new("X1", &sent.asked.path, "it was never answered"));
            continue;
        };
        // What was refused had no effect, so nothing is kept of it: the rules may say something else by then.
        let taken: Vec<_> = sent.answers.iter().filter(|(status, _)| *status < 300).collect();
        if taken.iter().any(|answer| *answer != taken[0]) {
            broken.push(Broken::new("X1", &sent.asked.path, &format!("answered {first:?} and otherwise: {taken:?}")));
        }
    }
}

/// R3, F1: what was told is there, or parked with its reason.
fn nothing_vanished(run: &Run<'_>, left: &Left, broken: &mut Vec<Broken>) {
    let tables = locked(&run.world.cloud.tables);
    let is_there = |table: &str, pk: &str, sk: &str| {
        tables.items(table).any(|(place, _)| place.pk.ends_with(pk) && place.sk.starts_with(sk))
    };
    let is_parked = |body: &str| left.parked.iter().any(|parked| text(parked, &["body"]) == body);
    for (_, body) in &run.told {
        let Ok(fact) = serde_json::from_str::<Json>(body) else { continue };
        let name = |name: &str| fact[name].as_str().unwrap_or_default();
        let found = match name("type") {
            "seller_registered" => is_there("SellersTable", &format!("#{}", name("seller_id")), "SELLER"),
            "order_placed" if fact["version"] == 1 => {
                is_there("OrdersTable", &format!("#{}", name("order_id")), "ORDER")
            }
            "product_described" => is_there("OrdersTable", &format!("#PRODUCT#{}", name("product_id")), "PRODUCT"),
            "shipment_confirmed" => fact["units"].as_array().into_iter().flatten().all(|unit| {
                let unit =
                    format!("#{}#{}#{}", name("order_id"), unit["item_id"].as_str().unwrap_or(""), unit["ordinal"]);
                tables.items("LedgerTable").any(|(place, _)| place.sk.ends_with(&unit) && place.sk.contains("UNIT#"))
            }),
            _ => continue,
        };
        if !found && !is_parked(body) {
            broken.push(Broken::new("R3", body, "it was told, and is neither there nor parked"));
        }
    }
    for sent in run.sent.iter().filter(|sent| sent.asked.path.ends_with("/claims")) {
        for (_, answer) in sent.answers.iter().filter(|(status, _)| *status == 201) {
            let claim = answer["claim_id"].as_str().unwrap_or_default();
            if !is_there("LedgerTable", "#CLAIMS", &format!("CLAIM#{claim}")) {
                broken.push(Broken::new("R3", claim, "the claim was taken, and is not there"));
            }
        }
    }
    let contacts = run.sent.iter().filter(|sent| sent.asked.path.ends_with("/contacts"));
    for sent in contacts.filter(|sent| sent.answers.iter().any(|(status, _)| *status == 202)) {
        let id = sent.asked.body["contact_id"].as_str().unwrap_or_default();
        let parked = || left.parked.iter().any(|p| text(p, &["body"]).contains(&format!("\"{id}\"")));
        if !is_there("InquiriesTable", &format!("#CONTACT#{id}"), "ROUTE") && !parked() {
            broken.push(Broken::new("R1", id, "the contact was taken and has no owner"));
        }
    }
}

/// X2, X4: only what was wrong is parked, and each once.
fn parked(run: &Run<'_>, left: &Left, broken: &mut Vec<Broken>) {
    let told: BTreeSet<_> = run.told.iter().map(|(_, body)| body.as_str()).collect();
    for parked in &left.parked {
        let (reason, body) = (text(parked, &["reason"]), text(parked, &["body"]));
        let of_a_mail =
            ["notice-sender", "mail-feedback"].contains(&text(parked, &["function"])) && reason.contains("SES");
        let said_wrong = told.contains(body) && !reason.contains("TransactWriteItems") && !reason.contains("panicked");
        if !of_a_mail && !said_wrong {
            broken.push(Broken::new("X4", body, &format!("it is parked, by our fault: {reason}")));
        }
    }
    for (_, body) in
        run.told.iter().filter(|(_, body)| serde_json::from_str::<Json>(body).map_or(true, |b| b["version"] == 99))
    {
        let times = left.parked.iter().filter(|parked| text(parked, &["body"]) == body).count();
        let told = run.told.iter().filter(|(_, other)| other == body).count();
        if times == 0 || times > told * 2 {
            broken.push(Broken::new("X2", body, &format!("told {told} times, parked {times} times")));
        }
    }
}
