use super::*;
use crate::{
    book::Book,
    ledger::{Counting, Disputed, Entry, ReversalEntry},
    reimbursement::For,
};
use proptest::{prelude::*, sample};

fn store(id: &str) -> Store {
    Book::shipped().unwrap().store(&id.parse().unwrap()).unwrap().clone()
}

fn unit(number: u16, shipped_at: &str, disposition: Disposition) -> Entry {
    Entry::Unit(UnitEntry {
        key: UnitKey { order: "o".parse().unwrap(), item: "i".parse().unwrap(), ordinal: number },
        shipment: "p".parse().unwrap(),
        shipped_at: shipped_at.parse().unwrap(),
        disposition,
    })
}

fn contact(number: u16, counts: Counting) -> Entry {
    Entry::Contact(ContactEntry {
        contact: format!("c{number}").parse().unwrap(),
        order: "o".parse().unwrap(),
        topic: "late_delivery".into(),
        received_at: "2018-02-01T00:00:00Z".parse().unwrap(),
        counts,
    })
}

/// A unit of the quarter before that was charged so much, taken back; or a contact.
fn reversal(number: u16, minor: i64) -> Entry {
    let key = UnitKey { order: "before".parse().unwrap(), item: "i".parse().unwrap(), ordinal: number };
    let rate = Money::new(minor, iso_currency::Currency::BRL);
    let shipped_at = "2017-11-01T00:00:00Z".parse().unwrap();
    reversed(Disputed::Unit { key, shipment: "p".parse().unwrap(), shipped_at, rate })
}

fn reversed_contact(number: u16) -> Entry {
    let Entry::Contact(entry) = contact(number, Counting::Counted) else { panic!("a contact") };
    reversed(Disputed::Contact(entry))
}

fn reversed(disputed: Disputed) -> Entry {
    let dispute = crate::id::DisputeId::derived(&[&disputed.thing().to_string()]);
    let accepted_at = "2018-02-01T00:00:00Z".parse().unwrap();
    Entry::Reversal(ReversalEntry { dispute, disputed, statement: "2017Q4".parse().unwrap(), accepted_at })
}

/// So much is paid back for a claim, a decision or an appeal, by turns.
fn reimbursement(number: u16, minor: i64) -> Entry {
    let (claim, decision) = (format!("c{number}"), format!("d{number}"));
    let why = match number % 3 {
        0 => For::Claim { claim: claim.parse().unwrap() },
        1 => For::Goodwill { decision: decision.parse().unwrap() },
        _ => For::Appeal { claim: claim.parse().unwrap() },
    };
    let amount = Money::new(minor, iso_currency::Currency::BRL);
    let granted_at = "2018-02-01T00:00:00Z".parse().unwrap();
    Entry::Reimbursement(ReimbursementEntry { why, order: "o".parse().unwrap(), amount, granted_at })
}

/// So many contacts on 100 units and orders, everything tracked.
fn measured(contacts: u64) -> Measure {
    let hundred = Measure { units_covered: 100, units_seller_fulfilled: 100, orders: 100, ..Measure::default() };
    Measure { contacts, packages: 100, packages_scanned: 100, ..hundred }
}

/// The Brazilian 2018Q1: 10 contacts on 100 units before it, 0 before the quarter before.
fn q1(entries: &[Entry]) -> Result<Statement, Breach> {
    listed(&rows(entries)).map(|(statement, _)| statement)
}

/// The same, with what stands on it.
fn listed(rows: &[Row]) -> Result<(Statement, Vec<Listed>), Breach> {
    let measure_of = |quarter: Quarter| match quarter.to_string().as_str() {
        "2018Q1" => Some(measured(10)),
        "2017Q4" => Some(measured(0)),
        _ => None,
    };
    Statement::fold(&store("BR"), &"s".parse().unwrap(), "2018Q1".parse().unwrap(), measure_of, rows)
}

fn row(entry: Entry) -> Row {
    Row { entry, measured_next: false }
}

fn rows(entries: &[Entry]) -> Vec<Row> {
    entries.iter().cloned().map(row).collect()
}

/// The units of these lines, with the reason of each.
fn units(all: &[Listed]) -> Vec<(Reason, ListedUnit)> {
    let unit = |one: &Listed| match one {
        Listed::Unit { reason, unit, .. } => Some((*reason, unit.clone())),
        Listed::Contact(_) | Listed::PaidBack(_) => None,
    };
    all.iter().filter_map(unit).collect()
}

/// The rules of the contacts.
fn rules(all: &[Listed]) -> Vec<&'static str> {
    let rule = |one: &Listed| match one {
        Listed::Contact(contact) => Some(contact.counts.rule()),
        Listed::Unit { .. } | Listed::PaidBack(_) => None,
    };
    all.iter().filter_map(rule).collect()
}

fn lines(statement: &Statement) -> Vec<(Reason, i64, u64, i64)> {
    let figures = |line: &Line| (line.reason, line.rate.minor, line.units, line.amount.minor);
    statement.lines.iter().map(figures).collect()
}

const Q1: &str = "2018-02-01T00:00:00Z";
const Q4: &str = "2017-12-31T23:59:59Z";

#[test]
fn fee_1_each_covered_unit_that_shipped_costs_the_quarters_rate_whether_or_not_a_customer_asked() {
    let units = |number| (1..=number).map(|n| unit(n, Q1, Disposition::Chargeable));
    for contacts in [0, 1, 40] {
        let asked = (0..contacts).map(|n| contact(n, Counting::Counted));
        for number in [1, 2, 3] {
            let statement = q1(&units(number).chain(asked.clone()).collect::<Vec<_>>()).unwrap();
            assert_eq!(statement.total.minor, i64::from(number) * 125, "{number} units, {contacts} contacts");
        }
    }
    assert_eq!(q1(&[contact(1, Counting::Counted)]).unwrap().total.minor, 0, "a contact alone costs nothing");
}

#[test]
fn fee_10_there_is_one_line_per_rate_and_reason_with_every_unit_behind_it() {
    let gap = Disposition::NotCovered(Uncovered::EnrollmentGap);
    let entries = [
        unit(4, Q1, gap),
        unit(1, Q1, Disposition::Chargeable),
        unit(3, Q1, Disposition::Trial),
        unit(2, Q1, Disposition::Chargeable),
    ];
    let (statement, all) = listed(&rows(&entries)).unwrap();
    assert_eq!(
        lines(&statement),
        [(Reason::Charged, 125, 2, 250), (Reason::NotCovered, 0, 1, 0), (Reason::Trial, 0, 1, 0)]
    );
    assert_eq!((statement.units, statement.total.to_string().as_str()), (4, "2.50 BRL"));
    let whys: Vec<_> = units(&all).into_iter().map(|(_, unit)| unit.why).collect();
    let q1 = "2018Q1".parse().unwrap();
    let rated = Why::Rated { card: "br-2016".into(), tier: TierName::UpTo(crate::fee::BasisPoints(1500)), rate_of: q1 };
    assert_eq!(whys, [rated.clone(), rated, Why::Trial, Why::NotCovered(Uncovered::EnrollmentGap)]);
}

#[test]
fn fee_9_a_late_unit_costs_what_it_would_have_cost_in_its_own_quarter() {
    let statement = q1(&[unit(1, Q4, Disposition::Chargeable), unit(2, Q1, Disposition::Chargeable)]).unwrap();
    assert_eq!(lines(&statement), [(Reason::Charged, 125, 1, 125), (Reason::FreeCpu, 0, 1, 0)]);
    assert_eq!(q1(&[unit(1, "2017-09-30T00:00:00Z", Disposition::Trial)]).unwrap().total.minor, 0);
    let unknown = q1(&[unit(1, "2017-09-30T00:00:00Z", Disposition::Chargeable)]);
    assert_eq!(unknown, Err(Breach::NoMeasure("2017Q3".parse().unwrap())));
}

#[test]
fn fee_9_a_card_that_changes_inside_the_quarter_gives_two_lines() {
    let few = Measure { orders: 29, units_seller_fulfilled: 40, contacts: 6, ..measured(0) };
    let (before, on) = ("2026-05-22T06:59:59Z", "2026-05-22T07:00:00Z");
    let entries = [unit(1, before, Disposition::Chargeable), unit(2, on, Disposition::Chargeable)];
    let quarter = "2026Q2".parse().unwrap();
    let folded = Statement::fold(&store("US"), &"s".parse().unwrap(), quarter, |_| Some(few), &rows(&entries));
    let (statement, _) = folded.unwrap();
    assert_eq!(lines(&statement), [(Reason::Charged, 25, 1, 25), (Reason::FreeVolume, 0, 1, 0)], "15 % exactly");
}

#[test]
fn fee_4_every_contact_is_listed_with_its_rule() {
    let (statement, all) = listed(&rows(&[contact(2, Counting::Joined), contact(1, Counting::Counted)])).unwrap();
    assert_eq!(rules(&all), ["fee-4.countable", "rte-9.joined"]);
    assert_eq!((statement.contacts.recorded, statement.contacts.counted), (2, 1));
    assert_eq!((statement.lines.len(), statement.total.minor), (0, 0));
}

#[test]
fn fee_11_what_was_taken_back_is_a_negative_line_at_the_rate_that_was_charged_and_a_contact_with_its_rule() {
    let entries = [
        reversal(1, 125),
        reversal(2, 125),
        reversal(3, 50),
        reversed_contact(9),
        unit(1, Q1, Disposition::Chargeable),
    ];
    let (statement, all) = listed(&rows(&entries)).unwrap();
    assert_eq!(
        lines(&statement),
        [(Reason::Charged, 125, 1, 125), (Reason::Reversal, -125, 2, -250), (Reason::Reversal, -50, 1, -50)]
    );
    assert_eq!((statement.units, statement.total.to_string().as_str()), (1, "-1.75 BRL"), "owed to the seller");
    let Why::Reversed { statement: of, .. } = &units(&all)[0].1.why else { panic!("{all:?}") };
    assert_eq!(of.to_string(), "2017Q4");
    assert_eq!(rules(&all), ["fee-11.reversed"]);
    assert_eq!((statement.contacts.recorded, statement.contacts.counted), (1, 0));
}

#[test]
fn fee_11_a_reversal_changes_no_measure() {
    let (alone, with) = ([row(contact(1, Counting::Counted))], [reversed_contact(1), reversal(1, 125)].map(row));
    let until = "2018-04-01T03:00:00Z".parse().unwrap();
    let measured = |rows: &[Row]| crate::ledger::measure(rows, [], until);
    assert_eq!(measured(&[&alone[..], &with[..]].concat()), measured(&alone));
}

#[test]
fn f9_nothing_is_taken_back_for_nothing_or_for_more_than_a_unit_can_cost() {
    let brl = |minor| Money::new(minor, iso_currency::Currency::BRL);
    for (minor, fits) in [(-1, false), (0, false), (1, true), (350, true), (351, false)] {
        let expected = if fits { Ok(()) } else { Err(Breach::NotTakenBack { rate: brl(minor), top: brl(350) }) };
        assert_eq!(q1(&[reversal(1, minor)]).map(drop), expected, "{minor}");
    }
    let Entry::Reversal(of) = reversal(1, 125) else { panic!("a reversal") };
    let name = format!("REVERSAL#{}", of.disputed.thing());
    let conflict = q1(&[reversal(1, 125), reversal(1, 50)]);
    assert_eq!(conflict, Err(Breach::Conflict(name)));
    assert_eq!(conflict, q1(&[reversal(1, 50), reversal(1, 125)]));
}

#[test]
fn clm_3_what_is_paid_back_lowers_the_total_and_stands_by_itself() {
    let entries = [reimbursement(1, 500), reimbursement(0, 8_000), unit(1, Q1, Disposition::Chargeable)];
    let (statement, all) = listed(&rows(&entries)).unwrap();
    assert_eq!(lines(&statement), [(Reason::Charged, 125, 1, 125)], "no unit is touched");
    let paid = |one: &Listed| match one {
        Listed::PaidBack(one) => Some((one.why.to_string(), one.amount.minor)),
        Listed::Unit { .. } | Listed::Contact(_) => None,
    };
    let paid: Vec<_> = all.iter().filter_map(paid).collect();
    assert_eq!(paid, [("CLAIM#c0".to_owned(), 8_000), ("DECISION#d1".to_owned(), 500)]);
    assert_eq!((statement.paid_back.causes, statement.paid_back.amount.minor), (2, 8_500));
    assert_eq!((statement.units, statement.total.to_string().as_str()), (1, "-83.75 BRL"), "owed to the seller");
}

#[test]
fn f9_nothing_is_paid_back_for_nothing_and_no_claim_above_the_highest_cap() {
    let brl = |minor| Money::new(minor, iso_currency::Currency::BRL);
    for (number, minor, fits) in [
        (0, -1, false),
        (0, 0, false),
        (0, 1, true),
        (0, 500_000, true),
        (0, 500_001, false),
        (2, 500_001, false),
        (1, 500_001, true),
        (1, 0, false),
    ] {
        let expected = if fits { Ok(()) } else { Err(Breach::NotPaidBack { amount: brl(minor), most: brl(500_000) }) };
        assert_eq!(q1(&[reimbursement(number, minor)]).map(drop), expected, "{number} {minor}");
    }
    let conflict = q1(&[reimbursement(0, 1), reimbursement(0, 2)]);
    assert_eq!(conflict, Err(Breach::Conflict("REIMBURSEMENT#CLAIM#c0".to_owned())));
    assert_eq!(conflict, q1(&[reimbursement(0, 2), reimbursement(0, 1)]));
    let dollars = Money::new(1, iso_currency::Currency::USD);
    let Entry::Reimbursement(of) = reimbursement(0, 1) else { panic!("a reimbursement") };
    let foreign = Entry::Reimbursement(ReimbursementEntry { amount: dollars, ..of });
    assert_eq!(q1(&[foreign]), Err(MoneyError::TwoCurrencies.into()));
}

#[test]
fn clm_3_a_reimbursement_changes_no_measure() {
    let (alone, with) = ([row(contact(1, Counting::Counted))], [row(reimbursement(1, 125))]);
    let until = "2018-04-01T03:00:00Z".parse().unwrap();
    let measured = |rows: &[Row]| crate::ledger::measure(rows, [], until);
    assert_eq!(measured(&[&alone[..], &with[..]].concat()), measured(&alone));
}

#[test]
fn f8_of_several_that_are_told_twice_the_smallest_is_named_in_whatever_order_they_come() {
    let Entry::Reversal(first) = reversal(1, 125) else { panic!("a reversal") };
    let taken_back = Breach::Conflict(format!("REVERSAL#{}", first.disputed.thing()));
    let paid_back = Breach::Conflict("REIMBURSEMENT#CLAIM#c0".to_owned());
    for order in [[1, 2, 3], [2, 1, 3], [3, 2, 1], [2, 3, 1]] {
        let twice: Vec<_> = order.iter().flat_map(|n| [reversal(*n, 125), reversal(*n, 50)]).collect();
        assert_eq!(q1(&twice), Err(taken_back.clone()), "{order:?}");
        let numbers = order.map(|n| (n - 1) * 3);
        let twice: Vec<_> = numbers.iter().flat_map(|n| [reimbursement(*n, 1), reimbursement(*n, 2)]).collect();
        assert_eq!(q1(&twice), Err(paid_back.clone()), "{order:?}");
    }
}

#[test]
fn fee_10_the_reason_of_a_line_is_called_as_its_json() {
    for reason in
        [Reason::Charged, Reason::FreeCpu, Reason::FreeVolume, Reason::NotCovered, Reason::Reversal, Reason::Trial]
    {
        assert_eq!(serde_json::to_value(reason).unwrap(), reason.as_str());
        assert_eq!(reason.to_string(), reason.as_str());
    }
}

#[test]
fn f8_two_stories_about_one_unit_or_contact_bill_nothing() {
    let (one, two) = (unit(1, Q1, Disposition::Chargeable), unit(1, Q1, Disposition::Trial));
    assert_eq!(q1(&[one.clone(), two.clone()]), Err(Breach::Conflict("UNIT#o#i#1".to_owned())));
    assert_eq!(q1(&[one.clone(), two.clone()]), q1(&[two, one]));
    let (one, two) = (contact(1, Counting::Counted), contact(1, Counting::Joined));
    assert_eq!(q1(&[one, two]), Err(Breach::Conflict("CONTACT#c1".to_owned())));
}

#[test]
fn f8_what_stands_among_the_late_rows_too_bills_nothing() {
    for entry in
        [unit(1, Q1, Disposition::Chargeable), contact(1, Counting::Counted), reversal(1, 5), reimbursement(1, 5)]
    {
        let late = Row { entry: entry.clone(), measured_next: true };
        assert!(listed(std::slice::from_ref(&late)).is_ok(), "alone it is one row like any other");
        let name = entry.name();
        assert_eq!(listed(&[row(entry), late]).map(drop), Err(Breach::Conflict(name)));
    }
}

#[test]
fn f3_rows_that_come_out_of_their_order_bill_nothing() {
    let (br, seller) = (store("BR"), "s".parse().unwrap());
    let mut fold = Fold::begin(&br, &seller, "2018Q1".parse().unwrap());
    let measure_of = |_| Some(measured(10));
    fold.take(&row(unit(2, Q1, Disposition::Chargeable)), measure_of).unwrap();
    let before = fold.take(&row(unit(1, Q1, Disposition::Chargeable)), measure_of);
    assert_eq!(before, Err(Breach::Disordered("UNIT#o#i#1".to_owned())));
}

#[test]
fn f9_a_planted_breach_is_found() {
    let good = q1(&[unit(1, Q1, Disposition::Chargeable), unit(2, Q1, Disposition::Trial)]).unwrap();
    let after = |plant: fn(&mut Statement)| {
        let mut bad = good.clone();
        plant(&mut bad);
        bad.check(2, &store("BR")).unwrap_err()
    };
    assert_eq!(good.check(2, &store("BR")), Ok(()));
    assert_eq!(good.check(3, &store("BR")), Err(Breach::UnitsLost { given: 3, listed: 2 }));
    assert_eq!(after(|s| drop(s.lines.pop())), Breach::UnitsLost { given: 2, listed: 1 });
    assert_eq!(after(|s| s.lines[0].amount.minor = 124), Breach::WrongSum);
    assert_eq!(after(|s| s.total.minor = 126), Breach::WrongSum);
    assert_eq!(after(|s| s.lines[0].units = 2), Breach::WrongSum);
    assert_eq!(after(|s| s.paid_back.amount.minor = 5), Breach::WrongSum);
    assert_eq!(after(|s| s.lines[0].rate.minor = -125), Breach::Negative);
    assert_eq!(after(|s| s.lines[1].rate.minor = 1), Breach::NotFree(Reason::Trial));
    assert_eq!(after(|s| s.lines[0].amount.currency = iso_currency::Currency::EUR), Breach::WrongSum);
    assert_eq!(after(|s| s.total.currency = iso_currency::Currency::EUR), Breach::WrongSum);
    let dear = after(|s| {
        let much = Money::new(701, s.total.currency);
        (s.lines[0].rate, s.lines[0].amount, s.total) = (much, much, much);
    });
    assert_eq!(dear.to_string(), "7.01 BRL is more than all units can cost, which is 7.00 BRL");
}

#[test]
fn f3_the_digest_is_that_of_the_content_and_changes_with_it() {
    let statement = q1(&[unit(1, Q1, Disposition::Chargeable)]).unwrap();
    let read: Statement = serde_json::from_slice(&serde_json::to_vec(&statement).unwrap()).unwrap();
    assert_eq!(read, statement);
    assert_eq!(read.recompute_digest().unwrap(), statement.digest);
    assert_eq!(statement.digest.len(), 64);
    let other = Statement { total: Money::new(126, statement.total.currency), ..read };
    assert_ne!(other.recompute_digest().unwrap(), statement.digest);
    let digest = |entries: &[Entry]| q1(entries).unwrap().digest;
    let (one, two) = (unit(1, Q1, Disposition::Chargeable), unit(2, Q1, Disposition::Chargeable));
    assert_ne!(digest(std::slice::from_ref(&one)), digest(&[two]), "another unit in the same line");
    let asked = |n| digest(&[one.clone(), contact(n, Counting::Counted)]);
    assert_ne!(asked(1), asked(2), "another contact");
    let paid = |n| digest(&[one.clone(), reimbursement(n, 5)]);
    assert_ne!(paid(1), paid(2), "another cause");
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let gap = Disposition::NotCovered(Uncovered::EnrollmentGap);
    let disposition = sample::select(vec![Disposition::Chargeable, Disposition::Trial, gap]);
    let units = prop::collection::btree_map(0_u16..50, (sample::select(vec![Q1, Q4]), disposition), 0..20);
    let contacts =
        prop::collection::btree_map(0_u16..50, sample::select(vec![Counting::Counted, Counting::Joined]), 0..9);
    let reversals = prop::collection::btree_map(0_u16..50, 1_i64..=350, 0..9);
    let paid_back = prop::collection::btree_map(0_u16..50, 1_i64..=500_000, 0..9);
    (units, contacts, reversals, paid_back).prop_map(|(units, contacts, reversals, paid_back)| {
        let units = units.into_iter().map(|(number, (at, disposition))| unit(number, at, disposition));
        let reversals =
            reversals.into_iter().flat_map(|(number, minor)| [reversal(number, minor), reversed_contact(100 + number)]);
        let contacts = contacts.into_iter().map(|(number, counts)| contact(number, counts));
        let paid_back = paid_back.into_iter().map(|(number, minor)| reimbursement(number, minor));
        units.chain(contacts).chain(reversals).chain(paid_back).collect()
    })
}

proptest! {
    #[test]
    fn f3_f6_order_and_repetition_of_the_entries_do_not_change_a_byte(
        (once, shuffled) in entries().prop_flat_map(|once| {
            let twice: Vec<_> = once.iter().chain(&once).cloned().collect();
            (Just(once), Just(twice).prop_shuffle())
        })
    ) {
        let bytes = |entries: &[Entry]| serde_json::to_vec(&q1(entries).unwrap()).unwrap();
        prop_assert_eq!(bytes(&once), bytes(&shuffled));
    }

    #[test]
    fn f1_every_unit_stands_in_exactly_one_line(entries in entries()) {
        let (statement, all) = listed(&rows(&entries)).unwrap();
        let shipped = units(&all).into_iter().filter(|(reason, _)| *reason != Reason::Reversal);
        let mut listed: Vec<_> = shipped.map(|(_, unit)| unit.key).collect();
        listed.sort();
        let given: Vec<_> = entries.iter().filter_map(|entry| match entry {
            Entry::Unit(unit) => Some(unit.key.clone()),
            Entry::Contact(_) | Entry::Package(_) | Entry::Reversal(_) | Entry::Reimbursement(_) => None,
        }).collect();
        prop_assert_eq!(statement.units, crate::ledger::count(given.len()));
        prop_assert_eq!(listed, given);
    }
}

proptest! {
    #[test]
    fn fee_11_clm_3_f2_the_total_is_what_is_charged_less_what_is_taken_back_and_paid_back(entries in entries()) {
        let statement = q1(&entries).unwrap();
        let of = |back: bool| -> i64 {
            statement.lines.iter().filter(|line| (line.reason == Reason::Reversal) == back).map(|line| line.amount.minor).sum()
        };
        let taken_back: i64 = entries.iter().map(|entry| match entry {
            Entry::Reversal(ReversalEntry { disputed: Disputed::Unit { rate, .. }, .. }) => rate.minor,
            Entry::Reversal(_)
            | Entry::Unit(_)
            | Entry::Contact(_)
            | Entry::Package(_)
            | Entry::Reimbursement(_) => 0,
        }).sum();
        let paid_back: i64 = entries.iter().map(|entry| match entry {
            Entry::Reimbursement(reimbursement) => reimbursement.amount.minor,
            Entry::Unit(_) | Entry::Contact(_) | Entry::Package(_) | Entry::Reversal(_) => 0,
        }).sum();
        prop_assert_eq!(of(true), -taken_back);
        prop_assert_eq!(statement.total.minor, of(false) - taken_back - paid_back);
    }
}
