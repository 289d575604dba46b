//! The simulation in small: that it goes the same way twice, breaks no promise, and finds what is planted. The hundred
//! thousand schedules are `cargo xtask soak`.

use world::sim::{Campaign, Simulation, bugs::Bug, campaign};

#[test]
fn the_same_seed_makes_the_same_schedule() {
    let (one, other) = (Simulation::ready(), Simulation::ready());
    for seed in 0..40 {
        let (first, second) = (one.run(seed, true), other.run(seed, true));
        assert_eq!(first.steps, second.steps, "seed {seed}");
        assert_eq!(first.trace, second.trace, "seed {seed}");
    }
}

#[test]
fn a_thousand_schedules_break_no_promise() {
    let found = campaign(Campaign { seed: 7_000_000, schedules: 1_000, bug: None, stops: false });
    let broken: Vec<_> = found.broken.iter().map(|schedule| (schedule.seed, &schedule.broken)).collect();
    assert_eq!(found.violations, 0, "{broken:#?}");
    assert_eq!(found.chapters.len(), 10, "every chapter is begun from: {:?}", found.chapters);
    assert!(found.compared > 0, "{found:?}");
    let counts = found.counts;
    assert!(counts.faults > 500 && counts.lagged > 200 && counts.halved > 0 && counts.given_up > 0, "{counts}");
}

/// What finds nothing must be able to find something.
#[test]
fn every_planted_bug_is_found() {
    for bug in Bug::ALL {
        let found = campaign(Campaign { seed: 1, schedules: 20_000, bug: Some(bug), stops: true });
        let Some(schedule) = found.broken.first() else {
            panic!("{bug:?} was not found in {} schedules", found.schedules)
        };
        let broken = &schedule.broken[0];
        println!("{bug:?}: seed {} of {} schedules: {} {}", schedule.seed, found.schedules, broken.id, broken.what);
    }
}
