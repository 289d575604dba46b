//! Row 26: two versions of the code at once. What the other one says more is passed over; what it lays down in a later
//! layout is refused, not guessed; what was laid down as of today is kept in `golden` and stays readable.

use super::{
    before::without_what_came_later,
    cells,
    edges::{Read, ask, readable_before_files},
    faults::paths,
    poison::entry,
};
use crate::{
    crash::{
        paused,
        run::{Came, Items, Stage},
    },
    stories::{surveys, told::Told},
};
use chrono::TimeDelta;
use domain::mail::Fate;
use serde_json::{Value as Json, json};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};
use world::{Delivery, World, cloud::locked, events, functions, reports};

/// A decision in the files from before decisions named reasons and units.
const DECIDED_BEFORE: &str = "ywm5w0aa363pnsh7ccng2js9ze";
/// What this version does not know.
const NEWER: &str = "said_by_newer_code";

/// Each item of every table, changed.
fn change_all(world: &World, change: impl Fn(&mut Json)) {
    for table in world.template.tables.keys() {
        for mut item in world.items(table) {
            change(&mut item);
            world.cloud.put(table, &item);
        }
    }
}

fn say_more(item: &mut Json) {
    item[NEWER] = json!({ "S": "x" });
    if let Some(state) = item.pointer_mut("/state/M") {
        state[NEWER] = json!({ "M": { "a": { "L": [{ "N": "1" }] } } });
    }
}

/// Without what newer code says, and without digests of what was said.
fn as_we_know_it(items: Items) -> Items {
    let strip = |(place, mut item): ((String, String, String), Json)| {
        if let Some(item) = item.as_object_mut() {
            item.remove(NEWER);
        }
        if let Some(state) = item.pointer_mut("/state/M").and_then(Json::as_object_mut) {
            state.remove(NEWER);
            if place.0 == "OnceTable" {
                state.remove("digest");
            }
        }
        (place, item)
    };
    items.into_iter().map(strip).collect()
}

fn newer_message(body: &str) -> String {
    let mut body: Json = serde_json::from_str(body).unwrap();
    body[NEWER] = json!({ "a": [1] });
    body.to_string()
}

/// Paths that find nothing that was there before, and those of the outbox, whose entries are no states.
const READ_NOTHING: [&str; 14] = [
    "erasure asked for",
    "export asked for",
    "product described",
    "associate set",
    "seller registered",
    "seller registered and not enrolled",
    "sweep",
    "rollup",
    "relay",
    "relay to two queues",
    "mail to nobody",
    "mail to a customer",
    "webhook",
    "day of a digest over",
];

/// Every path of the column, with a field more in each item and in each message: the same comes of it. And with items of
/// a later layout: parked or a 500, and nothing else changes.
fn more_is_passed_over_and_a_later_layout_refused(column: &str) {
    for path in paths(column) {
        paused(async {
            let mut stage = Stage::set(path).await;
            let (clean, _) = stage.run(&[]).await;
            change_all(stage.world(), say_more);
            stage.begin_with(newer_message);
            let (left, _) = stage.run(&[]).await;
            assert_eq!(left.answer, clean.answer, "{path}");
            assert_eq!(left.mails, clean.mails, "{path}");
            let (left, clean) = (as_we_know_it(left.items), as_we_know_it(clean.items));
            let apart: Vec<_> = clean.iter().filter(|(place, item)| left.get(*place) != Some(item)).collect();
            assert!(apart.is_empty() && left.len() == clean.len(), "{path}: {apart:#?}");
            if !READ_NOTHING.contains(path) {
                a_later_layout_is_refused(&stage).await;
            }
        });
    }
}

async fn a_later_layout_is_refused(stage: &Stage) {
    let path = stage.path;
    change_all(stage.world(), |item| {
        if !item["schema"].is_null() {
            item["schema"] = json!({ "N": "99" });
        }
    });
    let (before, parked_before) = (stage.items(), stage.world().parked());
    let came = stage.come(1).await;
    let parked: Vec<_> = stage.world().parked().into_iter().filter(|it| !parked_before.contains(it)).collect();
    match came {
        Came::Done(Some((status, body))) => assert_eq!(status, 500, "{path}: {body}"),
        Came::Done(None) => assert!(!parked.is_empty(), "{path}: somebody is told"),
        Came::Again => panic!("{path}: it would come again for ever"),
    }
    for reason in parked {
        assert!(reason.ends_with("is laid down by newer code"), "{path}: {reason}");
    }
    let mut after = stage.items();
    after.retain(|place, _| place.0 != "ParkedTable" || before.contains_key(place));
    assert_eq!(after, before, "{path}");
}

/// Lays down the items of one file.
pub fn lay_down(world: &World, file: &Path) {
    let kept: Json = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    for item in kept["items"].as_array().unwrap() {
        world.cloud.put(kept["table"].as_str().unwrap(), item);
    }
}

/// Where the items lie that earlier code laid down.
pub fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("it/matrix/golden")
}

/// What kind of item it is: its table, and its place without names and numbers.
fn kind(table: &str, item: &Json) -> String {
    let (pk, sk) = (item["pk"]["S"].as_str().unwrap(), item["sk"]["S"].as_str().unwrap());
    let of = |key: &str| {
        let words =
            key.split('#').filter(|word| word.len() > 2 && word.chars().all(|c| c.is_ascii_uppercase() || c == '_'));
        words.collect::<Vec<_>>().join("_")
    };
    let event = item.pointer("/state/M/event/M/event/S").and_then(Json::as_str).unwrap_or_default();
    let notice = item.pointer("/state/M/status/S").and_then(Json::as_str).unwrap_or_default();
    let kind = item["kind"]["S"].as_str().unwrap_or_default();
    // A clock that waits for years is met by more versions than any other.
    let clock = if pk.starts_with("ENTRY#retention#") { "retention" } else { "" };
    let table = table.trim_end_matches("Table").to_lowercase();
    let parts = [table, of(pk), of(sk), event.into(), notice.into(), kind.into(), clock.into()];
    parts.iter().filter(|part| !part.is_empty()).map(|part| part.to_lowercase()).collect::<Vec<_>>().join("-")
}

/// A world that was laid down by an earlier version: every item of it, a file for each kind.
fn laid_down() -> Told {
    let told = Told::begun();
    let mut files: Vec<_> = std::fs::read_dir(golden()).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    assert!(files.len() > 20, "{} kinds of items", files.len());
    for file in files {
        lay_down(&told.world, &file);
    }
    told.world
        .cloud
        .set_now("2026-08-03T15:20:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap().timestamp_millis());
    told
}

/// A world with one of each: an inquiry that waits for its seller, one that was decided, a reply, a seller that has left,
/// a question before any order, and a quarter of the seller `s9` that was closed long ago.
async fn story() -> (Told, Vec<Read>) {
    let mut past = Told::new(World::new("2026-06-20T15:00:00Z", Delivery::Once));
    let of_s9 = |mut fact: Json| {
        fact["seller_id"] = json!("s9");
        if let Some(line) = fact.pointer_mut("/lines/0") {
            line["seller_id"] = json!("s9");
        }
        fact
    };
    past.world.fact(of_s9(past.registered())).await;
    past.world.pass(TimeDelta::minutes(20)).await;
    past.world.facts([past.placed("o9", "seller", past.just_now()), past.shipped("o9")].map(of_s9)).await;
    past.world.pass_to("2026-07-01T08:00:00Z".parse().unwrap()).await;
    past.world.pass_to("2026-07-05T08:00:00Z".parse().unwrap()).await;

    let (mut told, mut reads) = readable_before_files().await;
    told.world.facts(["o2", "o3", "o4"].map(|order| told.placed(order, "seller", told.just_now()))).await;
    let decided = told.inquiry("k2", "o2", "damaged_item").await;
    told.as_associate("POST", &format!("/inquiries/{decided}/answer"), json!({ "message": "We look." })).await;
    let decision =
        json!({ "kind": "refund_returnless", "reason": "unsafe_to_return", "basis": "Broken.", "liable": "seller" });
    let answered = told.as_associate("POST", &format!("/inquiries/{decided}/decision"), decision).await;
    assert_eq!(answered.status, 200, "{}", answered.body);
    let survey = surveyed(&mut told, &decided).await;
    let replied = told.inquiry("k3", "o3", "quality").await;
    let request = told.asked(&replied).await;
    assert_eq!(told.reply(&request, "It does.").await.status, 200);
    told.contact("k4", None, "pre_order").await;
    told.world.fact(told.took_over("o4", "quality")).await;
    let mut leaves = told.registered();
    leaves["seller_id"] = json!("s2");
    told.world.fact(leaves).await;
    told.as_user_of("s2", "POST", "/enrollment/opt-out", json!({})).await;

    webhooks(&mut told).await;
    reads.push(("/v1/stores/US/desk/hooks?state=waiting".to_owned(), world::facts::lead("lin")));

    for table in ["SellersTable", "LedgerTable", "OrdersTable"] {
        for item in past.world.items(table) {
            told.world.cloud.put(table, &item);
        }
    }
    for (table, item) in moved().await {
        told.world.cloud.put(table, &item);
    }
    let (claimed, claim) = claimed().await;
    for item in claimed {
        told.world.cloud.put("LedgerTable", &item);
    }
    let of_s9 = json!({ "sub": "u9", "seller_id": "s9" });
    let of_s1 = world::facts::user_of("s1");
    for path in ["/claims".to_owned(), format!("/claims/{claim}")] {
        reads.push((format!("/v1/stores/US{path}"), of_s1.clone()));
    }
    reads.push(("/v1/stores/US/statements/2026Q3/reimbursements".to_owned(), of_s1));
    reads.push(("/v1/stores/US/statements/2026Q2".to_owned(), of_s9.clone()));
    reads.push(("/v1/stores/US/orders/o9".to_owned(), of_s9));
    reads.push((survey, Json::Null));
    reads.push(("/v1/stores/US/contacts/k4".to_owned(), json!({ "sub": "marketplace" })));
    (told, reads)
}

/// A webhook that waits for its next attempt, and one that was taken.
async fn webhooks(told: &mut Told) {
    locked(&told.world.cloud.receiver).answers.push_back(503);
    for id in ["h-waits", "h-taken"] {
        let call = json!({ "id": id, "store": "US", "seller": "s1", "kind": "decision.made", "body": "{}", "attempt": 0,
            "at": told.world.now() });
        told.world.cloud.send("HooksQueue", call.to_string());
        told.world.settle().await;
    }
}

/// What waited when earlier code laid it down is tried, and signed with the secret that was made then.
async fn what_is_kept_of_webhooks_is_worked_on() {
    let mut told = laid_down();
    let call = json!({ "id": "h-waits", "store": "US", "seller": "s1", "kind": "decision.made", "body": "{}",
        "attempt": 1, "at": told.world.now() });
    told.world.cloud.send("HooksQueue", call.to_string());
    told.world.settle().await;
    let took = told.world.told();
    let ids: Vec<_> = took.iter().map(|webhook| (webhook.id.as_str(), webhook.body.as_str())).collect();
    assert_eq!((ids, told.world.parked().len()), (vec![("h-waits", "{}")], 0));
    let secrets = told.world.items("SecretsTable").into_iter().find(|item| item["pk"]["S"] == "HOOKS").unwrap();
    assert!(took[0].is_signed_by(secrets["state"]["M"]["secrets"]["L"][0]["S"].as_str().unwrap()));
}

/// The clock of a resolution rings early, and the customer answers; gives the link.
async fn surveyed(told: &mut Told, inquiry: &str) -> String {
    let clocks = told.world.items("OutboxTable");
    let pk = format!("ENTRY#survey#{inquiry}");
    let clock = clocks.iter().find(|item| item["pk"]["S"].as_str().unwrap().starts_with(&pk)).unwrap();
    told.world.cloud.send("ClocksQueue", clock["body"]["S"].as_str().unwrap().to_owned());
    told.world.settle().await;
    let link = surveys::link(told);
    let said = json!({ "score": 5, "comment": "CANARY, thanks" }).to_string();
    let answered = told.world.request("POST", &link, Json::Null, "", &said).await;
    assert_eq!(answered.status, 200, "{}", answered.body);
    link
}

/// A claim of `s1` that was asked about, granted, appealed and granted more, with what was paid back; told in a world of its
/// own, so that it adds to no other kind. And its id.
async fn claimed() -> (Vec<Json>, String) {
    let mut told = Told::begun();
    told.enrolled().await;
    told.world.facts(["o5", "o6"].map(|order| told.placed(order, "seller", told.just_now()))).await;
    told.refunded("o5", "damaged").await;
    told.refunded("o6", "goodwill").await;
    let claimed = told.as_seller("POST", "/claims", world::facts::claim("o5")).await;
    assert_eq!(claimed.status, 201, "{}", claimed.body);
    let claim = claimed.body["claim_id"].as_str().unwrap().to_owned();
    let question = json!({ "text": "Who signed for it?" });
    assert_eq!(told.as_lead(&format!("/claims/s1/{claim}/question"), question).await.status, 200);
    told.world.pass(chrono::TimeDelta::days(8)).await;
    let said = json!({ "text": "Mr. Li.", "tracking": ["1Z-9"] });
    assert_eq!(told.as_seller("POST", &format!("/claims/{claim}/answer"), said).await.status, 200);
    for amount in [100, 200] {
        let grant = json!({ "decision": "grant", "amount_minor": amount });
        assert_eq!(told.as_lead(&format!("/claims/s1/{claim}/decision"), grant).await.status, 200);
        told.as_seller("POST", &format!("/claims/{claim}/appeal"), json!({ "text": "He did." })).await;
    }
    let is_of_claims = |item: &Json| {
        let (pk, sk) = (item["pk"]["S"].as_str().unwrap(), item["sk"]["S"].as_str().unwrap());
        pk.ends_with("#CLAIMS") || sk.starts_with("REIMBURSEMENT#")
    };
    (told.world.items("LedgerTable").into_iter().filter(is_of_claims).collect(), claim)
}

/// What was noted, the topic that was chosen, what was handed over, and what an associate can do; told in a world of its own,
/// so that it adds to no other kind.
async fn moved() -> Vec<(&'static str, Json)> {
    let mut told = Told::begun();
    told.enrolled().await;
    told.world.facts([told.placed("o7", "seller", told.just_now())]).await;
    let inquiry = told.inquiry("k7", "o7", "late_delivery").await;
    for (what, body) in [
        ("notes", json!({ "note": "The carrier was called." })),
        ("topic", json!({ "topic": "quality" })),
        ("hand-over", json!({ "reason": "seller_requested" })),
    ] {
        let done = told.as_associate("POST", &format!("/inquiries/{inquiry}/{what}"), body).await;
        assert_eq!(done.status, 200, "{what}: {}", done.body);
    }
    let can =
        json!({ "languages": ["en"], "skills": ["delivery"], "capacity": { "phone": 1, "message": 2, "email": 3 } });
    assert_eq!(told.as_lead("/associates/mei", can).await.status, 200);
    let of_the_desk = ["note", "topic_chosen", "handed_over", "associate"];
    let tables = ["ConversationsTable", "InquiriesTable", "RequestsTable"];
    let items = tables.into_iter().flat_map(|table| told.world.items(table).into_iter().map(move |item| (table, item)));
    items.filter(|(table, item)| of_the_desk.iter().any(|what| kind(table, item).contains(what))).collect()
}

/// Lays down a file for each kind that has none; what is there is never written again.
async fn keep() {
    if std::env::var_os("MATRIX_UPDATE").is_none() {
        return;
    }
    std::fs::create_dir_all(golden()).unwrap();
    let (told, _) = story().await;
    let mut kinds: BTreeMap<String, Json> = BTreeMap::new();
    for table in told.world.template.tables.keys() {
        for item in told.world.items(table) {
            let file = kinds.entry(kind(table, &item)).or_insert_with(|| json!({ "table": table, "items": [] }));
            file["items"].as_array_mut().unwrap().push(item);
        }
    }
    for (kind, items) in kinds {
        let (text, file) = (serde_json::to_string_pretty(&items).unwrap(), golden().join(format!("{kind}.json")));
        if !file.exists() {
            std::fs::write(file, format!("{text}\n")).unwrap();
        }
    }
}

/// Everything that can be read is read, and says what it says of a world laid down now.
async fn what_is_kept_is_read() {
    keep().await;
    let (now, reads) = story().await;
    for more in [false, true] {
        let then = laid_down();
        if more {
            change_all(&then.world, say_more);
        }
        // An export passes on whatever stands there.
        for (path, claims) in reads.iter().filter(|(path, _)| !(more && path.ends_with("/export"))) {
            let read = ask(&then.world, "GET", path, claims, ("", "")).await;
            assert_eq!(read.0, 200, "{path}: {}", read.2);
            let clean = ask(&now.world, "GET", path, claims, ("", "")).await;
            assert_eq!(without_what_came_later(path, read), without_what_came_later(path, clean), "{path}");
        }
        let before = format!("/v1/stores/US/decisions/{DECIDED_BEFORE}");
        let read = ask(&then.world, "GET", &before, &json!({ "sub": "u", "seller_id": "s1" }), ("", "")).await;
        assert_eq!(read.0, 200, "JDG-2: a decision of before there were reasons and units: {}", read.2);
    }
}

/// And it is worked on: each writer finds what it needs in what is kept.
async fn what_is_kept_is_worked_on() {
    keep().await;
    let mut told = laid_down();
    let log = told.as_seller("GET", "/case-log", Json::Null).await.body;
    let open = log["requests"].as_array().unwrap().iter().find(|request| request["state"] == "needs_attention");
    let request = open.unwrap()["request_id"].as_str().unwrap().to_owned();
    let queue = told.as_associate("GET", "/queue", Json::Null).await.body;
    let waiting = queue["inquiries"].as_array().unwrap().iter().find(|inquiry| inquiry["order_id"] == "o1");
    let inquiry = waiting.unwrap()["inquiry_id"].as_str().unwrap().to_owned();
    let later = "2026-08-03T15:40:00Z".parse().unwrap();
    told.world.pass_to(later).await;
    assert_eq!(told.reply(&request, "On Monday.").await.status, 200);
    let answer = json!({ "message": "It comes on Monday." });
    assert_eq!(told.as_associate("POST", &format!("/inquiries/{inquiry}/answer"), answer).await.status, 200);
    let preview = told.as_seller("GET", "/enrollment/preview", Json::Null).await.body;
    assert_eq!(preview["open_inquiries"]["inquiries"][0]["inquiry_id"], json!(inquiry), "found after its change");
    assert_eq!(told.contact("k5", Some("o1"), "quality").await.status, 202);
    assert_eq!(told.went("k5").await["owner"], "service");
    assert_eq!(told.as_seller("POST", "/enrollment/opt-out", json!({})).await.status, 200);
    told.world.facts([told.scanned("o1"), told.shipped("o1"), told.registered()]).await;
    told.world.pass_to("2026-10-01T08:00:00Z".parse().unwrap()).await;
    told.world.pass_to("2026-10-05T08:00:00Z".parse().unwrap()).await;
    let statement = told.as_seller("GET", "/statements/2026Q3", Json::Null).await.body;
    assert_eq!((&statement["state"], &statement["units"]), (&json!("final"), &json!(2)), "{statement}");
    let conflicts = told.world.parked();
    assert!(
        conflicts.iter().all(|reason| reason.starts_with("fact_conflict")),
        "told otherwise than then: {conflicts:?}"
    );
    assert_eq!(told.world.dead(), []);
}

/// What is reported of a mail that earlier code has sent is added to it, and an address it suppressed is not mailed.
async fn what_is_kept_of_mails_is_worked_on() {
    let mut told = laid_down();
    let kept = told.world.items("OutboxTable");
    let sent = kept.iter().find(|item| item["state"]["M"]["status"]["S"] == "sent" && item["version"]["N"] == "2");
    let id = sent.unwrap()["pk"]["S"].as_str().unwrap().trim_start_matches("NOTICE#").to_owned();
    for (id, fate, came_to) in [
        (&*id, Fate::Delivered, "delivered"),
        ("n-delivered", Fate::Complained, "complained"),
        ("n-delivered", Fate::Delayed, "complained"),
    ] {
        let report = reports::about(id, "mail-1", "s1@sellers.example", fate, told.just_now());
        told.world.cloud.send("FeedbackQueue", report.to_string());
        told.world.settle().await;
        assert_eq!(told.notice(id)["became"]["M"]["fate"]["S"], came_to, "{id}");
    }
    let mut moved = told.registered();
    moved["type"] = json!("seller_changed");
    moved["email"] = json!("Gone@sellers.example");
    told.world.fact(moved).await;
    let notice = json!({ "id": "n-next", "store": "US", "to": "seller", "seller": "s1", "notice": "trial_ending",
        "ends_at": told.world.now(), "days_left": 3 });
    told.world.cloud.send("NoticesQueue", notice.to_string());
    told.world.settle().await;
    assert_eq!(told.notice("n-next")["status"]["S"], "suppressed");
    assert_eq!((told.world.mails_to("Gone@sellers.example").len(), told.world.parked().len()), (0, 0));
}

async fn the_relay_passes_over_what_it_does_not_know() {
    let told = Told::new(World::new("2026-08-03T15:00:00Z", Delivery::Once).without_mail());
    let mut newer = entry("a");
    say_more(&mut newer);
    let sent = functions::stream(told.world.shell("outbox-relay"), events::stream(&[newer, entry("b")])).await;
    assert_eq!(sent, Ok(2));
}

cells! {
    m26_enr_a_writer_passes_over_what_newer_code_says_and_refuses_a_later_layout => {
        more_is_passed_over_and_a_later_layout_refused("enr");
        paused(what_is_kept_is_worked_on());
    };
    m26_rte_the_router_passes_over_what_newer_code_says_and_parks_at_a_later_layout => {
        more_is_passed_over_and_a_later_layout_refused("rte");
    };
    m26_swp_a_clock_passes_over_what_newer_code_says_and_parks_at_a_later_layout => {
        more_is_passed_over_and_a_later_layout_refused("swp");
    };
    m26_ntf_a_mail_passes_over_what_newer_code_says_and_parks_at_a_later_layout => {
        more_is_passed_over_and_a_later_layout_refused("ntf");
        paused(what_is_kept_of_webhooks_is_worked_on());
    };
    m26_inb_a_report_passes_over_what_newer_code_says_and_parks_at_a_later_layout => {
        more_is_passed_over_and_a_later_layout_refused("inb");
        paused(what_is_kept_of_mails_is_worked_on());
    };
    m26_fee_the_ledger_passes_over_what_newer_code_says_and_parks_at_a_later_layout => {
        more_is_passed_over_and_a_later_layout_refused("fee");
    };
    m26_dsh_what_was_laid_down_by_earlier_code_is_read => paused(what_is_kept_is_read());
    m26_rly_an_entry_of_newer_code_is_sent => {
        paused(the_relay_passes_over_what_it_does_not_know());
        more_is_passed_over_and_a_later_layout_refused("rly");
    };
}
