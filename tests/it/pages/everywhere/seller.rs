//! What the seller's users do in the matter.

use super::{Everywhere, address, desk, in_one};
use crate::stories::{told::link_to, users::BO};
use serde_json::json;

/// A customer's words that came to the seller are handed over.
pub async fn hands_over(all: &mut Everywhere) {
    let text = all.text.clone();
    let text = text.as_str();
    let page = "/stores/US/orders";
    all.look("seller", page).await;
    all.look("seller", &format!("{page}?order_id=o1")).await;
    all.search("seller", page, &["order_id"]).await;
    all.search("seller", page, &["transfer"]).await;
    all.send("seller", page, &[("order_id", text), ("topic", text), ("text", text)]).await;
    let handed = all.send("seller", page, &[("order_id", "o4"), ("topic", "late_delivery"), ("text", text)]).await;
    assert_eq!(handed.status, 200, "{}", handed.html);
}

/// What the service asks is looked for, and answered wrongly and rightly.
pub async fn replies(all: &mut Everywhere) {
    let text = all.text.clone();
    let text = text.as_str();
    all.look("seller", "/stores/US/enrollment").await;
    let log = "/stores/US/case-log";
    all.look("seller", log).await;
    all.look("seller", &format!("{log}?view=all")).await;
    all.search("seller", log, &["order_id"]).await;
    all.search("seller", log, &["case_id"]).await;
    all.search("seller", log, &["order_id", "case_id", "done", "language", "other"]).await;
    all.search("seller", log, &["view", "cursor"]).await;
    let file = json!({ "file_name": text, "content_type": text, "bytes": text, "sha256": text }).to_string();
    let file = ("attachment.0", file.as_str());
    let shipping = ["status", "carrier", "tracking_number", "expected_on", "text"].map(|name| (name, text));
    let [status, carrier, number, _, words] = shipping;
    let warranty = ["covered", "months", "given_by", "how_to_use", "text"].map(|name| (name, text));
    for (contact, wrong, right) in [
        ("k1", vec![("fact", text), ("source", text), words, file], vec![("fact", text), ("source", "manual"), words]),
        ("k2", vec![status, carrier, number, shipping[3], words], vec![("status", "in_transit"), carrier, number]),
        ("k4", warranty.to_vec(), vec![("covered", "yes"), ("months", "12"), warranty[3], words]),
    ] {
        let inquiry = all.inquiry(contact).await;
        let request = all.case(&inquiry).await["requests"][0]["request_id"].as_str().unwrap().to_owned();
        let page = format!("{log}/{request}");
        all.look("seller", &page).await;
        let refused = all.send("seller", &format!("{page}/reply"), &wrong).await;
        assert_eq!(refused.status, 422, "{}", refused.html);
        let taken = all.send("seller", &format!("{page}/reply"), &right).await;
        assert_eq!(taken.status, 200, "{}", taken.html);
    }
}

/// A refund is claimed back: filed, asked about, answered, denied, appealed and denied again. A way back is named.
pub async fn claims_back(all: &mut Everywhere) {
    let (text, one) = (all.text.clone(), in_one(&all.text));
    let (text, one) = (text.as_str(), one.as_str());
    let page = "/stores/US/claims";
    all.look("seller", page).await;
    all.search("seller", page, &["cursor"]).await;
    all.search("seller", "/stores/US/claims/new", &["order_id"]).await;
    all.look("seller", "/stores/US/claims/new?order_id=o1").await;
    let said = [("condition", text), ("tracking", one), ("text", text)];
    all.send("seller", page, &[("order_id", text), ("ground", text), said[0], said[1], said[2]]).await;
    all.send("seller", page, &[("order_id", "o1"), ("ground", text), said[0], said[1], said[2]]).await;
    let filed = [("order_id", "o1"), ("ground", "delivered"), ("tracking", "1Z-999"), said[2]];
    let filed = all.send("seller", page, &filed).await;
    assert_eq!(filed.status, 200, "{}", filed.html);
    let claim = filed.place.split('?').next().unwrap().to_owned();
    let at_the_desk = claim.replace("/claims/", "/desk/claims/s1/");
    desk::doubts(all, &at_the_desk).await;
    all.look("seller", page).await;
    all.look("seller", &claim).await;
    all.send("seller", &format!("{claim}/answer"), &[("tracking", one), ("text", text)]).await;
    all.send("seller", &format!("{claim}/answer"), &[("tracking", "1Z-998"), ("text", text)]).await;
    desk::denies(all, &at_the_desk).await;
    all.look("seller", &claim).await;
    let appealed = all.send("seller", &format!("{claim}/appeal"), &[("text", text)]).await;
    assert_eq!(appealed.status, 200, "{}", appealed.html);
    desk::denies(all, &at_the_desk).await;
    all.look("seller", &claim).await;

    let inquiry = all.inquiry("k3").await;
    let decision = all.case(&inquiry).await["decisions"][0]["id"].as_str().unwrap().to_owned();
    all.look("seller", "/stores/US/decisions").await;
    all.search("seller", "/stores/US/decisions", &["cursor"]).await;
    let page = format!("/stores/US/decisions/{decision}");
    all.look("seller", &page).await;
    all.send("seller", &format!("{page}/return-method"), &[("method", text), ("place", text)]).await;
    let way = [("method", "prepaid_label"), ("place", text)];
    let named = all.send("seller", &format!("{page}/return-method"), &way).await;
    assert_eq!(named.status, 200, "{}", named.html);
}

/// A return policy is written and rejected, and a user invited, who joins.
pub async fn sets_up(all: &mut Everywhere) {
    let (text, email) = (all.text.clone(), address(&all.text));
    let (text, email) = (text.as_str(), email.as_str());
    let page = "/stores/US/return-policy";
    let policy = all.look("seller", page).await;
    let windows = policy.html.split("name=\"windows.").skip(1).filter_map(|rest| rest.split('"').next());
    let windows: Vec<_> = windows.map(|category| format!("windows.{category}")).collect();
    let shares = ["restocking.late", "restocking.used", "restocking.different"];
    let numbers: Vec<_> = windows.iter().map(String::as_str).chain(shares).chain(["window_days"]).collect();
    let wrong = numbers.iter().map(|name| (*name, text)).chain([("return_shipping", text)]);
    all.send("seller", page, &wrong.collect::<Vec<_>>()).await;
    let right = [("window_days", "60"), ("return_shipping", "seller"), (shares[0], "0"), (shares[1], "0")];
    let right = [&right, [(shares[2], "0"), ("windows.baby", "120")].as_slice()].concat();
    let written = all.send("seller", page, &right).await;
    assert_eq!(written.status, 200, "{}", written.html);
    all.send("seller", "/stores/US/return-policy/submit", &[("version", "1")]).await;
    let rejection = json!({ "version": 1, "reason": text });
    all.wait();
    assert_eq!(all.told.as_lead("/return-policies/s1/reject", rejection).await.status, 200);
    all.look("seller", page).await;

    let (users, invitations) = ("/stores/US/users", "/stores/US/users/invitations");
    all.look("seller", users).await;
    all.send("seller", invitations, &[("name", text), ("email", text), ("grants.home", text)]).await;
    let grants = ("grants.home", "view");
    let invited = all.send("seller", invitations, &[("name", text), ("email", email), grants]).await;
    assert_eq!(invited.status, 200, "{}", invited.html);
    let invited = all.send("seller", invitations, &[("name", text), ("email", BO), grants]).await;
    assert_eq!(invited.status, 200, "{}", invited.html);
    let link = link_to(&all.told, BO, "invitations").replacen("/v1", "", 1);
    all.look("bo", &link).await;
    let joined = all.send("bo", &link, &[]).await;
    assert_eq!(joined.status, 200, "{}", joined.html);
    all.look("bo", &link).await;
    let page = all.look("seller", users).await;
    let user = page.html.split("/users/").find_map(|rest| rest.split_once("/grants\"")).expect("a user").0.to_owned();
    let version = page.html.split("name=\"version\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    for act in ["grants", "remove", "hand-over"] {
        all.send("seller", &format!("{users}/{user}/{act}"), &[("version", text), ("grants.home", text)]).await;
    }
    let grants = [("version", version.unwrap()), ("grants.home", "none"), ("grants.insights", "view")];
    all.send("seller", &format!("{users}/{user}/grants"), &grants).await;
}

/// What only shows: the figures, the activity, what was handed over, the front door.
pub async fn looks(all: &mut Everywhere) {
    let insights = "/stores/US/insights";
    all.look("seller", insights).await;
    all.look("seller", &format!("{insights}?topic=late_delivery")).await;
    for names in [&["quarter"][..], &["topic"], &["cursor"], &["language", "other"]] {
        all.search("seller", insights, names).await;
    }
    all.search("seller", "/stores/US/insights/csv", &["quarter"]).await;
    all.look("seller", "/stores/US/hand-overs").await;
    all.search("seller", "/stores/US/hand-overs", &["cursor"]).await;
    all.look("seller", "/stores/US/audit").await;
    all.search("seller", "/stores/US/audit", &["cursor"]).await;
    all.search("seller", "/sign-in/done", &["state", "code"]).await;
    all.search("seller", "/sign-in/done", &["error", "error_description"]).await;
    all.search("customer", "/sign-in", &["to"]).await;
    all.search("customer", "/stores/US/case-log", &["order_id"]).await;
    all.search("seller", "/signed-out", &["language", "other"]).await;
    all.search("bo", "/", &["other"]).await;
}
