//! The template, as far as one process can play it: tables with their indexes, and each function with its names, its
//! routes and its queue.

use serde::Deserialize;
use serde_json::{Value as Json, json};
use serde_yaml_ng::Value;
use std::{collections::BTreeMap, path::PathBuf};

/// What the template says.
#[derive(Debug, Clone, Default)]
pub struct Template {
    /// `CreateTable` requests, by logical name, which is the physical name here.
    pub tables: BTreeMap<String, Json>,
    /// Functions, by package.
    pub functions: BTreeMap<String, Function>,
    /// How often a queue delivers a message before it gives up, by logical name.
    pub patience: BTreeMap<String, u32>,
}

/// What a stream's function is given, and what becomes of a batch that it could not take.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// Which changes.
    pub pattern: Pattern,
    /// Whether it is halved.
    pub bisects: bool,
    /// How often it is tried again.
    pub retries: u32,
    /// An item that is older is given up, in milliseconds.
    pub oldest: i64,
}

/// Which changes of items a function is given.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Pattern {
    event_name: Vec<String>,
    dynamodb: Images,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Images {
    /// By attribute and type: its values.
    new_image: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

impl Pattern {
    /// Whether it is given this change, of which this item came.
    #[must_use]
    pub fn fits(&self, event_name: &str, item: &Json) -> bool {
        let is_one = |values: &[String], value: &Json| values.iter().any(|known| value == known);
        let mut asked = self.dynamodb.new_image.iter().flat_map(|(name, types)| types.iter().map(move |of| (name, of)));
        self.event_name.iter().any(|known| known == event_name)
            && asked.all(|(name, (kind, values))| is_one(values, &item[name][kind]))
    }
}

/// What the template says of one function.
#[derive(Debug, Clone, Default)]
pub struct Function {
    /// Its variables.
    pub env: BTreeMap<String, String>,
    /// `METHOD /path` of the API.
    pub routes: Vec<String>,
    /// `METHOD /path` of the pages: who visits is in a cookie, and the gateway asks for nothing.
    pub pages: Vec<String>,
    /// The scope that a token needs, by route; `public` where none is asked for.
    pub scopes: BTreeMap<String, String>,
    /// The queue that triggers it.
    pub queue: Option<String>,
    /// The stream that triggers it.
    pub stream: Option<Mapping>,
}

/// The only routes that ask for no token: a link that we signed opens them.
pub const PUBLIC: [&str; 4] = [
    "GET /v1/surveys/{token}",
    "POST /v1/surveys/{token}",
    "GET /v1/mail/unsubscribe/{token}",
    "POST /v1/mail/unsubscribe/{token}",
];

/// What the paths of the API begin with; all others are of pages.
pub const API: &str = "/v1/";

/// Where the template lies.
#[must_use]
pub fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../infra/template.yaml")
}

impl Template {
    /// The project's own.
    ///
    /// # Panics
    /// If the file is no template.
    #[must_use]
    pub fn load() -> Self {
        let text = std::fs::read_to_string(path()).expect("infra/template.yaml is there");
        Self::parse(&text)
    }

    /// # Panics
    /// If the text is no template.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let root: Value = serde_yaml_ng::from_str(text).expect("the template is YAML");
        let mut template = Self::default();
        for (name, resource) in root["Resources"].as_mapping().expect("there are resources") {
            let (name, properties) = (name.as_str().expect("names are text"), &resource["Properties"]);
            match resource["Type"].as_str() {
                Some("AWS::DynamoDB::Table") => {
                    template.tables.insert(name.to_owned(), table(name, properties));
                }
                Some("AWS::SQS::Queue") => {
                    if let Some(n) = properties["RedrivePolicy"]["maxReceiveCount"].as_u64() {
                        template.patience.insert(name.to_owned(), u32::try_from(n).expect("a small number"));
                    }
                }
                Some("AWS::Serverless::Function") => {
                    let code = properties["CodeUri"].as_str().expect("CodeUri is text");
                    let package = code.trim_end_matches('/').rsplit('/').next().expect("CodeUri ends in a folder");
                    template.functions.insert(package.to_owned(), function(properties));
                }
                _ => {}
            }
        }
        for (path, methods) in
            root["Resources"]["Api"]["Properties"]["DefinitionBody"]["paths"].as_mapping().into_iter().flatten()
        {
            for (method, operation) in methods.as_mapping().into_iter().flatten() {
                let text = |value: &Value| value.as_str().expect("text").to_owned();
                template.open(&text(path), &text(method).to_uppercase(), operation);
            }
        }
        template
    }

    /// A route of the API or of the pages.
    fn open(&mut self, path: &str, method: &str, operation: &Value) {
        let integration = operation["x-amazon-apigateway-integration"]["$ref"].as_str().expect("who answers");
        let package = kebab(integration.rsplit('/').next().unwrap_or_default());
        let function =
            self.functions.get_mut(&package).unwrap_or_else(|| panic!("{package} answers {path}, and is nowhere"));
        let route = format!("{method} {path}");
        if !path.starts_with(API) {
            function.pages.push(route);
            return;
        }
        let scope = operation["security"][0]["Jwt"][0].as_str().unwrap_or("public");
        function.scopes.insert(route.clone(), scope.to_owned());
        function.routes.push(route);
    }
}

/// `desk-lead` of `DeskLead`.
fn kebab(name: &str) -> String {
    let apart = name.chars().map(|c| if c.is_uppercase() { format!("-{}", c.to_lowercase()) } else { c.to_string() });
    apart.collect::<String>().trim_start_matches('-').to_owned()
}

fn table(name: &str, properties: &Value) -> Json {
    let mut request = json!({ "TableName": name, "BillingMode": "PAY_PER_REQUEST" });
    for part in ["AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes"] {
        if let Some(value) = properties.get(part) {
            request[part] = serde_json::to_value(value).expect("plain data");
        }
    }
    request
}

fn function(properties: &Value) -> Function {
    let mut function = Function::default();
    for (name, value) in properties["Environment"]["Variables"].as_mapping().into_iter().flatten() {
        function.env.insert(name.as_str().expect("names are text").to_owned(), referred(value));
    }
    for (_, event) in properties["Events"].as_mapping().into_iter().flatten() {
        let properties = &event["Properties"];
        match event["Type"].as_str() {
            Some("SQS") => function.queue = Some(referred(&properties["Queue"])),
            Some("DynamoDB") => {
                let number = |name: &str| properties[name].as_u64().and_then(|n| u32::try_from(n).ok());
                let pattern = properties["FilterCriteria"]["Filters"][0]["Pattern"].as_str().expect("a pattern");
                function.stream = Some(Mapping {
                    pattern: serde_json::from_str(pattern).expect("a pattern of new images"),
                    bisects: properties["BisectBatchOnFunctionError"].as_bool().unwrap_or_default(),
                    retries: number("MaximumRetryAttempts").expect("a bound"),
                    oldest: i64::from(number("MaximumRecordAgeInSeconds").expect("a bound")) * 1_000,
                });
            }
            _ => {}
        }
    }
    function
}

/// The logical name behind `!Ref X` or `!GetAtt X.Arn`, or the plain value.
fn referred(value: &Value) -> String {
    let plain = match value {
        Value::Tagged(tagged) => tagged.value.as_str().unwrap_or_default(),
        other => other.as_str().unwrap_or_default(),
    };
    plain.trim_end_matches(".Arn").to_owned()
}
