use super::*;
use crate::testing::{MILLI, after_events, at, id, minutes, monday, opened, store, topic};

fn us() -> &'static Store {
    store("US")
}

fn profile() -> Profile {
    Profile {
        store: id("US"),
        associate: id("ann"),
        languages: ["en".to_owned()].into(),
        skills: [Family::Product].into(),
        capacity: [(Channel::Email, 2), (Channel::Phone, 1)].into(),
        set_by: id("lin"),
        set_at: monday(),
    }
}

fn fits(profile: &Profile, inquiry: &Inquiry, after: i64) -> bool {
    profile.fits(inquiry, topic(&inquiry.topic), &PerChannel::new(), us(), monday() + minutes(after))
}

fn in_language(language: &str) -> Inquiry {
    Inquiry { language: language.into(), ..opened("quality") }
}

#[test]
fn rte_7_an_inquiry_goes_to_who_speaks_its_language_and_knows_its_topic() {
    assert!(fits(&profile(), &opened("quality"), 1));
    assert!(!fits(&profile(), &opened("late_delivery"), 1), "another skill");
    assert!(!fits(&profile(), &in_language("es-MX"), 1), "another language of the store");
    let bilingual = Profile { languages: ["en".to_owned(), "es".to_owned()].into(), ..profile() };
    assert!(fits(&bilingual, &in_language("es-MX"), 1));
}

#[test]
fn rte_7_a_language_that_the_store_does_not_support_is_served_in_its_first_one_with_a_translation() {
    let worked_in = |language: &str| us().worked_in(language);
    assert_eq!(worked_in("en-GB"), WorkedIn { language: "en".into(), translation: false });
    assert_eq!(worked_in("ES"), WorkedIn { language: "es".into(), translation: false });
    for language in ["fr", "zh-Hant", ""] {
        assert_eq!(worked_in(language), WorkedIn { language: "en".into(), translation: true }, "{language}");
        assert!(fits(&profile(), &in_language(language), 1), "never refused: {language}");
    }
}

#[test]
fn rte_7_a_requirement_is_let_go_when_the_customer_has_waited_for_it() {
    let rule = us().hand_out_at(monday()).unwrap();
    let at_edge = |inquiry: &Inquiry, edge: TimeDelta| {
        let fits = |now: Instant| profile().fits(inquiry, topic(&inquiry.topic), &PerChannel::new(), us(), now);
        (fits(monday() + edge - MILLI), fits(monday() + edge))
    };
    assert_eq!(at_edge(&opened("late_delivery"), rule.skill_for), (false, true));
    let spanish = in_language("es");
    assert_eq!(at_edge(&spanish, rule.language_for), (false, true));
    let both = Inquiry { language: "es".into(), ..opened("late_delivery") };
    assert_eq!(at_edge(&both, rule.skill_for), (false, false), "the language is still asked for");
    let stranger = Profile { languages: ["de".to_owned()].into(), ..profile() };
    assert!(!fits(&stranger, &spanish, 9_999), "somebody has to read the translation");
}

#[test]
fn inq_3_what_the_customer_took_was_not_waited() {
    let open = opened("quality");
    let held = after_events(&open, &open.claim(&id("a"), &at(monday() + minutes(5))).unwrap());
    let waits = after_events(&held, &held.answer(&id("a"), &at(monday() + minutes(10))).unwrap());
    let waited = |inquiry: &Inquiry, after: i64| inquiry.waited(us(), monday() + minutes(after)).num_minutes();
    assert_eq!((waited(&open, 7), waited(&waits, 10), waited(&waits, 500)), (7, 10, 10));
}

#[test]
fn rte_7_nobody_gets_more_of_a_channel_than_its_capacity() {
    let phone = Inquiry { channel: Channel::Phone, ..opened("quality") };
    let message = Inquiry { channel: Channel::Message, ..opened("quality") };
    let room = |inquiry: &Inquiry, load: u32| {
        let load = [(inquiry.channel, load)].into();
        profile().fits(inquiry, topic("quality"), &load, us(), monday())
    };
    assert_eq!([0, 1, 2, 3].map(|load| room(&opened("quality"), load)), [true, true, false, false]);
    assert_eq!([0, 1].map(|load| room(&phone, load)), [true, false]);
    assert!(!room(&message, 0), "none of a channel that is not named");
    let full_of_calls = [(Channel::Phone, 1)].into();
    assert!(profile().fits(&opened("quality"), topic("quality"), &full_of_calls, us(), monday()));
}

#[test]
fn inq_4_what_is_handed_out_is_claimed_and_what_somebody_holds_is_not_handed_out() {
    let (open, load) = (opened("quality"), PerChannel::new());
    let handed = open.hand_to(&profile(), topic("quality"), &load, us(), &at(monday())).unwrap();
    let held = after_events(&open, &handed);
    assert_eq!(held.holder(), Some(&id("ann")));
    let again = held.hand_to(&profile(), topic("quality"), &load, us(), &at(monday())).unwrap_err();
    assert_eq!((again.code, again.rule), ("nothing_waits", "RTE-7"));
}

#[test]
fn a_profile_is_read_back_as_it_was_written() {
    let text = serde_json::to_string(&profile()).unwrap();
    assert_eq!(serde_json::from_str::<Profile>(&text).unwrap(), profile(), "{text}");
}
