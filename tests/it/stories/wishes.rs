//! Stories of what users want mailed (NTF-1, ACC-2): a mail each, one a day, none; and the link that ends them.

use crate::stories::{
    told::{Told, subjects},
    users::{BO, joined, seen_by, user},
};
use chrono::TimeDelta;
use serde_json::{Value as Json, json};
use shell::link::{Link, Purpose};
use world::Reply;

pub const ANN: &str = "user-of-s1";
const SELLER: &str = "s1@sellers.example";

/// A user of `s1` says which mails it wants, on the account as it is.
pub async fn chosen(told: &mut Told, subject: &str, choices: Json) -> Reply {
    let seen = user(told, subject, "GET", "/mail", Json::Null).await.body;
    let body = json!({ "choices": choices, "version": seen["version"] });
    user(told, subject, "POST", "/mail", body).await
}

/// What an address was mailed of this kind, by what its subjects have in common.
fn mailed(told: &Told, address: &str, of: &str) -> usize {
    subjects(told, address).iter().filter(|subject| subject.contains(of)).count()
}

/// The path of the API that the link of the latest mail to an address stands for, which ends mails of its kind.
pub fn ending(told: &Told, address: &str) -> String {
    let mail = told.world.mails_to(address).pop().expect("a mail");
    let token = mail.token("unsubscribe").unwrap_or_else(|| panic!("no link: {}", mail.raw));
    format!("/v1/mail/unsubscribe/{token}")
}

/// The path of the API that ends hand-overs for the default address of `s1`, by a mail of when they could be ended.
pub async fn ending_hand_overs(told: &Told) -> String {
    let (shell, until) = (told.world.shell("notice-sender"), told.just_now() + TimeDelta::days(30));
    let ids = ["US", "s1", "handed_over"].map(str::to_owned).to_vec();
    let link = Link { purpose: Purpose::Unsubscribe, until, ids };
    format!("/v1/mail/unsubscribe/{}", shell.links.sign(&shell.store, &link).await.unwrap())
}

/// The default address chose never to be mailed a hand-over when that could be chosen: it is mailed at once, without a link
/// that ends it, and what else was chosen then holds.
pub async fn chosen_before(told: &mut Told) {
    told.enrolled().await;
    assert_eq!(chosen(told, ANN, json!({ "claim_moved": "daily" })).await.status, 200);
    let kept = "/state/M/users/M/wishes/M";
    let accounts = told.world.items("SellersTable");
    let mut account = accounts.into_iter().find(|item| item.pointer(kept).is_some()).expect("an account that chose");
    account.pointer_mut(kept).unwrap()["handed_over"] = json!({ "S": "never" });
    told.world.cloud.put("SellersTable", &account);

    told.world.fact(told.placed("o1", "seller", told.just_now())).await;
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    let handed = json!({ "reason": "seller_requested" });
    let handed = told.as_associate("POST", &format!("/inquiries/{inquiry}/hand-over"), handed).await;
    assert_eq!(handed.status, 200, "{}", handed.body);
    assert_eq!(mailed(told, SELLER, "yours to answer"), 1);
    let mail = told.world.mails_to(SELLER).into_iter().find(|mail| mail.subject().contains("yours to answer")).unwrap();
    assert_eq!(mail.token("unsubscribe"), None, "{}", mail.raw);

    let link = ending_hand_overs(told).await;
    let before = told.world.left_behind();
    for method in ["GET", "POST", "POST"] {
        let said = told.world.request(method, &link, Json::Null, "", "List-Unsubscribe=One-Click").await;
        assert_eq!(said.status, 200, "{}", said.body);
        let (kind, ended, always) = (&said.body["kind"], &said.body["ended"], &said.body["always"]);
        assert_eq!((kind, ended, always), (&json!("handed_over"), &json!(false), &json!(true)));
    }
    assert_eq!(told.world.left_behind(), before, "the link ends nothing");
    let seen = user(told, ANN, "GET", "/mail", Json::Null).await.body;
    let kinds: Vec<_> = seen["kinds"].as_array().unwrap().iter().map(|row| (&row["kind"], &row["choice"])).collect();
    let expected = [("trial_ending", "each"), ("decided", "each"), ("claim_moved", "daily")];
    assert_eq!(kinds, expected.map(|(kind, choice)| (json!(kind), json!(choice))).each_ref().map(|(k, c)| (k, c)));
    let always = |name: &str| seen["mandatory"].as_array().unwrap().iter().any(|row| row["kind"] == name);
    assert!(always("handed_over") && always("decision_to_act_on"), "{seen}");
    let refused = chosen(told, ANN, json!({ "handed_over": "never" })).await;
    assert_eq!((refused.status, &refused.body["errors"][0]["field"]), (422, &json!("choices.handed_over")));
}

async fn decided(told: &mut Told, order: &str) {
    told.world.fact(told.placed(order, "seller", told.just_now())).await;
    told.refunded(order, "damaged").await;
}

/// Decisions: each to Bo, one a day to the default address, then none to Bo by the link of its mail, and none after the
/// grant is gone. What is mandatory is mailed all the way.
pub async fn wanted(told: &mut Told) {
    told.enrolled().await;
    let bo = joined(told, json!({ "case_log": "view" })).await;
    let mandatory = chosen(told, ANN, json!({ "request_opened": "never", "decided": "daily" })).await;
    assert_eq!(
        (mandatory.status, &mandatory.body["type"]),
        (422, &json!("/problems/invalid_input")),
        "{}",
        mandatory.body
    );
    assert_eq!(mandatory.body["errors"][0]["field"], "choices.request_opened", "{}", mandatory.body);
    let daily = chosen(told, ANN, json!({ "decided": "daily" })).await;
    assert_eq!((daily.status, &daily.body["kinds"][1]["choice"]), (200, &json!("daily")), "{}", daily.body);
    let unseen = chosen(told, "bo", json!({ "claim_moved": "each" })).await;
    assert_eq!((unseen.status, &unseen.body["unmet"]), (403, &json!(["claims"])), "ACC-2: {}", unseen.body);
    let each = chosen(told, "bo", json!({ "decided": "each" })).await;
    assert_eq!((each.status, &each.body["to"]), (200, &json!(BO)), "{}", each.body);

    decided(told, "o1").await;
    decided(told, "o2").await;
    assert_eq!((mailed(told, BO, "decision about"), mailed(told, SELLER, "decision about")), (2, 0));
    let digests = |told: &Told| mailed(told, SELLER, "summary of");
    assert_eq!(digests(told), 0, "its day is not over");
    told.world.pass(TimeDelta::hours(17)).await;
    assert_eq!(digests(told), 1, "NTF-3: one mail for the day");
    let digest = told.world.mails_to(SELLER).into_iter().find(|mail| mail.subject().contains("summary of")).unwrap();
    for said in ["o1", "o2", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"] {
        assert!(digest.raw.contains(said), "{said}: {}", digest.raw);
    }
    told.world.pass(TimeDelta::days(2)).await;
    assert_eq!(digests(told), 1, "a day of which there is nothing to say has no mail");

    let link = ending(told, BO);
    let before = told.world.left_behind();
    let looked = told.world.request("GET", &link, Json::Null, "", "").await;
    assert_eq!((looked.status, &looked.body["ended"]), (200, &json!(false)), "{}", looked.body);
    assert_eq!(told.world.left_behind(), before, "whoever opens the link has ended nothing");
    for _ in 0..2 {
        let ended = told.world.request("POST", &link, Json::Null, "", "List-Unsubscribe=One-Click").await;
        assert_eq!((ended.status, &ended.body["ended"]), (200, &json!(true)), "{}", ended.body);
    }
    let forged = format!("{}AAAA", &link[..link.len() - 4]);
    assert_eq!(told.world.request("POST", &forged, Json::Null, "", "").await.status, 404);
    decided(told, "o3").await;
    assert_eq!(mailed(told, BO, "decision about"), 2, "Bo wants no more of them");
    let audit = user(told, ANN, "GET", "/audit", Json::Null).await.body;
    let ended = |change: &&Json| change["what"] == json!(["users.mail_chosen"]) && change["subject"] == "bo";
    assert_eq!(
        audit["changes"].as_array().unwrap().iter().filter(ended).count(),
        2,
        "ACC-4: chosen, and ended: {audit}"
    );

    assert_eq!(chosen(told, "bo", json!({ "decided": "each" })).await.status, 200);
    let version = seen_by(told, ANN).await["version"].clone();
    let less = json!({ "grants": { "home": "view" }, "version": version });
    assert_eq!(user(told, ANN, "POST", &format!("/users/{bo}/grants"), less).await.status, 200);
    decided(told, "o4").await;
    assert_eq!(mailed(told, BO, "decision about"), 2, "ACC-2: the mail goes with the grant");

    told.world.fact(told.placed("o5", "seller", told.just_now())).await;
    let inquiry = told.inquiry("k5", "o5", "late_delivery").await;
    let requests = told.world.mails_to(SELLER).len();
    told.asked(&inquiry).await;
    assert_eq!(told.world.mails_to(SELLER).len(), requests + 1, "what is mandatory is mailed at once");
    told.world.pass(TimeDelta::days(100)).await;
    let late = told.world.request("POST", &link, Json::Null, "", "").await;
    assert_eq!(
        (late.status, &late.body["type"]),
        (404, &json!("/problems/not_found")),
        "a link that is over is as none"
    );
}
