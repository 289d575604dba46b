//! What holds for every letter.

mod answers;
mod chinese;
mod wording;

use super::*;
use domain::{
    at::Instant,
    book::Book,
    claim::criteria::Criterion,
    decision::DecisionKind,
    inquiry::HandOver,
    money::Money,
    notice::{ClaimStep, DecisionFacts, NoticeKind},
    question::QuestionKind,
    seller::Enrolling,
};
use std::collections::BTreeSet;

const PORTAL: &str = "https://portal.example";
const SIGNED: &str = "dGhlLW1hYy1hbmQtd2hhdC1pdC1zaWducw";
/// What an associate wrote.
const SAID: &str = "It left on Monday, with UPS & Co.\nLook for <1Z999> there.";

fn utc(text: &str) -> Instant {
    text.parse().unwrap()
}

fn store(id: &str) -> Store {
    Book::shipped().unwrap().store(&id.parse().unwrap()).unwrap().clone()
}

fn usd(amount: &str) -> Money {
    Money::parse(amount, store("US").currency).unwrap()
}

fn to_seller(kind: NoticeKind) -> Notice {
    Notice::to_seller(&"US".parse().unwrap(), &"S-1".parse().unwrap(), kind, &["test"])
}

fn to_customer(decision: DecisionKind, amount: Option<Money>) -> Notice {
    let (inquiry, order) = (Some("6h2b0y5tkz1wq8r4".parse().unwrap()), "702-5551212".parse().unwrap());
    let kind = NoticeKind::InquiryResolved { inquiry, order, decision, amount };
    Notice::to_customer(&"US".parse().unwrap(), &"C-1".parse().unwrap(), kind, &["test"])
}

const LANGUAGES: [SellerLanguage; 2] = [SellerLanguage::En, SellerLanguage::Zh];

fn letter_in(store: &Store, notice: &Notice) -> Letter {
    translated(store, notice, SellerLanguage::En)
}

fn translated(store: &Store, notice: &Notice, language: SellerLanguage) -> Letter {
    let words = if notice.kind.name() == "answer" { SAID } else { "" };
    write(Facts { notice, store, portal: PORTAL, signed: SIGNED, words, language }).unwrap()
}

/// Each notice in each language.
fn every_letter() -> Vec<(Notice, SellerLanguage, Letter)> {
    let store = store("US");
    let both = every_notice().into_iter().flat_map(|notice| LANGUAGES.map(|language| (notice.clone(), language)));
    both.map(|(notice, language)| {
        let letter = translated(&store, &notice, language);
        (notice, language, letter)
    })
    .collect()
}

/// The mail as it is read.
fn whole(notice: &Notice) -> String {
    let letter = letter_in(&store("US"), notice);
    format!("{}\n\n{}", letter.subject, letter.text)
}

/// The same, without what every mail ends with.
fn read(notice: &Notice) -> String {
    let whole = whole(notice);
    whole.split_once("\n\nCustomer Service, United States store\n").unwrap().0.to_owned()
}

fn enrolled(by: Enrolling, trial_ends_at: Option<&str>) -> Notice {
    let starts_at = utc("2026-06-16T21:00:37Z");
    to_seller(NoticeKind::EnrollmentComplete { starts_at, trial_ends_at: trial_ends_at.map(utc), by })
}

fn opened(due_at: &str, question: QuestionKind) -> Notice {
    to_seller(NoticeKind::RequestOpened {
        request: "4k8q2m".parse().unwrap(),
        order: "702-5551212".parse().unwrap(),
        due_at: utc(due_at),
        question,
    })
}

fn reminded(hours_left: i64) -> Notice {
    to_seller(NoticeKind::RequestReminder {
        request: "4k8q2m".parse().unwrap(),
        order: "702-5551212".parse().unwrap(),
        due_at: utc("2026-06-17T21:00:37Z"),
        hours_left,
    })
}

fn expired(decision: Option<DecisionFacts>) -> Notice {
    to_seller(NoticeKind::RequestExpired {
        request: "4k8q2m".parse().unwrap(),
        order: "702-5551212".parse().unwrap(),
        effective_at: utc("2026-06-17T21:00:37Z"),
        decision,
    })
}

fn decided(kind: DecisionKind, amount: Option<Money>) -> Notice {
    to_seller(NoticeKind::Decided { order: "702-5551212".parse().unwrap(), decision: DecisionFacts { kind, amount } })
}

const DECISIONS: [DecisionKind; 8] = [
    DecisionKind::Answer,
    DecisionKind::RefundFull,
    DecisionKind::RefundPartial,
    DecisionKind::RefundReturnless,
    DecisionKind::Replacement,
    DecisionKind::ReturnAuthorised,
    DecisionKind::Cancel,
    DecisionKind::Decline,
];

const QUESTIONS: [QuestionKind; 6] = [
    QuestionKind::ShippingStatus,
    QuestionKind::WarrantyTerms,
    QuestionKind::PartAvailability,
    QuestionKind::ProductFact,
    QuestionKind::ReturnInstructions,
    QuestionKind::FreeText,
];

fn rate() -> Notice {
    let quarter = "2026Q3".parse().unwrap();
    to_seller(NoticeKind::RatePublished { quarter, rate: usd("0.25"), contacts: 7, units: 62 })
}

fn statement() -> Notice {
    let quarter = "2026Q2".parse().unwrap();
    to_seller(NoticeKind::StatementReady { quarter, units: 62, total: usd("15.50") })
}

fn trial_ending() -> Notice {
    to_seller(NoticeKind::TrialEnding { ends_at: utc("2026-09-14T21:00:37Z"), days_left: 14 })
}

fn policy_decided(reason: Option<&str>) -> Notice {
    to_seller(NoticeKind::PolicyDecided { version: 2, reason: reason.map(str::to_owned) })
}

fn handed_over(reason: HandOver) -> Notice {
    let (inquiry, order) = ("6h2b0y5tkz1wq8r4".parse().unwrap(), "702-5551212".parse().unwrap());
    to_seller(NoticeKind::HandedOver { inquiry, order, reason })
}

fn invitation() -> Notice {
    let invitation = "2v6k9d".parse().unwrap();
    let kind = NoticeKind::Invitation { until: utc("2026-06-30T21:00:37Z") };
    Notice::to_invited(&"US".parse().unwrap(), &"S-1".parse().unwrap(), &invitation, kind)
}

fn survey() -> Notice {
    let (inquiry, order) = ("6h2b0y5tkz1wq8r4".parse().unwrap(), "702-5551212".parse().unwrap());
    let kind = NoticeKind::Survey { inquiry, order, until: utc("2026-07-01T21:00:37Z") };
    Notice::to_customer(&"US".parse().unwrap(), &"C-1".parse().unwrap(), kind, &["test"])
}

fn answer() -> Notice {
    let (inquiry, order) = ("6h2b0y5tkz1wq8r4".parse().unwrap(), "702-5551212".parse().unwrap());
    let kind = NoticeKind::Answer { inquiry, order, at: utc("2026-06-16T21:00:37Z"), cause: "2f0c".into() };
    Notice::to_customer(&"US".parse().unwrap(), &"C-1".parse().unwrap(), kind, &["2f0c"])
}

fn claim_moved(step: ClaimStep) -> Notice {
    let (claim, order) = ("9h2b0y".parse().unwrap(), "702-5551212".parse().unwrap());
    to_seller(NoticeKind::ClaimMoved { claim, order, step })
}

fn claim_denied(criterion: Criterion, appeal_until: Option<&str>) -> Notice {
    let reason = "The number you gave was never scanned.".to_owned();
    claim_moved(ClaimStep::Denied { criterion, reason, appeal_until: appeal_until.map(utc) })
}

fn claim_granted(appeal_until: Option<&str>) -> Notice {
    claim_moved(ClaimStep::Granted { amount: usd("25.00"), appeal_until: appeal_until.map(utc) })
}

const CRITERIA: [Criterion; 8] = [
    Criterion::RefundByService,
    Criterion::BorneBySeller,
    Criterion::NotPaidBack,
    Criterion::InTime,
    Criterion::OneClaim,
    Criterion::NotContested,
    Criterion::Evidence,
    Criterion::NotAtFault,
];

/// Each kind in each of its shapes.
fn every_notice() -> Vec<Notice> {
    let refund = Some(DecisionFacts { kind: DecisionKind::RefundFull, amount: Some(usd("25.00")) });
    let mut all = vec![
        enrolled(Enrolling::OptIn, Some("2026-09-14T21:00:37Z")),
        enrolled(Enrolling::ByDefault, Some("2026-05-01T07:00:00Z")),
        enrolled(Enrolling::OptIn, None),
        trial_ending(),
        handed_over(HandOver::SellerRequested),
        handed_over(HandOver::Invoice),
        policy_decided(None),
        policy_decided(Some("Say which toys come back.")),
        reminded(12),
        reminded(1),
        expired(None),
        expired(refund),
        rate(),
        statement(),
        invitation(),
        survey(),
        answer(),
    ];
    all.extend(CRITERIA.map(|criterion| claim_denied(criterion, Some("2026-07-16T21:00:37Z"))));
    all.extend([
        claim_denied(Criterion::Evidence, None),
        claim_granted(Some("2026-07-16T21:00:37Z")),
        claim_granted(None),
        claim_moved(ClaimStep::Asked { due_at: utc("2026-06-16T21:00:37Z") }),
        claim_moved(ClaimStep::FellSilent { effective_at: utc("2026-06-16T21:00:37Z") }),
    ]);
    all.extend(QUESTIONS.map(|question| opened("2026-06-17T21:00:37Z", question)));
    for kind in DECISIONS {
        let amount = kind.refunds().then(|| usd("25.00"));
        all.extend([decided(kind, amount), decided(kind, None), to_customer(kind, amount), to_customer(kind, None)]);
    }
    all
}

#[test]
fn a_time_is_given_on_the_stores_clock_and_in_utc() {
    let time = |id: &str, at: &str| {
        let letter = letter_in(&store(id), &opened(at, QuestionKind::ProductFact));
        letter.text.lines().find(|line| line.starts_with("Reply by")).unwrap().to_owned()
    };
    assert_eq!(time("US", "2026-06-17T21:00:00Z"), "Reply by: Wednesday, 17 June 2026, 14:00 PDT (21:00 UTC)");
    assert_eq!(
        time("US", "2026-12-31T01:00:59Z"),
        "Reply by: Wednesday, 30 December 2026, 17:00 PST (31 December, 01:00 UTC)"
    );
    assert_eq!(time("DE", "2026-03-29T01:00:00Z"), "Reply by: Sunday, 29 March 2026, 03:00 CEST (01:00 UTC)");
    assert_eq!(
        time("BR", "2018-01-01T02:00:00Z"),
        "Reply by: Monday, 1 January 2018, 00:00 Sao Paulo time (02:00 UTC)"
    );
}

#[test]
fn both_readings_say_the_same_words() {
    for (notice, language, letter) in every_letter() {
        let (text, html) = (format!("{} {}", letter.subject, letter.text), shown(&letter.html));
        match language {
            SellerLanguage::En => assert_eq!(words(&text), words(&html), "{}", notice.kind.name()),
            // There is nothing between words: a table's cells are apart in one reading, and beside each other in the other.
            SellerLanguage::Zh => assert_eq!(signs(&text), signs(&html), "{}", notice.kind.name()),
        }
    }
}

#[test]
fn both_readings_lead_to_the_same_page_of_the_portal() {
    for (notice, _, letter) in every_letter() {
        let in_text: BTreeSet<_> = letter.text.lines().filter(|line| line.starts_with("http")).collect();
        let in_html: BTreeSet<_> =
            letter.html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(in_text, in_html);
        let customer = matches!(notice.kind, NoticeKind::InquiryResolved { .. } | NoticeKind::Answer { .. });
        assert_eq!(in_text.len(), usize::from(!customer), "a customer has no business in the sellers' portal");
        assert!(in_text.iter().all(|link| link.starts_with("https://portal.example/")));
        let signed = in_text.iter().filter(|link| link.contains(SIGNED)).count();
        let lets_in = ["survey", "invitation"].contains(&notice.kind.name());
        assert_eq!(signed, usize::from(lets_in), "only who could not come in otherwise is let in by a link");
    }
}

#[test]
fn every_letter_says_whether_a_person_wrote_it_and_has_a_short_subject() {
    for (notice, language, Letter { subject, text, html }) in every_letter() {
        let is_answer = notice.kind.name() == "answer";
        let (automatic, person) = match language {
            SellerLanguage::En => ("sent automatically", "A person wrote this mail. To answer, just reply to it."),
            SellerLanguage::Zh => ("系统自动发送", "此邮件由客服人员撰写。如需答复，直接回复此邮件即可。"),
        };
        for reading in [&text, &html] {
            assert_eq!((reading.contains(automatic), reading.contains(person)), (!is_answer, is_answer));
        }
        assert!(!subject.contains('\n') && (10..=78).contains(&subject.chars().count()), "{subject}");
        assert!(!text.contains("\n\n\n") && !text.contains(" \n"), "{text:?}");
        assert!(text.lines().all(|line| line.chars().count() <= 120 || line.starts_with("http")), "{text}");
    }
}

#[test]
fn nothing_in_a_letter_is_fetched_when_it_is_opened() {
    for (_, _, Letter { html, .. }) in every_letter() {
        for tracker in ["<img", "src=", "url(", "<link", "<script", "@import"] {
            assert!(!html.contains(tracker), "{tracker}");
        }
    }
}

#[test]
fn a_name_with_signs_of_html_is_shown_as_it_is() {
    let store = Store { name: "R&D <Test>".to_owned(), ..store("US") };
    let letter = letter_in(&store, &statement());
    assert!(letter.text.contains("R&D <Test> store"));
    assert!(!letter.html.contains("<Test>"));
    assert_eq!(words(&format!("{} {}", letter.subject, letter.text)), words(&shown(&letter.html)));
}

/// What a browser shows of a page.
fn shown(html: &str) -> String {
    let (_, body) = html.split_once("<body>").unwrap();
    let tags = body.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
    tags.collect::<Vec<_>>()
        .join(" ")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#38;", "&")
        .replace("&#39;", "'")
}

/// The same where words are not apart.
fn signs(text: &str) -> String {
    words(text).concat().chars().filter(|sign| sign.is_alphanumeric()).collect()
}

/// The words alone: without links, marks and the layout of a table.
fn words(text: &str) -> Vec<String> {
    let mark = |c: char| matches!(c, ':' | ',' | '.');
    text.split_whitespace()
        .filter(|word| !word.starts_with("http") && *word != "--")
        .map(|word| word.trim_matches(mark).to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}
