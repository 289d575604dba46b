//! `fuzz`: arbitrary bytes against every handler, and against the reader of mails, by libFuzzer.
//!
//! It builds the program of `tests/fuzz` with the code under test instrumented (`instrument.sh`), runs it once for each
//! target from the committed seeds on, and says what was found. What a run learns stays under `target/fuzz`.

use std::{
    collections::VecDeque,
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    sync::{Mutex, PoisonError},
    thread,
    time::Instant,
};

use serde_json::Value;

use crate::{
    house::House,
    process, progress,
    trouble::{OrSay, Outcome, Trouble},
};

/// The target that is no function: its seeds are the mails of its corpus.
const INBOX: &str = "inbox";

/// How long a target runs, where nobody says.
pub const SECONDS: u32 = 5;

/// A little more than the largest body that a handler reads.
const LONGEST_INPUT: u32 = 70_000;
/// Megabytes and seconds that no input may take.
const MOST_MEMORY: u32 = 2_048;
const MOST_TIME: u32 = 10;

/// How the program is built.
#[derive(Debug, Clone, Copy)]
pub enum Build {
    /// With what a test run has compiled already.
    Dev,
    /// Optimised, for some ten times as many inputs a second.
    Optimised,
}

/// The folders of one target under `target/fuzz`.
struct Place {
    target: String,
    corpus: PathBuf,
    found: PathBuf,
    log: PathBuf,
}

/// How one target ended.
struct Ended {
    target: String,
    passed: bool,
    log: String,
}

/// Runs these targets, all of them where none is named, as many at a time as there are processors.
pub fn fuzz(house: &House, target: Option<&str>, seconds: u32, build: Build) -> Outcome<()> {
    let targets = chosen(house, target)?;
    let program = built(house, build)?;
    let since = Instant::now();
    let waiting = Mutex::new(targets.iter().map(|target| place(house, target)).collect::<Outcome<VecDeque<_>>>()?);
    let take = || waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let work = || {
        let mut ended = Vec::new();
        while let Some(place) = take().filter(|_| !process::interrupted()) {
            let one = run(house, &program, &place, seconds);
            if let Ok(one) = &one {
                println!("{}", line(one));
            }
            ended.push(one);
        }
        ended
    };
    let at_once = thread::available_parallelism().map_or(1, usize::from).min(targets.len());
    let ended: Vec<Outcome<Ended>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..at_once).map(|_| scope.spawn(work)).collect();
        workers.into_iter().filter_map(|worker| worker.join().ok()).flatten().collect()
    });
    let ended = ended.into_iter().collect::<Outcome<Vec<_>>>()?;
    if process::interrupted() {
        return Err(Trouble::new("interrupted"));
    }
    ended.iter().filter(|one| !one.passed).for_each(explain);
    let passed = ended.iter().filter(|one| one.passed).count();
    if passed < targets.len() {
        let early = targets.len() - passed;
        return Err(Trouble::new(format!("fuzzing ended early for {early} of {} targets", targets.len())));
    }
    progress::done(&format!("fuzzed {} targets and found nothing", targets.len()), since);
    Ok(())
}

/// One input alone, in full view.
pub fn replay(house: &House, target: &str, input: &Path) -> Outcome<ExitCode> {
    chosen(house, Some(target))?;
    let program = built(house, Build::Optimised)?;
    let mut one = Command::new(program);
    process::pass_through(one.arg(input).env("FUZZ_TARGET", target).env("RUST_BACKTRACE", "1"), "the input")
}

fn chosen(house: &House, target: Option<&str>) -> Outcome<Vec<String>> {
    let all: Vec<_> = house.functions()?.into_iter().chain([INBOX.to_owned()]).collect();
    match target {
        None => Ok(all),
        Some(target) if all.iter().any(|known| known == target) => Ok(vec![target.to_owned()]),
        Some(other) => Err(Trouble::new(format!("{other} is no target; there are {}", all.join(", ")))),
    }
}

/// Builds the program, and says where it lies.
fn built(house: &House, build: Build) -> Outcome<PathBuf> {
    let mut cargo = process::cargo(house.root());
    cargo.args(["build", "--bin", "fuzz", "--features", "fuzz/libfuzzer"]);
    match build {
        // The whole workspace, so that the same features are chosen as for the functions.
        Build::Dev => cargo.arg("--workspace"),
        Build::Optimised => cargo.args(["--package", "fuzz", "--profile", "fast"]),
    };
    cargo.args(["--message-format", "json-render-diagnostics"]);
    cargo.env("RUSTC_WORKSPACE_WRAPPER", house.script("instrument.sh"));
    let mut child = cargo.stdout(Stdio::piped()).spawn().or_say("cannot run cargo build")?;
    let messages: Vec<_> = child.stdout.take().map(process::lines).into_iter().flatten().collect();
    if !child.wait().or_say("cannot wait for cargo build")?.success() {
        return Err(Trouble::new("the fuzz targets cannot be built; see above"));
    }
    let program = messages.iter().rev().find_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        let own = message.pointer("/target/name")? == "fuzz";
        message.get("executable")?.as_str().filter(|_| own).map(PathBuf::from)
    });
    program.ok_or_else(|| Trouble::new("cargo does not say where the fuzz targets are"))
}

/// Makes the folders of a target, and lays the seeds and the payload of `tests/events` among what was found before.
fn place(house: &House, target: &str) -> Outcome<Place> {
    let own = house.root().join("target/fuzz").join(target);
    let place =
        Place { target: target.to_owned(), corpus: own.join("corpus"), found: own.join("found"), log: own.join("log") };
    for folder in [&place.corpus, &place.found] {
        fs::create_dir_all(folder).or_say(format_args!("cannot make {}", folder.display()))?;
    }
    for seed in seeds(house, target) {
        let name = seed.file_name().unwrap_or_default();
        fs::copy(&seed, place.corpus.join(name)).or_say(format_args!("cannot copy {}", seed.display()))?;
    }
    Ok(place)
}

/// Where a target begins. A function that has no seed yet begins with its payload.
fn seeds(house: &House, target: &str) -> Vec<PathBuf> {
    let files = |folder: &str| fs::read_dir(house.root().join(folder)).into_iter().flatten().filter_map(Result::ok);
    if target == INBOX {
        let mails = files("functions/inbox/corpus").map(|entry| entry.path());
        return mails.filter(|path| path.extension().is_some_and(|end| end == "eml")).collect();
    }
    let payload = house.root().join("tests/events").join(format!("{target}.json"));
    files(&format!("tests/fuzz/seeds/{target}")).map(|entry| entry.path()).chain([payload]).collect()
}

fn run(house: &House, program: &Path, place: &Place, seconds: u32) -> Outcome<Ended> {
    let log = fs::File::create(&place.log).or_say(format_args!("cannot write {}", place.log.display()))?;
    let out = log.try_clone().or_say(format_args!("cannot write {}", place.log.display()))?;
    let words = if place.target == INBOX { "mails.dict" } else { "fields.dict" };
    let mut fuzzer = Command::new(program);
    fuzzer
        .arg(&place.corpus)
        .arg(format!("-artifact_prefix={}/", place.found.display()))
        .arg(format!("-dict={}", house.root().join("tests/fuzz").join(words).display()))
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-max_len={LONGEST_INPUT}"))
        .arg(format!("-rss_limit_mb={MOST_MEMORY}"))
        .arg(format!("-timeout={MOST_TIME}"))
        .env("FUZZ_TARGET", &place.target)
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(log);
    let status = fuzzer.status().or_say(format_args!("cannot run {}", program.display()))?;
    let log = fs::read(&place.log).or_say(format_args!("cannot read {}", place.log.display()))?;
    let log = String::from_utf8_lossy(&log).into_owned();
    Ok(Ended { target: place.target.clone(), passed: status.success(), log })
}

/// What libFuzzer says of a run, in one line.
fn line(ended: &Ended) -> String {
    let done = ended.log.lines().rfind(|line| line.starts_with('#') && line.contains("DONE"));
    let numbers = done.and_then(|line| Some((line.split_whitespace().next()?, line.split_once("DONE")?.1)));
    match numbers.filter(|_| ended.passed) {
        Some((runs, rest)) => format!("  {:<20} {} inputs, {}", ended.target, runs.trim_matches('#'), rest.trim()),
        None => format!("  {:<20} broken", ended.target),
    }
}

/// What broke, where the input lies, and how to run it alone.
fn explain(ended: &Ended) {
    println!("\n{}:", ended.target);
    let from = ended.log.lines().position(|line| line.contains("panicked at") || line.contains("ERROR: libFuzzer"));
    let said = ended.log.lines().skip(from.unwrap_or_default()).take_while(|line| !line.starts_with("stack backtrace"));
    said.take(12).for_each(|line| println!("  {line}"));
    for input in ended.log.lines().filter_map(|line| line.split_once("Test unit written to ")).map(|(_, path)| path) {
        println!("  the input: {input}");
        println!("  again: cargo xtask fuzz {} --input {input}", ended.target);
    }
}
