//! INQ-5: that words which leak are found, wherever it is. That none do is asked in every world of every test.

use crate::stories::told::Told;
use serde_json::json;
use std::sync::Arc;
use world::secrecy::{Secrecy, names_another};

const WORDS: &str = "My neighbour Paul has seen it";

fn listening() -> Secrecy {
    let secrecy = Secrecy::default();
    secrecy.overhear("/v1/stores/US/contacts", &json!({ "message": WORDS }).to_string());
    secrecy
}

#[test]
fn inq_5_words_are_overheard_where_they_come_in_and_found_wherever_else_they_show() {
    let secrecy = listening();
    secrecy.look("here", &format!("he said: {WORDS}."));
    secrecy.look("there", "My neighbour Paul has not seen it");
    assert_eq!(secrecy.leaks(), [format!("here: {WORDS}")]);
    secrecy.forgive();
    for (path, name, overheard) in [
        ("/v1/stores/US/desk/inquiries/i/answer", "message", true),
        ("/v1/stores/US/surveys/t", "comment", true),
        ("/v1/stores/US/desk/inquiries/i/decision", "basis", false),
        ("/v1/stores/US/case-log/r/reply", "message", false),
    ] {
        let secrecy = Secrecy::default();
        secrecy.overhear(path, &json!({ name: WORDS }).to_string());
        secrecy.look("here", WORDS);
        assert_eq!(secrecy.leaks().len(), usize::from(overheard), "{path} {name}");
        secrecy.forgive();
    }
}

#[test]
#[should_panic(expected = "words of a customer have leaked")]
fn inq_5_a_world_in_which_words_have_leaked_fails_its_test() {
    listening().look("a seller's mail", WORDS);
}

#[tokio::test]
async fn inq_5_words_and_addresses_in_the_log_are_found() {
    let secrecy = Arc::new(listening());
    let work = async { tracing::info!(reason = format!("cannot read {WORDS}"), to = "paul@home.example", "handled") };
    secrecy.reading_the_log(work).await;
    assert_eq!(
        secrecy.leaks(),
        [format!("reason in the log: {WORDS}"), "to in the log: the address paul@home.example".into()]
    );
    secrecy.forgive();
}

/// An associate who puts the customer's words into a question to the seller: the one leak that no table can prevent.
#[test]
fn inq_5_words_in_a_question_to_the_seller_are_found_in_its_table_its_answer_and_its_mail() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut told = Told::ordered().await;
        told.wrote("k1", "o1", WORDS).await;
        let inquiry = told.went("k1").await["inquiry_id"].as_str().unwrap().to_owned();
        told.as_associate("POST", &format!("/inquiries/{inquiry}/claim"), json!({})).await;
        let answer = json!({ "message": "We ask your neighbour Paul" });
        told.as_associate("POST", &format!("/inquiries/{inquiry}/answer"), answer).await;
        assert_eq!(told.seen(&inquiry).await["customer"][0]["text"], WORDS, "the desk reads it");
        assert_eq!(told.world.cloud.secrecy.leaks(), Vec::<String>::new());
        let question = json!({ "kind": "free_text", "text": format!("The customer says: {WORDS}") });
        let asked = told.as_associate("POST", &format!("/inquiries/{inquiry}/requests"), question).await;
        told.request(asked.body["request_id"].as_str().unwrap()).await;
        let leaks = told.world.cloud.secrecy.leaks();
        for place in ["TransactWriteItems by desk-api", "the answer to GET /v1/stores/US/case-log"] {
            assert!(leaks.iter().any(|leak| leak.starts_with(place)), "{place}: {leaks:#?}");
        }
        told.world.cloud.secrecy.forgive();
    });
}

/// Tenants: what a seller is answered names no other seller, in whatever story.
#[test]
fn acc_3_a_seller_that_is_told_of_another_is_noticed() {
    assert_eq!(names_another("s1", r#"{"seller_id":"s1"}"#), None);
    assert_eq!(names_another("s1", r#"{"seller_id":"s2"}"#).as_deref(), Some("s2"));
    assert_eq!(names_another("s1", r#"{"email":"s3@sellers.example"}"#).as_deref(), Some("s3"));
}
