//! The HTTP contract and the template say the same: which routes there are, who may call them, and who answers.

mod codes;
mod shown;

use serde_yaml_ng::Value;
use std::collections::BTreeSet;
use world::template::{PUBLIC, Template};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

fn contract() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../infra/openapi.yaml");
    serde_yaml_ng::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Every operation, with its route.
fn operations(contract: &Value) -> Vec<(String, &Value)> {
    let paths = contract["paths"].as_mapping().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| {
            let path = path.as_str().unwrap();
            METHODS
                .iter()
                .filter_map(move |method| Some((format!("{} {path}", method.to_uppercase()), item.get(method)?)))
        })
        .collect()
}

#[test]
fn each_route_of_the_contract_stands_in_the_template_with_its_function_and_scope_and_the_other_way_round() {
    let contract = contract();
    let said: BTreeSet<_> = operations(&contract)
        .into_iter()
        .map(|(route, operation)| {
            let function = operation["x-function"].as_str().unwrap().to_owned();
            if PUBLIC.contains(&route.as_str()) {
                assert_eq!(operation["security"].as_sequence().map(Vec::len), Some(0), "{route} asks for no token");
                return (route, function, "public".to_owned());
            }
            let scopes = operation["security"][0]["token"].as_sequence().unwrap();
            assert_eq!(scopes.len(), 1, "{route} has one scope");
            (route, function, scopes[0].as_str().unwrap().to_owned())
        })
        .collect();
    let built: BTreeSet<_> = Template::load()
        .functions
        .into_iter()
        .flat_map(|(package, function)| {
            function.scopes.into_iter().map(move |(route, scope)| (route, package.clone(), scope))
        })
        .collect();
    assert_eq!(said, built);
}

#[test]
fn each_write_of_the_contract_needs_an_idempotency_key_and_no_read_does() {
    let contract = contract();
    for (route, operation) in operations(&contract) {
        let parameters = operation["parameters"].as_sequence().cloned().unwrap_or_default();
        let key = parameters.iter().any(|p| p["$ref"].as_str() == Some("#/components/parameters/IdempotencyKey"));
        let public = PUBLIC.contains(&route.as_str());
        assert_eq!(key, route.starts_with("POST") && !public, "{route}: a link is its own key");
    }
}

#[test]
fn what_the_contract_calls_deprecated_is_what_the_code_has_given_up() {
    let contract = contract();
    let said =
        operations(&contract).into_iter().filter(|(_, operation)| operation["deprecated"].as_bool() == Some(true));
    let said: BTreeSet<_> = said.map(|(route, _)| route).collect();
    let routes = world::functions::ALL.into_iter().flat_map(world::functions::routes);
    let given_up: BTreeSet<_> =
        routes.filter(|route| route.given_up.is_some()).map(|route| route.name.to_owned()).collect();
    assert_eq!(said, given_up);
}

#[test]
fn each_operation_of_the_contract_says_how_it_fails() {
    let contract = contract();
    for (route, operation) in operations(&contract) {
        let answers = operation["responses"].as_mapping().unwrap();
        for status in ["422", "500"] {
            let said = answers.keys().any(|known| known.as_str() == Some(status) || known.as_str() == Some("default"));
            assert!(said, "{route} does not say what {status} means");
        }
    }
}

#[test]
fn a_mail_address_is_to_the_contract_what_it_is_to_the_code() {
    let schema = serde_json::to_value(&contract()["components"]["schemas"]["Email"]).unwrap();
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    for c in (0..0x3100).filter_map(char::from_u32) {
        for address in [format!("a{c}b@c.d"), format!("a@b{c}c.d"), format!("a@b.c{c}d")] {
            let taken = shell::fields::is_one_address(&address);
            assert_eq!(schema.is_valid(&serde_json::Value::from(address.as_str())), taken, "{address:?}");
        }
    }
}
