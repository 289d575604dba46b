//! Kinds of damage, each as a restore of half a transaction, a bug or a hand would leave it: its name, the invariant
//! that it breaks, what the finding must speak of, and how it is done. Each gives the place that must be found.

use super::{
    hand::{copy, dispute, find, inquiry, item, liken, lose, place, request, say, set, shift, strip, survey},
    left::Items,
};
use serde_json::json;

/// One kind of damage.
pub type Damage = (&'static str, &'static str, &'static str, fn(&mut Items) -> String);

const SELLER: (&str, &str, &str) = ("SellersTable", "US#s1", "SELLER");
const LEFT: (&str, &str, &str) = ("SellersTable", "US#s1", "SELLER#EVENT#0000000002#00");
const CAME_BACK: (&str, &str, &str) = ("SellersTable", "US#s1", "SELLER#EVENT#0000000003#00");
pub const O1: (&str, &str, &str) = ("OrdersTable", "US#o1", "ORDER");
const SILENT: (&str, &str, &str) = ("InquiriesTable", "US#CONTACT#k-silent", "ROUTE");
pub const UNIT: (&str, &str, &str) = ("LedgerTable", "US#s1#2026Q3", "UNIT#o1#1#1");
const PACKAGE: (&str, &str, &str) = ("LedgerTable", "US#s1#2026Q3", "PACKAGE#o1#p-o1");
pub const HEAD_Q4: (&str, &str, &str) = ("LedgerTable", "US#s1#2026Q4", "HEAD");
const FINAL: (&str, &str, &str) = ("LedgerTable", "US#s1#2026Q4", "STATEMENT");
const DIGEST: &str = "/state/M/whole/M/digest";
const GIVEN: (&str, &str, &str) = ("RequestsTable", "US#s1", "REMEDIES#o5");
const NOBODY: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Of sellers, orders, inquiries and requests.
pub const OF_PEOPLE: &[Damage] = &[
    ("a period that begins before the last one ends", "E1", "before the one before ends", |items| {
        say(items, CAME_BACK, "/state/M/event/M/starts_at", "2026-08-10T00:00:00Z");
        say(items, SELLER, "/state/M/periods/L/1/M/starts_at", "2026-08-10T00:00:00Z")
    }),
    ("a second open period", "E1", "is open, and another follows", |items| {
        set(items, SELLER, "/state/M/periods/L/0/M/ended", json!({ "NULL": true }))
    }),
    ("a period that ends before it begins", "E1", "before it starts", |items| {
        say(items, SELLER, "/state/M/periods/L/0/M/ended/M/at", "2026-08-01T00:00:00Z")
    }),
    ("a seller's event missing", "E1", "is missing", |items| {
        lose(items, LEFT);
        place(CAME_BACK)
    }),
    ("a seller's last event missing", "E1", "changed 3 times", |items| {
        lose(items, CAME_BACK);
        place(SELLER)
    }),
    ("an event once more under a later version", "E1", "tell of 4 changes", |items| {
        copy(items, CAME_BACK, ("US#s1", "SELLER#EVENT#0000000004#00"));
        place(SELLER)
    }),
    ("an account without its last change", "E1", "not what its events tell", |items| {
        set(items, SELLER, "/state/M/facts/M/plan", json!({ "S": "individual" }))
    }),
    ("a start an hour and more after opting in", "E2", "not within the hour", |items| {
        say(items, SELLER, "/state/M/periods/L/1/M/starts_at", "2026-08-19T18:51:00Z");
        say(items, CAME_BACK, "/state/M/event/M/starts_at", "2026-08-19T18:51:00Z")
    }),
    ("enrolled by default twice", "E6", "2 times", |items| {
        say(items, CAME_BACK, "/state/M/event/M/by", "by_default");
        say(items, SELLER, "/state/M/periods/L/1/M/opened_by", "by_default")
    }),
    ("a line covered that is not", "E3", "FulfilledByStore", |items| {
        let covered = item(items, O1)["state"]["M"]["lines"]["L"][0]["M"]["coverage"].clone();
        set(items, ("OrdersTable", "US#o-store", "ORDER"), "/state/M/lines/L/0/M/coverage", covered)
    }),
    ("the trial moved by a day", "E4", "says the trial of s1 ends", |items| {
        say(items, O1, "/state/M/lines/L/0/M/coverage/M/trial_ends_at", "2026-11-02T16:14:00Z")
    }),
    ("a change by a person that the audit does not tell of", "A1", "the audit does not say so", |items| {
        let (pk, sk) = find(items, "AuditTable", |_, sk, _| sk.ends_with("#RETURN_POLICY"));
        let cause = sk.split('#').nth(1).unwrap().to_owned();
        lose(items, ("AuditTable", &pk, &sk));
        let is_it = |sk: &str, state: &serde_json::Value| {
            sk.starts_with("RETURN_POLICY#EVENT#") && state["cause"]["S"] == cause.as_str()
        };
        let (pk, sk) = find(items, "SellersTable", |_, sk, state| is_it(sk, state));
        place(("SellersTable", &pk, &sk))
    }),
    ("a row of the audit that tells of nothing", "A1", "a change that is not there", |items| {
        let (pk, sk) = find(items, "AuditTable", |_, sk, _| sk.ends_with("#SELLER"));
        let other = sk.replace("#SELLER", "#RETURN_POLICY");
        copy(items, ("AuditTable", &pk, &sk), (&pk, &other));
        say(items, ("AuditTable", &pk, &other), "/state/M/thing", "RETURN_POLICY")
    }),
    ("a policy without its last change", "P2", "not what its events tell", |items| {
        set(items, ("SellersTable", "US#s1", "RETURN_POLICY"), "/state/M/approved", json!({ "L": [] }))
    }),
    ("a policy's event missing", "P2", "is missing", |items| {
        lose(items, ("SellersTable", "US#s1", "RETURN_POLICY#EVENT#0000000002#00"));
        place(("SellersTable", "US#s1", "RETURN_POLICY#EVENT#0000000003#00"))
    }),
    ("a policy missing", "P2", "that is not there", |items| {
        lose(items, ("SellersTable", "US#s1", "RETURN_POLICY"));
        place(("SellersTable", "US#s1", "RETURN_POLICY#EVENT#0000000001#00"))
    }),
    ("an order without the policy in force", "P3", "not the one in force", |items| {
        set(items, ("OrdersTable", "US#dear", "ORDER"), "/state/M/policies", json!({ "M": {} }))
    }),
    ("an account missing", "E3", "seller s2 of item 1 is not there", |items| {
        lose(items, ("SellersTable", "US#s2", "SELLER"));
        place(("OrdersTable", "US#p1", "ORDER"))
    }),
    ("a mark without its routing record", "R1", "no record says where to", |items| {
        lose(items, ("InquiriesTable", "US#CONTACT#k-before", "ROUTE"));
        place(("OnceTable", "contact-router#US#k-before", "ONCE"))
    }),
    ("a contact of an inquiry without its routing record", "R1", "no record says where it went", |items| {
        lose(items, SILENT)
    }),
    ("a contact in two inquiries", "R1", "part of 2 inquiries", |items| {
        let pk = inquiry(items, "k-safety");
        say(items, ("InquiriesTable", &pk, "INQUIRY#EVENT#0000000004#00"), "/state/M/event/M/contact", "k-silent");
        place(SILENT)
    }),
    ("a contact that points to another inquiry", "R1", "by its events it is part of", |items| {
        let other = item(items, ("InquiriesTable", "US#CONTACT#k-taken", "ROUTE"))["state"]["M"]["inquiry"].clone();
        set(items, SILENT, "/state/M/inquiry", other)
    }),
    ("an inquiry deleted", "R1", "an inquiry that is not there", |items| {
        let pk = inquiry(items, "k-silent");
        lose(items, ("InquiriesTable", "US#o1", "s1#delivery"));
        place(("InquiriesTable", &pk, "INQUIRY#EVENT#0000000001#00"))
    }),
    ("the event that opened an inquiry missing", "R1", "opened the inquiry is missing", |items| {
        let pk = inquiry(items, "k-taken");
        lose(items, ("InquiriesTable", &pk, "INQUIRY#EVENT#0000000001#00"));
        place(("InquiriesTable", &pk, "INQUIRY#EVENT#0000000002#00"))
    }),
    ("an event in the middle of an inquiry missing", "R1", "is missing", |items| {
        let pk = inquiry(items, "k-taken");
        lose(items, ("InquiriesTable", &pk, "INQUIRY#EVENT#0000000002#00"));
        place(("InquiriesTable", &pk, "INQUIRY#EVENT#0000000003#00"))
    }),
    ("an inquiry set back", "R1", "not what its events tell", |items| {
        let at = ("InquiriesTable", "US#o1", "s1#delivery");
        set(items, at, "/state/M/status", json!({ "M": { "status": { "S": "working" }, "associate": { "S": "mei" } } }))
    }),
    ("the inquiry before it about the same issue missing", "R1", "what came before it", |items| {
        let (first, second) = (inquiry(items, "k-answered"), inquiry(items, "k-again"));
        items.retain(|(_, item)| item["pk"]["S"] != first.as_str());
        place(("InquiriesTable", &second, "INQUIRY#EVENT#0000000008#00"))
    }),
    ("a hand-over that its seller cannot read", "INQ-1", "nothing says so there", |items| {
        let (pk, sk) = find(items, "RequestsTable", |pk, _, _| pk.ends_with("#HANDED_OVER"));
        lose(items, ("RequestsTable", &pk, &sk));
        place(("InquiriesTable", &inquiry(items, "k-taken"), "INQUIRY#EVENT#0000000001#00"))
    }),
    ("a hand-over for another reason", "INQ-1", "does not tell that it was handed over so", |items| {
        let (pk, sk) = find(items, "RequestsTable", |pk, _, _| pk.ends_with("#HANDED_OVER"));
        say(items, ("RequestsTable", &pk, &sk), "/state/M/reason", "invoice")
    }),
    ("the clock of a resolution lost", "X3", "will say when it is over", |items| {
        let id = inquiry(items, "k-open").replace("US#INQUIRY#", "");
        items.retain(|(_, item)| !item["pk"]["S"].as_str().unwrap().starts_with(&format!("ENTRY#resolution#{id}#")));
        place(("InquiriesTable", "US#dear", "s1#product"))
    }),
    ("a place among what runs out of time that it has not", "S6", "those whose time runs out", |items| {
        let at = ("InquiriesTable", "US#dear", "s1#product");
        item(items, at)["escalated_key"] = json!({ "S": "US" });
        place(at)
    }),
    ("words of a contact that went nowhere", "R3", "waits nowhere", |items| {
        lose(items, ("InquiriesTable", "US#CONTACT#k-before", "ROUTE"));
        lose(items, ("OnceTable", "contact-router#US#k-before", "ONCE"));
        place(("ConversationsTable", "US#CONTACT#k-before", "WORDS"))
    }),
    ("a transfer that went nowhere", "R3", "waits nowhere", |items| {
        let (pk, sk) = find(items, "RequestsTable", |_, sk, _| sk.starts_with("TRANSFER#"));
        let contact = format!("US#CONTACT#{}", sk.trim_start_matches("TRANSFER#"));
        lose(items, ("InquiriesTable", &contact, "ROUTE"));
        place(("RequestsTable", &pk, &sk))
    }),
    ("a transfer about what somebody else sells", "RTE-8", "sells nothing in order p1", |items| {
        let (pk, sk) = find(items, "RequestsTable", |_, sk, _| sk.starts_with("TRANSFER#"));
        say(items, ("RequestsTable", &pk, &sk), "/state/M/order", "p1")
    }),
    ("a customer's contact that is said to be handed over", "F1", "fee-4.transferred does not hold", |items| {
        let contact = ("LedgerTable", "US#s1#2026Q3", "CONTACT#k-silent");
        say(items, contact, "/state/M/entry/M/counts", "fee-4.transferred")
    }),
    ("an invoice that is ours", "R4", "invoice is never ours", |items| say(items, SILENT, "/state/M/topic", "invoice")),
    ("a takeover that the thread forgot", "R5", "the thread of the order does not know", |items| {
        set(items, ("InquiriesTable", "US#o4", "s1#THREAD"), "/state/M/taken_over", json!({ "L": [] }));
        place(("InquiriesTable", "US#o4", "s1#delivery"))
    }),
    ("an open inquiry that stands in no queue", "S6", "queue of the associates", |items| {
        strip(items, ("InquiriesTable", "US#o3", "s1#product"), "queue_key")
    }),
    ("an open inquiry that its seller does not find", "S6", "open ones of its seller", |items| {
        strip(items, ("InquiriesTable", "US#o3", "s1#product"), "seller_rank")
    }),
    ("an answer without its score", "D2", "figures know nothing of it", |items| {
        let [(pk, sk), score] = survey(items);
        lose(items, ("LedgerTable", &score.0, &score.1));
        place(("InquiriesTable", &pk, &sk))
    }),
    ("another score than was given", "D2", "its cause says", |items| {
        let [_, score] = survey(items);
        set(items, ("LedgerTable", &score.0, &score.1), "/state/M/rating", json!({ "N": "5" }))
    }),
    ("a score on another day", "D2", "it is told on", |items| {
        let [_, score] = survey(items);
        let other = score.1.replacen("#2026-08-", "#2026-09-", 1);
        copy(items, ("LedgerTable", &score.0, &score.1), (&score.0, &other))
    }),
    ("a survey without its last change", "D1", "not what its events tell", |items| {
        let [(pk, sk), _] = survey(items);
        set(items, ("InquiriesTable", &pk, &sk), "/state/M/stage", json!({ "S": "asked" }))
    }),
    ("a survey that is gone", "D1", "that is not there", |items| {
        let [(pk, sk), _] = survey(items);
        lose(items, ("InquiriesTable", &pk, &sk));
        place(("InquiriesTable", &pk, "SURVEY#EVENT#0000000001#00"))
    }),
    ("a comment where nobody answered", "D1", "nobody answered", |items| {
        let [(pk, _), _] = survey(items);
        copy(items, ("ConversationsTable", &pk, "COMMENT"), (&inquiry(items, "k-open"), "COMMENT"))
    }),
    ("an accepted dispute that nothing takes back", "F1", "0 entries take it back", |items| {
        lose(items, ("LedgerTable", "US#s1#2027Q1", "REVERSAL#UNIT#dear#1#1"));
        let (pk, sk) = dispute(items, "accepted");
        place(("LedgerTable", &pk, &sk))
    }),
    ("a dispute that is gone, and what it took back is not", "F1", "nobody disputed", |items| {
        let (pk, sk) = dispute(items, "accepted");
        lose(items, ("LedgerTable", &pk, &sk));
        place(("LedgerTable", "US#s1#2027Q1", "REVERSAL#UNIT#dear#1#1"))
    }),
    ("a dispute of more than was charged", "F9", "does not say what is disputed", |items| {
        let (pk, sk) = dispute(items, "open");
        set(items, ("LedgerTable", &pk, &sk), "/state/M/disputed/M/rate/M/minor", json!({ "N": "70" }))
    }),
    ("an open dispute that no lead finds", "S6", "among the open disputes", |items| {
        let (pk, sk) = dispute(items, "open");
        strip(items, ("LedgerTable", &pk, &sk), "dispute_key")
    }),
    ("an answer in an inquiry that is not there", "R1", "which is not there", |items| {
        let (pk, sk) = find(items, "ConversationsTable", |_, sk, _| sk.starts_with("ANSWER#"));
        shift(items, ("ConversationsTable", &pk, &sk), ("US#INQUIRY#nowhere", &sk))
    }),
    ("a request expired twice", "S7", "expires once more", |items| {
        let sk = request(items, "o1");
        item(items, ("RequestsTable", "US#s1", &sk))["version"] = json!({ "N": "3" });
        let once = format!("{sk}#EVENT#0000000002#00");
        copy(items, ("RequestsTable", "US#s1", &once), ("US#s1", &format!("{sk}#EVENT#0000000003#00")))
    }),
    ("a request expired after it was answered", "S1", "after it was answered", |items| {
        let (answered, expired) = (request(items, "o3"), format!("{}#EVENT#0000000002#00", request(items, "o1")));
        let later = format!("{answered}#EVENT#0000000003#01");
        copy(items, ("RequestsTable", "US#s1", &expired), ("US#s1", &later))
    }),
    ("a deadline moved by a millisecond", "S5", "not 24 hours", |items| {
        let (sk, at) = (request(items, "dear"), "2027-01-06T09:00:00.001Z");
        let asked = format!("{sk}#EVENT#0000000001#00");
        say(items, ("RequestsTable", "US#s1", &asked), "/state/M/event/M/due_at", at);
        say(items, ("RequestsTable", "US#s1", &sk), "/state/M/due_at", at)
    }),
    ("a request expired before its deadline had passed", "S2", "too early", |items| {
        let (sk, at) = (request(items, "o1"), "2026-08-04T16:20:01Z");
        let expired = format!("{sk}#EVENT#0000000002#00");
        say(items, ("RequestsTable", "US#s1", &expired), "/state/M/event/M/detected_at", at);
        say(items, ("RequestsTable", "US#s1", &sk), "/state/M/progress/M/detected_at", at)
    }),
    ("a late reply called in time", "S4", "wrongly called", |items| {
        let sk = request(items, "o5");
        set(items, ("RequestsTable", "US#s1", &sk), "/state/M/progress/M/reply/M/late", json!({ "BOOL": false }))
    }),
    ("a reply lost from its request", "S1", "not what its events tell", |items| {
        let sk = request(items, "o5");
        set(items, ("RequestsTable", "US#s1", &sk), "/state/M/progress/M/reply", json!({ "NULL": true }))
    }),
    ("a reply lost from its request and its events", "S1", "a reply that is not kept", |items| {
        let sk = request(items, "o3");
        items.retain(|(_, item)| {
            let at = item["sk"]["S"].as_str().unwrap();
            !at.starts_with(&sk) || at == sk || at.ends_with("#0000000001#00")
        });
        let at = ("RequestsTable", "US#s1", sk.as_str());
        item(items, at)["version"] = json!({ "N": "1" });
        set(items, at, "/state/M/decision", json!({ "NULL": true }));
        set(items, at, "/state/M/progress", json!({ "M": { "state": { "S": "awaiting" } } }))
    }),
    ("a request missing", "S1", "asked this, and it is not there", |items| {
        let sk = request(items, "dear");
        items.retain(|(_, item)| !item["sk"]["S"].as_str().unwrap().starts_with(&sk));
        place(("RequestsTable", "US#s1", &sk))
    }),
    ("a request that stands under another deadline", "S6", "under its deadline", |items| {
        let sk = request(items, "dear");
        set(items, ("RequestsTable", "US#s1", &sk), "/due_at", json!({ "N": "1" }))
    }),
    ("a request in the view of another progress", "REQ-7", "not found in its view", |items| {
        let sk = request(items, "dear");
        set(items, ("RequestsTable", "US#s1", &sk), "/view_key", json!({ "S": "US#s1#answered" }))
    }),
    ("a decision missing", "JDG-2", "it is not there", |items| {
        let (pk, sk) = find(items, "RequestsTable", |_, sk, _| sk.starts_with("DECISION#"));
        lose(items, ("RequestsTable", &pk, &sk))
    }),
    ("a decision that its inquiry does not tell of", "JDG-2", "does not tell of", |items| {
        let (pk, sk) = find(items, "RequestsTable", |_, sk, _| sk.starts_with("DECISION#"));
        let place = copy(items, ("RequestsTable", &pk, &sk), (&pk, "DECISION#another"));
        say(items, ("RequestsTable", &pk, "DECISION#another"), "/state/M/id", "another");
        place
    }),
    ("what was given without a decision of it", "P4", "not what its events tell", |items| {
        set(items, GIVEN, "/state/M/decided", json!({ "L": [] }))
    }),
    ("an event of what was given missing", "P4", "is missing", |items| {
        lose(items, ("RequestsTable", "US#s1", "REMEDIES#o5#EVENT#0000000001#00"));
        place(("RequestsTable", "US#s1", "REMEDIES#o5#EVENT#0000000001#01"))
    }),
    ("a decision that its order does not know", "JDG-2", "does not tell the same", |items| {
        set(items, GIVEN, "/state/M/decided", json!({ "L": [] }));
        let (pk, sk) =
            find(items, "RequestsTable", |_, sk, state| sk.starts_with("DECISION#") && state["order"]["S"] == "o5");
        place(("RequestsTable", &pk, &sk))
    }),
    ("more given back than a unit cost", "JDG-2", "was given back", |items| {
        set(items, GIVEN, "/state/M/decided/L/0/M/record/M/units/L/0/M/each/M/minor", json!({ "N": "2501" }))
    }),
    ("a decision with another seller", "P1", "stands with s2", |items| {
        let (pk, sk) = find(items, "RequestsTable", |_, sk, _| sk.starts_with("DECISION#"));
        shift(items, ("RequestsTable", &pk, &sk), ("US#s2", &sk))
    }),
];

/// Of the ledger.
pub const OF_MONEY: &[Damage] = &[
    ("a unit's entry missing", "F1", "stands in no quarter", |items| {
        lose(items, UNIT);
        place(O1)
    }),
    ("an order that forgot its shipment", "F1", "no order says that s1 shipped", |items| {
        set(items, O1, "/state/M/lines/L/0/M/shipped", json!({ "L": [] }));
        place(UNIT)
    }),
    ("a unit twice, the second time in another quarter", "F1", "recorded twice", |items| {
        copy(items, UNIT, ("US#s1#2026Q4", "UNIT#o1#1#1"))
    }),
    ("a unit of another seller", "F1", "is s2's and stands with s1", |items| {
        shift(items, ("LedgerTable", "US#s2#2026Q3", "UNIT#p1#1#1"), ("US#s1#2026Q3", "UNIT#p1#1#1"))
    }),
    ("a free unit made a billed one", "F1", "recorded as Chargeable", |items| {
        say(items, UNIT, "/state/M/entry/M/disposition", "chargeable")
    }),
    ("a billed unit made a free one", "F1", "recorded as Trial", |items| {
        say(items, ("LedgerTable", "US#s1#2026Q4", "UNIT#dear#1#1"), "/state/M/entry/M/disposition", "trial")
    }),
    ("a unit in a parcel that nobody sent", "F1", "no metered parcel", |items| {
        say(items, UNIT, "/state/M/entry/M/shipment", "p-nobody")
    }),
    ("a parcel's entry missing", "F1", "is metered and stands in no quarter", |items| {
        lose(items, PACKAGE);
        place(O1)
    }),
    ("a parcel's scan forgotten in the ledger", "F1", "not what its order says", |items| {
        set(items, PACKAGE, "/state/M/entry/M/scanned_at", json!({ "NULL": true }))
    }),
    ("a contact's entry missing", "F1", "the contact is ours and stands in no quarter", |items| {
        lose(items, ("LedgerTable", "US#s1#2026Q3", "CONTACT#k-silent"));
        place(SILENT)
    }),
    ("a contact counted that joined", "F1", "does not hold for it", |items| {
        let at = ("LedgerTable", "US#s1#2026Q3", "CONTACT#k-joined");
        say(items, at, "/state/M/entry/M/counts", "fee-4.countable")
    }),
    ("an entry in a quarter that was over by then", "F4", "and stands in 2026Q4", |items| {
        shift(items, ("LedgerTable", "US#s1#2027Q1", "CONTACT#k-open"), ("US#s1#2026Q4", "CONTACT#k-open"))
    }),
    ("a statement's total changed by a cent", "F2", "its lines come to 0.50 USD", |items| {
        set(items, FINAL, "/state/M/total/M/minor", json!({ "N": "51" }))
    }),
    ("a statement's units changed", "F3", "says 5 units", |items| {
        set(items, FINAL, "/state/M/units", json!({ "N": "5" }))
    }),
    ("a statement's digest changed", "F3", "not the one that closed", |items| say(items, FINAL, DIGEST, NOBODY)),
    ("a line of a statement changed", "F3", "another statement", |items| {
        set(items, FINAL, "/state/M/whole/M/lines/L/0/M/units", json!({ "N": "5" }))
    }),
    ("a statement's digest and its seal changed", "F3", "another statement", |items| {
        say(items, HEAD_Q4, "/state/M/closed/M/digest", NOBODY);
        say(items, FINAL, DIGEST, NOBODY)
    }),
    ("a statement of a quarter that is not closed", "F4", "which is not closed", |items| {
        set(items, HEAD_Q4, "/state/M/closed", json!({ "NULL": true }));
        place(FINAL)
    }),
    ("a closed quarter without its statement", "F4", "final statement is missing", |items| {
        lose(items, FINAL);
        place(HEAD_Q4)
    }),
    ("an entry added after the quarter was closed", "F3", "68 are recorded", |items| {
        liken(items, O1, "o1", "o6");
        liken(items, UNIT, "o1", "o6");
        liken(items, ("LedgerTable", "US#s1#2026Q3", "UNIT#o1#1#2"), "o1", "o6");
        liken(items, PACKAGE, "o1", "o6");
        place(("LedgerTable", "US#s1#2026Q3", "STATEMENT"))
    }),
    ("the next quarter missing", "F4", "2027Q1 is missing", |items| {
        lose(items, ("LedgerTable", "US#s2#2027Q1", "HEAD"));
        place(("LedgerTable", "US#s2#2026Q4", "HEAD"))
    }),
    ("the first quarter missing", "F4", "first enrolled in 2026Q3", |items| {
        lose(items, ("LedgerTable", "US#s1#2026Q3", "HEAD"));
        place(HEAD_Q4)
    }),
    ("every quarter missing", "F4", "the first quarter is missing", |items| {
        items.retain(|(_, item)| !item["pk"]["S"].as_str().unwrap().starts_with("US#s2#"));
        place(("LedgerTable", "US#s2#2026Q3", "HEAD"))
    }),
    ("a quarter that forgot that it was measured", "F4", "it was not measured", |items| {
        set(items, HEAD_Q4, "/state/M/measured", json!({ "BOOL": false }))
    }),
    ("a measure that its entries do not come to", "F3", "its rate rests on", |items| {
        set(items, HEAD_Q4, "/state/M/measure/M/contacts", json!({ "N": "4" }))
    }),
    ("more scanned parcels measured than there are", "F3", "its rate rests on", |items| {
        set(items, HEAD_Q4, "/state/M/measure/M/packages_scanned", json!({ "N": "2" }))
    }),
    ("a quarter closed as a draft", "F4", "a draft until", |items| {
        say(items, HEAD_Q4, "/state/M/closed/M/at", "2027-01-02T09:00:00Z")
    }),
    ("a quarter that no rollup finds", "S6", "where the rollup looks for", |items| {
        strip(items, ("LedgerTable", "US#s1#2027Q1", "HEAD"), "due_shard")
    }),
    ("a contact that figures do not know", "D2", "figures know nothing of the contact", |items| {
        let (pk, sk) =
            find(items, "LedgerTable", |_, sk, _| sk.ends_with("#CONTACT#k-silent") && sk.starts_with("FACT"));
        lose(items, ("LedgerTable", &pk, &sk));
        place(("LedgerTable", "US#s1#2026Q3", "CONTACT#k-silent"))
    }),
    ("a resolution that figures do not know", "D2", "figures know nothing of it", |items| {
        let (pk, sk) = find(items, "LedgerTable", |_, sk, _| sk.contains("#RESOLVED#"));
        let decision = item(items, ("LedgerTable", &pk, &sk))["state"]["M"]["decision"]["S"].clone();
        lose(items, ("LedgerTable", &pk, &sk));
        let (pk, sk) =
            find(items, "InquiriesTable", |_, _, state| state["event"]["M"]["decision"]["M"]["id"]["S"] == decision);
        place(("InquiriesTable", &pk, &sk))
    }),
    ("a reply that figures take for one in time", "D2", "its cause says", |items| {
        let late = json!({ "M": { "BOOL": true } })["M"].clone();
        let (pk, sk) = find(items, "LedgerTable", |_, sk, state| sk.contains("#REPLIED#") && state["late"] == late);
        set(items, ("LedgerTable", &pk, &sk), "/state/M/late", json!({ "BOOL": false }))
    }),
    ("units that figures count twice", "D2", "its entries to", |items| {
        let (pk, sk) = find(items, "LedgerTable", |pk, sk, _| {
            pk == "US#s1#INSIGHTS" && sk.starts_with("FACT#2026Q3#") && sk.contains("#SHIPPED#")
        });
        set(items, ("LedgerTable", &pk, &sk), "/state/M/covered", json!({ "N": "4" }));
        place(("LedgerTable", "US#s1#2026Q3", "HEAD"))
    }),
    ("a fact that nothing tells of", "D2", "nothing that it could come of", |items| {
        let (pk, sk) = find(items, "LedgerTable", |_, sk, _| sk.contains("#EXPIRED#"));
        let (day, _) = sk.split_once("#EXPIRED#").unwrap();
        let other = format!("{day}#EXPIRED#another");
        copy(items, ("LedgerTable", &pk, &sk), (&pk, &other));
        say(items, ("LedgerTable", &pk, &other), "/state/M/request", "another")
    }),
    ("a fact on another day", "D2", "its cause says", |items| {
        let (pk, sk) = find(items, "LedgerTable", |_, sk, _| sk.contains("#RESOLVED#"));
        let other = sk.replacen("FACT#2026Q3#2026-08", "FACT#2026Q3#2026-09", 1);
        shift(items, ("LedgerTable", &pk, &sk), (&pk, &other))
    }),
    ("a day that nothing says is to be added up", "D2", "is to be added up, and it is not", |items| {
        let (pk, sum) = find(items, "LedgerTable", |pk, sk, _| pk == "US#s1#INSIGHTS" && sk.starts_with("DAY#"));
        lose(items, ("LedgerTable", &pk, &sum));
        let day = format!("{}#", sum.replacen("DAY", "FACT", 1));
        let (pk, sk) = find(items, "LedgerTable", |_, sk, _| sk.starts_with(&day));
        place(("LedgerTable", &pk, &sk))
    }),
    ("a sum that its facts do not come to", "D2", "its facts come to", |items| {
        let (pk, sk) = find(items, "LedgerTable", |_, sk, _| sk.starts_with("DAY#"));
        set(items, ("LedgerTable", &pk, &sk), "/state/M/sum/M/counted", json!({ "N": "99" }))
    }),
    ("a sum that says it has more to add, and that no rollup finds", "S6", "Adding", |items| {
        let (pk, sk) = find(items, "LedgerTable", |_, sk, _| sk.starts_with("DAY#"));
        item(items, ("LedgerTable", &pk, &sk))["state"]["M"]["after"] = json!({ "S": "FACT#" });
        say(items, ("LedgerTable", &pk, &sk), "/state/M/stage", "adding")
    }),
    ("a mark of a day that no rollup finds", "S6", "where the rollup looks", |items| {
        let (pk, sk) = find(items, "LedgerTable", |_, sk, _| sk.starts_with("DUE#"));
        strip(items, ("LedgerTable", &pk, &sk), "due_shard")
    }),
    ("a mark of a day that has no facts", "D2", "a day that has no facts", |items| {
        let (pk, sk) = find(items, "LedgerTable", |_, sk, _| sk.starts_with("DUE#"));
        shift(items, ("LedgerTable", &pk, &sk), ("US#s9#INSIGHTS", &sk))
    }),
    ("a mark that says another day", "P1", "it marks", |items| {
        let (pk, sk) = find(items, "LedgerTable", |_, sk, _| sk.starts_with("DUE#"));
        say(items, ("LedgerTable", &pk, &sk), "/state/M/day", "2026-07-01")
    }),
    ("a foreign fee", "F9", "no possible fee", |items| say(items, FINAL, "/state/M/total/M/currency", "EUR")),
    ("a negative fee", "F9", "no possible fee", |items| {
        set(items, FINAL, "/state/M/total/M/minor", json!({ "N": "-50" }))
    }),
    ("a fee above all that its units can cost", "F9", "no possible fee", |items| {
        set(items, FINAL, "/state/M/total/M/minor", json!({ "N": "281" }))
    }),
];
