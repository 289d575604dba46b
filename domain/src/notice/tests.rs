use super::*;
use crate::{
    fee::BasisPoints,
    testing::{id, monday, utc},
};
use iso_currency::Currency;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// A refund that asks nothing of the seller in time.
pub(crate) fn refunded() -> DecisionFacts {
    let amount = Some(Money::new(99, Currency::USD));
    DecisionFacts { id: Some(id("d")), kind: DecisionKind::RefundFull, amount, return_method_by: None }
}

/// One of each kind.
pub(crate) fn each() -> Vec<NoticeKind> {
    let (order, request, due_at): (OrderId, RequestId, _) = (id("o"), id("r"), monday());
    let decision = refunded();
    let quarter = Quarter::of(monday(), chrono_tz::UTC);
    vec![
        NoticeKind::EnrollmentComplete { starts_at: monday(), trial_ends_at: None, by: Enrolling::OptIn },
        NoticeKind::TrialEnding { ends_at: monday(), days_left: 14 },
        NoticeKind::RequestOpened {
            request: request.clone(),
            order: order.clone(),
            due_at,
            question: QuestionKind::ProductFact,
        },
        NoticeKind::RequestReminder { request: request.clone(), order: order.clone(), due_at, hours_left: 4 },
        NoticeKind::RequestExpired { request, order: order.clone(), effective_at: due_at, decision: None },
        NoticeKind::Decided { order: order.clone(), decision },
        NoticeKind::HandedOver { inquiry: id("q"), order: order.clone(), reason: HandOver::SellerRequested },
        NoticeKind::RatePublished {
            quarter,
            rate: Money::new(10, Currency::USD),
            tier: Some(TierName::UpTo(BasisPoints(500))),
            contacts: 4,
            units: 100,
        },
        NoticeKind::StatementReady {
            quarter,
            units: 3,
            total: Money::new(30, Currency::USD),
            disputable_until: Some(monday()),
        },
        NoticeKind::PolicyDecided { version: 2, reason: Some("Say who pays.".into()) },
        NoticeKind::Invitation { until: monday() },
        NoticeKind::ClaimMoved {
            claim: id("cl"),
            order: order.clone(),
            step: ClaimStep::Denied {
                criterion: Criterion::Evidence,
                reason: "It was not scanned.".into(),
                appeal_until: Some(monday()),
            },
        },
        NoticeKind::Answer { inquiry: id("q"), order: order.clone(), at: monday(), cause: "c".into() },
        NoticeKind::InquiryResolved {
            inquiry: Some(id("q")),
            order: order.clone(),
            decision: DecisionKind::Answer,
            amount: None,
        },
        NoticeKind::Survey { inquiry: id("q"), order: order.clone(), until: monday() },
        NoticeKind::TransferRouted { order, outcome: transfer::Outcome::Taken { case_id: id("q"), arrival: None } },
        NoticeKind::MailNotTaken {
            order: Some(id("o")),
            request: Some(id("r")),
            received_at: Some(monday()),
            cause: Cause::Refused { code: "already_answered".into() },
        },
        NoticeKind::Digest { day: monday().date_naive() },
    ]
}

fn notice(kind: NoticeKind, seller: &str, cause: &[&str]) -> Notice {
    Notice::to_seller(&id("US"), &id(seller), kind, cause)
}

#[test]
fn ntf_3_the_same_cause_is_the_same_mail_whatever_else_it_says() {
    let reminder = |due_at: &str| NoticeKind::RequestReminder {
        request: id("r"),
        order: id("o"),
        due_at: utc(due_at),
        hours_left: 4,
    };
    let first = notice(reminder("2017-06-06T12:00:00Z"), "s", &["r", "4"]);
    let again = notice(reminder("2018-06-06T12:00:00Z"), "s", &["r", "4"]);
    assert_eq!(first.id, again.id);
    let to_customer = |contact: &str| {
        let kind = NoticeKind::Survey { inquiry: id("q"), order: id("o"), until: monday() };
        Notice::to_customer(&id("US"), &id(contact), kind, &["d"]).id
    };
    assert_eq!(to_customer("c"), to_customer("c"));
    assert_ne!(to_customer("c"), to_customer("d"));
}

#[test]
fn ntf_3_another_kind_store_seller_or_cause_is_another_mail() {
    let mut ids = BTreeSet::new();
    let mut mails = 0;
    for store in ["US", "BR"] {
        for seller in ["s", "t"] {
            for kind in each() {
                for cause in [&["a"][..], &["b"], &["a", "b"], &[]] {
                    ids.insert(Notice::to_seller(&id(store), &id(seller), kind.clone(), cause).id);
                    mails += 1;
                }
            }
        }
    }
    assert_eq!(ids.len(), mails);
}

#[test]
fn ntf_1_each_kind_has_a_name_of_its_own_which_is_that_of_its_json() {
    let mut names = BTreeSet::new();
    for kind in each() {
        assert!(names.insert(kind.name()));
        assert_eq!(serde_json::to_value(&kind).unwrap()["notice"], kind.name());
    }
}

#[test]
fn n3_only_what_a_clock_of_the_seller_runs_by_and_an_answer_must_arrive_at_the_risk_of_arriving_twice() {
    let must: Vec<_> = each().iter().filter(|kind| kind.must_arrive()).map(NoticeKind::name).collect();
    assert_eq!(must, ["request_opened", "request_reminder", "request_expired", "answer"]);
    let moved = |step| NoticeKind::ClaimMoved { claim: id("cl"), order: id("o"), step }.must_arrive();
    assert!(moved(ClaimStep::Asked { due_at: monday() }), "the seller's time to answer runs");
    assert!(!moved(ClaimStep::FellSilent { effective_at: monday() }));
    let way_back = DecisionFacts { return_method_by: Some(monday()), ..refunded() };
    assert!(
        NoticeKind::Decided { order: id("o"), decision: way_back }.must_arrive(),
        "its time to name a way back runs"
    );
}

#[test]
fn ntf_1_each_step_of_a_claim_has_the_name_of_its_json() {
    let amount = Money::new(1, Currency::USD);
    let (criterion, reason) = (Criterion::Evidence, String::from("No."));
    for step in [
        ClaimStep::Asked { due_at: monday() },
        ClaimStep::FellSilent { effective_at: monday() },
        ClaimStep::Granted { amount, appeal_until: None },
        ClaimStep::Denied { criterion, reason, appeal_until: None },
    ] {
        assert_eq!(serde_json::to_value(&step).unwrap()["step"], step.name());
    }
}

#[test]
fn a_notice_is_read_back_as_it_was_written() {
    for kind in each() {
        let invited = Notice::to_invited(&id("US"), &id("s"), &id("i"), kind.clone());
        let to_seller = notice(kind.clone(), "s", &["a"]);
        let to_user = to_seller.to_user(&id("s"), &id("u"));
        let to_customer = Notice::to_customer(&id("US"), &id("c"), kind, &["a"]);
        for notice in [to_seller, to_user, to_customer, invited] {
            let text = serde_json::to_string(&notice).unwrap();
            assert_eq!(serde_json::from_str::<Notice>(&text).unwrap(), notice, "{text}");
        }
    }
}

/// As they were kept before notices said more: each is read, and says what it said then.
#[test]
fn a_notice_of_before_is_read() {
    let read = |kind: &str| {
        let text = format!(r#"{{"id":"n","store":"US","to":"seller","seller":"s",{kind}}}"#);
        let notice: Notice = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&notice).unwrap(), text);
        notice.kind
    };
    let decided = read(
        r#""notice":"decided","order":"o","decision":{"kind":"refund_full","amount":{"minor":99,"currency":"USD"}}"#,
    );
    assert_eq!(decided, NoticeKind::Decided { order: id("o"), decision: DecisionFacts { id: None, ..refunded() } });
    let rate = r#""rate":{"minor":10,"currency":"USD"},"contacts":4,"units":100"#;
    let rate = read(&format!(r#""notice":"rate_published","quarter":"2017Q3",{rate}"#));
    assert!(matches!(rate, NoticeKind::RatePublished { tier: None, contacts: 4, .. }), "{rate:?}");
    let total = r#""units":3,"total":{"minor":30,"currency":"USD"}"#;
    let ready = read(&format!(r#""notice":"statement_ready","quarter":"2017Q2",{total}"#));
    assert!(matches!(ready, NoticeKind::StatementReady { disputable_until: None, units: 3, .. }), "{ready:?}");
    for cause in [r#""cause":"no_order""#, r#""cause":"refused","code":"already_answered""#] {
        let not_taken = read(&format!(r#""notice":"mail_not_taken",{cause}"#));
        assert!(
            matches!(not_taken, NoticeKind::MailNotTaken { order: None, request: None, received_at: None, .. }),
            "{not_taken:?}"
        );
    }
    let handed = read(r#""notice":"handed_over","inquiry":"q","order":"o","reason":"seller_requested""#);
    assert_eq!(handed.name(), "handed_over");
}

proptest! {
    #[test]
    fn ntf_3_two_mails_have_one_id_exactly_when_their_causes_are_one(
        a in prop::collection::vec("[a-c]{0,2}", 0..3), b in prop::collection::vec("[a-c]{0,2}", 0..3)
    ) {
        let id = |cause: &[String]| {
            let cause: Vec<&str> = cause.iter().map(String::as_str).collect();
            notice(NoticeKind::TrialEnding { ends_at: monday(), days_left: 3 }, "s", &cause).id
        };
        prop_assert_eq!(id(&a) == id(&b), a == b);
    }
}
