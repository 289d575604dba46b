use super::*;
use crate::{
    testing::{at, id, monday, serving, store},
    users::{Grants, Role, User},
    wish::Wishes,
};
use proptest::{prelude::*, sample};

const VERDICTS: [Verdict; 4] = [Verdict::Pass, Verdict::Fail, Verdict::Gray, Verdict::Unknown];
const AUTHORS: [Author; 4] = [Author::Person, Author::Unanswered, Author::Machine, Author::Ours];

fn passed() -> Verdicts {
    let pass = Verdict::Pass;
    Verdicts { spam: pass, virus: pass, spf: pass, dkim: pass, dmarc: pass }
}

fn addressees() -> [Option<Addressee>; 4] {
    [None, Some(Addressee::Inquiry(id("i"))), Some(Addressee::Request(id("q"))), Some(Addressee::Transfers)]
}

proptest! {
    #[test]
    fn n6_only_a_mail_that_passed_acts_and_a_machine_s_only_is_kept_with_an_inquiry(
        (spam, virus, spf, dkim, dmarc) in (
            sample::select(&VERDICTS[..]), sample::select(&VERDICTS[..]), sample::select(&VERDICTS[..]),
            sample::select(&VERDICTS[..]), sample::select(&VERDICTS[..]),
        ),
        author in sample::select(&AUTHORS[..]),
        addressee in sample::select(addressees().to_vec()),
    ) {
        let verdicts = Verdicts { spam, virus, spf, dkim, dmarc };
        if admitted(verdicts, author, addressee.as_ref()).is_ok() {
            prop_assert_eq!((spam, virus), (Verdict::Pass, Verdict::Pass));
            prop_assert!(author != Author::Ours);
            match addressee {
                Some(Addressee::Inquiry(_)) => prop_assert!(
                    dmarc == Verdict::Pass || dmarc == Verdict::Gray && (spf == Verdict::Pass || dkim == Verdict::Pass)
                ),
                Some(Addressee::Request(_) | Addressee::Transfers) => {
                    prop_assert!(dmarc == Verdict::Pass && author != Author::Machine);
                }
                None => prop_assert!(false, "nobody is addressed"),
            }
        }
    }
}

#[test]
fn rte_8_a_mail_that_passed_from_a_person_acts_and_each_thing_that_is_wrong_has_its_cause() {
    let [nobody, inquiry, request, transfers] = addressees();
    for addressee in [&inquiry, &request, &transfers] {
        for author in [Author::Person, Author::Unanswered] {
            assert_eq!(admitted(passed(), author, addressee.as_ref()), Ok(()));
        }
    }
    let cases = [
        (Verdicts { virus: Verdict::Fail, ..passed() }, Author::Person, &inquiry, Cause::Virus),
        (Verdicts { virus: Verdict::Unknown, ..passed() }, Author::Ours, &nobody, Cause::Virus),
        (passed(), Author::Ours, &transfers, Cause::Ours),
        (Verdicts { spam: Verdict::Gray, ..passed() }, Author::Person, &transfers, Cause::Spam),
        (passed(), Author::Person, &nobody, Cause::NoAddressee),
        (Verdicts { dmarc: Verdict::Gray, ..passed() }, Author::Person, &request, Cause::NotAuthenticated),
        (Verdicts { dmarc: Verdict::Fail, ..passed() }, Author::Person, &inquiry, Cause::NotAuthenticated),
        (passed(), Author::Machine, &request, Cause::Automatic),
        (passed(), Author::Machine, &transfers, Cause::Automatic),
    ];
    for (verdicts, author, addressee, cause) in cases {
        assert_eq!(admitted(verdicts, author, addressee.as_ref()), Err(cause), "{verdicts:?} {author:?} {addressee:?}");
    }
    assert_eq!(admitted(passed(), Author::Machine, inquiry.as_ref()), Ok(()), "it is kept there");
}

#[test]
fn a_verdict_that_is_none_of_ours_is_not_known() {
    let read = |text: &str| serde_json::from_str::<Verdict>(&format!("\"{text}\"")).unwrap();
    assert_eq!(["PASS", "FAIL", "GRAY"].map(read), [Verdict::Pass, Verdict::Fail, Verdict::Gray]);
    assert_eq!(["PROCESSING_FAILED", "DISABLED", "pass", ""].map(read), [Verdict::Unknown; 4]);
}

#[test]
fn n6_a_sender_writes_so_often_a_day_and_a_machine_answers_so_often_and_the_next_day_begins_anew() {
    let allowance = Allowance { effective_from: monday(), mails: 4, answers: 2, about_one: 3 };
    let (today, tomorrow) = ("2026-08-03".parse().unwrap(), "2026-08-04".parse().unwrap());
    let mut spent = Spent::default();
    for n in 1..=4 {
        spent = spent.one_more(today, allowance.mails).unwrap();
        let answered = spent.answered(Author::Person, allowance);
        assert_eq!(answered.is_some(), n <= 2, "{n}");
        spent = answered.unwrap_or(spent);
    }
    assert_eq!(spent, Spent { day: today, mails: 4, answers: 2 });
    assert_eq!(spent.one_more(today, allowance.mails), Err(Cause::TooMany));
    assert_eq!(spent.one_more(tomorrow, allowance.mails), Ok(Spent { day: tomorrow, mails: 1, answers: 0 }));
    for author in [Author::Unanswered, Author::Machine, Author::Ours] {
        assert_eq!(Spent::default().answered(author, allowance), None, "{author:?}");
    }
}

#[test]
fn acc_2_whoever_writes_in_a_seller_s_name_holds_the_case_log() {
    let mut seller = serving(&[(0, None)]);
    seller.facts.email = "Li.Wei@seller.example".into();
    assert_eq!(writer(&seller, "li.wei@SELLER.example"), Ok("s".into()), "nobody has signed in yet");
    assert_eq!(writer(&seller, "else@seller.example"), Err(Cause::UnknownSender));
    let user = |subject: &str, email: Option<&str>, role| User {
        id: id(subject),
        subject: subject.into(),
        name: None,
        email: email.map(str::to_owned),
        role,
        wishes: Wishes::default(),
    };
    let granted = |level| Role::Secondary(Grants::of([(Feature::CaseLog, level)]).unwrap());
    seller.users.all = vec![
        user("ann", None, Role::Primary),
        user("bo", Some("bo@seller.example"), granted(Level::Edit)),
        user("cy", Some("cy@seller.example"), granted(Level::View)),
    ];
    assert_eq!(writer(&seller, "li.wei@seller.example"), Ok("ann".into()));
    assert_eq!(writer(&seller, "BO@seller.example"), Ok("bo".into()));
    assert_eq!(writer(&seller, "cy@seller.example"), Err(Cause::NotGranted));
    let all: Vec<_> = addresses(&seller).into_iter().collect();
    assert_eq!(all, ["bo@seller.example", "cy@seller.example", "li.wei@seller.example"]);
}

#[test]
fn rte_8_each_country_of_sellers_has_its_mailbox_and_each_sender_its_allowance() {
    let us = store("US");
    let names = ["US", "CN", "HK", "MO", "TW"].map(|country| us.mailbox_for(country).unwrap().name.as_str());
    assert_eq!(names, ["csba-ustous", "csba-cn2us", "csba-cn2us", "csba-cn2us", "csba-cn2us"]);
    assert_eq!(us.mailbox_for("DE"), None);
    assert_eq!(
        us.mail_allowance_at(at(monday()).now).map(|it| (it.mails, it.answers, it.about_one)),
        Some((200, 3, 50))
    );
    assert_eq!(us.mail_allowance_at("2014-12-31T00:00:00Z".parse().unwrap()), None);
}
