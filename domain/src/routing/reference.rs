//! The rules of routing once more, in the plainest words, from bare facts: when a seller was enrolled, what an order
//! holds, what came before, what is asked. Two hundred thousand random cases must come to the same (R2).

use super::*;
use crate::{
    contact::Subject,
    coverage::{Fulfilment, cover},
    inquiry::{HandOver, Status},
    order::Line,
    testing::{contact, id, line, minutes, opened, order, origin, serving, store, topics},
};
use chrono::TimeDelta;

const CASES: u64 = 200_000;
const FAMILIES: [Family; 6] =
    [Family::Delivery, Family::Product, Family::Return, Family::Refund, Family::Order, Family::Other];
/// When the contact comes: long after every enrollment.
const ASKED: i64 = 100_000;

/// Numbers from a seed (splitmix64): the same on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }

    fn number(&mut self, below: u32) -> i64 {
        i64::try_from(self.roll(u64::from(below))).unwrap()
    }

    fn place(&mut self, of: usize) -> usize {
        usize::try_from(self.roll(u64::try_from(of).unwrap())).unwrap()
    }
}

/// What has become of the inquiry about the issue.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Before {
    Nothing,
    Live,
    /// Resolved so many minutes before.
    Resolved(i64),
    HandedOver,
}

#[derive(Debug)]
struct Case {
    topic: usize,
    /// Minutes at which the seller came and went, rising.
    cuts: Vec<i64>,
    placed: i64,
    /// Of each line, who ships it (0 the seller, 1 the store, 2 Prime), and whether the contact is about it.
    lines: Vec<(usize, bool)>,
    with_order: bool,
    taken_over: Vec<usize>,
    /// A family that an associate has filed under another one.
    filed: Option<(usize, usize)>,
    before: Before,
    /// The last contact: whether by the same channel, how many minutes apart, and its issue.
    last: Option<(bool, i64, usize)>,
}

fn case(dice: &mut Dice) -> Case {
    let mut cuts: Vec<i64> = (0..dice.roll(5)).map(|_| dice.number(12)).collect();
    cuts.sort_unstable();
    let fortnight = 14 * 24 * 60;
    Case {
        topic: dice.place(topics().len()),
        cuts,
        placed: dice.number(12),
        lines: (0..=dice.roll(3)).map(|_| (dice.place(4).saturating_sub(1), dice.roll(2) == 0)).collect(),
        with_order: dice.roll(20) > 0,
        taken_over: (0..FAMILIES.len()).filter(|_| dice.roll(5) == 0).collect(),
        filed: (dice.roll(4) == 0).then(|| (dice.place(FAMILIES.len()), dice.place(FAMILIES.len()))),
        before: match dice.roll(4) {
            0 => Before::Nothing,
            1 => Before::Live,
            2 => Before::Resolved(fortnight - 2 + dice.number(5)),
            _ => Before::HandedOver,
        },
        last: (dice.roll(2) == 0).then(|| (dice.roll(3) > 0, dice.number(35) - 17, dice.place(FAMILIES.len()))),
    }
}

/// What is to come of a contact, in words.
#[derive(Debug, PartialEq)]
struct Fate {
    owner: &'static str,
    reason: &'static str,
    event: &'static str,
    issue: Option<Family>,
    items: usize,
    counts: &'static str,
}

fn sellers(reason: &'static str) -> Fate {
    Fate { owner: "seller", reason, event: "none", issue: None, items: 0, counts: "not recorded" }
}

/// The rules: what does not go to the service, then what does, and what it does there.
fn naive(case: &Case) -> Fate {
    let topic = topics()[case.topic];
    if let outside @ ("pre_order" | "invoice" | "customization") = topic.code.as_str() {
        return sellers(match outside {
            "pre_order" => "pre_order",
            "invoice" => "invoice",
            _ => "customization",
        });
    }
    let named: Vec<usize> = case.lines.iter().filter(|(_, named)| *named).map(|(by, _)| *by).collect();
    if !case.with_order || named.is_empty() {
        return sellers("pre_order");
    }
    // A cut at an even place begins service and one at an odd place ends it; two at the same time undo each other.
    let passed = case.cuts.iter().filter(|cut| **cut <= case.placed).count();
    if passed % 2 == 0 || !named.contains(&0) {
        return sellers(match named[0] {
            1 => "fulfilled_by_store",
            2 => "seller_fulfilled_prime",
            _ if passed == 0 => "before_enrollment",
            _ if passed < case.cuts.len() => "enrollment_gap",
            _ => "after_opt_out",
        });
    }
    let family = FAMILIES.iter().position(|family| *family == topic.family).unwrap();
    if case.taken_over.contains(&family) {
        return sellers("seller_took_over");
    }
    let continues = match case.last {
        Some((true, apart, issue)) if apart.abs() <= 15 && !case.taken_over.contains(&issue) => Some(issue),
        _ => None,
    };
    let elsewhere = case.filed.filter(|(of, _)| *of == family).map(|(_, under)| under);
    let issue = continues.or(elsewhere).unwrap_or(family);
    let event = match case.before {
        Before::Live => "joined",
        Before::Resolved(minutes) if minutes <= 14 * 24 * 60 => "reopened",
        Before::Nothing | Before::Resolved(_) | Before::HandedOver => "opened",
    };
    let counts = match (continues, event) {
        (Some(_), _) => "rte-9.same_contact",
        (None, "joined") => "rte-9.joined",
        _ => "fee-4.countable",
    };
    let items = named.iter().filter(|by| **by == 0).count();
    Fate { owner: "service", reason: "covered", event, issue: Some(FAMILIES[issue]), items, counts }
}

fn name(of: impl serde::Serialize) -> String {
    serde_json::to_value(of).unwrap().as_str().unwrap().to_owned()
}

/// The same case, by the rules as they are built, from the enrollment on.
fn built(case: &Case) -> (Reception, Family, Option<Inquiry>) {
    let periods: Vec<_> = case.cuts.chunks(2).map(|pair| (pair[0], pair.get(1).copied())).collect();
    let seller = serving(&periods);
    let placed_at = origin() + minutes(case.placed);
    let (mut lines, mut items) = (Vec::new(), Vec::new());
    for ((by, named), item) in case.lines.iter().zip(["i", "j", "k", "l"]) {
        let fulfilment = [Fulfilment::Seller, Fulfilment::Store, Fulfilment::Prime][*by];
        lines.push(Line { fulfilment, ..line(item, cover(fulfilment, placed_at, &seller, store("BR"))) });
        if *named {
            items.push(id(item));
        }
    }
    let (order, topic) = (order(lines), topics()[case.topic]);
    let asked = origin() + minutes(ASKED);
    let subject = case.with_order.then(|| Subject { order: id("o"), items });
    let contact = Contact { subject, ..contact("c2", &topic.code, asked) };
    let mut thread = Thread { taken_over: case.taken_over.iter().map(|n| FAMILIES[*n]).collect(), ..Thread::default() };
    if let Some((of, under)) = case.filed {
        thread.filed.insert(FAMILIES[of], FAMILIES[under]);
    }
    if let Some((same, apart, issue)) = case.last {
        let channel = if same { contact.channel } else { Channel::Phone };
        thread.last.insert(channel, LastContact { at: asked + minutes(apart), issue: FAMILIES[issue] });
    }
    let issue = issue(&contact, topic, &thread);
    let status = match case.before {
        Before::Nothing => None,
        Before::Live => Some(Status::Open { judgement_owed: false }),
        Before::Resolved(ago) => Some(Status::Resolved { at: asked - TimeDelta::minutes(ago) }),
        Before::HandedOver => Some(Status::HandedToSeller { at: asked, reason: HandOver::SellerTookOver }),
    };
    let latest = status.map(|status| Inquiry { issue, status, ..opened("other") });
    let reception = receive(&contact, topic, Some(&order), &thread, latest.as_ref(), store("US")).unwrap();
    (reception, issue, latest)
}

fn fate(case: &Case) -> Fate {
    let (reception, filed, latest) = built(case);
    let after = reception.events.iter().fold(latest.clone(), Inquiry::apply);
    let (event, items) = match reception.events.as_slice() {
        [] => ("none", 0),
        [InquiryEvent::Opened(opened)] => ("opened", opened.items.len()),
        [InquiryEvent::ContactJoined { items, .. }] => ("joined", items.len()),
        [InquiryEvent::Reopened { items, .. }] => ("reopened", items.len()),
        other => panic!("{other:?}"),
    };
    if event == "none" {
        assert!(reception.thread.is_none() && reception.routed.inquiry.is_none(), "{case:?}");
    } else {
        let after = after.unwrap();
        assert_eq!((reception.routed.inquiry.as_ref(), after.is_live()), (Some(&after.id), true), "{case:?}");
        assert!(after.contacts.contains(&id("c2")), "{case:?}");
        let episode = latest.map_or(1, |latest| latest.episode + u32::from(event == "opened"));
        assert_eq!(after.episode, episode, "{case:?}");
    }
    let known = |text: String, of: &[&'static str]| *of.iter().find(|one| **one == text).unwrap();
    let reasons = [
        "covered",
        "pre_order",
        "fulfilled_by_store",
        "seller_fulfilled_prime",
        "invoice",
        "customization",
        "before_enrollment",
        "enrollment_gap",
        "after_opt_out",
        "seller_took_over",
    ];
    Fate {
        owner: known(name(reception.routed.route.owner), &["seller", "service"]),
        reason: known(name(reception.routed.route.reason), &reasons),
        event,
        issue: (event != "none").then_some(filed),
        items,
        counts: reception.entry.map_or("not recorded", |entry| entry.counts.rule()),
    }
}

#[test]
fn r2_the_route_is_that_of_the_rules_written_a_second_time() {
    let mut dice = Dice(2);
    let mut seen: BTreeMap<(&str, &str, &str), u64> = BTreeMap::new();
    for n in 0..CASES {
        let case = case(&mut dice);
        let (expected, found) = (naive(&case), fate(&case));
        assert_eq!(found, expected, "case {n}: {case:?}");
        *seen.entry((found.reason, found.event, found.counts)).or_default() += 1;
    }
    let reasons: BTreeSet<_> = seen.keys().map(|(reason, ..)| *reason).collect();
    let ours: Vec<_> =
        seen.keys().filter(|(reason, ..)| *reason == "covered").map(|(_, event, counts)| (*event, *counts)).collect();
    assert_eq!(reasons.len(), 10, "every reason was met: {seen:?}");
    let same = "rte-9.same_contact";
    let count = "fee-4.countable";
    let all = [
        ("joined", "rte-9.joined"),
        ("joined", same),
        ("opened", count),
        ("opened", same),
        ("reopened", count),
        ("reopened", same),
    ];
    assert_eq!(ours, all, "and so was all that a contact does to an inquiry");
}
