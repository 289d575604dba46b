//! What has happened before an input comes: two sellers with orders, inquiries and requests in every state, a quarter
//! that is closed, and words that only few may read.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value as Json, json};
use world::{Delivery, Reply, World, facts};

/// What was told to the seller `s1` alone.
pub const OF_S1: &str = "CANARY-OF-S1";
/// What was told to the seller `s2` alone.
pub const OF_S2: &str = "CANARY-OF-S2";
/// What customers wrote, which no seller reads.
pub const WORDS: &str = "CANARY-OF-CUSTOMERS";

/// Who tells, and how many keys were used.
struct Past {
    world: World,
    keys: u32,
}

/// The world, and the names of what is in it.
pub async fn tell() -> (World, Vec<(&'static str, String)>) {
    let mut past = Past { world: World::new("2026-08-03T15:00:00Z", Delivery::Once), keys: 0 };
    for seller in ["s1", "s2"] {
        past.world.fact(past.registered(seller, "2026-01")).await;
    }
    past.world.fact(past.registered("s3", "")).await;
    past.world.pass(TimeDelta::minutes(20)).await;
    past.fact(|past| past.placed("o-old", "s1")).await;
    past.fact(|past| past.shipped("o-old", "s1")).await;
    let old = past.inquiry("k-old", "o-old", "s1").await;
    past.ask(&old, OF_S1).await;
    past.world.pass(TimeDelta::hours(25)).await;
    past.world.pass_to("2026-10-01T08:00:00Z".parse().expect("a time")).await;
    past.world.pass_to("2026-10-05T08:00:00Z".parse().expect("a time")).await;

    let terms = json!({ "window_days": 45, "windows": { "baby": 90 }, "non_returnable": [], "return_shipping": "seller",
        "restocking": { "late": 0, "used": 0, "different": 0 }, });
    for (path, body) in [("/return-policy", terms), ("/return-policy/submit", json!({ "version": 1 }))] {
        past.post(path, json!({ "sub": "user-of-s1", "seller_id": "s1" }), body).await;
    }
    for (order, seller) in [("o1", "s1"), ("o2", "s1"), ("o3", "s1"), ("o4", "s1"), ("o-foreign", "s2")] {
        past.fact(|past| past.placed(order, seller)).await;
    }
    past.fact(|past| past.shipped("o1", "s1")).await;
    let asked = past.inquiry("k1", "o1", "s1").await;
    let request = past.ask(&asked, OF_S1).await;
    let claimed = past.inquiry("k2", "o2", "s1").await;
    past.contact("k3", "o3", "s1").await;
    let open = past.went("k3").await;
    let decision = past.decided("k4", "o4", "s1").await;
    let foreign = past.inquiry("k-foreign", "o-foreign", "s2").await;
    let foreign_request = past.ask(&foreign, OF_S2).await;
    let transfer = past.transfer("s1", "o3", WORDS).await;
    let foreign_transfer = past.transfer("s2", "o-foreign", OF_S2).await;
    let claim = past.claim("o-claim").await;
    let user = past.joined().await;
    let asked_for = json!({ "customer_id": "c1", "reason": "Asked." });
    let export = past.post("/desk/exports", facts::lead("lea"), asked_for).await.body;
    let export = export["export_id"].as_str().expect("an id").to_owned();
    let invitation = past.invite("dee@sellers.example").await;
    past.world.pass(TimeDelta::hours(2)).await;
    assert!(past.world.parked().is_empty(), "{:?}", past.world.parked());

    let old_request = past.old_request().await;
    let survey = past.link("c1@customers.example", "surveys");
    let invited = past.link("dee@sellers.example", "invitations");
    let names = vec![
        ("$asked", asked),
        ("$claimed", claimed),
        ("$open", open),
        ("$over", old),
        ("$foreign", foreign),
        ("$request", request),
        ("$expired", old_request),
        ("$theirs", foreign_request),
        ("$survey", survey),
        ("$decision", decision),
        ("$transfer", transfer),
        ("$brought", foreign_transfer),
        ("$claim", claim),
        ("$user", user),
        ("$export", export),
        ("$invitation", invitation),
        ("$invited", invited),
    ];
    (past.world, names)
}

impl Past {
    fn just_now(&self) -> DateTime<Utc> {
        self.world.now() - TimeDelta::minutes(1)
    }

    async fn fact(&mut self, tell: impl FnOnce(&Self) -> Json) {
        let fact = tell(self);
        self.world.fact(fact).await;
    }

    fn registered(&self, seller: &str, terms: &str) -> Json {
        let terms = Some(terms).filter(|terms| !terms.is_empty());
        json!({ "type": "seller_registered", "version": 1, "store": "US", "seller_id": seller,
            "occurred_at": self.just_now(), "plan": "professional", "standing": "good", "address_country": "US",
            "email": format!("{seller}@sellers.example"), "language": "en", "accepted_terms": terms })
    }

    fn placed(&self, order: &str, seller: &str) -> Json {
        json!({ "type": "order_placed", "version": 1, "store": "US", "order_id": order, "customer_id": "c1",
            "placed_at": self.just_now(), "lines": [{ "item_id": "1", "seller_id": seller, "product_id": "p1",
            "quantity": 2, "unit_price_minor": 2_500, "fulfilment": "seller", "promised_by": null }] })
    }

    fn shipped(&self, order: &str, seller: &str) -> Json {
        json!({ "type": "shipment_confirmed", "version": 1, "store": "US", "shipment_id": format!("p-{order}"),
            "order_id": order, "seller_id": seller, "shipped_at": self.just_now(), "tracking": "T1",
            "units": [{ "item_id": "1", "ordinal": 1 }, { "item_id": "1", "ordinal": 2 }] })
    }

    async fn post(&mut self, path: &str, claims: Json, body: Json) -> Reply {
        self.keys += 1;
        let (path, key) = (format!("/v1/stores/US{path}"), format!("key-{}", self.keys));
        let reply = self.world.request("POST", &path, claims, &key, &body.to_string()).await;
        assert!(reply.status < 300, "{path}: {}", reply.body);
        reply
    }

    async fn contact(&mut self, contact: &str, order: &str, seller: &str) {
        let body = json!({ "contact_id": contact, "channel": "email", "order_id": order, "seller_id": seller,
            "customer": { "id": "c1", "email": "c1@customers.example", "language": "en" },
            "topic": "late_delivery", "message": format!("{WORDS} where are my shoes") });
        self.post("/contacts", json!({ "sub": "marketplace" }), body).await;
    }

    async fn went(&mut self, contact: &str) -> String {
        let path = format!("/v1/stores/US/contacts/{contact}");
        let went = self.world.request("GET", &path, json!({ "sub": "marketplace" }), "", "").await;
        went.body["inquiry_id"].as_str().unwrap_or_else(|| panic!("{contact}: {}", went.body)).to_owned()
    }

    /// An inquiry that an associate has claimed.
    async fn inquiry(&mut self, contact: &str, order: &str, seller: &str) -> String {
        self.contact(contact, order, seller).await;
        let inquiry = self.went(contact).await;
        self.post(&format!("/desk/inquiries/{inquiry}/claim"), mei(), json!({})).await;
        inquiry
    }

    /// A question to the seller.
    async fn ask(&mut self, inquiry: &str, words: &str) -> String {
        let question = json!({ "kind": "product_fact", "text": format!("{words}: does it fit?") });
        let asked = self.post(&format!("/desk/inquiries/{inquiry}/requests"), mei(), question).await;
        asked.body["request_id"].as_str().expect("an id").to_owned()
    }

    /// What the link to this place ends with that is in the first mail to this address that has one.
    fn link(&self, address: &str, place: &str) -> String {
        let mails = self.world.mails_to(address);
        mails.iter().find_map(|mail| mail.token(place)).expect("a mail with a link")
    }

    /// Somebody is invited by the primary user of `s1`.
    async fn invite(&mut self, email: &str) -> String {
        let own = json!({ "sub": "user-of-s1", "seller_id": "s1" });
        let body = json!({ "name": "Dee", "email": email, "grants": { "case_log": "view" } });
        let users = self.post("/users/invitations", own, body).await.body;
        users["invitations"][0]["invitation_id"].as_str().expect("an id").to_owned()
    }

    /// A secondary user of `s1`.
    async fn joined(&mut self) -> String {
        self.invite("bo@sellers.example").await;
        let link = format!("/v1/invitations/{}", self.link("bo@sellers.example", "invitations"));
        let joined = self.world.request("POST", &link, json!({ "sub": "bo" }), "bo-joins", "{}").await;
        joined.body["user_id"].as_str().unwrap_or_else(|| panic!("{}", joined.body)).to_owned()
    }

    /// A return that was authorised.
    async fn decided(&mut self, contact: &str, order: &str, seller: &str) -> String {
        let inquiry = self.inquiry(contact, order, seller).await;
        let body = json!({ "kind": "return_authorised", "reason": "delivered_late" });
        let decided = self.post(&format!("/desk/inquiries/{inquiry}/decision"), mei(), body).await;
        decided.body["id"].as_str().expect("an id").to_owned()
    }

    /// What a seller hands over.
    async fn transfer(&mut self, seller: &str, order: &str, text: &str) -> String {
        let claims = json!({ "sub": format!("user-of-{seller}"), "seller_id": seller });
        let body = json!({ "order_id": order, "topic": "late_delivery", "text": text });
        let taken = self.post("/transfers", claims, body).await;
        taken.body["transfer_id"].as_str().expect("an id").to_owned()
    }

    /// A claim of `s1` about this order, of which the seller is asked.
    async fn claim(&mut self, order: &str) -> String {
        self.fact(|past| past.placed(order, "s1")).await;
        let inquiry = self.inquiry("k-claim", order, "s1").await;
        let refund = json!({ "kind": "refund_full", "reason": "damaged", "liable": "seller" });
        let decided = self.post(&format!("/desk/inquiries/{inquiry}/decision"), mei(), refund).await.body;
        let decision = decided["id"].as_str().expect("an id");
        self.fact(|past| facts::refunded(order, "s1", decision, 5_000, past.just_now())).await;
        let own = json!({ "sub": "user-of-s1", "seller_id": "s1" });
        let mut filing = facts::claim(order);
        filing["text"] = json!(OF_S1);
        let filed = self.post("/claims", own, filing).await;
        let claim = filed.body["claim_id"].as_str().expect("an id").to_owned();
        let asked = json!({ "text": "Who signed for it?" });
        self.post(&format!("/desk/claims/s1/{claim}/question"), facts::lead("lea"), asked).await;
        claim
    }

    async fn old_request(&mut self) -> String {
        let claims = json!({ "sub": "user-of-s1", "seller_id": "s1" });
        let path = "/v1/stores/US/case-log?view=expired";
        let log = self.world.request("GET", path, claims, "", "").await;
        log.body["requests"][0]["request_id"].as_str().unwrap_or_else(|| panic!("{}", log.body)).to_owned()
    }
}

fn mei() -> Json {
    json!({ "sub": "mei", "stores": "US DE" })
}
