//! What must hold of webhooks when all is quiet. W1: each fact that is told was delivered at least once, or waits, or was given
//! up after three days or because its receiver wants none. W2: what comes twice comes under one id and with the same bytes,
//! and signed. W3: nothing else is told, and nothing at all where webhooks are off. Which facts there are the tables say: where contacts went, what was decided, of which
//! quarters a rate or a statement was mailed, when sellers joined and left.

use super::{
    promises::{Broken, instant, text},
    run::Run,
};
use crate::{cloud::locked, model::Tables, receiver::Webhook};
use domain::{
    hook::HookKind,
    money::Money,
    notice::{Notice, NoticeKind},
};
use serde_json::{Value as Json, json};
use shell::key::Key;
use std::collections::{BTreeMap, BTreeSet};

/// A fact: its type, and whom and what it names.
type Named = (String, String);

/// What is given up was tried for so long, in milliseconds.
const THREE_DAYS: i64 = 72 * 3_600_000;

/// Asks each promise.
pub fn ask(run: &Run<'_>, broken: &mut Vec<Broken>) {
    let tables = locked(&run.world.cloud.tables);
    let took = &locked(&run.world.cloud.receiver).took;
    let deliveries: Vec<_> = states(&tables, "OutboxTable", "HOOK").collect();
    let told: BTreeSet<_> = deliveries.iter().map(|delivery| named(text(delivery, &["hook", "body"]))).collect();
    let facts = if run.world.is_telling() { facts(&tables) } else { BTreeSet::new() };
    for (kind, what) in facts.difference(&told) {
        broken.push(Broken::new("W1", what, &format!("{kind} has happened, and nobody was told")));
    }
    for (kind, what) in told.difference(&facts) {
        broken.push(Broken::new("W3", what, &format!("{kind} was told, and has not happened")));
    }
    let secrets: Vec<_> = states(&tables, "SecretsTable", "SECRETS").collect();
    bytes(took, &deliveries, &secrets, broken);
    let taken: BTreeSet<_> = took.iter().map(|webhook| webhook.id.as_str()).collect();
    for delivery in &deliveries {
        ended(delivery, &taken, broken);
    }
}

/// W1: what is said to be delivered was taken, and what is given up had its time.
fn ended(delivery: &Json, taken: &BTreeSet<&str>, broken: &mut Vec<Broken>) {
    let (id, state) = (text(delivery, &["hook", "id"]), text(delivery, &["state"]));
    if state == "delivered" && !taken.contains(id) {
        broken.push(Broken::new("W1", id, "it is said to be delivered, and was not"));
    }
    let last = delivery["M"]["attempts"]["L"].as_array().and_then(|all| all.last());
    let gone = last.is_some_and(|last| last["M"]["status"]["N"] == "410");
    let tried_for = instant(text(delivery, &["at"])) - instant(text(delivery, &["since"]));
    if state == "given_up" && !gone && tried_for < THREE_DAYS {
        broken.push(Broken::new("W1", id, "it was given up before its time"));
    }
}

/// W2: one id, one fact, the same bytes, and a signature of ours.
fn bytes(took: &[Webhook], deliveries: &[Json], secrets: &[Json], broken: &mut Vec<Broken>) {
    let body = |delivery| (text(delivery, &["hook", "id"]), text(delivery, &["hook", "body"]));
    let known: BTreeMap<_, _> = deliveries.iter().map(body).collect();
    let secrets = secrets.iter().flat_map(|state| state["M"]["secrets"]["L"].as_array().into_iter().flatten());
    let secrets: Vec<_> = secrets.filter_map(|secret| secret["S"].as_str()).collect();
    for webhook in took {
        if known.get(webhook.id.as_str()) != Some(&webhook.body.as_str()) {
            broken.push(Broken::new("W2", &webhook.id, &format!("of nothing that is known: {}", webhook.body)));
        }
        if !secrets.iter().any(|secret| webhook.is_signed_by(secret)) {
            broken.push(Broken::new("W2", &webhook.id, "nobody of ours has signed it"));
        }
    }
}

/// The states of the items of a table that lie at this place, or are events there.
fn states<'t>(tables: &'t Tables, table: &'t str, place: &'t str) -> impl Iterator<Item = Json> + 't {
    items(tables, table, place).map(|(_, state)| state)
}

fn items<'t>(tables: &'t Tables, table: &'t str, at: &'t str) -> impl Iterator<Item = (String, Json)> + 't {
    let is_it = move |sk: &str| sk == at || (at.ends_with('#') && sk.starts_with(at));
    let found = tables.items(table).filter(move |(place, _)| is_it(&place.sk));
    found.map(|(place, item)| {
        let mut item: Json = serde_json::from_str(item).expect("JSON");
        (place.pk.to_string(), item["state"].take())
    })
}

/// What the body of a webhook is about.
fn named(body: &str) -> Named {
    let body: Json = serde_json::from_str(body).expect("JSON");
    let (kind, data) = (body["type"].as_str().unwrap_or_default(), &body["data"]);
    let text = |name: &str| data[name].as_str().unwrap_or_default();
    let names: &[&str] = match kind {
        "inquiry.routed" => &["contact_id"],
        "decision.made" => &["decision_id"],
        "rate.published" | "statement.final" => &["quarter"],
        _ => &["status", "effective_at"],
    };
    (kind.to_owned(), names.iter().fold(text("seller_id").to_owned(), |name, next| format!("{name} {}", text(next))))
}

/// Every fact that is told, as the tables have it.
fn facts(tables: &Tables) -> BTreeSet<Named> {
    let name = |kind: HookKind, seller: &str, what: &str| (kind.name().to_owned(), format!("{seller} {what}"));
    let routed = states(tables, "InquiriesTable", "ROUTE")
        .map(|routed| name(HookKind::InquiryRouted, text(&routed, &["seller"]), text(&routed, &["contact"])));
    let seller = |pk: &str| pk.split('#').nth(1).unwrap_or_default().to_owned();
    let decided = items(tables, "RequestsTable", "DECISION#")
        .map(|(pk, decided)| name(HookKind::DecisionMade, &seller(&pk), text(&decided, &["id"])));
    let changed = items(tables, "SellersTable", "SELLER#EVENT#").filter_map(|(pk, row)| {
        let (event, of) = (text(&row, &["event", "event"]), |at: &str| text(&row, &["event", at]).to_owned());
        let at = match event {
            "enrolled" => of("starts_at"),
            "left" => of("at"),
            _ => return None,
        };
        Some(name(HookKind::EnrollmentChanged, &seller(&pk), &format!("{event} {at}")))
    });
    routed.chain(decided).chain(changed).chain(of_quarters(tables)).collect()
}

/// Rates and statements are told where they are mailed.
fn of_quarters(tables: &Tables) -> BTreeSet<Named> {
    let mailed: BTreeSet<_> = items(tables, "OutboxTable", "NOTICE").map(|(pk, _)| pk).collect();
    let nothing: Money = serde_json::from_value(json!({ "minor": 0, "currency": "USD" })).expect("money");
    let heads = tables.items("LedgerTable").filter(|(place, _)| &*place.sk == "HEAD");
    let mut told = BTreeSet::new();
    for (place, _) in heads {
        let Some((store, seller, quarter)) = Key::quarter_of(&place.pk) else { continue };
        let rate = NoticeKind::RatePublished { quarter, rate: nothing, tier: None, contacts: 0, units: 0 };
        let ready = NoticeKind::StatementReady { quarter, units: 0, total: nothing, disputable_until: None };
        for (kind, notice) in [(HookKind::RatePublished, rate), (HookKind::StatementFinal, ready)] {
            let notice = Notice::to_seller(&store, &seller, notice, &[&quarter.to_string()]);
            if mailed.contains(&Key::notice(&notice.id).pk) {
                told.insert((kind.name().to_owned(), format!("{seller} {quarter}")));
            }
        }
    }
    told
}
