//! What the marketplace's own system is told: the main path, once more, with somebody who listens.

use super::told::{Told, main_path};
use chrono::{DateTime, TimeDelta, Utc};
use domain::hook::HookKind;
use serde_json::{Value as Json, json};
use shell::{commit::Expect, key::Key};
use std::collections::{BTreeMap, BTreeSet};
use world::{cloud::locked, contract::CONTRACT, facts, receiver::Webhook};

/// The secrets that sign.
fn secrets(told: &Told) -> Vec<String> {
    let items = told.world.items("SecretsTable").into_iter().filter(|item| item["pk"]["S"] == "HOOKS");
    let texts = items.flat_map(|item| item["state"]["M"]["secrets"]["L"].as_array().unwrap().clone());
    texts.map(|text| text["S"].as_str().unwrap().to_owned()).collect()
}

fn each_once(told: &Told) -> BTreeMap<String, Vec<Webhook>> {
    let took = told.world.told();
    let ids: BTreeSet<_> = took.iter().map(|webhook| webhook.id.as_str()).collect();
    assert_eq!(ids.len(), took.len(), "each is told once, however often its message comes");
    let secret = &secrets(told)[0];
    let mut by_kind = BTreeMap::<_, Vec<_>>::new();
    for webhook in took {
        assert!(webhook.is_signed_by(secret), "{webhook:?}");
        assert_eq!(CONTRACT.webhooks[&webhook.kind()].wrong(&webhook.says()), Vec::<String>::new(), "{webhook:?}");
        by_kind.entry(webhook.kind()).or_default().push(webhook);
    }
    by_kind
}

/// W1, W2: each of the five is told as it happens.
pub async fn of_the_main_path(told: &mut Told) {
    told.world.set_telling(true);
    main_path(told).await;
    told.as_seller("POST", "/enrollment/opt-out", json!({})).await;
    let took = each_once(told);
    let kinds: BTreeSet<_> = took.keys().map(String::as_str).collect();
    assert_eq!(kinds, HookKind::ALL.into_iter().map(HookKind::name).collect());
    let said = |kind: &str, name: &str| -> Vec<Json> {
        took[kind].iter().map(|webhook| webhook.says()["data"][name].clone()).collect()
    };
    assert_eq!(said("enrollment.changed", "status"), ["enrolled", "left"]);
    assert_eq!(said("statement.final", "quarter"), ["2026Q3"]);
    assert_eq!(said("rate.published", "quarter"), ["2026Q4"]);
    assert_eq!(said("decision.made", "decision").len(), 1);
    let routed = said("inquiry.routed", "contact_id");
    for (contact, inquiry) in routed.iter().zip(said("inquiry.routed", "inquiry_id")) {
        assert_eq!(told.went(contact.as_str().unwrap()).await["inquiry_id"], inquiry);
    }
}

/// Where nobody is told, nothing is written and nothing is called.
pub async fn of_nobody(told: &mut Told) {
    main_path(told).await;
    assert_eq!(told.world.told(), []);
    assert!(told.world.calls().iter().all(|call| call.function != "hook-sender" && !call.body.contains("hook#")));
    assert_eq!(secrets(told), Vec::<String>::new());
}

async fn listed(told: &mut Told, state: &str) -> Vec<Json> {
    let path = format!("/v1/stores/US/desk/hooks?state={state}");
    let listed = told.world.request("GET", &path, facts::lead("lin"), "", "").await;
    assert_eq!(listed.status, 200, "{}", listed.body);
    listed.body["hooks"].as_array().unwrap().clone()
}

/// W1: what is not taken is tried again, for three days; a lead sees each attempt, and has it tried anew.
pub async fn refused_for_three_days(told: &mut Told) {
    told.world.set_telling(true);
    locked(&told.world.cloud.receiver).always = Some(500);
    told.enrolled().await;
    let instant = |at: &Json| at.as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
    while let Some(waiting) = listed(told, "waiting").await.pop() {
        assert_eq!(waiting["attempts"][0]["status"], 500, "{waiting}");
        told.world.pass_to(instant(&waiting["at"])).await;
    }
    let given_up = listed(told, "given_up").await;
    assert_eq!(given_up.len(), 1);
    let attempts = given_up[0]["attempts"].as_array().unwrap();
    let tried_for = instant(&attempts[attempts.len() - 1]["at"]) - instant(&attempts[0]["at"]);
    assert_eq!((attempts.len(), tried_for), (10, TimeDelta::hours(72)), "{given_up:?}");
    let hook = given_up[0]["hook_id"].as_str().unwrap().to_owned();
    locked(&told.world.cloud.receiver).always = None;
    told.world.pass(TimeDelta::hours(24)).await;
    assert_eq!(told.world.told(), [], "it is not tried any more");
    let path = format!("/hooks/{hook}/redrive");
    assert_eq!(told.as_lead(&path, json!({})).await.status, 200);
    assert_eq!(told.as_lead(&path, json!({})).await.code(), (409, "not_given_up"));
    told.world.pass(TimeDelta::minutes(1)).await;
    let took = told.world.told();
    assert_eq!((took.len(), took[0].id.as_str()), (1, hook.as_str()));
    let delivered = listed(told, "delivered").await;
    assert_eq!((delivered.len(), &delivered[0]["attempts"][10]["status"]), (1, &json!(204)));
    assert_eq!(told.as_lead(&path, json!({})).await.code(), (409, "not_given_up"));
    assert_eq!(told.as_lead("/hooks/nobody/redrive", json!({})).await.status, 404);
}

/// While secrets are changed both sign, and one that was taken away signs nothing from then on.
pub async fn while_secrets_are_changed(told: &mut Told) {
    told.world.set_telling(true);
    told.enrolled().await;
    let old = secrets(told).remove(0);
    let new = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    for (signing, contact) in [(vec![new, &old], "k1"), (vec![new], "k2")] {
        let laid_down = json!({ "secrets": signing });
        let sender = told.world.shell("hook-sender");
        sender.store.put(&Key::hook_secrets(), Expect::Anything, &laid_down).await.unwrap();
        assert_eq!(told.contact(contact, None, "pre_order").await.status, 202);
        let took = told.world.told();
        let last = took.last().unwrap();
        assert_eq!((last.says()["data"]["contact_id"].as_str(), last.is_signed_by(new)), (Some(contact), true));
        assert_eq!(last.is_signed_by(&old), signing.len() == 2);
    }
}
