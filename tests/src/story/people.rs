//! Who acts in the story.

use super::{
    STORE,
    stack::{Stack, Trouble, name},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value as Json, json};

/// Whoever has a token.
pub struct Caller<'a> {
    stack: &'a Stack,
    token: String,
    base: &'static str,
    run: i64,
}

impl Caller<'_> {
    /// What is there, or nothing yet.
    pub fn get(&self, path: &str) -> Result<Json, Trouble> {
        match self.stack.request("GET", &format!("{}{path}", self.base), &self.token, "", None)? {
            (200, body) => Ok(body),
            (404, _) => Ok(Json::Null),
            (status, body) => Err(Trouble(format!("GET {path} is answered {status}: {body}"))),
        }
    }

    /// A write, sent twice and answered alike.
    pub fn post(&self, path: &str, key: &str, body: &Json) -> Result<Json, Trouble> {
        let (path, key) = (format!("{}{path}", self.base), name(key, self.run));
        let once = self.stack.request("POST", &path, &self.token, &key, Some(body))?;
        let twice = self.stack.request("POST", &path, &self.token, &key, Some(body))?;
        if once.0 >= 300 || once != twice {
            return Err(Trouble(format!("POST {path} is answered {once:?} and then {twice:?}")));
        }
        Ok(once.1)
    }
}

/// The associate.
pub fn desk(stack: &Stack) -> Result<Caller<'_>, Trouble> {
    let token = stack.token(&json!({ "sub": "mei", "stores": STORE, "scope": "desk" }))?;
    Ok(Caller { stack, token, base: "/desk", run: stack.now().timestamp() })
}

/// The seller.
pub struct Seller<'a> {
    /// Its id.
    pub id: String,
    /// Where its mail goes.
    pub email: String,
    caller: Caller<'a>,
}

impl<'a> Seller<'a> {
    pub fn new(stack: &'a Stack, run: i64) -> Result<Self, Trouble> {
        let id = name("seller", run);
        let token = stack.token(&json!({ "sub": "primary-user", "seller_id": id, "scope": "seller" }))?;
        let email = format!("{id}@sellers.example");
        Ok(Self { id, email, caller: Caller { stack, token, base: "", run } })
    }

    pub fn get(&self, path: &str) -> Result<Json, Trouble> {
        self.caller.get(path)
    }
}

/// The marketplace, and the customer who speaks through it.
pub struct Marketplace<'a> {
    stack: &'a Stack,
    caller: Caller<'a>,
    run: i64,
}

impl<'a> Marketplace<'a> {
    pub fn new(stack: &'a Stack, run: i64) -> Result<Self, Trouble> {
        let token = stack.token(&json!({ "sub": "marketplace", "scope": "marketplace" }))?;
        Ok(Self { stack, caller: Caller { stack, token, base: "", run }, run })
    }

    pub fn order(&self, order: &str) -> String {
        name(order, self.run)
    }

    pub fn customer_email(&self) -> String {
        format!("{}@customers.example", name("customer", self.run))
    }

    fn just_now(&self) -> DateTime<Utc> {
        self.stack.now() - TimeDelta::seconds(1)
    }

    pub async fn registers(&self, seller: &Seller<'_>) -> Result<(), Trouble> {
        let fact = json!({ "type": "seller_registered", "version": 1, "store": STORE, "seller_id": seller.id,
            "occurred_at": self.just_now(), "plan": "professional", "standing": "good", "address_country": "US",
            "email": seller.email, "language": "en", "accepted_terms": "2026-01" });
        self.stack.fact(&fact).await
    }

    pub async fn places(
        &self,
        seller: &Seller<'_>,
        order: &str,
        fulfilment: &str,
        at: DateTime<Utc>,
    ) -> Result<(), Trouble> {
        let fact = json!({ "type": "order_placed", "version": 1, "store": STORE, "order_id": self.order(order),
            "customer_id": name("customer", self.run), "placed_at": at,
            "lines": [{ "item_id": "1", "seller_id": seller.id, "product_id": "shoes", "quantity": 1,
                "unit_price_minor": 4_990, "fulfilment": fulfilment, "promised_by": null }] });
        self.stack.fact(&fact).await
    }

    pub async fn ships(&self, seller: &Seller<'_>, order: &str) -> Result<(), Trouble> {
        let fact = json!({ "type": "shipment_confirmed", "version": 1, "store": STORE,
            "shipment_id": name("parcel", self.run), "order_id": self.order(order), "seller_id": seller.id,
            "shipped_at": self.just_now(), "tracking": "1Z999", "units": [{ "item_id": "1", "ordinal": 1 }] });
        self.stack.fact(&fact).await
    }

    pub async fn scans(&self, order: &str) -> Result<(), Trouble> {
        let ready = || self.known_parcel(order);
        self.stack.until("the shipment is known", ready).await?;
        let fact = json!({ "type": "carrier_scanned", "version": 1, "store": STORE,
            "shipment_id": name("parcel", self.run), "order_id": self.order(order), "scanned_at": self.just_now(),
            "delivered": false });
        self.stack.fact(&fact).await
    }

    /// A carrier scans no parcel that was not sent.
    fn known_parcel(&self, order: &str) -> Result<Json, Trouble> {
        let seller = Seller::new(self.stack, self.run)?;
        let view = seller.get(&format!("/orders/{}", self.order(order)))?;
        Ok(if view["lines"][0]["shipped"] == 1 { view } else { Json::Null })
    }

    /// The customer writes; where it went.
    pub async fn contact(
        &self,
        seller: &Seller<'_>,
        id: &str,
        order: Option<&str>,
        topic: &str,
    ) -> Result<Json, Trouble> {
        let body = json!({ "contact_id": name(id, self.run), "channel": "email", "topic": topic,
            "customer": { "id": name("customer", self.run), "email": self.customer_email(), "language": "en" },
            "order_id": order.map(|order| self.order(order)), "seller_id": seller.id,
            "message": "Hello, where are my shoes?" });
        self.caller.post("/contacts", id, &body)?;
        self.stack.until("the contact is routed", || self.went(id)).await
    }

    pub fn went(&self, id: &str) -> Result<Json, Trouble> {
        self.caller.get(&format!("/contacts/{}", name(id, self.run)))
    }
}
