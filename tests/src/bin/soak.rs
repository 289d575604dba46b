//! `cargo xtask soak [--schedules N] [--seed S] [--one]`: runs seeded schedules of faults, and says which promises broke.

use std::process::ExitCode;
use world::sim::{Campaign, Simulation, campaign};

/// Most of a schedule's time is spent on small allocations.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let (mut seed, mut schedules, mut one) = (1, 100_000, false);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut number = || args.next().and_then(|n| n.replace('_', "").parse().ok());
        match (arg.as_str(), arg == "--one") {
            (_, true) => one = true,
            ("--seed", _) => seed = number().unwrap_or(seed),
            ("--schedules", _) => schedules = number().unwrap_or(schedules),
            _ => {
                eprintln!("soak [--schedules N] [--seed S] [--one]");
                return ExitCode::from(2);
            }
        }
    }
    if one {
        return tell(seed);
    }
    let found = campaign(Campaign { seed, schedules, bug: None, stops: false }, |_| {});
    for schedule in &found.broken {
        for broken in &schedule.broken {
            println!("seed {}: {} {}: {}", schedule.seed, broken.id, broken.place, broken.what);
        }
    }
    println!(
        "{} schedules in {:.1} s: {} violations; {} calls, {} faults, {} mails, of which {} twice; {} run twice alike",
        found.schedules,
        found.took.as_secs_f64(),
        found.violations,
        found.calls,
        found.faults,
        found.mails,
        found.sent_twice,
        found.compared
    );
    for (chapter, n) in &found.chapters {
        println!("{n:>9} began where {chapter}");
    }
    if found.violations == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// One schedule, in words.
fn tell(seed: u64) -> ExitCode {
    let schedule = Simulation::new().run(seed, true);
    println!("seed {seed}, begun where {}", schedule.chapter);
    for step in &schedule.steps {
        println!("{step}");
    }
    for broken in &schedule.broken {
        println!("BROKEN {} {}: {}", broken.id, broken.place, broken.what);
    }
    if schedule.broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
