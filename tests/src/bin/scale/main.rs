//! `cargo xtask scale`: how work grows with what there is. The real handlers run over the model of the services, with ten,
//! a hundred and a thousand times as much; calls are counted, memory is measured, and each call takes a fixed time, so that
//! what an invocation would take on AWS is known. `tests/README.md` says how to read it.

mod plot;
mod seed;
mod services;

use chrono::{DateTime, TimeDelta, Utc};
use peak_alloc::PeakAlloc;
use plot::Series;
use serde_json::json;
use services::Services;
use shell::schedule::Tick;
use std::{collections::BTreeMap, path::PathBuf, sync::Arc};
use tokio::time::Instant;
use world::{cloud::Message, events, functions};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What one invocation took.
struct Row {
    /// Which growth it belongs to.
    of: &'static str,
    /// Of how much.
    size: u64,
    calls: BTreeMap<String, u64>,
    /// With 5 ms for each call, on a machine that computes at once.
    waited: f64,
    /// What the handler itself computed.
    computed: f64,
    /// The most that the invocation held at a time, in MB, the model's own change included.
    peak_mb: f64,
    largest_answer: u64,
}

/// The sweep, where so many clocks are open and always as many of them due.
const OPEN: &str = "sweep: open clocks, of which the smallest number is due";
/// The sweep, where all of them are due.
const BACKLOG: &str = "sweep: clocks that are due, the first tick";
const DRAINED: &str = "sweep: clocks that are due, all later ticks until none is";
/// A quarter of so many units: a seller for each hundred of them, of whom one shipped a tenth of all.
const ROLLUP: &str = "quarter: units, the tick that finds their sellers";
const MEASURED: [&str; 2] = ["quarter: units, the largest seller measured", "quarter: units, another seller measured"];
const CLOSED: [&str; 2] = ["quarter: units, the largest seller closed", "quarter: units, another seller closed"];

fn main() {
    let mut sizes = vec![1_000, 10_000, 100_000];
    let (mut out, mut only) = (PathBuf::from("target"), String::new());
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match (arg.as_str(), args.next()) {
            ("--largest", Some(n)) => {
                let largest: u64 = n.replace('_', "").parse().expect("a number");
                sizes = [1_000, 100, 10, 1].map(|part| largest / part).into_iter().filter(|size| *size > 0).collect();
            }
            ("--out", Some(folder)) => out = folder.into(),
            ("--only", Some(word)) => only = word,
            _ => panic!("scale [--largest N] [--only WORD] [--out FOLDER]"),
        }
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    let rows = runtime.expect("a runtime").block_on(run(&sizes, &only));
    print(&rows);
    write(&rows, &out);
}

/// Every growth, or those that are called so.
async fn run(sizes: &[u64], only: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    let of = |growths: &[&str]| if growths.iter().any(|name| name.contains(only)) { sizes } else { &[] };
    for size in of(&[OPEN]) {
        let now: DateTime<Utc> = "2026-08-03T15:00:00Z".parse().expect("a time");
        let services = Services::new(now);
        let due = sizes.first().copied().unwrap_or_default();
        seed::clocks(&services, 0, due, now).await;
        seed::clocks(&services, due, size - due, now + TimeDelta::days(30)).await;
        services.set_now(now + TimeDelta::minutes(5));
        rows.push(tick(OPEN, *size, &services, "sla-sweep").await);
    }
    for size in of(&[BACKLOG, DRAINED]) {
        let now: DateTime<Utc> = "2026-08-03T15:00:00Z".parse().expect("a time");
        let services = Services::new(now);
        seed::clocks(&services, 0, *size, now).await;
        services.set_now(now + TimeDelta::minutes(5));
        let first = tick(BACKLOG, *size, &services, "sla-sweep").await;
        rows.extend([first, ticks(DRAINED, *size, &services, "sla-sweep", u32::MAX).await]);
    }
    for size in of(&[&[ROLLUP], &MEASURED[..], &CLOSED[..]].concat()) {
        let shipped = "2026-08-03T15:00:00Z".parse().expect("a time");
        let services = Services::new(shipped);
        seed::quarter(&services, *size).await;
        let over = "2026-10-01T08:00:00Z".parse().expect("a time");
        services.set_now(over);
        rows.push(tick(ROLLUP, *size, &services, "ledger-rollup").await);
        for (after, of) in [(TimeDelta::zero(), MEASURED), (TimeDelta::days(4), CLOSED)] {
            services.set_now(over + after);
            for (seller, of) in (0..).zip(of) {
                rows.push(message(of, *size, &services, "fee-statement", seed::due(&services, seller, shipped)).await);
            }
        }
    }
    rows
}

/// One tick.
async fn tick(of: &'static str, size: u64, services: &Arc<Services>, package: &str) -> Row {
    ticks(of, size, services, package, 1).await
}

/// At most so many ticks, a minute apart, until one finds nothing.
async fn ticks(of: &'static str, size: u64, services: &Arc<Services>, package: &str, most: u32) -> Row {
    let shell = services.shell(package);
    let work = Box::pin(async {
        for _ in 0..most {
            let found = functions::tick(package, &shell, Tick { time: services.now() }).await.expect("it ends well");
            if found == 0 {
                break;
            }
            services.set_now(services.now() + TimeDelta::minutes(1));
        }
    });
    watched(of, size, services, work).await
}

async fn message(of: &'static str, size: u64, services: &Arc<Services>, package: &str, body: String) -> Row {
    let shell = services.shell(package);
    let sent = services.now().timestamp_millis();
    let event = events::batch(&[Message { id: "m".to_owned(), body, sent, deliveries: 1, visible_at: 0 }]);
    let work = Box::pin(async {
        let answer = functions::queue(package, &shell, event).await;
        assert!(answer.is_ok_and(|answer| answer.batch_item_failures.is_empty()), "{of} {size} ends well");
    });
    watched(of, size, services, work).await
}

async fn watched(of: &'static str, size: u64, services: &Arc<Services>, work: impl Future<Output = ()>) -> Row {
    eprintln!("{of}: {size}");
    services.watch();
    let before = MEMORY.current_usage_as_mb();
    MEMORY.reset_peak_usage();
    let (waited, computed) = (Instant::now(), std::time::Instant::now());
    work.await;
    let peak = MEMORY.peak_usage_as_mb() - before;
    let (calls, largest_answer) = services.counted();
    Row {
        of,
        size,
        calls,
        waited: waited.elapsed().as_secs_f64(),
        computed: computed.elapsed().as_secs_f64(),
        peak_mb: f64::from(peak),
        largest_answer,
    }
}

fn print(rows: &[Row]) {
    println!("| | size | calls | s at 5 ms a call | s computed, with the model | peak MB |\n|---|---|---|---|---|---|");
    for row in rows {
        let calls: Vec<_> = row.calls.iter().map(|(operation, n)| format!("{n} {operation}")).collect();
        let (waited, computed, peak) = (row.waited, row.computed, row.peak_mb);
        println!("| {} | {} | {} | {waited:.1} | {computed:.2} | {peak:.1} |", row.of, row.size, calls.join(", "));
    }
}

fn write(rows: &[Row], out: &std::path::Path) {
    let all: Vec<_> = rows
        .iter()
        .map(|row| {
            json!({ "of": row.of, "size": row.size, "calls": row.calls, "waited_s": row.waited, "computed_s": row.computed,
                "peak_mb": row.peak_mb, "largest_answer": row.largest_answer })
        })
        .collect();
    std::fs::create_dir_all(out).expect("a folder");
    let text = serde_json::to_string_pretty(&all).expect("JSON");
    std::fs::write(out.join("scale.json"), text).expect("the results are written");
    let mut series: Vec<Series> = Vec::new();
    for row in rows {
        let calls = row.calls.values().sum::<u64>();
        match series.iter_mut().find(|known| known.name == row.of) {
            Some(known) => known.points.push((row.size, calls, row.peak_mb)),
            None => series.push(Series { name: row.of, points: vec![(row.size, calls, row.peak_mb)] }),
        }
    }
    let file = out.join("scale.svg");
    std::fs::write(&file, plot::svg(&series)).expect("the picture is written");
    println!("{}", file.display());
}
