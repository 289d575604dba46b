//! Stories of who holds an inquiry and where it goes: idle, overdue, given to another, merged, handed over.

use crate::stories::told::{Told, subjects};
use chrono::TimeDelta;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use world::{Reply, facts};

async fn desk(told: &mut Told, inquiry: &str, what: &str, body: Json) -> Reply {
    told.as_associate("POST", &format!("/inquiries/{inquiry}/{what}"), body).await
}

async fn done(told: &mut Told, inquiry: &str, what: &str, body: Json) -> Json {
    let reply = desk(told, inquiry, what, body).await;
    assert_eq!(reply.status, 200, "{what}: {}", reply.body);
    reply.body
}

/// What a lead is shown, each by its order, with how far its time has run out.
async fn escalated(told: &mut Told) -> Vec<(Json, Json)> {
    let key = told.key();
    let path = "/v1/stores/US/desk/escalations";
    let shown = told.world.request("GET", path, facts::lead("lin"), &key, "").await.body;
    let rows = shown["inquiries"].as_array().unwrap_or_else(|| panic!("{shown}")).iter();
    rows.map(|one| (one["order_id"].clone(), one["escalated"].clone())).collect()
}

fn refusal(reply: &Reply) -> (i64, &str) {
    (reply.status, reply.body["type"].as_str().unwrap_or_default().trim_start_matches("/problems/"))
}

/// S6: whoever waits stands in the queue over any number of its keys, and where there came to be more of them meanwhile.
pub async fn queued_over_more_keys(told: &mut Told) {
    told.enrolled().await;
    let mut waiting = BTreeSet::new();
    for (order, shards) in [("o1", 1), ("o2", 1), ("o3", 2), ("o4", 4), ("o5", 16), ("o6", 64)] {
        told.world.spread("QUEUE_SHARDS", shards);
        told.world.fact(told.placed(order, "seller", told.just_now())).await;
        assert_eq!(told.contact(&format!("of-{order}"), Some(order), "quality").await.status, 202);
        waiting.insert(order.to_owned());
        let queue = told.as_associate("GET", "/queue", Json::Null).await.body;
        let rows = queue["inquiries"].as_array().unwrap_or_else(|| panic!("{queue}")).iter();
        let found: Vec<_> = rows.map(|one| one["order_id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(found.len(), waiting.len(), "each once: {found:?}");
        assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), waiting, "over {shards} keys");
    }
}

/// A claim of which nothing comes is released after half an hour; whatever the associate does begins it anew.
pub async fn idle(told: &mut Told) {
    told.enrolled().await;
    told.world.facts([told.placed("o1", "seller", told.just_now())]).await;
    let inquiry = told.inquiry("k1", "o1", "quality").await;
    told.world.pass(TimeDelta::minutes(20)).await;
    let noted = done(told, &inquiry, "notes", json!({ "note": "The customer will call again." })).await;
    assert_eq!(noted["status"], "working");
    told.world.pass(TimeDelta::minutes(20)).await;
    let seen = told.seen(&inquiry).await;
    assert_eq!((&seen["status"], &seen["associate"]), (&json!("working"), &json!("mei")), "it was noted in between");
    assert_eq!(seen["notes"][0]["text"], "The customer will call again.", "{seen}");
    told.world.pass(TimeDelta::minutes(12)).await;
    let seen = told.seen(&inquiry).await;
    assert_eq!(seen["status"], "open", "{seen}");
    let last = seen["history"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["event"]["event"], &last["event"]["why"]), (&json!("released"), &json!("idle")), "{last}");
    let refused = desk(told, &inquiry, "answer", json!({ "message": "We look into it." })).await;
    assert_eq!(refusal(&refused), (409, "not_claimed"));
    assert!(refused.body["detail"].as_str().unwrap().contains("claim it first"), "{}", refused.body);

    done(told, &inquiry, "claim", json!({})).await;
    done(told, &inquiry, "answer", json!({ "message": "Could you send us a picture?" })).await;
    told.world.pass(TimeDelta::hours(5)).await;
    assert_eq!(told.seen(&inquiry).await["status"], "waiting_customer", "who waits for the customer is not idle");
    told.contact("k2", Some("o1"), "quality").await;
    assert_eq!(told.seen(&inquiry).await["associate"], "mei");
    told.world.pass(TimeDelta::minutes(31)).await;
    assert_eq!(told.seen(&inquiry).await["status"], "open", "the customer's answer lies there");

    done(told, &inquiry, "claim", json!({})).await;
    let released = done(told, &inquiry, "release", json!({})).await;
    assert_eq!(released["status"], "open");
    let key = told.key();
    let path = format!("/v1/stores/US/desk/inquiries/{inquiry}/reassign");
    let body = json!({ "associate": "ada" }).to_string();
    let given = told.world.request("POST", &path, facts::lead("lin"), &key, &body).await;
    assert_eq!((given.status, &given.body["associate"]), (200, &json!("ada")), "{}", given.body);
    let by_nobody = told.world.request("POST", &path, facts::associate("mei"), "no-lead", &body).await;
    assert_eq!(refusal(&by_nobody), (403, "forbidden"));
    assert_eq!(refusal(&desk(told, &inquiry, "release", json!({})).await), (409, "already_claimed"));
}

/// 36 hours, 48 hours, and a pause in between that moves both.
pub async fn overdue(told: &mut Told) {
    told.enrolled().await;
    told.world.facts(["o1", "o2"].map(|order| told.placed(order, "seller", told.just_now()))).await;
    told.contact("k1", Some("o1"), "quality").await;
    let paused = told.inquiry("k2", "o2", "quality").await;
    done(told, &paused, "answer", json!({ "message": "Could you send us a picture?" })).await;
    told.world.pass(TimeDelta::hours(35)).await;
    assert_eq!(escalated(told).await, []);
    told.world.pass(TimeDelta::hours(2)).await;
    assert_eq!(escalated(told).await, [(json!("o1"), json!("due_soon"))]);
    told.contact("k3", Some("o2"), "quality").await;
    told.world.pass(TimeDelta::hours(12)).await;
    assert_eq!(escalated(told).await, [(json!("o1"), json!("overdue"))], "the other waited for its customer");
    told.contact_by("phone", "k4", Some("o2"), "late_delivery").await;
    let queue = told.as_associate("GET", "/queue", Json::Null).await.body;
    assert_eq!(queue["inquiries"][0]["order_id"], "o1", "what is overdue comes before who waits at the phone: {queue}");
    assert_eq!((&queue["inquiries"][0]["overdue"], &queue["inquiries"][0]["ball"]), (&json!(true), &json!("service")));
    let seen = told.seen(&paused).await;
    assert_eq!(seen["minutes"]["customer"], 37 * 60, "{seen}");

    told.world.pass(TimeDelta::hours(25)).await;
    let both = [(json!("o1"), json!("overdue")), (json!("o2"), json!("due_soon"))];
    assert_eq!(escalated(told).await[..2], both);
    done(told, &paused, "claim", json!({})).await;
    done(told, &paused, "decision", json!({ "kind": "decline", "reason": "no_ground", "basis": "It works." })).await;
    assert!(!escalated(told).await.contains(&both[1]), "it is resolved");
}

async fn set_profile(told: &mut Told, associate: &str, body: Json) {
    let reply = told.as_lead(&format!("/associates/{associate}"), body).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
}

async fn next(told: &mut Told, associate: &str) -> Reply {
    let key = told.key();
    told.world.request("POST", "/v1/stores/US/desk/next", facts::associate(associate), &key, "").await
}

/// What waits longest and fits: by language and skill, until the customer has waited too long for that.
pub async fn handed_out(told: &mut Told) {
    told.enrolled().await;
    told.world.facts(["o1", "o2", "o3"].map(|order| told.placed(order, "seller", told.just_now()))).await;
    let capacity = json!({ "phone": 1, "message": 0, "email": 1 });
    set_profile(told, "ann", json!({ "languages": ["en"], "skills": ["product"], "capacity": capacity })).await;
    set_profile(told, "eva", json!({ "languages": ["es"], "skills": ["product", "delivery"], "capacity": capacity }))
        .await;
    told.contact("k1", Some("o1"), "late_delivery").await;
    let mut french = facts::contact("k2", "email", Some("o2"), "s1", "quality");
    french["customer"]["language"] = json!("fr-CA");
    let (key, claims) = (told.key(), facts::marketplace());
    told.world.request("POST", "/v1/stores/US/contacts", claims, &key, &french.to_string()).await;
    let queue = told.as_associate("GET", "/queue", Json::Null).await.body;
    let worked_in: Vec<_> = queue["inquiries"].as_array().unwrap().iter().map(|one| &one["worked_in"]).collect();
    let in_english = |translation: bool| json!({ "language": "en", "translation": translation });
    assert_eq!(worked_in, [&in_english(false), &in_english(true)], "never refused: {queue}");

    assert_eq!(refusal(&next(told, "eva").await), (409, "nothing_waits"), "nobody writes Spanish");
    let handed = next(told, "ann").await;
    assert_eq!((handed.status, &handed.body["order_id"]), (200, &json!("o2")), "the other one asks for another skill");
    assert_eq!((&handed.body["status"], &handed.body["associate"]), (&json!("working"), &json!("ann")));
    assert_eq!(refusal(&next(told, "ann").await), (409, "nothing_waits"), "one mail at once");
    let inquiry = handed.body["inquiry_id"].as_str().unwrap().to_owned();
    let path = format!("/v1/stores/US/desk/inquiries/{inquiry}/answer");
    let message = json!({ "message": "Pouvez-vous envoyer une photo ?" }).to_string();
    told.world.request("POST", &path, facts::associate("ann"), "answer", &message).await;
    assert_eq!(refusal(&next(told, "ann").await), (409, "nothing_waits"), "the skill is still asked for");
    told.world.pass(TimeDelta::hours(1)).await;
    told.contact_by("phone", "k3", Some("o3"), "quality").await;
    let handed = next(told, "ann").await;
    assert_eq!(handed.body["order_id"], "o3", "who waits at the phone is before who waits for an hour");
    let handed = next(told, "ann").await;
    assert_eq!((handed.status, &handed.body["order_id"]), (200, &json!("o1")), "after an hour without the skill");
}

/// One matter in two inquiries: one goes on with all that both had, and the seller's answer is not waited for in the other.
pub async fn merged(told: &mut Told) {
    told.enrolled().await;
    told.world.facts([told.placed("o1", "seller", told.just_now())]).await;
    let other = told.inquiry("k1", "o1", "quality").await;
    told.world.pass(TimeDelta::hours(1)).await;
    let mine = told.inquiry("k2", "o1", "late_delivery").await;
    let request = told.asked(&mine).await;
    let refused = desk(told, &mine, "merge", json!({ "into": mine })).await;
    assert_eq!(refusal(&refused), (409, "not_mergeable"));
    let merged = done(told, &mine, "merge", json!({ "into": other })).await;
    assert_eq!((&merged["status"], &merged["into"]), (&json!("merged"), &json!(other)));
    let goes_on = told.seen(&other).await;
    assert_eq!((&goes_on["contacts"], goes_on["customer"].as_array().unwrap().len()), (&json!(2), 2), "{goes_on}");
    let withdrawn = told.request(&request).await;
    assert_eq!(
        (&withdrawn["state"], &withdrawn["withdrawn_because"], &withdrawn["seconds_left"]),
        (&json!("withdrawn"), &json!("merged"), &Json::Null),
        "{withdrawn}"
    );
    let log = told.as_seller("GET", "/case-log?view=withdrawn", Json::Null).await.body;
    assert_eq!(log["requests"].as_array().unwrap().len(), 1, "{log}");
    let refused = told.reply(&request, "It left on Monday.").await;
    assert_eq!(refusal(&refused), (409, "request_withdrawn"));
    told.world.pass(TimeDelta::hours(1)).await;
    told.contact("k3", Some("o1"), "lost_in_transit").await;
    assert_eq!(told.went("k3").await["inquiry_id"], json!(other), "RTE-9: the issue goes on there");
    told.world.pass(TimeDelta::hours(25)).await;
    let about_it = subjects(told, "s1@sellers.example").into_iter().filter(|subject| subject.contains("reply"));
    assert_eq!(
        about_it.count(),
        1,
        "it was asked, and reminded of nothing: {:#?}",
        subjects(told, "s1@sellers.example")
    );
    let listed = told.listed("2026Q3", "contacts").await;
    let rules: Vec<_> = listed.iter().map(|contact| contact["counts"].as_str().unwrap()).collect();
    assert_eq!(rules, ["fee-4.countable", "rte-9.joined", "rte-9.joined"], "FEE-4: a merge counts once");
}

/// The seller wants to settle it itself, or takes it over while it is asked: nothing rings any more.
pub async fn handed_over(told: &mut Told) {
    told.enrolled().await;
    told.world.facts(["o1", "o2"].map(|order| told.placed(order, "seller", told.just_now()))).await;
    let mine = told.inquiry("k1", "o1", "late_delivery").await;
    let asked = told.asked(&mine).await;
    let by_topic = desk(told, &mine, "hand-over", json!({ "reason": "invoice" })).await;
    assert_eq!((refusal(&by_topic), &by_topic.body["errors"][0]["field"]), ((422, "invalid_input"), &json!("reason")));
    let handed = done(told, &mine, "hand-over", json!({ "reason": "seller_requested" })).await;
    assert_eq!((&handed["status"], &handed["reason"]), (&json!("handed_to_seller"), &json!("seller_requested")));
    let taken = told.inquiry("k2", "o2", "late_delivery").await;
    let asked_too = told.asked(&taken).await;
    told.world.facts([told.took_over("o2", "late_delivery")]).await;
    let shown = told.as_seller("GET", "/hand-overs", Json::Null).await.body;
    let rows = shown["hand_overs"].as_array().unwrap().iter();
    let rows: BTreeSet<_> = rows.map(|row| format!("{} {}", row["order_id"], row["reason"])).collect();
    let expected = [r#""o1" "seller_requested""#, r#""o2" "seller_took_over""#];
    assert_eq!(rows, expected.map(str::to_owned).into());
    for request in [&asked, &asked_too] {
        let seen = told.request(request).await;
        assert_eq!(
            (&seen["state"], &seen["withdrawn_because"]),
            (&json!("withdrawn"), &json!("handed_to_seller")),
            "{seen}"
        );
        assert_eq!(refusal(&told.reply(request, "It left on Monday.").await), (409, "request_withdrawn"));
    }
    told.world.pass(TimeDelta::hours(26)).await;
    for request in [&asked, &asked_too] {
        assert_eq!(told.request(request).await["state"], "withdrawn", "REQ-4: it does not expire");
    }
    let mails = subjects(told, "s1@sellers.example");
    let about = |what: &str| mails.iter().filter(|subject| subject.contains(what)).count();
    assert_eq!(about("reply"), 2, "each was asked once, and reminded of nothing: {mails:#?}");
    assert_eq!(about("yours to answer"), 1, "who took it over itself knows: {mails:#?}");
    for (contact, order) in [("k3", "o1"), ("k4", "o2")] {
        told.contact(contact, Some(order), "lost_in_transit").await;
        let went = told.went(contact).await;
        assert_eq!((&went["owner"], &went["reason"]), (&json!("seller"), &json!("seller_took_over")), "RTE-6: {went}");
    }
}

/// Canned answers: those that fit, with what the service knows; what is sent says of which it was made.
pub async fn canned(told: &mut Told) {
    told.enrolled().await;
    told.world.facts(["o1", "o2"].map(|order| told.placed(order, "seller", told.just_now()))).await;
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    let shown = told.as_associate("GET", &format!("/inquiries/{inquiry}/macros"), Json::Null).await;
    let rows = shown.body["macros"].as_array().unwrap_or_else(|| panic!("{}", shown.body));
    let codes: Vec<_> = rows.iter().map(|row| row["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["looking_into_it", "parcel_is_there"]);
    let text = rows[0]["text"].as_str().unwrap();
    assert!(text.contains("your order o1.") && text.contains("mei, customer service (United States)"), "{text}");
    let due: chrono::DateTime<chrono::Utc> =
        told.seen(&inquiry).await["resolution_due"].as_str().unwrap().parse().unwrap();
    let due = (due - TimeDelta::hours(7)).format("%Y-%m-%d %H:%M (UTC-07:00)").to_string();
    assert!(text.contains(&format!("by {due}.")), "{text}: {due}");
    assert_eq!(rows[1]["slots"][2], json!({ "name": "place", "longest": 120 }));
    assert!(rows[1]["text"].as_str().unwrap().contains("with {carrier}."), "{}", rows[1]);

    let refused =
        desk(told, &inquiry, "answer", json!({ "macro": "parcel_is_there", "slots": { "carrier": "UPS" } })).await;
    assert_eq!(refusal(&refused), (422, "invalid_input"));
    let slots = json!({ "carrier": "UPS", "tracking_number": "1Z999", "place": "CANARY in the big depot" });
    let answered = done(told, &inquiry, "answer", json!({ "macro": "parcel_is_there", "slots": slots })).await;
    assert_eq!(answered["status"], "waiting_customer");
    let seen = told.seen(&inquiry).await;
    let answer = &seen["answers"][0];
    let text = answer["text"].as_str().unwrap();
    assert!(text.starts_with("The parcel with your order o1 is on its way with UPS. Its number is 1Z999,"), "{text}");
    assert!(text.contains("seen here: CANARY in the big depot."), "{text}");
    let made_of = json!({ "code": "parcel_is_there", "effective_from": "2000-01-01", "language": "en" });
    assert_eq!((&answer["macro"], seen["answers"].as_array().unwrap().len()), (&made_of, 1));
    done(told, &inquiry, "answer", json!({ "message": "It is there now." })).await;
    assert_eq!(told.seen(&inquiry).await["answers"][1]["macro"], Json::Null, "in one's own words");

    let mut chinese = facts::contact("k2", "email", Some("o2"), "s1", "refund_status");
    chinese["customer"]["language"] = json!("zh-Hans");
    let (key, claims) = (told.key(), facts::marketplace());
    told.world.request("POST", "/v1/stores/US/contacts", claims, &key, &chinese.to_string()).await;
    let inquiry = told.went("k2").await["inquiry_id"].as_str().unwrap().to_owned();
    done(told, &inquiry, "claim", json!({})).await;
    let slots = json!({ "amount": "50.00 USD", "since": "8月3日" });
    let last = json!({ "macro": "refund_is_on_its_way", "slots": slots, "resolve": true });
    let decided = done(told, &inquiry, "answer", last).await;
    assert_eq!(decided["kind"], "answer", "{decided}");
    let answer = &told.seen(&inquiry).await["answers"][0];
    assert_eq!(answer["macro"]["language"], "zh", "the customer's own, though the store works in English: {answer}");
    assert!(
        answer["text"].as_str().unwrap().starts_with("您的订单 o2 的退款 50.00 USD 已于 8月3日 发出。"),
        "{answer}"
    );
}
