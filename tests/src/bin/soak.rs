//! `cargo xtask soak [--schedules N] [--seed S] [--one] [--bugs]`: runs seeded schedules of faults, and says which
//! promises broke; one of them in words; or with a bug planted, until it is found.

use std::process::ExitCode;
use world::sim::{Campaign, Simulation, bugs::Bug, campaign};

/// Most of a schedule's time is spent on small allocations.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let (mut seed, mut schedules, mut one, mut bugs) = (1, 100_000, false, false);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut number = || args.next().and_then(|n| n.replace('_', "").parse().ok());
        match arg.as_str() {
            "--one" => one = true,
            "--bugs" => bugs = true,
            "--seed" => seed = number().unwrap_or(seed),
            "--schedules" => schedules = number().unwrap_or(schedules),
            _ => {
                eprintln!("soak [--schedules N] [--seed S] [--one] [--bugs]");
                return ExitCode::from(2);
            }
        }
    }
    if one {
        return tell(seed);
    }
    if bugs {
        return find(seed, schedules);
    }
    let found = campaign(Campaign { seed, schedules, bug: None, stops: false });
    for schedule in &found.broken {
        for broken in &schedule.broken {
            println!("seed {}: {} {}: {}", schedule.seed, broken.id, broken.place, broken.what);
        }
    }
    println!(
        "{} schedules in {:.1} s: {} violations; {} run twice alike; {}",
        found.schedules,
        found.took.as_secs_f64(),
        found.violations,
        found.compared,
        found.counts
    );
    for (chapter, n) in &found.chapters {
        println!("{n:>9} began where {chapter}");
    }
    if found.violations == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// One schedule, in words.
fn tell(seed: u64) -> ExitCode {
    let schedule = Simulation::ready().run(seed, true);
    println!("seed {seed}, begun where {}", schedule.chapter);
    for step in &schedule.steps {
        println!("{step}");
    }
    for broken in &schedule.broken {
        println!("BROKEN {} {}: {}", broken.id, broken.place, broken.what);
    }
    if schedule.broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Plants each bug, and says which seed found it.
fn find(seed: u64, schedules: u64) -> ExitCode {
    let mut missed = 0;
    for bug in Bug::ALL {
        let found = campaign(Campaign { seed, schedules, bug: Some(bug), stops: true });
        if let Some(schedule) = found.broken.first() {
            let ids: Vec<_> = schedule.broken.iter().map(|broken| broken.id).collect();
            let (seed, after) = (schedule.seed, found.schedules);
            println!("{bug:?}: found by seed {seed} after {after} schedules: {}", ids.join(" "));
        } else {
            missed += 1;
            println!("{bug:?}: not found in {} schedules", found.schedules);
        }
    }
    println!("{} of {} planted bugs found", Bug::ALL.len() - missed, Bug::ALL.len());
    if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
