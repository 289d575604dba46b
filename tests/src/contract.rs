//! What `infra/openapi.yaml` promises, held against every answer that is given in any test: its status is one of the
//! route's, and its body is of that status' schema.

use jsonschema::Validator;
use serde_json::{Value as Json, json};
use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, LazyLock, OnceLock},
};

/// The kinds of bodies that a schema says more of than that they are text; with a problem of ours may stand one of the
/// gateway's.
const KINDS: [&str; 2] = ["application/problem+json", "application/json"];

/// The contract, as the file has it.
pub static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/openapi.yaml");
    let text = std::fs::read_to_string(path).expect("the contract");
    Contract::of(serde_yaml_ng::from_str(&text).expect("YAML"))
});

/// A body, of a request or of an answer, in one of its kinds.
#[derive(Debug)]
pub struct Body {
    /// What is shown of it.
    pub examples: Vec<Json>,
    schema: Json,
    components: Arc<Json>,
    validator: OnceLock<Validator>,
}

/// One route.
#[derive(Debug, Default)]
pub struct Operation {
    /// What it takes, if it takes anything.
    pub takes: Option<Body>,
    /// What it answers, by status; those without a body too.
    pub answers: BTreeMap<String, Option<Body>>,
}

/// All of it.
#[derive(Debug)]
pub struct Contract {
    /// Every route, as the template has it.
    pub operations: BTreeMap<String, Operation>,
    /// What the marketplace's systems are told, by its type.
    pub webhooks: BTreeMap<String, Body>,
}

impl Body {
    fn of(document: &Json, components: &Arc<Json>, said: &Json) -> Option<Self> {
        let (_, media) = KINDS.iter().find_map(|kind| Some((kind, said["content"].get(kind)?)))?;
        let named = media["examples"].as_object().into_iter().flatten();
        let examples = named.map(|(_, example)| resolved(document, example)["value"].clone());
        Some(Self {
            examples: examples.chain(media.get("example").cloned()).collect(),
            schema: media["schema"].clone(),
            components: Arc::clone(components),
            validator: OnceLock::new(),
        })
    }

    /// What of this body is not as the schema has it.
    ///
    /// # Panics
    /// If the schema is none.
    #[must_use]
    pub fn wrong(&self, body: &Json) -> Vec<String> {
        let validator = self.validator.get_or_init(|| {
            // What it refers to lies in the components, which stand where they stood.
            let whole = json!({ "allOf": [self.schema], "components": *self.components });
            jsonschema::validator_for(&whole).expect("a schema")
        });
        let errors = validator.iter_errors(body);
        errors.map(|error| format!("{} at {:?}", error, error.instance_path().to_string())).collect()
    }
}

impl Contract {
    fn of(document: Json) -> Self {
        let components = Arc::new(document["components"].clone());
        let body = |said: &Json| Body::of(&document, &components, resolved(&document, said));
        let mut operations = BTreeMap::new();
        for (path, methods) in document["paths"].as_object().expect("paths") {
            let methods = methods.as_object().expect("methods");
            for (method, said) in methods.iter().filter(|(method, _)| *method != "parameters") {
                let responses = said["responses"].as_object().expect("responses");
                let answers = responses.iter().map(|(status, response)| (status.clone(), body(response)));
                let operation = Operation { takes: said.get("requestBody").and_then(body), answers: answers.collect() };
                operations.insert(format!("{} {path}", method.to_uppercase()), operation);
            }
        }
        let told = document["webhooks"].as_object().expect("webhooks").iter();
        let webhooks = told.map(|(kind, said)| (kind.clone(), body(&said["post"]["requestBody"]).expect("a body")));
        Self { operations, webhooks: webhooks.collect() }
    }

    /// What is wrong with an answer to a route.
    #[must_use]
    pub fn broken_by(&self, route: &str, status: i64, body: &Json) -> Vec<String> {
        let Some(operation) = self.operations.get(route) else { return vec!["no such route".into()] };
        match operation.answers.get(&status.to_string()).or_else(|| operation.answers.get("default")) {
            None => vec![format!("no status {status}")],
            Some(said) => said.as_ref().map(|said| said.wrong(body)).unwrap_or_default(),
        }
    }
}

/// What a reference refers to; whatever is none stands for itself.
fn resolved<'a>(document: &'a Json, said: &'a Json) -> &'a Json {
    let place = said["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    place.and_then(|place| document.pointer(place)).unwrap_or(said)
}
