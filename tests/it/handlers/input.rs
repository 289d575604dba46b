//! What a caller can get wrong over HTTP.

use super::{stored, told};
use crate::stories::told::Told;
use serde_json::{Value as Json, json};
use world::Reply;

/// The caller of a route, by who it is for.
fn claims(path: &str) -> Json {
    match path.split('/').nth(1) {
        Some("desk") => json!({ "sub": "mei", "stores": "US" }),
        Some("contacts") => json!({ "sub": "marketplace" }),
        _ => json!({ "sub": "user-of-s1", "seller_id": "s1" }),
    }
}

async fn ask(told: &mut Told, method: &str, path: &str, key: &str, body: &str) -> Reply {
    told.world.request(method, &format!("/v1/stores/US{path}"), claims(path), key, body).await
}

/// The fields at fault.
fn contact(changes: &Json) -> String {
    let mut body = json!({ "contact_id": "k1", "customer": { "id": "c1", "email": "c1@customers.example" },
        "channel": "email", "order_id": "o1", "seller_id": "s1", "topic": "late_delivery", "message": "Where?" });
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body.to_string()
}

/// Asks, and expects this status, this problem and these fields, and that nothing was stored.
async fn refused(told: &mut Told, method: &str, path: &str, body: &str, expected: (i64, &str, &[&str])) {
    let before = stored(&told.world);
    let key = told.key();
    let reply = ask(told, method, path, &key, body).await;
    let kind = reply.body["type"].as_str().unwrap().trim_start_matches("/problems/");
    assert_eq!((reply.status, kind, reply.fields().as_slice()), expected, "{method} {path}: {}", reply.body);
    assert!(reply.body["detail"].as_str().is_some_and(|detail| detail.len() > 10), "{}", reply.body);
    assert_eq!(reply.body["status"], reply.status);
    assert_eq!(stored(&told.world), before, "{method} {path} stored something");
}

#[tokio::test]
async fn rte_10_malformed_json_is_named_as_the_body_on_every_route_that_reads_one() {
    let mut told = told().await;
    let inquiry = told.inquiry("k0", "o1", "late_delivery").await;
    let request = told.asked(&inquiry).await;
    for path in [
        "/enrollment/opt-in".to_owned(),
        "/enrollment/terms".to_owned(),
        "/contacts".to_owned(),
        format!("/case-log/{request}/reply"),
        format!("/desk/inquiries/{inquiry}/requests"),
        format!("/desk/inquiries/{inquiry}/answer"),
        format!("/desk/inquiries/{inquiry}/merge"),
        format!("/desk/inquiries/{inquiry}/hand-over"),
        format!("/desk/inquiries/{inquiry}/notes"),
        format!("/desk/inquiries/{inquiry}/decision"),
    ] {
        for body in ["{\"order_id\": ", "[1, 2]", "", "\u{0}", "nonsense"] {
            refused(&mut told, "POST", &path, body, (400, "malformed_json", &["body"])).await;
        }
    }
}

#[tokio::test]
async fn rte_10_an_unknown_order_store_topic_or_seller_is_named_and_nothing_is_stored() {
    let mut told = told().await;
    let unknown_order = contact(&json!({ "order_id": "o-none" }));
    refused(&mut told, "POST", "/contacts", &unknown_order, (422, "unknown_order", &["order_id"])).await;
    for (change, field) in [
        (json!({ "topic": "weather" }), "topic"),
        (json!({ "seller_id": "s2" }), "seller_id"),
        (json!({ "customer": { "id": "c2" } }), "customer.id"),
        (json!({ "item_ids": ["9"] }), "item_ids"),
        (json!({ "order_id": null }), "order_id"),
        (json!({ "order_id": null, "seller_id": null, "topic": "pre_order" }), "seller_id"),
        (json!({ "channel": "pigeon" }), "channel"),
        (json!({ "message": " " }), "message"),
        (json!({ "message": "x".repeat(10_001) }), "message"),
        (json!({ "customer": { "id": "c1", "email": "no address" } }), "customer.email"),
        (json!({ "contact_id": "a#b" }), "contact_id"),
    ] {
        refused(&mut told, "POST", "/contacts", &contact(&change), (422, "invalid_input", &[field])).await;
    }
    let nothing = ["contact_id", "customer", "channel", "message"];
    refused(&mut told, "POST", "/contacts", "{}", (422, "invalid_input", &nothing)).await;

    let before = stored(&told.world);
    for (method, path) in [("POST", "contacts"), ("GET", "enrollment"), ("GET", "case-log"), ("GET", "desk/queue")] {
        let claims = json!({ "sub": "u", "seller_id": "s1", "stores": "XX" });
        let reply = told.world.request(method, &format!("/v1/stores/XX/{path}"), claims, "k", "{}").await;
        assert_eq!((reply.status, reply.fields()), (422, vec!["store"]), "{}", reply.body);
        assert_eq!(reply.body["detail"], "store XX is no store: the stores are BR, DE, US");
    }
    assert_eq!(stored(&told.world), before);
}

#[tokio::test]
async fn rte_10_a_quarter_of_the_year_10000_and_other_paths_that_name_nothing_are_refused() {
    let mut told = told().await;
    for quarter in ["10000Q1", "2026Q5", "1999Q4", "2026-3"] {
        let path = format!("/statements/{quarter}");
        refused(&mut told, "GET", &path, "", (422, "invalid_input", &["quarter"])).await;
    }
    for (query, field) in
        [("units?reason=dear", "reason"), ("units?rate_minor=1.5", "rate_minor"), ("contacts?cursor=AAAA", "cursor")]
    {
        refused(&mut told, "GET", &format!("/statements/2026Q3/{query}"), "", (422, "invalid_input", &[field])).await;
    }
    refused(&mut told, "GET", "/enrollment/preview?cursor=AAAA", "", (422, "invalid_input", &["cursor"])).await;
    refused(&mut told, "GET", "/case-log?view=mine", "", (422, "invalid_input", &["view"])).await;
    refused(&mut told, "GET", "/case-log?cursor=AAAA", "", (422, "invalid_input", &["cursor"])).await;
    refused(&mut told, "GET", "/case-log/a%23b", "", (422, "invalid_input", &["request_id"])).await;
    refused(&mut told, "GET", "/desk/inquiries/none", "", (404, "not_found", &[])).await;
    refused(&mut told, "GET", "/contacts/none", "", (404, "not_found", &[])).await;
}

#[tokio::test]
async fn jdg_1_a_decision_over_nothing_less_than_nothing_or_more_than_the_price_is_refused() {
    let mut told = told().await;
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    let path = format!("/desk/inquiries/{inquiry}/decision");
    for amount in [json!(-1), json!(0), json!(1.5), json!("100"), Json::Null] {
        let body =
            json!({ "kind": "refund_partial", "reason": "damaged", "basis": "b", "amount_minor": amount }).to_string();
        refused(&mut told, "POST", &path, &body, (422, "invalid_input", &["amount_minor"])).await;
    }
    let body = json!({ "kind": "gift", "liable": "nobody" }).to_string();
    refused(&mut told, "POST", &path, &body, (422, "invalid_input", &["kind", "reason", "liable"])).await;
    let above = json!({ "kind": "refund_partial", "reason": "damaged", "amount_minor": 5_001 }).to_string();
    refused(&mut told, "POST", &path, &above, (422, "amount_out_of_bounds", &[])).await;
    let goodwill = json!({ "kind": "refund_returnless", "reason": "goodwill" }).to_string();
    refused(&mut told, "POST", &path, &goodwill, (422, "returnless_not_allowed", &[])).await;
    let units = json!([{ "item_id": "1", "ordinal": 0 }, { "ordinal": 1 }]);
    let nobody = json!({ "kind": "decline", "reason": "no_ground", "units": units, "supersedes": "d" }).to_string();
    let fields = ["units[0].ordinal", "units[1].item_id", "supersedes"];
    refused(&mut told, "POST", &path, &nobody, (422, "invalid_input", &fields)).await;
}

#[tokio::test]
async fn inq_1_what_is_wrong_with_a_merge_a_hand_over_or_a_note_is_named_field_by_field() {
    let mut told = told().await;
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    let long = "x".repeat(4_001);
    for (what, body, field) in [
        ("merge", json!({}), "into"),
        ("merge", json!({ "into": "a#b" }), "into"),
        ("merge", json!({ "into": "none" }), "into"),
        ("hand-over", json!({}), "reason"),
        ("hand-over", json!({ "reason": "too_hard" }), "reason"),
        ("hand-over", json!({ "reason": "invoice" }), "reason"),
        ("notes", json!({ "note": " " }), "note"),
        ("notes", json!({ "note": long }), "note"),
    ] {
        let path = format!("/desk/inquiries/{inquiry}/{what}");
        refused(&mut told, "POST", &path, &body.to_string(), (422, "invalid_input", &[field])).await;
    }
    for what in ["release", "merge", "hand-over", "notes"] {
        let body = json!({ "into": inquiry, "reason": "seller_requested", "note": "n" }).to_string();
        let path = format!("/desk/inquiries/none/{what}");
        refused(&mut told, "POST", &path, &body, (404, "not_found", &[])).await;
    }
    let given_back = format!("/desk/inquiries/{inquiry}/release");
    let first = ask(&mut told, "POST", &given_back, "one-key", "{}").await;
    assert_eq!(first.status, 200, "{}", first.body);
    assert_eq!(ask(&mut told, "POST", &given_back, "one-key", "{}").await, first, "the answer of the first time");
    let other = ask(&mut told, "POST", &given_back, "one-key", r#"{ "why": "late" }"#).await;
    assert_eq!((other.status, other.fields()), (422, vec!["Idempotency-Key"]));
}

#[tokio::test]
async fn inq_2_an_answer_is_made_of_words_or_of_a_macro_that_fits_with_each_of_its_slots() {
    let mut told = told().await;
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    let path = format!("/desk/inquiries/{inquiry}/answer");
    let long = "x".repeat(61);
    let there = |slots: Json| json!({ "macro": "parcel_is_there", "slots": slots });
    let full = |name: &str, value: Json| {
        let mut slots = json!({ "carrier": "UPS", "tracking_number": "1Z999", "place": "Oakland" });
        slots[name] = value;
        there(slots)
    };
    for (body, wrong) in [
        (json!({}), vec!["message"]),
        (json!({ "message": null, "macro": null }), vec!["message"]),
        (json!({ "message": "m", "macro": "looking_into_it" }), vec!["macro"]),
        (json!({ "message": "m", "slots": {} }), vec!["slots"]),
        (json!({ "message": " " }), vec!["message"]),
        (json!({ "macro": 1, "resolve": 1 }), vec!["macro", "resolve"]),
        (json!({ "macro": "parcel_is_there", "slots": [] }), vec!["slots"]),
        (json!({ "macro": "none" }), vec!["macro"]),
        (json!({ "macro": "refund_is_on_its_way", "slots": { "amount": "1", "since": "1" } }), vec!["macro"]),
        (json!({ "macro": "parcel_is_there" }), vec!["slots.carrier", "slots.tracking_number", "slots.place"]),
        (there(json!({ "carrier": "UPS", "place": "P" })), vec!["slots.tracking_number"]),
        (full("carrier", json!(long)), vec!["slots.carrier"]),
        (full("carrier", json!("a\nb")), vec!["slots.carrier"]),
        (full("carrier", json!(1)), vec!["slots.carrier"]),
        (full("order_id", json!("o2")), vec!["slots.order_id"]),
        (full("why", json!("late")), vec!["slots.why"]),
    ] {
        for resolve in [false, true] {
            let mut body = body.clone();
            if body["resolve"].is_null() {
                body["resolve"] = json!(resolve);
            }
            refused(&mut told, "POST", &path, &body.to_string(), (422, "invalid_input", &wrong)).await;
        }
    }
    refused(&mut told, "GET", "/desk/inquiries/none/macros", "", (404, "not_found", &[])).await;
    let fits = ask(&mut told, "POST", &path, "fits", &full("carrier", json!("x".repeat(60))).to_string()).await;
    assert_eq!(fits.status, 200, "{}", fits.body);
}

#[tokio::test]
async fn inq_1_a_lead_names_an_associate_and_an_inquiry_that_are_there() {
    let mut told = told().await;
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    let before = stored(&told.world);
    for (inquiry, body, expected) in [
        (inquiry.as_str(), json!({}), (422, "/problems/invalid_input")),
        (inquiry.as_str(), json!({ "associate": "a b" }), (422, "/problems/invalid_input")),
        ("none", json!({ "associate": "ada" }), (404, "/problems/not_found")),
    ] {
        let reply = told.as_lead(&format!("/inquiries/{inquiry}/reassign"), body).await;
        assert_eq!((reply.status, reply.body["type"].as_str().unwrap()), expected, "{}", reply.body);
    }
    assert_eq!(stored(&told.world), before);
}

#[tokio::test]
async fn rte_7_what_is_wrong_with_a_profile_is_named_and_who_has_none_is_handed_nothing() {
    let mut told = told().await;
    told.contact("k1", Some("o1"), "late_delivery").await;
    let before = stored(&told.world);
    let (many, fits) = (json!({ "phone": 101, "message": -1 }), json!({ "phone": 1, "message": 1, "email": 1 }));
    for (body, wrong) in [
        (json!({}), vec!["capacity"]),
        (json!({ "capacity": many }), vec!["capacity.phone", "capacity.message", "capacity.email"]),
        (json!({ "capacity": fits, "languages": ["fr"] }), vec!["languages"]),
        (json!({ "capacity": fits, "languages": "en", "skills": ["magic"] }), vec!["languages", "skills[0]"]),
    ] {
        let reply = told.as_lead("/associates/mei", body).await;
        assert_eq!((reply.status, reply.fields()), (422, wrong), "{}", reply.body);
    }
    refused(&mut told, "POST", "/desk/next", "", (409, "no_profile", &[])).await;
    assert_eq!(stored(&told.world), before);
}

#[tokio::test]
async fn k20_a_body_over_64_kb_is_too_large_and_one_of_64_kb_is_read() {
    let mut told = told().await;
    let padded = |size: usize| {
        let bare = contact(&json!({ "padding": "" }));
        contact(&json!({ "padding": "x".repeat(size - bare.len()) }))
    };
    let (fits, too_large) = (padded(64 * 1024), padded(64 * 1024 + 1));
    refused(&mut told, "POST", "/contacts", &too_large, (413, "body_too_large", &["body"])).await;
    assert_eq!(ask(&mut told, "POST", "/contacts", "k", &fits).await.status, 202);
}

#[tokio::test]
async fn x1_a_write_without_a_usable_idempotency_key_is_refused_on_every_route() {
    let mut told = told().await;
    let inquiry = told.inquiry("k0", "o1", "late_delivery").await;
    let request = told.asked(&inquiry).await;
    let before = stored(&told.world);
    let decision = json!({ "kind": "decline", "reason": "no_ground", "basis": "b" }).to_string();
    for (path, body) in [
        ("/enrollment/opt-in".to_owned(), "{}".to_owned()),
        ("/enrollment/opt-out".to_owned(), String::new()),
        ("/enrollment/terms".to_owned(), json!({ "terms_version": "2026-01" }).to_string()),
        ("/contacts".to_owned(), contact(&json!({}))),
        (format!("/case-log/{request}/reply"), json!({ "text": "t" }).to_string()),
        ("/decisions/d/return-method".to_owned(), json!({ "method": "refund_without_return" }).to_string()),
        (format!("/desk/inquiries/{inquiry}/claim"), "{}".to_owned()),
        (format!("/desk/inquiries/{inquiry}/release"), "{}".to_owned()),
        (format!("/desk/inquiries/{inquiry}/merge"), json!({ "into": "other" }).to_string()),
        (format!("/desk/inquiries/{inquiry}/hand-over"), json!({ "reason": "seller_requested" }).to_string()),
        (format!("/desk/inquiries/{inquiry}/notes"), json!({ "note": "n" }).to_string()),
        (format!("/desk/inquiries/{inquiry}/requests"), json!({ "kind": "free_text", "text": "t" }).to_string()),
        (format!("/desk/inquiries/{inquiry}/answer"), json!({ "message": "m" }).to_string()),
        (format!("/desk/inquiries/{inquiry}/decision"), decision),
    ] {
        for key in ["", "two words", "ä", &"k".repeat(129)] {
            let reply = ask(&mut told, "POST", &path, key, &body).await;
            assert_eq!((reply.status, reply.fields()), (422, vec!["Idempotency-Key"]), "{path}: {}", reply.body);
            assert_eq!(reply.body["type"], "/problems/idempotency_key_needed");
        }
    }
    assert_eq!(stored(&told.world), before);
    assert_eq!(ask(&mut told, "POST", "/enrollment/opt-out", &"k".repeat(128), "").await.status, 200);
}

#[tokio::test]
async fn req_6_an_answer_that_does_not_fit_its_slot_is_named_and_nothing_is_kept() {
    let mut told = told().await;
    let inquiry = told.inquiry("k0", "o1", "late_delivery").await;
    let request = told.asked(&inquiry).await;
    let path = format!("/case-log/{request}/reply");
    let before = stored(&told.world);
    let long = "x".repeat(1_001);
    for (body, wrong) in [
        (json!({}), vec!["text"]),
        (json!({ "answers": {} , "text": " " }), vec!["text"]),
        (json!({ "answers": ["yes"] }), vec!["answers"]),
        (json!({ "answers": { "fact": true, "source": null } }), vec!["answers.fact", "answers.source"]),
        (
            json!({ "answers": { "source": "gossip", "mood": "good" } }),
            vec!["answers.fact", "answers.source", "answers.mood"],
        ),
        (json!({ "answers": { "fact": long }, "text": "It fits." }), vec!["answers.fact"]),
    ] {
        let reply = ask(&mut told, "POST", &path, &format!("key-{}", wrong.concat()), &body.to_string()).await;
        assert_eq!((reply.status, reply.fields()), (422, wrong), "{body}: {}", reply.body);
    }
    assert_eq!(stored(&told.world), before);
}

#[tokio::test]
async fn req_6_a_file_that_may_not_be_attached_is_named_field_by_field_and_nothing_is_kept() {
    let mut told = told().await;
    let inquiry = told.inquiry("k0", "o1", "late_delivery").await;
    let request = told.asked(&inquiry).await;
    let good = world::facts::file("a.pdf", b"abc");
    let with = |name: &str, value: Json| {
        let mut file = good.clone();
        file[name] = value;
        file
    };
    let before = stored(&told.world);
    for (file, wrong) in [
        (with("file_name", json!("../a.pdf")), vec!["file_name"]),
        (with("content_type", json!("text/html")), vec!["content_type"]),
        (with("bytes", json!(10_485_761)), vec!["bytes"]),
        (with("bytes", json!(0)), vec!["bytes"]),
        (with("sha256", json!("abc")), vec!["sha256"]),
        (json!({}), vec!["file_name", "content_type", "bytes", "sha256"]),
    ] {
        let link = ask(&mut told, "GET", &world::facts::upload_link(&request, &file), "", "").await;
        assert_eq!((link.status, link.fields()), (422, wrong.clone()), "{file}: {}", link.body);
        let body = json!({ "text": "Here.", "attachments": [good, file] }).to_string();
        let reply = ask(&mut told, "POST", &format!("/case-log/{request}/reply"), "k", &body).await;
        let named: Vec<_> = wrong.iter().map(|field| format!("attachments[1].{field}")).collect();
        assert_eq!((reply.status, reply.fields()), (422, named.iter().map(String::as_str).collect()), "{}", reply.body);
    }
    for attachments in [json!([good, good]), json!([]), json!("a.pdf"), json!(vec![good.clone(); 6])] {
        let body = json!({ "text": "Here.", "attachments": attachments }).to_string();
        let reply = ask(&mut told, "POST", &format!("/case-log/{request}/reply"), "k", &body).await;
        assert_eq!((reply.status, reply.fields()), (422, vec!["attachments"]), "{}", reply.body);
    }
    assert_eq!(stored(&told.world), before);
}

#[tokio::test]
async fn x1_the_same_key_gets_the_same_answer_and_with_another_body_or_path_a_refusal_that_says_so() {
    let mut told = told().await;
    let inquiry = told.inquiry("k0", "o1", "late_delivery").await;
    let request = told.asked(&inquiry).await;
    let path = format!("/case-log/{request}/reply");
    let body = json!({ "text": "It left on Monday." }).to_string();
    let first = ask(&mut told, "POST", &path, "key-of-mine", &body).await;
    assert_eq!(first.status, 200, "{}", first.body);
    let before = stored(&told.world);
    told.world.pass(chrono::TimeDelta::hours(30)).await;
    assert_eq!(ask(&mut told, "POST", &path, "key-of-mine", &body).await, first, "the answer of the first time");

    for (path, body) in [
        (path.clone(), json!({ "text": "It left on Tuesday." }).to_string()),
        ("/case-log/none/reply".to_owned(), body.clone()),
    ] {
        let other = ask(&mut told, "POST", &path, "key-of-mine", &body).await;
        assert_eq!((other.status, other.fields()), (422, vec!["Idempotency-Key"]), "{}", other.body);
        assert_eq!(other.body["type"], "/problems/idempotency_key_reused");
        let detail = "Idempotency-Key was used for another path or body before; a new request needs a new key";
        assert_eq!(other.body["detail"], detail);
    }
    let requests = |stored: &std::collections::BTreeMap<String, Vec<Json>>| stored["RequestsTable"].clone();
    assert_eq!(requests(&stored(&told.world)), requests(&before));
}

#[tokio::test]
async fn x1_a_key_is_its_caller_s_own_also_where_one_user_speaks_for_two_sellers() {
    let mut told = told().await;
    let mut answers = Vec::new();
    for seller in ["s1", "s2"] {
        let claims = json!({ "sub": "one-user", "seller_id": seller });
        let path = "/v1/stores/US/enrollment/opt-out";
        answers.push(told.world.request("POST", path, claims, "one-key", "").await.body);
    }
    assert_eq!((&answers[0]["seller_id"], &answers[1]["seller_id"]), (&json!("s1"), &json!("s2")));
    assert_eq!(answers[1]["status"], "not_enrolled", "both have left");
}

#[tokio::test]
async fn x1_what_was_refused_is_not_stored_and_may_be_asked_again_with_the_same_key() {
    let mut told = told().await;
    let early = contact(&json!({ "order_id": "o2" }));
    let before = ask(&mut told, "POST", "/contacts", "k", &early).await;
    assert_eq!((before.status, before.fields()), (422, vec!["order_id"]));
    told.world.facts([told.placed("o2", "seller", told.just_now())]).await;
    assert_eq!(ask(&mut told, "POST", "/contacts", "k", &early).await.status, 202);
    let again = ask(&mut told, "POST", "/contacts", "k2", &early).await;
    assert_eq!((again.status, &again.body["type"]), (409, &json!("/problems/contact_known")), "{}", again.body);
}

#[tokio::test]
async fn an_event_that_nobody_can_read_is_a_fault_that_is_answered() {
    let told = told().await;
    let (package, mut event) = told.world.event("GET", "/v1/stores/US/case-log", &claims("/case-log"), "", "");
    // No gateway sends this; the crate that reads it panics.
    event["queryStringParameters"] = json!({ "view": [] });
    let event = serde_json::from_value(event).unwrap();
    let response = world::functions::http(&package, told.world.shell(&package), event).await;
    let response = serde_json::to_value(response).unwrap();
    let body: Json = serde_json::from_str(response["body"].as_str().unwrap()).unwrap();
    assert_eq!((&response["statusCode"], &body["type"]), (&json!(500), &json!("/problems/fault")), "{body}");
    assert!(body["request_id"].is_string(), "{body}");
}
