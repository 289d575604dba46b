//! What is left of something that was said, once it is erased: that it was said, when and by whom of the store, without a
//! word. It stays readable as what it was.

use domain::at::Instant;
use serde_json::{Map, Value, json};

/// The mark of what is erased.
pub const ERASED_AT: &str = "erased_at";
/// Whatever else is text may be words.
const KEPT: [&str; 6] = ["at", "associate", "language", "kind", "macro", "by"];

/// Whether this is erased.
#[must_use]
pub fn is_erased(said: &Value) -> bool {
    said.get(ERASED_AT).is_some_and(Value::is_string)
}

/// What is left of this.
#[must_use]
pub fn left_of(said: &Value, at: Instant) -> Value {
    let fields = said.as_object().into_iter().flatten();
    let left = fields.map(|(name, value)| {
        let value = match value {
            _ if KEPT.contains(&name.as_str()) => value.clone(),
            _ if name == "email" => Value::Null,
            // By which mail an answer went. What a customer's own mail brought, names of files and the way to them, goes.
            Value::String(_) if name == "mail" => value.clone(),
            Value::String(_) => json!(""),
            Value::Number(_) | Value::Bool(_) => value.clone(),
            Value::Null | Value::Array(_) | Value::Object(_) => Value::Null,
        };
        (name.clone(), value)
    });
    let mark = (ERASED_AT.to_owned(), json!(at));
    Value::Object(left.chain([mark]).collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Comment, MailFile, MailRead, Words};

    fn said(of: &impl serde::Serialize) -> Value {
        serde_json::to_value(of).unwrap()
    }

    #[test]
    fn of_what_is_erased_no_word_and_no_address_is_left_and_it_is_read_as_what_it_was() {
        let at: Instant = "2026-08-03T15:00:00Z".parse().unwrap();
        let words = Words {
            text: "My neighbour Paul".into(),
            email: Some("c@d.e".into()),
            language: "es".into(),
            mail: Some(MailRead {
                object: "4kq".into(),
                message_id: Some("<1@paul.example>".into()),
                files: vec![MailFile {
                    name: "Paul.jpg".into(),
                    media_type: "image/jpeg".into(),
                    bytes: 1,
                    opens: None,
                }],
                marks: Vec::new(),
                folds: vec![(0, 2)],
            }),
            erased_at: None,
        };
        let left = left_of(&said(&words), at);
        assert!(is_erased(&left) && !is_erased(&said(&words)));
        let read: Words = serde_json::from_value(left).unwrap();
        let expected =
            Words { text: String::new(), email: None, language: "es".into(), mail: None, erased_at: Some(at) };
        assert_eq!(read, expected);
        let comment = left_of(&said(&Comment { text: "Paul again".into(), at }), at);
        assert_eq!(serde_json::from_value::<Comment>(comment).unwrap(), Comment { text: String::new(), at });
        let made_of = json!({ "code": "looking_into_it", "effective_from": "2000-01-01", "language": "en" });
        let answer = json!({ "associate": "mei", "at": at, "text": "Dear Ana", "macro": made_of, "mail": "n1",
            "slots": { "name": "Ana" }, "who": "Ana" });
        let left = left_of(&answer, at);
        assert!(!left.to_string().contains("Ana"), "whatever it is called");
        assert_eq!(
            (&left["macro"], &left["associate"], &left["mail"]),
            (&made_of, &json!("mei"), &json!("n1")),
            "who said it, of what it was made, and by which mail it went"
        );
    }

    #[test]
    fn erasing_twice_is_erasing_once() {
        let at: Instant = "2026-08-03T15:00:00Z".parse().unwrap();
        let once = left_of(&json!({ "text": "Paul", "at": at }), at);
        assert_eq!(left_of(&once, at), once);
    }
}
