//! Stories of the Case Log: replies in time and late, and silence that a person ends.

use crate::stories::told::{Told, subjects};
use chrono::TimeDelta;
use serde_json::{Value as Json, json};
use world::{cloud::locked, facts};

const SELLER: &str = "s1@sellers.example";

async fn listed(told: &mut Told, view: &str) -> usize {
    let log = told.as_seller("GET", &format!("/case-log?view={view}"), Json::Null).await;
    log.body["requests"].as_array().unwrap().len()
}

/// The seller replies after the first reminder; nothing reminds it again, nothing expires, the associate answers.
pub async fn replies_in_time(told: &mut Told) {
    told.enrolled().await;
    told.world.facts([told.placed("o1", "seller", told.just_now())]).await;
    let inquiry = told.inquiry("k1", "o1", "product_question").await;
    told.world.facts([world::facts::described(told.world.now())]).await;
    let said = told.seen(&inquiry).await["catalogue"].clone();
    let size = json!([{ "product_id": "p1", "name": "Shoe size", "value": "Runs small", "source": "detail_page" }]);
    assert_eq!(said, size, "INQ-2: what the page says about what was asked");

    let path = format!("/inquiries/{inquiry}/requests");
    let mut question = json!({ "kind": "product_fact", "text": "Is there a ring for it?", "attribute": "Ring" });
    question["item_id"] = json!("9");
    let refused = told.as_associate("POST", &path, question.clone()).await;
    assert_eq!((refused.status, &refused.body["errors"][0]["field"]), (422, &json!("item_id")), "{}", refused.body);
    question["item_id"] = Json::Null;
    let asked = told.as_associate("POST", &path, question).await;
    let request = asked.body["request_id"].as_str().unwrap().to_owned();
    let gap = json!({ "product": "p1", "attribute": "Ring" });
    assert_eq!(told.request(&request).await["question"]["gap"], gap, "INS-4: what the page should have said");
    assert_eq!(told.seen(&inquiry).await["status"], "waiting_seller");
    assert_eq!(told.request(&request).await["seconds_left"], 24 * 3_600);

    told.world.pass(TimeDelta::hours(12)).await;
    let reminded = subjects(told, SELLER);
    let slots = told.request(&request).await["question"]["slots"].clone();
    assert_eq!((&slots[0]["name"], &slots[0]["required"]), (&json!("fact"), &json!(true)), "REQ-6: {slots}");
    let path = format!("/case-log/{request}/reply");
    let answers = json!({ "fact": "Yes, with the ring that is in the box.", "source": "manual" });
    let replied = told.as_seller("POST", &path, json!({ "answers": answers })).await;
    assert_eq!((replied.status, &replied.body["state"]), (200, &json!("answered")), "{}", replied.body);
    assert_eq!(replied.body["reply"]["late"], false);
    let seen = told.seen(&inquiry).await;
    assert_eq!(
        (&seen["status"], &seen["associate"], &seen["ball"]),
        (&json!("working"), &json!("mei"), &json!("service"))
    );
    let asked = &seen["requests"][0];
    assert_eq!((&asked["state"], &asked["reply"]["answers"]), (&json!("answered"), &answers), "whoever asked reads it");
    let again = told.reply(&request, "And in blue.").await;
    assert_eq!((again.status, &again.body["type"]), (409, &json!("/problems/already_answered")));

    told.world.pass(TimeDelta::hours(9)).await;
    told.world.pass(TimeDelta::hours(9)).await;
    assert_eq!(subjects(told, SELLER), reminded, "REQ-3: no reminder after a reply");
    assert_eq!((listed(told, "answered").await, listed(told, "expired").await), (1, 0));

    told.as_associate("POST", &format!("/inquiries/{inquiry}/claim"), json!({})).await;
    let said = json!({ "message": "It fits, with the ring in the box.", "resolve": true });
    let resolved = told.as_associate("POST", &format!("/inquiries/{inquiry}/answer"), said).await;
    assert_eq!((resolved.status, &resolved.body["kind"]), (200, &json!("answer")), "{}", resolved.body);
    assert_eq!(told.seen(&inquiry).await["status"], "resolved");
    assert_eq!(told.request(&request).await["decision"]["kind"], "answer", "JDG-2: the seller sees the record");
    assert_eq!(told.world.mails_to("c1@customers.example").len(), 1);
    assert_eq!(subjects(told, SELLER).len(), reminded.len() + 1, "one more: that it is decided");
}

/// Nobody may judge safety but a person, so after 24 hours the seller may still reply; once decided, no more.
pub async fn late_reply(told: &mut Told) {
    told.enrolled().await;
    let orders = ["o1", "o2"].map(|order| told.placed(order, "seller", told.just_now()));
    told.world.facts(orders).await;
    let (first, second) = (told.inquiry("k1", "o1", "safety").await, told.inquiry("k2", "o2", "safety").await);
    let (answered, silent) = (told.asked(&first).await, told.asked(&second).await);
    told.world.pass(TimeDelta::hours(25)).await;

    let expired = told.request(&answered).await;
    assert_eq!((&expired["state"], &expired["decision"]), (&json!("expired"), &Json::Null), "{expired}");
    assert_eq!(expired["expired_at"], expired["due_at"], "the deadline, whenever it was noticed");
    assert_eq!(told.seen(&first).await["judgement_owed"], true);
    let replied = told.reply(&answered, "The plug is of the wrong type; please stop using it.").await;
    assert_eq!(replied.status, 200, "{}", replied.body);
    assert_eq!((&replied.body["state"], &replied.body["reply"]["late"]), (&json!("expired"), &json!(true)));
    assert_eq!(
        told.seen(&first).await["judgement_owed"],
        true,
        "S8: a late reply changes nothing but that it is there"
    );

    for inquiry in [&first, &second] {
        told.as_associate("POST", &format!("/inquiries/{inquiry}/claim"), json!({})).await;
        let decision = json!({ "kind": "refund_returnless", "reason": "unsafe_to_return", "liable": "seller" });
        let decided = told.as_associate("POST", &format!("/inquiries/{inquiry}/decision"), decision).await;
        assert_eq!((decided.status, &decided.body["amount"]["minor"]), (200, &json!(5_000)), "{}", decided.body);
    }
    let refused = told.reply(&silent, "We have looked into it.").await;
    assert_eq!((refused.status, &refused.body["type"]), (409, &json!("/problems/already_decided")));
    assert_eq!(refused.body["rule"], "REQ-5");
    let kept = told.request(&answered).await;
    assert_eq!(kept["reply"]["text"], "The plug is of the wrong type; please stop using it.");
    assert_eq!(kept["decision"]["way_back"]["way_back"], "claim");
}

/// Two units at 60.00 are above the limit of 100.00: silence puts the inquiry before the one who waits at the phone.
pub async fn person_decides(told: &mut Told) {
    told.enrolled().await;
    let mut dear = told.placed("dear", "seller", told.just_now());
    dear["lines"][0]["unit_price_minor"] = json!(6_000);
    told.world
        .facts([dear, told.placed("o2", "seller", told.just_now()), told.placed("o3", "seller", told.just_now())])
        .await;
    let inquiry = told.inquiry("k1", "dear", "product_question").await;
    let request = told.asked(&inquiry).await;
    told.world.pass(TimeDelta::hours(20)).await;
    told.contact("k2", Some("o2"), "late_delivery").await;
    told.contact_by("phone", "k3", Some("o3"), "late_delivery").await;
    let orders = async |told: &mut Told| {
        let queue = told.as_associate("GET", "/queue", Json::Null).await.body;
        let orders = queue["inquiries"].as_array().unwrap().iter().map(|inquiry| inquiry["order_id"].clone());
        orders.collect::<Vec<_>>()
    };
    assert_eq!(orders(told).await, ["o3", "dear", "o2"], "who waits at the phone, then by the promised resolution");

    told.world.pass(TimeDelta::hours(5)).await;
    assert_eq!(orders(told).await, ["dear", "o3", "o2"], "REQ-4: the judgement that is owed is the head");
    let expired = told.request(&request).await;
    assert_eq!(
        (&expired["state"], &expired["decision"]),
        (&json!("expired"), &Json::Null),
        "no rule decides above the limit"
    );
    let unclaimed =
        json!({ "kind": "return_authorised", "reason": "question_unanswered", "basis": "The page does not say." });
    let refused = told.as_associate("POST", &format!("/inquiries/{inquiry}/decision"), unclaimed.clone()).await;
    assert_eq!((refused.status, &refused.body["type"]), (409, &json!("/problems/not_claimed")));
    told.as_associate("POST", &format!("/inquiries/{inquiry}/claim"), json!({})).await;
    let decided = told.as_associate("POST", &format!("/inquiries/{inquiry}/decision"), unclaimed).await;
    assert_eq!((decided.status, &decided.body["amount"]), (200, &Json::Null), "{}", decided.body);
    assert_eq!(orders(told).await, ["o3", "o2"]);
    let seen = &told.request(&request).await["decision"]["decided_by"];
    assert_eq!(seen, &json!({ "by": "associate" }), "the seller reads that, not who");
    assert_eq!(told.world.mails_to("c1@customers.example").len(), 1);
    let mails = subjects(told, SELLER);
    let about: Vec<_> = mails.iter().filter(|subject| subject.contains("dear")).collect();
    assert_eq!(about.len(), 4, "opened, 4 hours left, expired, decided: {about:#?}");
}

/// The judgement after silence refunds; the customer comes back, the seller is silent again, and no rule refunds the same
/// units a second time: a person decides.
pub async fn silent_twice(told: &mut Told) {
    told.enrolled().await;
    told.world.fact(told.placed("o1", "seller", told.just_now())).await;
    for (contact, decision, status) in [("k1", "refund_full", "resolved"), ("k2", "", "open")] {
        let inquiry = told.inquiry(contact, "o1", "late_delivery").await;
        let request = told.asked(&inquiry).await;
        told.world.pass(TimeDelta::hours(25)).await;
        let ended = told.request(&request).await;
        assert_eq!(ended["state"], "expired", "{ended}");
        assert_eq!(ended["decision"]["kind"].as_str().unwrap_or_default(), decision, "{ended}");
        let seen = told.seen(&inquiry).await;
        assert_eq!(seen["status"], status, "{seen}");
        assert_eq!(seen["decisions"].as_array().unwrap().len(), 1, "JDG-2: once");
    }
}

/// S6: what is due is found over any number of keys of its index, and where there came to be more of them meanwhile.
pub async fn spread_over_more_keys(told: &mut Told) {
    told.enrolled().await;
    for (order, at_first, by_then) in [("o1", 1, 1), ("o2", 1, 2), ("o3", 2, 16), ("o4", 16, 64)] {
        told.world.spread("DUE_SHARDS", at_first);
        told.world.fact(told.placed(order, "seller", told.just_now())).await;
        let inquiry = told.inquiry(&format!("of-{order}"), order, "late_delivery").await;
        let request = told.asked(&inquiry).await;
        told.world.spread("DUE_SHARDS", by_then);
        told.world.pass(TimeDelta::hours(25)).await;
        assert_eq!(told.request(&request).await["state"], "expired", "{at_first} keys, and then {by_then}");
    }
}

/// REQ-6: the seller uploads what it has declared, names it in its reply, and both sides find it there.
pub async fn attaches(told: &mut Told) {
    told.enrolled().await;
    told.world.facts([told.placed("o1", "seller", told.just_now())]).await;
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    let request = told.asked(&inquiry).await;
    let (name, content) = ("发票 <1>.pdf", b"%PDF-1.7".as_slice());
    let file = facts::file(name, content);
    let path = format!("/case-log/{request}/reply");
    let reply = json!({ "text": "It left on Monday.", "attachments": [file] });
    let early = told.as_seller("POST", &path, reply.clone()).await;
    assert_eq!((early.status, &early.body["errors"][0]["field"]), (422, &json!("attachments[0]")), "{}", early.body);

    let link = told.as_seller("GET", &facts::upload_link(&request, &file), Json::Null).await.body["upload"].clone();
    for other in [b"%PDF-1.6".as_slice(), b"%PDF-1.70", b""] {
        assert_eq!(told.world.cloud.upload(&link, other), 400, "not what was declared");
    }
    assert_eq!(told.world.cloud.upload(&link, content), 200);
    assert_eq!(told.world.cloud.upload(&link, content), 412, "and it stays as it is");
    let files = || locked(&told.world.cloud.files).values().copied().collect::<Vec<_>>();
    assert_eq!(files(), [true], "tagged, and deleted after two days if no reply names it");
    let replied = told.as_seller("POST", &path, reply).await;
    assert_eq!(replied.status, 200, "{}", replied.body);
    let attachment = replied.body["reply"]["attachments"][0].clone();
    assert_eq!((&attachment["file_name"], &attachment["sha256"]), (&json!(name), &file["sha256"]));
    let files = || locked(&told.world.cloud.files).clone().into_iter().collect::<Vec<_>>();
    let (place, tagged) = files().remove(0);
    assert_eq!((place.ends_with(attachment["attachment_id"].as_str().unwrap()), tagged), (true, false), "{place}");

    let seen = told.seen(&inquiry).await["requests"][0]["reply"]["attachments"][0].clone();
    assert_eq!(seen, attachment, "whoever asked sees it");
    let id = attachment["attachment_id"].as_str().unwrap();
    let own = told.as_seller("GET", &format!("/case-log/{request}/attachments/{id}"), Json::Null).await;
    let desk = told.as_associate("GET", &format!("/requests/s1/{request}/attachments/{id}"), Json::Null).await;
    for shown in [own, desk] {
        let url = shown.body["download"]["url"].as_str().unwrap_or_else(|| panic!("{}", shown.body));
        assert!(url.starts_with(&place) && url.contains("%25E5%258F%2591"), "under its name, escaped: {url}");
    }
    for (seller, path) in [
        ("s2", format!("/case-log/{request}/attachments/{id}")),
        ("s1", format!("/case-log/{request}/attachments/none")),
        ("s1", format!("/case-log/none/attachments/{id}")),
        ("s2", facts::upload_link(&request, &file)),
    ] {
        let absent = told.as_user_of(seller, "GET", &path, Json::Null).await;
        assert_eq!((absent.status, &absent.body["type"]), (404, &json!("/problems/not_found")), "{path}");
    }
    let late = told.as_seller("GET", &facts::upload_link(&request, &file), Json::Null).await;
    assert_eq!((late.status, &late.body["type"]), (409, &json!("/problems/already_answered")), "{}", late.body);
}
