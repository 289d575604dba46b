//! Stories of mails that come in.

use crate::stories::{
    data::erasure_asked,
    told::{Told, subjects},
};
use chrono::TimeDelta;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use world::{
    MAIL_HOST,
    cloud::locked,
    facts,
    receipts::{Incoming, PASSED, automatic, letter, with_files},
};

const SELLER: &str = "s1@sellers.example";
const CUSTOMER: &str = "c1@customers.example";

/// It comes in at this address, and SES has nothing against it; its name.
async fn comes(told: &mut Told, raw: &str, from: &str, to: &str) -> String {
    comes_as(told, raw, from, to, PASSED).await
}

/// The same with what SES found of it.
async fn comes_as(told: &mut Told, raw: &str, from: &str, to: &str, found: [&str; 5]) -> String {
    told.world.mail_in(&Incoming { raw, to: &[to], source: from, found }).await
}

/// What became of a mail.
pub fn fate(told: &Told, name: &str) -> Json {
    fates(told).remove(name).unwrap_or_else(|| panic!("{name} is lost"))
}

/// The same of every mail that came in, by its name.
pub fn fates(told: &Told) -> BTreeMap<String, Json> {
    let named = |item: Json| {
        let name = item["pk"]["S"].as_str()?.strip_prefix("MAIL#")?.to_owned();
        let code = |field: &str| item["state"]["M"][field]["S"].clone();
        Some((name, json!([code("fate"), code("cause")])))
    };
    told.world.items("OnceTable").into_iter().filter_map(named).collect()
}

fn became(fate: &str, cause: Json) -> Json {
    json!([fate, cause])
}

fn transfers() -> String {
    format!("csba-ustous@{MAIL_HOST}")
}

/// RTE-8: what the seller forwards is found by the order in it, wrapped or not, becomes a case, and its outcome is mailed;
/// the same mail twice is one; one that names no order, or another's, is answered with what is missing.
pub async fn forwarded(told: &mut Told) {
    told.enrolled().await;
    told.world.facts(["702-5551212", "702-5551213"].map(|order| told.placed(order, "seller", told.just_now()))).await;
    let text = "Hello,\r\nplease see below.\r\n\r\n-------- Original Message --------\r\n> Wo ist meine Bestellung 702-\r\n> 5551212? Es ist zu spaet!";
    let raw = letter("a", SELLER, "Fwd: Bestellung", text);
    let first = comes(told, &raw, SELLER, &transfers()).await;
    assert_eq!(fate(told, &first), became("opened", Json::Null));
    let told_so = |told: &Told, subject: &str| subjects(told, SELLER).iter().filter(|it| it.contains(subject)).count();
    assert_eq!(told_so(told, "What you forwarded about order 702-5551212"), 1);
    let again = comes(told, &raw, SELLER, &transfers()).await;
    assert_eq!(fate(told, &again), became("duplicate", Json::Null));
    assert_eq!(told_so(told, "What you forwarded"), 1, "and nobody is told again");
    let queue = told.as_associate("GET", "/queue", Json::Null).await.body;
    assert_eq!(queue["inquiries"].as_array().unwrap().len(), 1, "{queue}");

    for (id, text, cause) in [("b", "Where is it?", "no_order"), ("c", "It is about 702-9999999.", "not_the_sellers")] {
        let name = comes(told, &letter(id, SELLER, "Fwd: help", text), SELLER, &transfers()).await;
        assert_eq!(fate(told, &name), became("quarantined", json!(cause)));
    }
    assert_eq!(told_so(told, "We could not act on an email of yours"), 2);
    let both = letter("d", SELLER, "Fwd: two", "702-5551212 came broken, and 702-5551213 too.");
    let both = comes(told, &both, SELLER, &transfers()).await;
    assert_eq!(fate(told, &both), became("opened", Json::Null));

    let stranger = letter("e", "x@else.example", "Fwd", "702-5551212");
    let stranger = comes(told, &stranger, "x@else.example", &transfers()).await;
    assert_eq!(fate(told, &stranger), became("quarantined", json!("unknown_sender")));
    let (forged, found) = (letter("f", SELLER, "Fwd", "702-5551212"), ["PASS", "PASS", "PASS", "PASS", "GRAY"]);
    let forged = comes_as(told, &forged, SELLER, &transfers(), found).await;
    assert_eq!(fate(told, &forged), became("quarantined", json!("not_authenticated")));
}

/// RTE-9: what a customer answers joins its inquiry and waits for the associate; what a machine answers is kept there and
/// does nothing; a made-up address is none.
pub async fn customer_answers(told: &mut Told) {
    told.enrolled().await;
    told.world.facts([told.placed("o1", "seller", told.just_now())]).await;
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    let to = told.reply_address(&format!("i-{inquiry}")).await;
    let automatic = automatic(&letter("r", CUSTOMER, "Out of office", "I am away until Monday."));
    let automatic = comes(told, &automatic, CUSTOMER, &to).await;
    assert_eq!(fate(told, &automatic), became("appended", Json::Null));
    assert_eq!(told.seen(&inquiry).await["contacts"], 1, "nobody said anything");

    told.world.pass(TimeDelta::minutes(20)).await;
    let raw = letter("s", CUSTOMER, "Re: your order", "It has come now.\r\n\r\n> Where is it?");
    let joined = comes(told, &raw, CUSTOMER, &to.to_uppercase()).await;
    assert_eq!(fate(told, &joined), became("appended", Json::Null));
    let seen = told.seen(&inquiry).await;
    assert_eq!(seen["contacts"], 2, "{seen}");
    let said = &seen["customer"].as_array().unwrap()[1];
    assert_eq!(said["text"], "It has come now.\n\n> Where is it?");
    assert_eq!(said["mail"], json!({ "files": [], "marks": [], "folds": [[18, 32]] }), "the quote is folded, not cut");

    let made_up = to.replacen(&inquiry, "00000000000000000000000000", 1);
    let made_up = comes(told, &letter("t", CUSTOMER, "Re", "Hello?"), CUSTOMER, &made_up).await;
    assert_eq!(fate(told, &made_up), became("quarantined", json!("no_addressee")));
    let answer = json!({ "message": "Look at your neighbour's." });
    assert_eq!(told.as_associate("POST", &format!("/inquiries/{inquiry}/answer"), answer).await.status, 200);
    let sent = told.world.mails_to(CUSTOMER).pop().unwrap();
    let to_the_sender = format!("service@{MAIL_HOST}");
    let raw = letter("v", CUSTOMER, "AW: something else", "It was there, thank you.");
    let raw = format!("References: <x@mail.example> <{}@eu-west-1.amazonses.com>\r\n{raw}", sent.id);
    let answered = comes(told, &raw, CUSTOMER, &to_the_sender).await;
    assert_eq!(fate(told, &answered), became("appended", Json::Null), "by the mail that it answers");
    assert_eq!(told.seen(&inquiry).await["contacts"], 3);
    let raw = letter("w", CUSTOMER, "Re: Your question about order o1", "Hello?");
    let nothing_answered = comes(told, &raw, CUSTOMER, &to_the_sender).await;
    assert_eq!(fate(told, &nothing_answered), became("quarantined", json!("no_addressee")), "never by the subject");
    let (infected, found) = (letter("u", CUSTOMER, "Re", "See file"), ["PASS", "FAIL", "PASS", "PASS", "PASS"]);
    let infected = comes_as(told, &infected, CUSTOMER, &to, found).await;
    assert_eq!(fate(told, &infected), became("quarantined", json!("virus")));
    let kept = told.world.request("GET", "/v1/stores/US/desk/mails", facts::lead("lin"), "", "").await.body;
    let kept: Vec<_> = kept["mails"].as_array().unwrap().iter().map(|mail| (&mail["from"], &mail["cause"])).collect();
    assert_eq!(kept, [(&json!(CUSTOMER), &json!("virus"))], "what names no store is not a lead's to see");
}

/// INQ-5: what a customer's mail brings is kept file by file, and the desk opens each by a link: a picture is shown, and
/// whatever could run is only saved. Nobody opens it by another inquiry, and nobody once it is erased.
pub async fn customer_sends_files(told: &mut Told) {
    told.enrolled().await;
    told.world.facts(["o1", "o2"].map(|order| told.placed(order, "seller", told.just_now()))).await;
    let inquiry = told.inquiry("k1", "o1", "damaged_item").await;
    let other = told.inquiry("k2", "o2", "damaged_item").await;
    let to = told.reply_address(&format!("i-{inquiry}")).await;
    let files: [(&str, &str, &[u8]); 3] = [
        ("broken.jpg", "image/jpeg", b"\xff\xd8\xff\xe0 a shoe"),
        ("drawing.svg", "image/svg+xml", b"<svg onload='alert(1)'/>"),
        ("page.html", "text/html", b"<script>alert(1)</script>"),
    ];
    let name = comes(told, &with_files("f", CUSTOMER, "It is broken, see here.", &files), CUSTOMER, &to).await;
    assert_eq!(fate(told, &name), became("appended", Json::Null));
    let seen = told.seen(&inquiry).await;
    let said = &seen["customer"][1];
    let opens = said["mail"]["files"].as_array().unwrap().iter().map(|file| json!([file["name"], file["opens"]]));
    let expected = json!([["broken.jpg", "shown"], ["drawing.svg", "saved"], ["page.html", "saved"]]);
    assert_eq!(opens.collect::<Json>(), expected);
    let kept: Vec<_> =
        locked(&told.world.cloud.files).keys().filter(|path| path.contains("/files/")).cloned().collect();
    assert_eq!(kept.len(), 3, "{kept:?}");
    let contact = said["contact_id"].as_str().unwrap().to_owned();
    for (number, how, kind) in [
        (1, "inline; filename*=UTF-8''broken.jpg", "image/jpeg"),
        (2, "attachment; filename*=UTF-8''drawing.svg", "application/octet-stream"),
        (3, "attachment; filename*=UTF-8''page.html", "application/octet-stream"),
    ] {
        let path = format!("/inquiries/{inquiry}/contacts/{contact}/files/{number}");
        let opened = told.as_associate("GET", &path, Json::Null).await;
        assert_eq!(opened.status, 200, "{}", opened.body);
        let url = opened.body["download"]["url"].as_str().unwrap();
        let (place, query) = url.split_once('?').unwrap();
        assert!(kept.iter().any(|path| path == place), "{place} is one of {kept:?}");
        let query: BTreeMap<_, _> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        assert_eq!((&*query["response-content-disposition"], &*query["response-content-type"]), (how, kind));
    }
    for path in [
        format!("/inquiries/{inquiry}/contacts/{contact}/files/0"),
        format!("/inquiries/{inquiry}/contacts/{contact}/files/4"),
        format!("/inquiries/{inquiry}/contacts/k1/files/1"),
        format!("/inquiries/{other}/contacts/{contact}/files/1"),
        format!("/inquiries/00000000000000000000000000/contacts/{contact}/files/1"),
    ] {
        assert_eq!(told.as_associate("GET", &path, Json::Null).await.status, 404, "{path}");
    }
    let path = format!("/inquiries/{inquiry}/contacts/{contact}/files/first");
    assert_eq!(told.as_associate("GET", &path, Json::Null).await.code(), (422, "invalid_input"));

    let decline = json!({ "kind": "decline", "reason": "on_its_way" });
    let decided = told.as_associate("POST", &format!("/inquiries/{inquiry}/decision"), decline).await;
    assert_eq!(decided.status, 200, "{}", decided.body);
    assert_eq!(erasure_asked(told).await.status, 202);
    told.world.pass(TimeDelta::minutes(1)).await;
    let path = format!("/inquiries/{inquiry}/contacts/{contact}/files/1");
    assert_eq!(told.as_associate("GET", &path, Json::Null).await.status, 404, "what is erased has no files");
    let said = told.world.items("ConversationsTable");
    assert!(!said.iter().any(|item| item.to_string().contains("broken.jpg")), "nor what they were called");
}

/// REQ-5, S4: a seller answers a question by mail; what came in before the end of its time is in time. The second answer is
/// refused, and it is told so.
pub async fn seller_answers(told: &mut Told) {
    told.enrolled().await;
    told.world.facts([told.placed("o1", "seller", told.just_now())]).await;
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    let request = told.asked(&inquiry).await;
    let to = told.reply_address(&format!("q-{request}")).await;
    let stranger = comes(told, &letter("a", CUSTOMER, "Re", "Hm."), CUSTOMER, &to).await;
    assert_eq!(fate(told, &stranger), became("quarantined", json!("unknown_sender")));
    let reply = comes(told, &letter("b", SELLER, "Re: question", "It left on Monday."), SELLER, &to).await;
    assert_eq!(fate(told, &reply), became("appended", Json::Null));
    let seen = told.request(&request).await;
    assert!(seen["reply"]["text"].as_str().unwrap().starts_with("It left on Monday."), "{seen}");
    assert_eq!((&seen["state"], &seen["reply"]["late"]), (&json!("answered"), &json!(false)), "{seen}");
    let again = comes(told, &letter("b", SELLER, "Re: question", "It left on Monday."), SELLER, &to).await;
    assert_eq!(fate(told, &again), became("duplicate", Json::Null));
    let second = comes(told, &letter("c", SELLER, "Re: question", "No, on Tuesday."), SELLER, &to).await;
    assert_eq!(fate(told, &second), became("quarantined", json!("refused")));
    let told_so =
        subjects(told, SELLER).iter().filter(|it| it.contains("We could not act on an email of yours")).count();
    assert_eq!(told_so, 1);
}

/// N6: whatever we mail comes back from a machine that hides that it is one; after three answers there are no more.
pub async fn echo(told: &mut Told) {
    told.enrolled().await;
    told.world.facts([told.placed("702-5551212", "seller", told.just_now())]).await;
    let mut text = "About 702-5551212, please.".to_owned();
    let mut mailed = told.world.mails_to(SELLER).len();
    for n in 0..20 {
        let raw = letter(&format!("echo-{n}"), SELLER, "Fwd", &text);
        comes(told, &raw, SELLER, &transfers()).await;
        let mails = told.world.mails_to(SELLER);
        if mails.len() == mailed {
            assert_eq!(n, 3, "three answers a day");
            return;
        }
        mailed = mails.len();
        text = format!("{n}: {}", mails.last().unwrap().raw.split_once("\r\n\r\n").unwrap().1);
    }
    panic!("it never ends");
}
