//! The contract says what it shows, and shows what it says. That every answer of every test is as it says is asked where
//! the answers are given.

use domain::hook::HookKind;
use serde_json::json;
use std::collections::BTreeSet;
use world::contract::CONTRACT;

#[test]
fn every_route_shows_what_it_takes_and_what_it_answers() {
    let mut bare = Vec::new();
    for (route, operation) in &CONTRACT.operations {
        if operation.takes.as_ref().is_some_and(|body| body.examples.is_empty()) {
            bare.push(format!("{route}: no example of what it takes"));
        }
        let good = operation.answers.iter().filter(|(status, _)| status.starts_with('2'));
        for (status, _) in good.filter(|(_, body)| body.as_ref().is_some_and(|body| body.examples.is_empty())) {
            bare.push(format!("{route}: no example of {status}"));
        }
        if !operation.answers.keys().any(|status| status.starts_with('4')) {
            bare.push(format!("{route}: nothing can go wrong"));
        }
    }
    assert!(bare.is_empty(), "{bare:#?}");
}

#[test]
fn every_webhook_is_shown_and_no_other() {
    let kinds: Vec<_> = HookKind::ALL.into_iter().map(HookKind::name).collect();
    let shown: Vec<_> = CONTRACT.webhooks.keys().map(String::as_str).collect();
    assert_eq!(shown.iter().collect::<BTreeSet<_>>(), kinds.iter().collect::<BTreeSet<_>>());
    for (kind, body) in &CONTRACT.webhooks {
        assert!(!body.examples.is_empty(), "{kind}");
        for example in &body.examples {
            assert_eq!((example["type"].as_str(), body.wrong(example)), (Some(kind.as_str()), Vec::new()), "{kind}");
        }
    }
}

#[test]
fn every_example_is_of_its_schema() {
    let mut wrong = Vec::new();
    for (route, operation) in &CONTRACT.operations {
        let answers = operation.answers.iter().filter_map(|(status, body)| Some((status.as_str(), body.as_ref()?)));
        for (what, body) in operation.takes.iter().map(|body| ("takes", body)).chain(answers) {
            let errors = body.examples.iter().flat_map(|example| body.wrong(example));
            wrong.extend(errors.map(|error| format!("{route} {what}: {error}")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_answer_that_was_not_promised_is_noticed() {
    let broken = |status, body| CONTRACT.broken_by("POST /v1/stores/{store}/contacts", status, &body);
    assert_eq!(broken(202, json!({ "contact_id": "k1" })), Vec::<String>::new());
    assert_eq!(broken(202, json!({ "contact_id": 1 })).len(), 1, "another type");
    assert_eq!(broken(202, json!({})).len(), 1, "something is missing");
    assert_eq!(broken(204, json!({ "contact_id": "k1" })), ["no status 204"]);
    assert_eq!(CONTRACT.broken_by("GET /nowhere", 200, &json!({})), ["no such route"]);
}
