//! The template as its laws read it: as it is written, before any expansion.

use serde_yaml_ng::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A template.
pub struct Sheet {
    root: Value,
}

impl Sheet {
    /// The project's own.
    pub fn shipped() -> Self {
        Self::parse(&text())
    }

    /// This one.
    pub fn parse(text: &str) -> Self {
        Self { root: serde_yaml_ng::from_str(text).unwrap() }
    }

    /// A resource, with all that is said of it.
    pub fn resource(&self, name: &str) -> &Value {
        &self.root["Resources"][name]
    }

    /// What is told to it from outside, by name.
    pub fn parameters(&self) -> BTreeMap<String, Value> {
        let all = self.root["Parameters"].as_mapping().unwrap().iter();
        all.map(|(name, parameter)| (name.as_str().unwrap().to_owned(), parameter.clone())).collect()
    }

    /// The types of all resources, those in a `Fn::ForEach` too.
    pub fn kinds(&self) -> BTreeSet<String> {
        let all = self.root["Resources"].as_mapping().unwrap().values();
        let of = |resource: &Value| {
            let made = resource[2].as_mapping().and_then(|made| made.values().next());
            made.unwrap_or(resource)["Type"].as_str().unwrap().to_owned()
        };
        all.map(of).collect()
    }

    /// What every function has.
    pub fn globals(&self) -> &Value {
        &self.root["Globals"]["Function"]
    }

    /// Properties of the resources of a type, by logical name.
    pub fn resources(&self, kind: &str) -> BTreeMap<String, Value> {
        let all = self.root["Resources"].as_mapping().unwrap().iter();
        all.filter(|(_, resource)| resource["Type"] == kind)
            .map(|(name, resource)| (name.as_str().unwrap().to_owned(), resource["Properties"].clone()))
            .collect()
    }

    /// Properties of the functions, by logical name.
    pub fn functions(&self) -> BTreeMap<String, Value> {
        self.resources("AWS::Serverless::Function")
    }

    /// The names over which a `Fn::ForEach` goes; none where there is no such loop.
    pub fn each(&self, name: &str) -> BTreeSet<String> {
        texts(&self.resource(&format!("Fn::ForEach::{name}"))[1])
    }

    /// The properties of what a `Fn::ForEach` makes.
    pub fn made_by(&self, name: &str) -> Value {
        let made = &self.resource(&format!("Fn::ForEach::{name}"))[2];
        made.as_mapping().and_then(|made| made.values().next()).map_or(Value::Null, |made| made["Properties"].clone())
    }

    /// Seconds that a function has.
    pub fn timeout(&self, function: &Value) -> u64 {
        function["Timeout"].as_u64().or_else(|| self.globals()["Timeout"].as_u64()).unwrap()
    }

    /// What the role of a function allows.
    pub fn grants(&self, function: &str) -> Vec<Value> {
        let role = &self.resource(&format!("{function}Role"))["Properties"];
        let policies = role["Policies"].as_sequence().into_iter().flatten();
        policies.flat_map(|policy| policy["PolicyDocument"]["Statement"].as_sequence().cloned().unwrap()).collect()
    }

    /// The routes: method and path, who answers, and what is asked of the caller.
    pub fn routes(&self) -> Vec<(String, String, Value)> {
        let paths = self.resource("Api")["Properties"]["DefinitionBody"]["paths"].as_mapping().unwrap();
        let operations = paths.iter().flat_map(|(path, methods)| {
            methods.as_mapping().unwrap().iter().map(move |(method, operation)| (path, method, operation))
        });
        let of = |(path, method, operation): (&Value, &Value, &Value)| {
            let integration = operation["x-amazon-apigateway-integration"]["$ref"].as_str().unwrap_or_default();
            let name = format!("{} {}", method.as_str().unwrap().to_uppercase(), path.as_str().unwrap());
            (name, integration.rsplit('/').next().unwrap().to_owned(), operation["security"].clone())
        };
        operations.map(of).collect()
    }
}

/// The project's own, as text.
pub fn text() -> String {
    std::fs::read_to_string(world::template::path()).unwrap()
}

/// The logical name behind a tag such as `!Ref X`, `!GetAtt X.Arn` or `!Sub "${X.Arn}/index/i"`.
pub fn target(value: &Value) -> String {
    plain(value).trim_start_matches("${").split(['.', '}']).next().unwrap_or_default().to_owned()
}

/// What stands there, with or without a tag.
pub fn plain(value: &Value) -> String {
    let text = match value {
        Value::Tagged(tagged) => tagged.value.as_str().unwrap_or_default(),
        other => other.as_str().unwrap_or_default(),
    };
    text.to_owned()
}

/// The texts of a list, or the only one.
pub fn texts(list: &Value) -> BTreeSet<String> {
    let one = list.as_str().map(str::to_owned);
    list.as_sequence().into_iter().flatten().map(plain).chain(one).collect()
}

/// What stands in a list, or the only one.
pub fn all(list: &Value) -> Vec<&Value> {
    list.as_sequence().map_or_else(|| vec![list], |all| all.iter().collect())
}

/// Events of a function, of one type.
pub fn events<'a>(function: &'a Value, kind: &str) -> Vec<&'a Value> {
    let events = function["Events"].as_mapping().into_iter().flatten();
    events.filter(|(_, event)| event["Type"] == kind).map(|(_, event)| &event["Properties"]).collect()
}

/// What a function is told by variables.
pub fn variables(function: &Value) -> BTreeMap<String, Value> {
    let variables = function["Environment"]["Variables"].as_mapping().into_iter().flatten();
    variables.map(|(name, value)| (name.as_str().unwrap().to_owned(), value.clone())).collect()
}
