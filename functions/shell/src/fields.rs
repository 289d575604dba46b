//! Reading a JSON body field by field, so that the answer names every problem at once. Fields that nobody asks for
//! are tolerated: a newer sender may say more.

use crate::failure::{Failure, Problem};
use chrono::{DateTime, Datelike, Utc};
use domain::at::Instant;
use serde::de::{self, DeserializeOwned, IntoDeserializer, value::StrDeserializer};
use serde_json::{Map, Value};
use std::{cell::RefCell, collections::BTreeMap, fmt::Display, ops::RangeInclusive, rc::Rc, str::FromStr};

/// The years that an instant may lie in.
const YEARS: RangeInclusive<i32> = 2000..=2199;

/// An object whose fields are read one by one; each getter notes what is wrong and gives `None`.
#[derive(Debug)]
pub struct Fields {
    object: Map<String, Value>,
    prefix: String,
    problems: Rc<RefCell<Vec<Problem>>>,
}

impl Fields {
    /// The body, which must be a JSON object.
    pub fn parse(body: &[u8]) -> Result<Self, Failure> {
        let malformed = |problem: String| Failure::bad_field("malformed_json", "body", problem);
        match serde_json::from_slice(body) {
            Ok(Value::Object(mut object)) => {
                object.values_mut().for_each(in_whole);
                Ok(Self { object, prefix: String::new(), problems: Rc::default() })
            }
            Ok(_) => Err(malformed("must be a JSON object".into())),
            Err(error) => Err(malformed(format!("is no JSON: {error}"))),
        }
    }

    /// The object as text: the same fields and values give the same text, however they were laid out.
    #[must_use]
    pub fn canonical(&self) -> String {
        Value::Object(self.object.clone()).to_string()
    }

    /// What was read, if nothing was wrong with it.
    pub fn build<T>(self, make: impl FnOnce() -> Option<T>) -> Result<T, Failure> {
        let problems = self.problems.take();
        if !problems.is_empty() {
            return Err(Failure::bad_input(problems));
        }
        make().ok_or_else(|| Failure::Fault("a field was read without noting what is wrong with it".into()))
    }

    /// Notes a problem that only the reader can see.
    pub fn wrong(&self, name: &str, problem: impl Into<String>) {
        self.problems.borrow_mut().push(Problem::new(format!("{}{name}", self.prefix), problem));
    }

    fn given(&self, name: &str) -> Option<&Value> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    /// Whether it is there at all.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.given(name).is_some()
    }

    fn needed(&self, name: &str) -> Option<&Value> {
        let value = self.given(name);
        if value.is_none() {
            self.wrong(name, "is missing");
        }
        value
    }

    fn string(&self, name: &str, value: &Value) -> Option<String> {
        let text = value.as_str().map(str::to_owned);
        if text.is_none() {
            self.wrong(name, "must be a string");
        }
        text
    }

    fn parsed<T: FromStr<Err: Display>>(&self, name: &str, value: &Value) -> Option<T> {
        self.string(name, value)?.parse().map_err(|error: T::Err| self.wrong(name, error.to_string())).ok()
    }

    /// An id, or anything else that reads itself from text.
    #[must_use]
    pub fn id<T: FromStr<Err: Display>>(&self, name: &str) -> Option<T> {
        self.parsed(name, self.needed(name)?)
    }

    /// The same where it may be missing.
    #[must_use]
    pub fn id_if_given<T: FromStr<Err: Display>>(&self, name: &str) -> Option<T> {
        self.parsed(name, self.given(name)?)
    }

    /// Text of 1 to `longest` characters.
    #[must_use]
    pub fn text(&self, name: &str, longest: usize) -> Option<String> {
        self.needed(name)?;
        self.text_if_given(name, longest)
    }

    /// The same where it may be missing.
    #[must_use]
    pub fn text_if_given(&self, name: &str, longest: usize) -> Option<String> {
        let text = self.string(name, self.given(name)?)?;
        let length = text.chars().count();
        if text.trim().is_empty() {
            self.wrong(name, "must not be empty");
        } else if length > longest {
            self.wrong(name, format!("must be at most {longest} characters, and has {length}"));
        }
        Some(text)
    }

    /// A mail address, by its shape.
    #[must_use]
    pub fn email(&self, name: &str) -> Option<String> {
        self.needed(name)?;
        self.email_if_given(name)
    }

    /// The same where it may be missing.
    #[must_use]
    pub fn email_if_given(&self, name: &str) -> Option<String> {
        let text = self.text_if_given(name, 254)?;
        if !is_one_address(&text) {
            self.wrong(name, "must be a mail address");
        }
        Some(text)
    }

    /// A point in time, RFC 3339 with offset.
    #[must_use]
    pub fn instant(&self, name: &str) -> Option<Instant> {
        self.needed(name)?;
        self.instant_if_given(name)
    }

    /// The same where it may be missing.
    #[must_use]
    pub fn instant_if_given(&self, name: &str) -> Option<Instant> {
        let text = self.string(name, self.given(name)?)?;
        let parsed = DateTime::parse_from_rfc3339(&text).map(|at| at.with_timezone(&Utc)).ok();
        let known = parsed.filter(|at| YEARS.contains(&at.year()));
        if known.is_none() {
            self.wrong(name, "must be a time like 2026-11-22T09:30:00Z, of a year from 2000 to 2199");
        }
        known
    }

    /// A whole number in this range.
    #[must_use]
    pub fn number(&self, name: &str, range: RangeInclusive<i64>) -> Option<i64> {
        self.within(name, &range, |least, most| match most {
            _ if least == most => format!("must be {least}"),
            i64::MAX => format!("must be a whole number, {least} or more"),
            _ => format!("must be a whole number from {least} to {most}"),
        })
    }

    /// A whole number in this range, of what its name does not say.
    #[must_use]
    pub fn number_of(&self, unit: &str, name: &str, range: RangeInclusive<i64>) -> Option<i64> {
        self.within(name, &range, |least, most| format!("must be a whole number of {unit} from {least} to {most}"))
    }

    fn within(&self, name: &str, range: &RangeInclusive<i64>, say: impl FnOnce(i64, i64) -> String) -> Option<i64> {
        let number = self.needed(name)?.as_i64().filter(|n| range.contains(n));
        if number.is_none() {
            self.wrong(name, say(*range.start(), *range.end()));
        }
        number
    }

    /// `true` or `false`; `false` where it is missing.
    pub fn flag(&self, name: &str) -> Option<bool> {
        let flag = self.given(name).map_or(Some(false), Value::as_bool);
        if flag.is_none() {
            self.wrong(name, "must be true or false");
        }
        flag
    }

    /// One of a type's few names.
    #[must_use]
    pub fn one_of<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        self.needed(name)?;
        self.one_of_if_given(name)
    }

    /// The same where it may be missing.
    #[must_use]
    pub fn one_of_if_given<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_value(self.given(name)?.clone()).map_err(|_| self.wrong(name, one_of_these::<T>())).ok()
    }

    /// What a type reads as a whole; if it cannot be read, it must be what `kind` says.
    #[must_use]
    pub fn whole<T: DeserializeOwned>(&self, name: &str, kind: &str) -> Option<T> {
        let value = self.needed(name)?.clone();
        serde_json::from_value(value).map_err(|_| self.wrong(name, format!("must be {kind}"))).ok()
    }

    /// Entries that are named by whoever sends them; each must be what `kind` says.
    #[must_use]
    pub fn map_if_given<T: DeserializeOwned>(&self, name: &str, kind: &str) -> Option<BTreeMap<String, T>> {
        let Value::Object(object) = self.given(name)? else {
            self.wrong(name, "must be an object");
            return None;
        };
        let read_one = |(key, value): (&String, &Value)| {
            let Ok(read) = serde_json::from_value(value.clone()) else {
                self.wrong(&format!("{name}.{key}"), format!("must be {kind}"));
                return None;
            };
            Some((key.clone(), read))
        };
        object.iter().map(read_one).collect::<Vec<_>>().into_iter().collect()
    }

    /// An object inside this one.
    #[must_use]
    pub fn object(&self, name: &str) -> Option<Self> {
        let value = self.needed(name)?.clone();
        self.nested(&format!("{name}."), name, value)
    }

    fn nested(&self, prefix: &str, name: &str, value: Value) -> Option<Self> {
        let Value::Object(object) = value else {
            self.wrong(name, "must be an object");
            return None;
        };
        Some(Self { object, prefix: format!("{}{prefix}", self.prefix), problems: Rc::clone(&self.problems) })
    }

    fn array(&self, name: &str, most: usize) -> Option<&Vec<Value>> {
        let list = self.given(name)?.as_array();
        match list {
            None => self.wrong(name, "must be a list"),
            Some(list) if list.len() > most => {
                self.wrong(name, format!("must have at most {most} entries, and has {}", list.len()));
            }
            Some(_) => {}
        }
        list.filter(|list| list.len() <= most)
    }

    /// 1 to `most` objects, each read by `read`.
    pub fn list<T>(&self, name: &str, most: usize, read: impl Fn(&Self) -> Option<T>) -> Option<Vec<T>> {
        self.needed(name)?;
        let list = self.array(name, most)?;
        if list.is_empty() {
            self.wrong(name, "must not be empty");
        }
        let read_one = |(n, value): (usize, &Value)| {
            let entry = format!("{name}[{n}]");
            self.nested(&format!("{entry}."), &entry, value.clone()).and_then(|fields| read(&fields))
        };
        // Every entry is read before any verdict, so that all problems are named.
        list.iter().enumerate().map(read_one).collect::<Vec<_>>().into_iter().collect()
    }

    /// Ids; none where the list is missing.
    pub fn ids<T: FromStr<Err: Display>>(&self, name: &str, most: usize) -> Option<Vec<T>> {
        let Some(list) = self.array(name, most) else {
            return self.given(name).is_none().then(Vec::new);
        };
        let read_one = |(n, value): (usize, &Value)| self.parsed(&format!("{name}[{n}]"), value);
        list.iter().enumerate().map(read_one).collect::<Vec<_>>().into_iter().collect()
    }
}

/// What to say to whoever names none of a type's few values: all that it knows.
#[must_use]
pub fn one_of_these<T: DeserializeOwned>() -> String {
    let nothing: StrDeserializer<'_, Names> = "".into_deserializer();
    let Names(names) = T::deserialize(nothing).err().unwrap_or_default();
    format!("must be one of {}", names.join(", "))
}

/// The names that a type knows, as it tells them to whoever says another one.
#[derive(Debug, Default, thiserror::Error)]
#[error("none of {0:?}")]
struct Names(&'static [&'static str]);

impl de::Error for Names {
    fn custom<T: Display>(_: T) -> Self {
        Self::default()
    }

    fn unknown_variant(_: &str, known: &'static [&'static str]) -> Self {
        Self(known)
    }
}

/// A whole number in a path or in a query.
#[derive(Debug, Clone, Copy)]
pub struct Number<T>(pub T);

/// Why a text is no [`Number`].
#[derive(Debug, thiserror::Error)]
#[error("must be a whole number")]
pub struct NotANumber;

impl<T: FromStr> FromStr for Number<T> {
    type Err = NotANumber;
    fn from_str(text: &str) -> Result<Self, NotANumber> {
        text.parse().map(Self).map_err(|_| NotANumber)
    }
}

/// Whole numbers, as such: JSON may write one as `5.0` too.
fn in_whole(value: &mut Value) {
    match value {
        Value::Number(number) if number.is_f64() => {
            if let Some(whole) = number.to_string().strip_suffix(".0").and_then(|digits| digits.parse::<i64>().ok()) {
                *number = whole.into();
            }
        }
        Value::Object(object) => object.values_mut().for_each(in_whole),
        Value::Array(list) => list.iter_mut().for_each(in_whole),
        _ => {}
    }
}

/// Whether a text can be a mail address: nothing in it ends a header, or names a second receiver.
#[must_use]
pub fn is_one_address(text: &str) -> bool {
    let separates = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';' | '"');
    let (user, host) = text.split_once('@').unwrap_or_default();
    let is_host = host.contains('.') && !host.contains('@') && host.split('.').all(|label| !label.is_empty());
    !user.is_empty() && is_host && !text.contains(separates)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::OrderId;

    fn problems(read: impl FnOnce(&Fields) -> Option<()>, body: &str) -> Vec<String> {
        let fields = Fields::parse(body.as_bytes()).unwrap();
        let read = read(&fields);
        match fields.build(|| read) {
            Ok(()) => Vec::new(),
            Err(failure) => {
                failure.to_string().trim_start_matches("invalid_input: ").split("; ").map(str::to_owned).collect()
            }
        }
    }

    #[test]
    fn rte_10_every_problem_is_named_at_once_with_its_path() {
        let read = |f: &Fields| {
            let order: Option<OrderId> = f.id("order_id");
            let placed = f.instant("placed_at");
            let lines = f.list("lines", 3, |line| line.number("quantity", 1..=999));
            let (_, _, _) = (order?, placed?, lines?);
            Some(())
        };
        let body =
            r#"{"order_id":"a b","placed_at":"10000-01-01T00:00:00Z","lines":[{"quantity":-1},{},{"quantity":2}]}"#;
        assert_eq!(
            problems(read, body),
            [
                "order_id must be 1 to 64 characters of A-Z a-z 0-9 . _ -",
                "placed_at must be a time like 2026-11-22T09:30:00Z, of a year from 2000 to 2199",
                "lines[0].quantity must be a whole number from 1 to 999",
                "lines[1].quantity is missing",
            ]
        );
    }

    #[test]
    fn rte_10_a_name_that_is_not_known_and_a_number_out_of_bounds_are_answered_with_what_would_do() {
        use domain::{access::Level, contact::Channel};
        let names = |f: &Fields| {
            let (channel, level) = (f.one_of::<Channel>("channel"), f.one_of_if_given::<Level>("level"));
            channel.zip(level).map(drop)
        };
        assert_eq!(
            problems(names, r#"{"channel":"pigeon","level":7}"#),
            ["channel must be one of phone, message, email", "level must be one of none, view, edit"]
        );
        let numbers = |f: &Fields| {
            let (version, minor) = (f.number("version", 1..=1), f.number("minor", 1..=i64::MAX));
            let share = f.number_of("hundredths of a percent", "share", 0..=10_000);
            let days = f.whole::<BTreeMap<String, u64>>("days", "a whole number of days for each category");
            version.zip(minor).zip(share).zip(days).map(drop)
        };
        assert_eq!(
            problems(numbers, r#"{"version":2,"minor":0,"share":10001,"days":{"baby":-1}}"#),
            [
                "version must be 1",
                "minor must be a whole number, 1 or more",
                "share must be a whole number of hundredths of a percent from 0 to 10000",
                "days must be a whole number of days for each category",
            ]
        );
        assert_eq!("x".parse::<Number<u64>>().unwrap_err().to_string(), "must be a whole number");
        assert_eq!("12".parse::<Number<u64>>().unwrap().0, 12);
    }

    #[test]
    fn a_whole_number_is_the_same_however_it_is_written() {
        let read = |body: &str| Fields::parse(body.as_bytes()).unwrap().canonical();
        assert_eq!(read(r#"{"a":5.0,"b":[{"c":-0.0}],"d":1e3}"#), r#"{"a":5,"b":[{"c":0}],"d":1000}"#);
        assert_eq!(read(r#"{"a":5.5,"b":1e30,"c":"5.0"}"#), r#"{"a":5.5,"b":1e+30,"c":"5.0"}"#);
    }

    #[test]
    fn rte_10_what_is_no_object_is_named_as_the_body() {
        assert!(Fields::parse(b"[1]").unwrap_err().to_string().contains("body must be a JSON object"));
        assert!(Fields::parse(b"{").unwrap_err().to_string().contains("body is no JSON"));
    }

    #[test]
    fn an_address_without_a_host_or_with_a_line_break_is_none() {
        for bad in
            ["x", "x@", "@y.z", "x@y", "a b@c.d", "x@y.z\r\nBcc: q@r.s", "a@b.c,d@e.f", "a@b@c.d", "a@b..c", "a\"b@c.d"]
        {
            let body = serde_json::json!({ "email": bad }).to_string();
            let read = |f: &Fields| f.email_if_given("email").map(drop);
            assert_eq!(problems(read, &body), ["email must be a mail address"], "{bad:?}");
        }
    }
}
