//! What associates and leads do in the matter.

use super::{Everywhere, in_one};

/// The queue, what is parked, who can do what; an inquiry is answered, asked about and noted, and three others taken.
pub async fn asks(all: &mut Everywhere) {
    let (text, one) = (all.text.clone(), in_one(&all.text));
    let (text, one) = (text.as_str(), one.as_str());
    for page in ["queue", "escalations", "help", "associates", "parked", "claims", "disputes"] {
        all.look("lin", &format!("/stores/US/desk/{page}")).await;
    }
    all.search("lin", "/stores/US/desk/associates", &["associate"]).await;
    all.search("lin", "/stores/US/desk/parked", &["cursor", "done"]).await;
    let parked = all.look("lin", "/stores/US/desk/parked").await;
    let redrive =
        parked.html.split("action=\"").find_map(|rest| rest.split_once("/redrive\"")).expect("one is parked").0;
    all.send("lin", &format!("{redrive}/redrive"), &[]).await;
    all.search("mei", "/stores/US/desk/find", &["inquiry_id"]).await;
    associates(all, text).await;

    let page = all.inquiry("k1").await;
    all.look("mei", &page).await;
    all.send("mei", &format!("{page}/claim"), &[]).await;
    all.search("mei", &page, &["macro"]).await;
    all.search("mei", &page, &["macro", "edit"]).await;
    all.look("mei", &format!("{page}?macro=parcel_is_there")).await;
    let slots = [("slots.carrier", text), ("slots.tracking_number", text), ("slots.place", text)];
    let canned = [("macro", "parcel_is_there"), slots[0], ("resolve", text)];
    all.send("mei", &format!("{page}/answer"), &canned).await;
    let canned = [("macro", "parcel_is_there"), slots[0], slots[1], slots[2]];
    all.send("mei", &format!("{page}/answer"), &canned).await;
    all.send("mei", &format!("{page}/answer"), &[("message", text), ("macro", text), ("resolve", text)]).await;
    all.send("mei", &format!("{page}/answer"), &[("message", text)]).await;
    all.send("mei", &format!("{page}/topic"), &[("topic", text)]).await;
    all.send("mei", &format!("{page}/notes"), &[("note", text)]).await;
    all.send("mei", &format!("{page}/merge"), &[("into", text)]).await;
    all.send("mei", &format!("{page}/hand-over"), &[("reason", text)]).await;
    let question = [("kind", text), ("text", text), ("attribute", text), ("item_id", text)];
    all.send("mei", &format!("{page}/requests"), &question).await;
    let question = [("kind", "product_fact"), ("text", text), ("attribute", text), ("item_id", "1")];
    all.send("mei", &format!("{page}/requests"), &question).await;
    all.look("lin", &page).await;
    all.send("lin", &format!("{page}/reassign"), &[("associate", text)]).await;
    decided_wrongly(all, text, one).await;

    for (contact, kind) in [("k2", "shipping_status"), ("k4", "warranty_terms")] {
        let page = all.inquiry(contact).await;
        all.look("mei", &page).await;
        all.send("mei", &format!("{page}/claim"), &[]).await;
        all.send("mei", &format!("{page}/requests"), &[("kind", kind), ("text", text)]).await;
    }
}

/// Profiles, refused and taken.
async fn associates(all: &mut Everywhere, text: &str) {
    let page = "/stores/US/desk/associates";
    let can = |most| ["phone", "message", "email"].map(|channel| (format!("capacity.{channel}"), most));
    for (who, most) in [(text, "3"), ("mei", text), ("mei", "3")] {
        let can = can(most);
        let can = can.iter().map(|(name, most)| (name.as_str(), *most));
        let named = [("associate", who), ("languages.en", "yes"), ("skills.delivery", "yes")];
        all.send("lin", page, &named.into_iter().chain(can).collect::<Vec<_>>()).await;
    }
}

/// A return that the customer wants is decided, so that its form is seen, in each of its fields with the text; then as it
/// is meant.
async fn decided_wrongly(all: &mut Everywhere, text: &str, one: &str) {
    let page = all.inquiry("k3").await;
    all.look("mei", &page).await;
    all.send("mei", &format!("{page}/claim"), &[]).await;
    let decision = format!("{page}/decision");
    let kind = ("kind", "refund_partial damaged");
    all.send("mei", &decision, &[kind, ("basis", text), ("liable", text), ("amount", text)]).await;
    all.send("mei", &decision, &[kind, ("basis", text), ("amount", "1.00"), ("units.1", one)]).await;
    let kind = ("kind", "return_authorised changed_mind");
    all.send("mei", &decision, &[kind, ("basis", text), ("liable", "customer")]).await;
    let decided = all.case(&page).await;
    assert_eq!(decided["decisions"][0]["kind"], "return_authorised", "{decided}");
    all.look("mei", &page).await;
}

/// What the seller has answered is read; one matter is refunded, and paid out; another one answered for good.
pub async fn decides(all: &mut Everywhere) {
    let text = all.text.clone();
    let text = text.as_str();
    for contact in ["k2", "k4"] {
        let page = all.inquiry(contact).await;
        all.look("mei", &page).await;
        all.send("mei", &format!("{page}/answer"), &[("message", text), ("resolve", "yes")]).await;
    }
    let page = all.inquiry("k1").await;
    all.look("mei", &page).await;
    let refund = [("kind", "refund_full damaged"), ("basis", text), ("liable", "seller")];
    all.send("mei", &format!("{page}/decision"), &refund).await;
    all.look("mei", &page).await;
    let decision = all.case(&page).await["decisions"][0].clone();
    let (id, minor) = (decision["id"].as_str().unwrap(), decision["amount"]["minor"].as_i64().unwrap());
    let issued = world::facts::refunded("o1", "s1", id, minor, all.told.just_now());
    all.told.world.facts([issued]).await;
}

/// A lead asks about a claim, and denies it for want of evidence.
pub async fn doubts(all: &mut Everywhere, claim: &str) {
    let text = all.text.clone();
    let text = text.as_str();
    all.look("lin", "/stores/US/desk/claims").await;
    all.look("lin", claim).await;
    all.send("lin", &format!("{claim}/question"), &[("text", text)]).await;
}

/// A lead decides on a claim, wrongly and rightly.
pub async fn denies(all: &mut Everywhere, claim: &str) {
    let text = all.text.clone();
    let text = text.as_str();
    all.look("lin", claim).await;
    let decision = format!("{claim}/decision");
    let granted = [("decision", "grant"), ("amount", text), ("customer_damaged", text)];
    all.send("lin", &decision, &granted).await;
    all.send("lin", &decision, &[("decision", "deny"), ("criterion", text), ("reason", text)]).await;
    all.send("lin", &decision, &[("decision", "deny"), ("criterion", "evidence"), ("reason", text)]).await;
    all.look("lin", claim).await;
}
