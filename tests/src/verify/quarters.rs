//! Quarters: that each seller's follow one another, each measured as its entries say (FEE-5); F2, F3, F9, that a
//! statement is what its entries come to, to the last byte; F4, that a closed quarter has one, an open one none, and that
//! nothing stands in a quarter that was not open for it.
//!
//! A scan that is told after its quarter was measured changes the parcel's entry and not the measure. So the measure may
//! know fewer scanned parcels than the entries do now, and of everything else exactly as many.

use super::{
    Asked,
    item::place_of,
    sellers::Sellers,
    shelf::{Booked, Kept, Shelf},
};
use domain::{
    book::Book,
    fee::Measure,
    id::{SellerId, StoreId},
    ledger::{Entry, QuarterHead, Row, closed_at, measure, measured_at},
    quarter::Quarter,
    statement::{Breach, Statement},
    store::Store,
};
use shell::{
    key::{Key, may_be_due_in},
    ledger::FinalStatement,
};
use std::collections::{BTreeMap, HashMap};

type Whose<'s> = (&'s StoreId, &'s SellerId);
type Of<'s> = (&'s StoreId, &'s SellerId, Quarter);

/// Every quarter of every seller.
struct Quarters<'s> {
    heads: BTreeMap<Of<'s>, &'s Kept<'s, QuarterHead>>,
    rows: HashMap<Of<'s>, Vec<&'s Row>>,
    statements: HashMap<(StoreId, SellerId, Quarter), &'s Kept<'s, FinalStatement>>,
}

impl Quarters<'_> {
    fn rows_of<'a>(&'a self, of: Of<'a>) -> &'a [&'a Row] {
        self.rows.get(&of).map_or(&[], Vec::as_slice)
    }
}

/// Asks of each quarter.
pub fn check(asked: &mut Asked, book: &Book, shelf: &Shelf<'_>, sellers: &Sellers<'_>) {
    let mut quarters = Quarters { heads: BTreeMap::new(), rows: HashMap::new(), statements: HashMap::new() };
    for kept in &shelf.heads {
        let head = &kept.state;
        quarters.heads.insert((&head.store, &head.seller, head.quarter), kept);
    }
    for booked in &shelf.rows {
        quarters.rows.entry((&booked.store, &booked.seller, booked.quarter)).or_default().push(&booked.row);
    }
    for kept in &shelf.statements {
        match Key::quarter_of(&kept.place.pk) {
            Some(of) => drop(quarters.statements.insert(of, kept)),
            None => asked.found("P1", &kept.place, "it is of no quarter of a seller: its key is wrong".into()),
        }
    }
    for booked in &shelf.rows {
        if let Some(store) = book.store(&booked.store) {
            placed(asked, store, &quarters, booked);
        }
    }
    begins(asked, book, &quarters, sellers);
    for (of, kept) in &quarters.heads {
        let Some(store) = book.store(of.0) else { continue };
        follows(asked, store, &quarters, *of, kept);
        closed(asked, store, &quarters, *of, kept);
        let due = kept.state.due_at(store.zone);
        let is_its_own = kept.beside.due_shard.as_deref().map(|shard| may_be_due_in(&kept.place.pk, shard));
        let stands = kept.beside.due_at == due.map(|at| at.timestamp_millis()) && is_its_own == due.map(|_| true);
        asked.holds(stands, "S6", &kept.place, || "it does not stand where the rollup looks for it".into());
    }
    for ((store, seller, quarter), kept) in &quarters.statements {
        let head = quarters.heads.get(&(store, seller, *quarter));
        asked.holds(head.is_some_and(|head| head.state.closed.is_some()), "F4", &kept.place, || {
            format!("a final statement of {quarter}, which is not closed")
        });
    }
}

/// FEE-10: a fact stands in its own quarter, or in a later one if its own was closed by then.
fn placed(asked: &mut Asked, store: &Store, quarters: &Quarters<'_>, booked: &Booked<'_>) {
    let own = store.quarter_of(booked.row.entry.happened_at());
    if own == booked.quarter && !booked.row.measured_next {
        asked.checks += 1;
        return;
    }
    let head = quarters.heads.get(&(&booked.store, &booked.seller, own)).map(|kept| &kept.state);
    let fits = if own == booked.quarter {
        head.is_some_and(|head| head.measured)
    } else {
        own < booked.quarter && !booked.row.measured_next && head.is_some_and(|head| head.closed.is_some())
    };
    asked.holds(fits, "F4", &booked.place, || {
        format!("it happened in {own}, which was open for it, and stands in {}", booked.quarter)
    });
}

/// The first quarter is that in which the seller was first enrolled, and nothing fixed its rate.
fn begins(asked: &mut Asked, book: &Book, quarters: &Quarters<'_>, sellers: &Sellers<'_>) {
    let mut firsts: HashMap<Whose<'_>, &Kept<'_, QuarterHead>> = HashMap::with_capacity(sellers.len());
    for ((store, seller, _), kept) in quarters.heads.iter().rev() {
        firsts.insert((store, seller), kept);
    }
    for (whose, known) in sellers {
        let first = firsts.remove(whose);
        let (Some(begun), Some(store)) = (known.begun, book.store(whose.0)) else {
            asked
                .holds(first.is_none(), "F4", &known.kept.place, || "a quarter of a seller that never enrolled".into());
            continue;
        };
        let quarter = store.quarter_of(begun);
        let Some(first) = first else {
            asked.found(
                "F4",
                &place_of(&Key::quarter(whose.0, whose.1, quarter)),
                "the first quarter is missing".into(),
            );
            continue;
        };
        let head = &first.state;
        asked.holds(head.quarter == quarter, "F4", &first.place, || {
            format!("the first quarter that is there; the seller was first enrolled in {quarter}")
        });
        let nothing_before = head.published_at.is_none() && head.measure == Measure::default();
        asked.holds(nothing_before || head.quarter != quarter, "F4", &first.place, || {
            "it is the first quarter, and something is said to have fixed its rate".into()
        });
    }
    for orphan in firsts.values() {
        asked.found("F4", &orphan.place, "a quarter of a seller whose account is not there".into());
    }
}

/// A quarter that was measured has made the next, with what was measured.
fn follows(asked: &mut Asked, store: &Store, quarters: &Quarters<'_>, of: Of<'_>, kept: &Kept<'_, QuarterHead>) {
    let head = &kept.state;
    let next_quarter = head.quarter.next();
    let next = quarters.heads.get(&(of.0, of.1, next_quarter));
    asked.holds(head.measured == next.is_some(), "F4", &kept.place, || {
        if head.measured {
            format!("it was measured, and {next_quarter} is missing")
        } else {
            format!("it was not measured, and {next_quarter} is there")
        }
    });
    asked.holds(head.measured || head.closed.is_none(), "F4", &kept.place, || {
        "it was closed before it was measured".into()
    });
    let Some(next) = next else { return };
    let due = measured_at(head.quarter, store.zone);
    asked.holds(next.state.published_at.is_some_and(|at| due <= at), "F4", &next.place, || {
        format!("its rate was not published at {due} or later")
    });
    let left_over = quarters.rows_of((of.0, of.1, head.quarter.previous()));
    let counted =
        measure(quarters.rows_of(of).iter().copied(), left_over.iter().copied(), head.quarter.end(store.zone));
    let frozen = next.state.measure;
    let same = Measure { packages_scanned: counted.packages_scanned, ..frozen } == counted
        && frozen.packages_scanned <= counted.packages_scanned;
    asked.holds(same, "F3", &next.place, || {
        format!("its rate rests on {frozen:?}; the entries of {} come to {counted:?}", head.quarter)
    });
}

/// The statement, folded again as it was when the quarter was closed.
fn closed(asked: &mut Asked, store: &Store, quarters: &Quarters<'_>, of: Of<'_>, kept: &Kept<'_, QuarterHead>) {
    let head = &kept.state;
    let Some(closed) = &head.closed else { return };
    let end = closed_at(head.quarter, store.zone);
    asked.holds(closed.at >= end, "F4", &kept.place, || format!("it was closed at {}, a draft until {end}", closed.at));
    let Some(stored) = quarters.statements.get(&(of.0.clone(), of.1.clone(), of.2)) else {
        asked.found("F4", &kept.place, "it is closed, and its final statement is missing".into());
        return;
    };
    let (place, stored) = (&stored.place, &stored.state);
    let digest = stored.whole.as_ref().map(|whole| whole.digest.as_str());
    asked.holds(digest == closed.seal(), "F3", place, || "its digest is not the one that closed the quarter".into());
    let rate_of = |quarter| {
        let head = quarters.heads.get(&(of.0, of.1, quarter));
        Some(head.map(|kept| kept.state.measure).unwrap_or_default())
    };
    match Statement::fold(store, of.1, of.2, rate_of, quarters.rows_of(of).iter().copied()) {
        Ok((statement, _)) => {
            let same = stored.whole.as_ref().is_none_or(|whole| *whole == statement);
            asked.holds(same, "F3", place, || "its entries come to another statement".into());
            asked.holds(statement.units == stored.units, "F3", place, || {
                format!("it says {} units; {} are recorded", stored.units, statement.units)
            });
            asked.holds(statement.total == stored.total, "F2", place, || {
                format!("it says {}; its lines come to {}", stored.total, statement.total)
            });
        }
        Err(breach) => asked.found(broken(&breach), place, format!("there can be no such statement: {breach}")),
    }
    let most = store.rate_cards.iter().map(|card| card.top().minor).max().unwrap_or(0);
    let taken_back = quarters.rows_of(of).iter().filter(|row| matches!(row.entry, Entry::Reversal(_))).count();
    let paid_back = quarters.rows_of(of).iter().map(|row| match &row.entry {
        Entry::Reimbursement(reimbursement) => reimbursement.amount.minor,
        Entry::Unit(_) | Entry::Contact(_) | Entry::Package(_) | Entry::Reversal(_) => 0,
    });
    let taken_back = i64::try_from(taken_back).unwrap_or(i64::MAX).saturating_mul(-most);
    let least = paid_back.fold(taken_back, i64::saturating_sub);
    let most = i64::try_from(stored.units).unwrap_or(i64::MAX).saturating_mul(most);
    let bounded = stored.total.currency == store.currency && (least..=most).contains(&stored.total.minor);
    asked.holds(bounded, "F9", place, || format!("{} is no possible fee for {} units", stored.total, stored.units));
}

const fn broken(breach: &Breach) -> &'static str {
    match breach {
        Breach::Conflict(_) | Breach::Disordered(_) => "F8",
        Breach::WrongSum => "F2",
        Breach::NoCard(_)
        | Breach::NoMeasure(_)
        | Breach::UnitsLost { .. }
        | Breach::Negative
        | Breach::NotTakenBack { .. }
        | Breach::NotPaidBack { .. }
        | Breach::NotFree(_)
        | Breach::AboveTop { .. }
        | Breach::Money(_)
        | Breach::Unwritable => "F9",
    }
}
