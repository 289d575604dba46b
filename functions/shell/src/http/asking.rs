//! The requests that a page makes of the functions behind the API, in its visitor's name and in its own process: the same
//! routes, the same decisions, the same answers.

use super::Request;
use serde_json::Value;
use std::collections::BTreeMap;

impl Request {
    /// A request for this route, at the same time, by whom these claims name.
    #[must_use]
    pub fn asking(&self, route: &str, claims: &BTreeMap<String, String>) -> Self {
        Self {
            route: route.to_owned(),
            now: self.now,
            id: self.id.clone(),
            claims: claims.clone().into_iter().collect(),
            raw_path: route.split_once(' ').map_or_else(String::new, |(_, path)| path.to_owned()),
            ..Self::default()
        }
    }

    /// With this for a name in the path.
    #[must_use]
    pub fn at_path(mut self, name: &str, value: &str) -> Self {
        self.raw_path = self.raw_path.replace(&format!("{{{name}}}"), value);
        self.path.insert(name.to_owned(), value.to_owned());
        self
    }

    /// With this parameter; an empty one is as none.
    #[must_use]
    pub fn with_query(mut self, name: &str, value: &str) -> Self {
        if !value.is_empty() {
            self.query.insert(name.to_owned(), value.to_owned());
        }
        self
    }

    /// That would rather have CSV.
    #[must_use]
    pub fn as_csv(mut self) -> Self {
        "text/csv".clone_into(&mut self.accept);
        self
    }

    /// That says this, under this key.
    #[must_use]
    pub fn saying(mut self, key: &str, body: &Value) -> Self {
        self.idempotency_key = Some(key.to_owned());
        self.body = body.to_string().into_bytes();
        self
    }
}
