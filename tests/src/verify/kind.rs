//! What an item is, by the key under which it lies.

use domain::ledger::MEASURED_NEXT;
use shell::key::Table;

/// What an item is, by its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Seller,
    SellerEvent,
    Policy,
    PolicyEvent,
    Order,
    Product,
    Thread,
    Inquiry,
    InquiryEvent,
    Survey,
    SurveyEvent,
    Routed,
    Profile,
    Words,
    /// An answer, or the mail that takes it to the customer.
    Answer,
    Note,
    Comment,
    Erasure,
    ErasureEvent,
    Export,
    Request,
    RequestEvent,
    Transfer,
    Decision,
    HandedOver,
    Remedies,
    RemedyEvent,
    Head,
    Statement,
    Row,
    Dispute,
    DisputeEvent,
    Fact,
    DayMark,
    Lacking,
    DaySum,
    Claim,
    ClaimEvent,
    Entry,
    Notice,
    Mailed,
    Hook,
    Suppression,
    DigestLine,
    DigestClosed,
    Marker,
    Parked,
    LinkKeys,
    HookSecrets,
    Session,
    Audited,
    Writer,
    Received,
    Quarantined,
    Spent,
    Bucket,
}

impl Kind {
    /// What lies at this place; `None`: nothing of ours does.
    pub fn at(table: Table, pk: &str, sk: &str) -> Option<Self> {
        match table {
            Table::Sellers if parts(pk).is_some_and(|parts| parts == 2) => match sk {
                "SELLER" => Some(Self::Seller),
                "RETURN_POLICY" => Some(Self::Policy),
                _ if sk.starts_with("RETURN_POLICY#EVENT#") => Some(Self::PolicyEvent),
                _ => sk.starts_with("SELLER#EVENT#").then_some(Self::SellerEvent),
            },
            Table::Sellers if parts(pk).is_some_and(|parts| parts == 3) => {
                (second(pk, "ADDRESS") && !sk.contains('#')).then_some(Self::Writer)
            }
            Table::Orders => match (parts(pk)?, sk) {
                (2, "ORDER") => Some(Self::Order),
                (3, "PRODUCT") => second(pk, "PRODUCT").then_some(Self::Product),
                _ => None,
            },
            Table::Inquiries => match (parts(pk)?, sk) {
                (2, _) => match sk.split_once('#')? {
                    ("", _) => None,
                    (_, "THREAD") => Some(Self::Thread),
                    (_, issue) => (!issue.contains('#')).then_some(Self::Inquiry),
                },
                (3, "ROUTE") => second(pk, "CONTACT").then_some(Self::Routed),
                (3, _) if pk.ends_with("#DESK#ASSOCIATES") => (!sk.contains('#')).then_some(Self::Profile),
                (3, _) if !second(pk, "INQUIRY") => None,
                (3, "SURVEY") => Some(Self::Survey),
                (3, _) if sk.starts_with("SURVEY#EVENT#") => Some(Self::SurveyEvent),
                (3, _) => sk.starts_with("INQUIRY#EVENT#").then_some(Self::InquiryEvent),
                _ => None,
            },
            Table::Conversations => match (parts(pk)?, sk) {
                (3, "WORDS") => second(pk, "CONTACT").then_some(Self::Words),
                (3, "COMMENT") => second(pk, "INQUIRY").then_some(Self::Comment),
                (3, "ERASURE") => second(pk, "CUSTOMER").then_some(Self::Erasure),
                (3, "EXPORT") => second(pk, "EXPORT").then_some(Self::Export),
                (3, _) if sk.starts_with("ERASURE#EVENT#") => second(pk, "CUSTOMER").then_some(Self::ErasureEvent),
                (3, _) if !second(pk, "INQUIRY") => None,
                (3, _) if sk.starts_with("NOTE#") => Some(Self::Note),
                (3, _) => ["ANSWER#", "MAIL#"].iter().any(|p| sk.starts_with(p)).then_some(Self::Answer),
                _ => None,
            },
            Table::Requests if pk.ends_with("#HANDED_OVER") => {
                (parts(pk)? == 3 && sk.split('#').count() == 2).then_some(Self::HandedOver)
            }
            Table::Requests if parts(pk).is_some_and(|parts| parts == 2) => match sk.split_once('#')? {
                ("REQUEST", rest) if !rest.contains('#') => Some(Self::Request),
                ("REQUEST", rest) => rest.contains("#EVENT#").then_some(Self::RequestEvent),
                ("TRANSFER", rest) => (!rest.contains('#')).then_some(Self::Transfer),
                ("DECISION", rest) => (!rest.contains('#')).then_some(Self::Decision),
                ("REMEDIES", rest) if !rest.contains('#') => Some(Self::Remedies),
                ("REMEDIES", rest) => rest.contains("#EVENT#").then_some(Self::RemedyEvent),
                _ => None,
            },
            Table::Ledger if parts(pk).is_some_and(|parts| parts == 3) => match sk {
                "HEAD" => Some(Self::Head),
                "STATEMENT" => Some(Self::Statement),
                _ if pk.ends_with("#INSIGHTS") => match sk.split_once('#')? {
                    ("FACT", _) => Some(Self::Fact),
                    ("DUE", _) => Some(Self::DayMark),
                    ("DAY", _) => Some(Self::DaySum),
                    ("LACKING", rest) => (rest.split('#').count() == 2).then_some(Self::Lacking),
                    _ => None,
                },
                _ if pk.ends_with("#DISPUTES") => {
                    let event = sk.contains("#EVENT#");
                    sk.starts_with("DISPUTE#").then_some(if event { Self::DisputeEvent } else { Self::Dispute })
                }
                _ if pk.ends_with("#CLAIMS") => {
                    let event = sk.contains("#EVENT#");
                    sk.starts_with("CLAIM#").then_some(if event { Self::ClaimEvent } else { Self::Claim })
                }
                _ => {
                    let bare = sk.strip_prefix(MEASURED_NEXT).unwrap_or(sk);
                    ["UNIT#", "CONTACT#", "PACKAGE#", "REVERSAL#", "REIMBURSEMENT#"]
                        .iter()
                        .any(|p| bare.starts_with(p))
                        .then_some(Self::Row)
                }
            },
            Table::Outbox => Self::in_outbox(pk, sk),
            Table::Once => match sk {
                "ONCE" => pk.contains('#').then_some(Self::Marker),
                "MAIL" => pk.starts_with("MAIL#").then_some(Self::Received),
                "BUCKET" => (parts(pk)? == 3 && second(pk, "SELLER")).then_some(Self::Bucket),
                "SPENT" => (parts(pk)? == 3 && (second(pk, "SENDER") || second(pk, "MATTER"))).then_some(Self::Spent),
                _ => pk.ends_with("#QUARANTINE").then_some(Self::Quarantined),
            },
            Table::Parked => Some(Self::Parked),
            Table::Secrets => match (pk, sk) {
                ("LINKS", "KEYS") => Some(Self::LinkKeys),
                ("HOOKS", "SECRETS") => Some(Self::HookSecrets),
                _ => None,
            },
            Table::Sessions => (pk.starts_with("SESSION#") && sk == "SESSION").then_some(Self::Session),
            Table::Audit => (parts(pk)? == 2 && sk.split('#').count() > 2).then_some(Self::Audited),
            Table::Sellers | Table::Requests | Table::Ledger => None,
        }
    }

    fn in_outbox(pk: &str, sk: &str) -> Option<Self> {
        match sk {
            "ENTRY" => pk.starts_with("ENTRY#").then_some(Self::Entry),
            "NOTICE" => pk.starts_with("NOTICE#").then_some(Self::Notice),
            "HOOK" => (parts(pk)? == 3 && second(pk, "HOOK")).then_some(Self::Hook),
            "MAILED" => pk.starts_with("MAILED#").then_some(Self::Mailed),
            "CLOSED" => (pk.starts_with("DIGEST#") && parts(pk)? == 5).then_some(Self::DigestClosed),
            _ if pk.starts_with("DIGEST#") => (parts(pk)? == 5 && sk.starts_with("LINE#")).then_some(Self::DigestLine),
            "SUPPRESSED" => pk.starts_with("ADDRESS#").then_some(Self::Suppression),
            _ => None,
        }
    }
}

/// How many parts a partition has; `None`: one of them is empty.
fn parts(pk: &str) -> Option<usize> {
    let (mut count, mut last) = (1, b'#');
    for byte in pk.bytes() {
        if byte == b'#' {
            if last == b'#' {
                return None;
            }
            count += 1;
        }
        last = byte;
    }
    (last != b'#').then_some(count)
}

/// Whether this is the second part of a partition.
fn second(pk: &str, part: &str) -> bool {
    pk.split('#').nth(1) == Some(part)
}
