//! The one transaction of an event, as it goes over the wire: are these the conditions we think? The whole of it is
//! kept in `snapshots/`; a change there is a change of what is stored, or of what protects it.
//!
//! After a wanted change: `INSTA_UPDATE=always cargo test -p tests writes`, and read the difference.

use crate::stories::{told::Told, users};
use chrono::TimeDelta;
use serde_json::{Map, Value as Json, json};
use std::fmt::Write;
use world::cloud::Call;

const ONCE: &str = "OnceTable";
const OUTBOX: &str = "OutboxTable";
const NEW: &str = "attribute_not_exists(pk)";

async fn told() -> Told {
    let told = Told::ordered().await;
    let _ = told.world.calls();
    told
}

/// The items of the last transaction that a function made since the calls were last asked for.
fn last_transaction(told: &Told, function: &str) -> Vec<Json> {
    last_of(&told.world.calls(), function)
}

fn last_of(calls: &[Call], function: &str) -> Vec<Json> {
    let ours = |call: &&Call| call.function == function && call.operation == "TransactWriteItems";
    let call = calls.iter().rfind(ours).unwrap_or_else(|| panic!("{function} wrote nothing"));
    let body: Json = serde_json::from_str(&call.body).unwrap();
    body["TransactItems"].as_array().unwrap().clone()
}

/// An attribute as plain JSON.
fn plain(attribute: &Json) -> Json {
    let (kind, value) = attribute.as_object().unwrap().iter().next().unwrap();
    match kind.as_str() {
        "N" => serde_json::from_str(value.as_str().unwrap()).unwrap(),
        "M" => value
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| (name.clone(), plain(value)))
            .collect::<Map<_, _>>()
            .into(),
        "L" => value.as_array().unwrap().iter().map(plain).collect(),
        "NULL" => Json::Null,
        _ => value.clone(),
    }
}

/// Digests and causes are 64 characters that nobody reads.
fn redacted(text: &str) -> String {
    let hex = |word: &str| word.len() == 64 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let mut read = String::new();
    for part in text.split_inclusive(|c: char| !c.is_ascii_hexdigit()) {
        let word = part.trim_end_matches(|c: char| !c.is_ascii_hexdigit());
        read += &if hex(word) { part.replace(word, "[digest]") } else { part.to_owned() };
    }
    read
}

/// The transaction, an item after the other: what is expected of it, and what is written.
fn shown(items: &[Json]) -> String {
    let mut text = String::new();
    for item in items {
        let (kind, operation) = item.as_object().unwrap().iter().next().unwrap();
        let key = |name: &str| operation["Item"][name]["S"].as_str().or(operation["Key"][name]["S"].as_str()).unwrap();
        let table = operation["TableName"].as_str().unwrap();
        let condition = operation["ConditionExpression"].as_str().unwrap_or("whatever stands there");
        writeln!(text, "{kind} {table} {} / {}\n  if {condition}", key("pk"), key("sk")).unwrap();
        for (name, value) in operation["ExpressionAttributeValues"].as_object().into_iter().flatten() {
            writeln!(text, "  where {name} = {}", plain(value)).unwrap();
        }
        let item = operation["Item"].as_object().into_iter().flatten();
        for (name, value) in item.filter(|(name, _)| !["pk", "sk"].contains(&name.as_str())) {
            writeln!(text, "  {name}: {}", plain(value)).unwrap();
        }
    }
    redacted(&text)
}

/// The laws of every transaction (design §4): the mark first, then states, events, the outbox, checks; everything but
/// an entry of the outbox and the entry of a parcel that was scanned, which its order guards, is written on a
/// condition; and a refused condition shows what stood there. A mail has no mark: its own state, which is first, says
/// whether it was sent. Why an address is suppressed may be written again, for another mail. Nor has a day that is added up,
/// whose facts leave marks without looking; of those it takes away which it saw.
fn lawful(items: &[Json]) {
    let put = |item: &Json, name: &str| item["Put"][name].clone();
    let place = |item: &Json| item["Put"]["Item"]["sk"]["S"].clone();
    let is_of_a_mail = place(&items[0]) == "NOTICE";
    let begins = |item: &Json, with: &str| place(item).as_str().is_some_and(|place| place.starts_with(with));
    let is_marked = !is_of_a_mail && !begins(&items[0], "DAY#");
    if is_marked {
        assert_eq!(put(&items[0], "TableName"), ONCE, "the mark is first");
        assert_eq!(put(&items[0], "ConditionExpression"), NEW);
    }
    let rank = |item: &Json| match (item["ConditionCheck"].is_null(), item["Put"]["TableName"].as_str()) {
        (false, _) => 4,
        (_, Some(ONCE)) => 0,
        (_, Some(OUTBOX)) if place(item) == "ENTRY" => 3,
        (_, Some("AuditTable")) => 2,
        _ if place(item).as_str().is_some_and(|place| place.contains("#EVENT#")) => 2,
        _ => 1,
    };
    let ranks: Vec<_> = items.iter().map(rank).collect();
    assert!(ranks.is_sorted(), "{ranks:?}");
    assert_eq!(ranks.iter().filter(|rank| **rank == 0).count(), usize::from(is_marked));
    for (item, rank) in items.iter().zip(ranks) {
        if rank == 4 {
            continue;
        }
        if !item["Delete"].is_null() {
            assert_eq!(item["Delete"]["ConditionExpression"], "version = :seen", "{item}");
            assert!(item["Delete"]["Key"]["sk"]["S"].as_str().unwrap().starts_with("DUE#"), "{item}");
            continue;
        }
        assert_eq!(put(item, "ReturnValuesOnConditionCheckFailure"), "ALL_OLD");
        assert_eq!(item["Put"]["Item"]["schema"]["N"] == "1", rank != 3, "{item}");
        match (rank, put(item, "ConditionExpression").as_str()) {
            (1, None) if item["Put"]["Item"]["sk"]["S"].as_str().unwrap().starts_with("PACKAGE#") => {
                assert!(items.iter().any(|other| other["Put"]["TableName"] == "OrdersTable"), "{item}");
            }
            (1, None) if item["Put"]["Item"]["pk"]["S"].as_str().is_some_and(|pk| pk.contains("#ADDRESS#")) => {
                assert!(items.iter().any(|other| place(other) == "SELLER"), "{item}");
            }
            (1, None) if ["SUPPRESSED", "MAILED"].iter().any(|of_a_mail| place(item) == *of_a_mail) => {
                assert!(is_of_a_mail, "{item}");
            }
            (1, None) if begins(item, "DUE#") => {
                assert!(items.iter().any(|other| begins(other, "FACT#")), "{item}");
            }
            (1, Some("version = :seen")) => {
                let number = |value: &Json| value["N"].as_str().unwrap().parse::<u64>().unwrap();
                let seen = number(&item["Put"]["ExpressionAttributeValues"][":seen"]);
                assert_eq!(number(&item["Put"]["Item"]["version"]), seen + 1);
            }
            (3, None) | (0..=2, Some(NEW)) => {}
            other => panic!("{other:?}: {item}"),
        }
    }
}

macro_rules! holds {
    ($name:literal, $items:expr) => {
        let items = $items;
        lawful(&items);
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!($name, shown(&items));
        });
    };
}

#[tokio::test]
async fn rte_9_a_routed_contact_is_its_record_its_thread_its_inquiry_and_its_entry_in_the_ledger() {
    let mut told = told().await;
    told.contact("k1", Some("o1"), "late_delivery").await;
    holds!("a_routed_contact", last_transaction(&told, "contact-router"));
    told.world.pass(TimeDelta::hours(1)).await;
    told.contact("k2", Some("o1"), "lost_in_transit").await;
    holds!("a_contact_that_joins", last_transaction(&told, "contact-router"));
}

#[tokio::test]
async fn inq_5_the_words_of_a_taken_contact_go_to_one_table_and_no_other() {
    let mut told = told().await;
    told.contact("k1", Some("o1"), "late_delivery").await;
    let items = last_transaction(&told, "contact-api");
    for item in &items {
        let words = item.to_string().contains("CANARY");
        assert_eq!(words, item["Put"]["TableName"] == "ConversationsTable", "{item}");
    }
    holds!("a_taken_contact", items);
}

#[tokio::test]
async fn req_1_an_opened_request_leaves_with_its_mail_and_its_four_clocks() {
    let mut told = told().await;
    let inquiry = told.inquiry("k1", "o1", "product_question").await;
    told.asked(&inquiry).await;
    let items = last_transaction(&told, "desk-api");
    assert_eq!(items.iter().filter(|item| item["Put"]["TableName"] == OUTBOX).count(), 5);
    holds!("an_opened_request", items);
}

#[tokio::test]
async fn fee_2_a_metered_shipment_is_its_order_an_entry_for_each_unit_and_one_for_the_parcel() {
    let mut told = told().await;
    told.world.facts([told.shipped("o1")]).await;
    holds!("a_metered_shipment", last_transaction(&told, "marketplace-intake"));
}

#[tokio::test]
async fn fee_10_late_units_are_written_on_the_condition_that_their_quarter_s_head_has_not_moved() {
    let mut told = told().await;
    let shipped = told.shipped("o1");
    told.world.pass_to("2026-10-02T08:00:00Z".parse().unwrap()).await;
    told.world.facts([shipped]).await;
    let items = last_transaction(&told, "marketplace-intake");
    let head = items.iter().find(|item| item["Put"]["Item"]["sk"]["S"] == "HEAD").expect("the head is written too");
    assert_eq!(head["Put"]["ConditionExpression"], "version = :seen");
    let entries = items.iter().filter(|item| item["Put"]["Item"]["sk"]["S"].as_str().unwrap().starts_with("NEXT#"));
    assert_eq!(entries.count(), 3, "two units and a parcel, measured with the next quarter");
    lawful(&items);
}

#[tokio::test]
async fn fee_10_a_closed_quarter_is_its_head_its_statement_and_its_mail() {
    let mut told = told().await;
    told.world.facts([told.shipped("o1")]).await;
    told.world.pass_to("2026-10-01T08:00:00Z".parse().unwrap()).await;
    holds!("a_measured_quarter", last_transaction(&told, "fee-statement"));
    told.world.pass_to("2026-10-05T08:00:00Z".parse().unwrap()).await;
    holds!("a_closed_quarter", last_transaction(&told, "fee-statement"));
}

#[tokio::test]
async fn ins_2_a_day_that_is_added_up_is_its_sum_without_the_marks_that_were_seen() {
    let mut told = told().await;
    told.world.facts([told.shipped("o1")]).await;
    told.contact("k1", Some("o1"), "late_delivery").await;
    told.world.pass(TimeDelta::hours(24)).await;
    holds!("a_day_added_up", last_transaction(&told, "insight-day"));
}

#[tokio::test]
async fn rte_8_a_transfer_is_kept_and_goes_to_be_routed_as_one() {
    let mut told = told().await;
    told.transferred("Order o1 is late, says the customer.").await;
    let calls = told.world.calls();
    holds!("a_transfer", last_of(&calls, "transfer-api"));
    holds!("a_routed_transfer", last_of(&calls, "contact-router"));
}

#[tokio::test]
async fn acc_1_whoever_invites_first_is_named_with_the_invitation_its_audit_and_its_mail() {
    let mut told = told().await;
    let link = users::invited(&mut told, "user-of-s1", json!({ "insights": "view" })).await;
    holds!("an_invited_user", last_transaction(&told, "account-api"));
    assert_eq!(users::taken(&mut told, &link, "bo").await.status, 200);
    holds!("a_taken_invitation", last_transaction(&told, "account-api"));
}

#[tokio::test]
async fn every_transaction_of_a_whole_story_is_lawful() {
    let mut told = told().await;
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    let request = told.asked(&inquiry).await;
    told.world.facts([told.shipped("o1"), told.scanned("o1"), told.took_over("o1", "quality")]).await;
    told.world.pass(TimeDelta::hours(25)).await;
    assert_eq!(told.reply(&request, "Too late.").await.status, 409);
    told.as_seller("POST", "/enrollment/opt-out", json!({})).await;
    told.as_seller("POST", "/enrollment/opt-in", json!({})).await;
    let calls = told.world.calls();
    let transactions: Vec<_> = calls.iter().filter(|call| call.operation == "TransactWriteItems").collect();
    assert!(transactions.len() >= 9, "{}", transactions.len());
    for call in transactions {
        let body: Json = serde_json::from_str(&call.body).unwrap();
        lawful(body["TransactItems"].as_array().unwrap());
    }
}
