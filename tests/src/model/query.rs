//! What a query asks, and the page that answers it.

use super::{
    index::{Index, IndexPlace},
    request::{Part, Query, parts},
    row::{Place, Row, Scalar, Sorted},
};
use std::{collections::BTreeMap, sync::Arc};

/// The most bytes of a page.
const LARGEST_PAGE: usize = 1024 * 1024;

/// Items with their places.
pub type Rows<'a, P> = Box<dyn Iterator<Item = (&'a P, &'a Arc<str>)> + 'a>;

/// What a query asks, its names and values put in.
pub struct Asked {
    hash: (String, String),
    begins_with: Option<String>,
    between: Option<(String, String)>,
    at_most: Option<(String, i64)>,
    forward: bool,
}

impl Asked {
    pub fn of(request: &Query<'_>) -> Result<Self, String> {
        let name = |name: &str| match request.expression_attribute_names.get(name) {
            Some(name) => name.to_string(),
            None => name.to_owned(),
        };
        let value = |name: &str| request.expression_attribute_values.get(name);
        let text = |name: &str| match value(name) {
            Some(Scalar::S(text)) if text.is_empty() => Err(format!("{name} is empty, and a key never is")),
            Some(Scalar::S(text)) => Ok(text.clone()),
            _ => Err(format!("{name} is no text")),
        };
        let mut asked = Self {
            hash: Default::default(),
            begins_with: None,
            between: None,
            at_most: None,
            forward: request.scan_index_forward,
        };
        for part in parts(&request.key_condition_expression)? {
            match part {
                Part::Equals(key, of) => asked.hash = (name(key), text(of)?),
                Part::BeginsWith("sk", of) => asked.begins_with = Some(text(of)?),
                Part::Between("sk", from, to) => asked.between = Some((text(from)?, text(to)?)),
                Part::AtMost(key, of) => match value(of) {
                    Some(Scalar::N(number)) => {
                        let number = number.parse().map_err(|_| format!("{number} is not whole"))?;
                        asked.at_most = Some((name(key), number));
                    }
                    _ => return Err(format!("{of} is no number")),
                },
                Part::BeginsWith(other, _) | Part::Between(other, ..) => {
                    return Err(format!("{other} is not in the model"));
                }
            }
        }
        Ok(asked)
    }

    /// What it asks for in a table, in the order of its keys; where it goes forward, from this place on.
    pub fn rows<'a>(&'a self, table: &'a BTreeMap<Place, Row>, after: Option<&Place>) -> Rows<'a, Place> {
        let prefix = self.begins_with.as_deref().unwrap_or_default();
        let (first, last) = match &self.between {
            Some((first, last)) => (first.as_str(), Some(last.as_str())),
            None => (prefix, None),
        };
        let first = Place { pk: self.hash.1.as_str().into(), sk: first.into() };
        let from = after.filter(|after| self.forward && **after > first).unwrap_or(&first);
        let fits = move |sk: &str| sk.starts_with(prefix) && last.is_none_or(|last| sk <= last);
        let own = table.range(from..).take_while(move |(place, _)| *place.pk == *self.hash.1 && fits(&place.sk));
        Box::new(own.map(|(place, row)| (place, &row.text)))
    }

    /// The same in an index.
    pub fn rows_of_index<'a>(
        &'a self,
        index: &'a Index,
        after: Option<&IndexPlace>,
    ) -> Result<Rows<'a, IndexPlace>, String> {
        let wrong = |name: &str| format!("{name} is no key of the index {}", index.name);
        if self.hash.0 != index.hash {
            return Err(wrong(&self.hash.0));
        }
        let rows = index.rows(&self.hash.1, after.filter(|_| self.forward));
        match &self.at_most {
            None => Ok(Box::new(rows)),
            Some((name, _)) if *name != index.range => Err(wrong(name)),
            Some((_, most)) => {
                let most = Sorted::Number(*most);
                Ok(Box::new(rows.take_while(move |((_, range, _), _)| *range <= most)))
            }
        }
    }

    /// A page; the service says where to go on also where nothing follows.
    pub fn page<P: Ord>(
        &self,
        mut rows: Rows<'_, P>,
        after: Option<&P>,
        limit: usize,
        key: impl Fn(&P) -> String,
    ) -> String {
        if !self.forward {
            let all: Vec<_> = rows.collect();
            rows = Box::new(all.into_iter().rev());
        }
        let is_after = |place: &P| after.is_none_or(|last| if self.forward { place > last } else { place < last });
        let mut bytes = 0;
        let mut page = Vec::new();
        let mut last = None;
        for (place, text) in rows.filter(|(place, _)| is_after(place)) {
            bytes += text.len();
            page.push(&**text);
            if page.len() == limit || bytes >= LARGEST_PAGE {
                last = Some(key(place));
                break;
            }
        }
        let count = page.len();
        let items = page.join(",");
        let last = last.map(|key| format!(",\"LastEvaluatedKey\":{key}")).unwrap_or_default();
        format!("{{\"Items\":[{items}],\"Count\":{count},\"ScannedCount\":{count}{last}}}")
    }
}
