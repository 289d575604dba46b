//! What each path costs: the calls that were really made, held against the figures that each function documents, and
//! against what its role allows.

mod answers;
mod claims;
mod data;
mod figures;
mod files;
mod grants;
mod hooks;
mod macros;
mod mails;
mod mails_in;
mod moves;
mod parked;
mod tour;
mod users;
mod visits;

use domain::access::Action;
use shell::access::Route;
use std::{path::Path, sync::LazyLock};
use tour::{Steps, tour};
use world::cloud::Call;

/// Step of the tour, function, its calls in order, and the words of its documentation that say so.
type Row = (&'static str, &'static str, &'static str, &'static str);

/// The tour is made once.
static STEPS: LazyLock<Steps> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(tour())
});

const GET: &str = "GetItem";
const CHANGE: &str = "GetItem TransactWriteItems";
const BATCH: &str = "BatchGetItem TransactWriteItems";
const SENT: &str = "BatchGetItem TransactWriteItems SendRawEmail PutItem";
const ANSWERABLE: &str = "BatchGetItem TransactWriteItems SendRawEmail TransactWriteItems";
const RELAYED: &str = "SendMessageBatch BatchWriteItem";

const TABLE: &[Row] = &[
    ("seller registered", "marketplace-intake", CHANGE, "| seller registered, changed | 1 `GetItem` |"),
    (
        "seller registered",
        "outbox-relay",
        RELAYED,
        "per ten entries of one queue one `SendMessageBatch`, per 25 one `BatchWriteItem`",
    ),
    (
        "seller registered",
        "notice-sender",
        SENT,
        "one read (what it has come to, and who reads it), one transaction that freezes the mail unless its address is \
         suppressed, one mail, one write",
    ),
    ("seller changed", "marketplace-intake", CHANGE, "| seller registered, changed | 1 `GetItem` |"),
    (
        "order placed",
        "marketplace-intake",
        BATCH,
        "| order placed | 1 `BatchGetItem` of its sellers and their return policies",
    ),
    (
        "25 units shipped",
        "marketplace-intake",
        CHANGE,
        "| shipment confirmed | 1 `GetItem` (1 more for a quarter that is over) |",
    ),
    (
        "90 units shipped",
        "marketplace-intake",
        CHANGE,
        "| shipment confirmed | 1 `GetItem` (1 more for a quarter that is over) |",
    ),
    ("carrier scanned", "marketplace-intake", CHANGE, "| carrier scanned | 1 `GetItem` |"),
    ("enrollment read", "enrollment-api", GET, "a read is one `GetItem`"),
    (
        "preview read",
        "enrollment-api",
        "GetItem Query Query Query",
        "A preview is at one time one `GetItem`, one query of the index of live inquiries, and two of the ledger for the \
         forecast",
    ),
    ("order read", "enrollment-api", GET, "a read is one `GetItem`"),
    ("opt-out", "enrollment-api", CHANGE, "A change is one `GetItem` and one transaction"),
    ("opt-in", "enrollment-api", CHANGE, "A change is one `GetItem` and one transaction"),
    ("opt-in again", "enrollment-api", CHANGE, "one transaction, also where it changes nothing"),
    ("terms refused", "enrollment-api", "GetItem GetItem", "refusal is two `GetItem`s"),
    (
        "contact taken",
        "contact-api",
        BATCH,
        "one `BatchGetItem` (order, and whether the contact is known) and one transaction",
    ),
    (
        "contact taken",
        "contact-router",
        BATCH,
        "one `BatchGetItem` (order, thread, inquiry of the issue) and one transaction",
    ),
    ("contact read", "contact-api", GET, "to look one up, one `GetItem`"),
    (
        "transfer taken",
        "transfer-api",
        "BatchGetItem GetItem TransactWriteItems",
        "one `BatchGetItem` (every order that its text may name), one `GetItem` (whether it is known) and one transaction",
    ),
    ("transfer taken", "contact-router", BATCH, "one `BatchGetItem` (order, thread, inquiry of the issue)"),
    (
        "transfer known",
        "transfer-api",
        "BatchGetItem GetItem TransactWriteItems",
        "one `BatchGetItem` (every order that its text may name), one `GetItem` (whether it is known) and one transaction",
    ),
    ("transfer of no order", "transfer-api", GET, "a refusal is one `GetItem` more"),
    (
        "transfer read",
        "transfer-api",
        "GetItem GetItem",
        "To look one up, one `GetItem`, and one more for where it went",
    ),
    ("contact before any order", "contact-router", "TransactWriteItems", "A question before any order needs no read."),
    (
        "contact continued by another issue",
        "contact-router",
        "BatchGetItem GetItem TransactWriteItems",
        "one `GetItem` more where the contact continues one about another issue",
    ),
    ("queue read", "desk-api", "Query Query Query Query", "the queue is one query per shard"),
    (
        "inquiry read",
        "desk-api",
        "Query Query Query BatchGetItem",
        "an inquiry is three queries at one time (events, answers, notes) and one `BatchGetItem` (order, what was given, words, transfers, requests, mails of answers, and where the issue is the product what the catalogue says)",
    ),
    (
        "inquiry about the product read",
        "desk-api",
        "Query Query Query BatchGetItem",
        "and where the issue is the product what the catalogue says",
    ),
    (
        "seller asked for what the catalogue lacks",
        "desk-api",
        "Query GetItem BatchGetItem TransactWriteItems",
        "a question that names what the catalogue lacks reads the order too",
    ),
    ("product described", "marketplace-intake", CHANGE, "| product described | 1 `GetItem` |"),
    (
        "seller asked",
        "desk-api",
        "Query GetItem TransactWriteItems",
        "each change finds the inquiry by one query and one `GetItem` and is one transaction",
    ),
    (
        "answer",
        "desk-api",
        "Query GetItem TransactWriteItems",
        "each change finds the inquiry by one query and one `GetItem` and is one transaction",
    ),
    (
        "decision",
        "desk-api",
        "Query GetItem BatchGetItem TransactWriteItems",
        "a decision reads the order, what was given for it, the seller and the request too, in one `BatchGetItem`",
    ),
    (
        "topic chosen",
        "desk-api",
        "Query GetItem BatchGetItem Query GetItem GetItem TransactWriteItems",
        "the inquiry's events in one query, and two `GetItem`s for each contact that opened it",
    ),
    (
        "topic chosen of a live issue",
        "desk-api",
        "Query GetItem BatchGetItem Query GetItem GetItem TransactWriteItems",
        "reads thread and latest inquiry of the topic's issue, in one `BatchGetItem`",
    ),
    ("contact without a topic", "contact-api", BATCH, "and one transaction"),
    ("policy read", "return-policy-api", GET, "a read is one `GetItem`"),
    ("policy drafted", "return-policy-api", CHANGE, "A change is one `GetItem` and one transaction"),
    ("policy refused", "return-policy-api", "GetItem GetItem", "refusal is two `GetItem`s"),
    ("policy submitted", "return-policy-api", CHANGE, "A change is one `GetItem` and one transaction"),
    ("policy seen", "desk-api", GET, "A seller's return policy is one `GetItem`"),
    ("policy approved", "desk-api", CHANGE, "verdict on it one transaction more"),
    ("decisions read", "case-log-api", "Query", "a page of a list is one query of the index for it"),
    ("decision read", "case-log-api", GET, "one request or decision is one `GetItem`"),
    ("refund issued", "marketplace-intake", BATCH, "| refund issued | 1 `BatchGetItem`"),
    ("return received", "marketplace-intake", BATCH, "| return received | 1 `BatchGetItem`"),
    ("case log read", "case-log-api", "Query", "a page of a list is one query of the index for it"),
    ("view read", "case-log-api", "Query", "a page of a list is one query of the index for it"),
    ("order searched", "case-log-api", "Query", "a page of a list is one query of the index for it"),
    ("case searched", "case-log-api", "Query", "a page of a list is one query of the index for it"),
    ("request read", "case-log-api", GET, "one request or decision is one `GetItem`"),
    (
        "reply",
        "case-log-api",
        "GetItem GetItem TransactWriteItems",
        "a reply is two `GetItem`s (the request, then the inquiry it names) and one transaction",
    ),
    ("seller took over", "marketplace-intake", BATCH, "| seller contacted customer | 1 `BatchGetItem`"),
    (
        "seller took over what is filed elsewhere",
        "marketplace-intake",
        "BatchGetItem GetItem TransactWriteItems",
        "| seller contacted customer | 1 `BatchGetItem` (1 `GetItem` more where the issue is filed elsewhere, and 1 where the \
         seller is being asked) |",
    ),
    ("reminder", "sla-clock", CHANGE, "| reminder | 1 `GetItem` |"),
    (
        "expiry",
        "sla-clock",
        "GetItem BatchGetItem TransactWriteItems",
        "| request expired | 1 `GetItem`, 1 `BatchGetItem` (order, inquiry, what was given, seller) |",
    ),
    (
        "return without a way",
        "sla-clock",
        "GetItem BatchGetItem TransactWriteItems",
        "| no way back | 1 `GetItem`, 1 `BatchGetItem` (order, inquiry, seller, the order's thread) where none was named |",
    ),
    (
        "way back named",
        "case-log-api",
        "GetItem GetItem TransactWriteItems",
        "a way back is two `GetItem`s (the decision, then what was given for its order) and one transaction",
    ),
    (
        "way back waived",
        "case-log-api",
        "GetItem GetItem TransactWriteItems",
        "a way back is two `GetItem`s (the decision, then what was given for its order) and one transaction",
    ),
    (
        "refund overdue",
        "sla-clock",
        "GetItem BatchGetItem TransactWriteItems",
        "| refund due | 1 `GetItem`, 1 `BatchGetItem` (inquiries, the order's thread) where it is overdue |",
    ),
    ("trial ending", "sla-clock", CHANGE, "| trial ending | 1 `GetItem` |"),
    ("survey due", "sla-clock", BATCH, "| survey | 1 `BatchGetItem` (inquiry, survey) |"),
    (
        "survey due",
        "notice-sender",
        ANSWERABLE,
        "where it may be answered, that is a transaction with the name by which it is found then",
    ),
    (
        "survey looked at",
        "survey-api",
        "GetItem GetItem GetItem",
        "a look is two `GetItem`s (survey, inquiry), and the first one of a process a third for the keys of links",
    ),
    ("survey forged", "survey-api", GET, "a forged link is the one read of the keys"),
    (
        "survey answered",
        "survey-api",
        "GetItem GetItem TransactWriteItems",
        "an answer is the same and one transaction",
    ),
    ("survey answered again", "survey-api", "GetItem GetItem GetItem", "a refusal is one `GetItem` more"),
    (
        "quarter measured",
        "fee-statement",
        "GetItem Query Query GetItem TransactWriteItems",
        "one query of what the quarter before left over and one read of the seller; one transaction",
    ),
    (
        "quarter closed",
        "fee-statement",
        "GetItem Query TransactWriteItems",
        "one read of the head; one query of the quarter (a page more per megabyte)",
    ),
    (
        "late units",
        "marketplace-intake",
        "GetItem GetItem TransactWriteItems",
        "| shipment confirmed | 1 `GetItem` (1 more for a quarter that is over) |",
    ),
    (
        "late contact",
        "contact-router",
        "BatchGetItem GetItem TransactWriteItems",
        "or came in a quarter that is over by now",
    ),
    ("statement read", "statement-api", "Query", "A draft is one query of the quarter (a page more per megabyte)"),
    ("final statement read", "statement-api", "BatchGetItem", "a final statement is one `BatchGetItem`"),
    (
        "dispute of a contact",
        "dispute-api",
        BATCH,
        "filing is one `BatchGetItem` (statement, thing, and whether it is disputed) and one transaction",
    ),
    (
        "dispute of a late unit",
        "dispute-api",
        "BatchGetItem GetItem GetItem",
        "one `GetItem` more for a unit that shipped in an earlier quarter",
    ),
    ("dispute again", "dispute-api", "BatchGetItem GetItem", "a refusal is one `GetItem` more"),
    ("disputes read", "dispute-api", "Query", "a list is one query"),
    ("open disputes read", "dispute-desk", "Query", "a list is one query"),
    ("dispute decided again", "dispute-desk", "GetItem GetItem", "a refusal is one `GetItem` more"),
    ("dispute accepted", "dispute-desk", CHANGE, "a decision is one `GetItem` and one transaction"),
    ("units read", "statement-api", "Query GetItem", "so is each page of what stands behind any statement"),
    ("contacts read", "statement-api", "Query", "so is each page of what stands behind any statement"),
    (
        "forecast read",
        "statement-api",
        "Query Query",
        "A forecast is two queries at one time (of the quarter, and of what the one before left to it)",
    ),
    (
        "statement with late units",
        "statement-api",
        "Query GetItem",
        "one read more for each earlier quarter whose units came late",
    ),
    ("known unit shipped again", "marketplace-intake", CHANGE, "One that changes nothing leaves its mark too"),
];

/// Before a request of a seller is anything else, the edge reads who the seller's users are: one `GetItem`, as
/// `shell/src/access.rs` documents.
fn asks_who_its_users_are(function: &str) -> bool {
    let of_seller = |route: &Route| matches!(route.action, Action::Seller(..) | Action::User | Action::Primary);
    world::functions::routes(function).iter().any(of_seller)
}

/// Before a change of a seller, the edge takes a place of the seller's bucket: one `UpdateItem`, as
/// `shell/src/http/pace.rs` documents.
fn takes_a_place(step: &str, own: &str) -> bool {
    own.contains("TransactWriteItems") || REFUSED_CHANGES.contains(&step)
}

/// Steps in which a seller asks for a change that is refused.
const REFUSED_CHANGES: [&str; 7] = [
    "claim filed again",
    "dispute again",
    "dispute of a late unit",
    "invitation refused",
    "policy refused",
    "terms refused",
    "transfer of no order",
];

fn code(function: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../functions").join(function).join("src/lib.rs");
    std::fs::read_to_string(path).unwrap()
}

/// The documentation of a function, as running text.
fn documented(function: &str) -> String {
    let lines = code(function);
    let lines = lines
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("//").map(|line| line.trim_start_matches(['!', '/'])));
    lines.map(str::trim).collect::<Vec<_>>().join(" ")
}

fn operations(calls: &[Call], function: &str) -> String {
    let own = calls.iter().filter(|call| call.function == function);
    own.map(|call| call.operation.as_str()).collect::<Vec<_>>().join(" ")
}

#[test]
fn every_path_makes_the_calls_that_its_function_documents_and_no_more() {
    let steps = &*STEPS;
    let mut wrong = Vec::new();
    let tables = [
        TABLE,
        answers::TABLE,
        claims::TABLE,
        data::TABLE,
        figures::TABLE,
        files::TABLE,
        hooks::TABLE,
        macros::TABLE,
        mails::TABLE,
        mails_in::TABLE,
        moves::TABLE,
        parked::TABLE,
        users::TABLE,
    ];
    let asked = tables.into_iter().flatten().map(|row| (row, asks_who_its_users_are(row.1)));
    for (row, asks) in asked.chain(users::LINKED.iter().chain(mails::LINKED).map(|row| (row, false))) {
        let (step, function, own, words) = *row;
        // Steps of one moment find the seller's bucket not full.
        let made = operations(&steps[step], function).replace("UpdateItem UpdateItem", "UpdateItem");
        let expected = match (asks, takes_a_place(step, own)) {
            (true, true) => format!("{GET} UpdateItem {own}"),
            (true, false) => format!("{GET} {own}"),
            (false, _) => own.to_owned(),
        };
        if made != expected {
            wrong.push(format!("{step}: {function} made {made}, not {expected}"));
        }
        if !documented(function).contains(words) {
            wrong.push(format!("{function} does not document: {words}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_sweep_and_a_rollup_that_find_nothing_due_are_one_query_per_shard_and_no_write() {
    let steps = &*STEPS;
    for (step, function) in [("nothing due to sweep", "sla-sweep"), ("nothing due to roll up", "ledger-rollup")] {
        assert_eq!(operations(&steps[step], function), ["Query"; 16].join(" "));
        assert_eq!(steps[step].len(), 16, "and nobody else was called");
    }
}

#[test]
fn what_is_due_leaves_ten_a_call() {
    let steps = &*STEPS;
    let mut due = operations(&steps["swept by the sweep"], "sla-sweep");
    assert_eq!(due.matches("Query").count(), 16);
    due = due.replace("Query", "");
    assert_eq!(due.split_whitespace().collect::<Vec<_>>(), RELAYED.split(' ').collect::<Vec<_>>(), "one entry was due");
}
