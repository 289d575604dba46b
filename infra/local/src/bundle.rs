//! Building with cargo, and laying each function's binary where the template packages it from.
//!
//! It always builds the whole workspace: building one package picks other features and compiles the world again.
//! For AWS the same places are filled by `cargo lambda build`; nothing here builds for AWS.

use std::{
    fs,
    path::Path,
    process::{Command, ExitCode},
    time::Instant,
};

use crate::{
    house::House,
    process,
    progress::{self, Step},
    trouble::{OrSay, Outcome, Trouble},
};

/// Builds every program of the workspace (dev profile) with cargo's own progress in view.
pub fn build(house: &House) -> Outcome<()> {
    let since = Instant::now();
    process::run(process::cargo(house.root()).args(["build", "--workspace", "--bins"]), "cargo build")?;
    progress::done("built the workspace", since);
    Ok(())
}

/// `target/lambda/<function>/bootstrap` for each function: the dev binary without what only a debugger reads.
pub fn bundle(house: &House, step: &Step) -> Outcome<()> {
    for function in house.functions()? {
        step.say(format!("bundling {function}"));
        let binary = house.binary(&function);
        if !binary.is_file() {
            return Err(Trouble::new(format!(
                "{function} was never built; `cargo xtask up` without --built builds it"
            )));
        }
        let bootstrap = house.bootstrap(&function);
        if let Some(folder) = bootstrap.parent() {
            fs::create_dir_all(folder).or_say(format_args!("cannot make {}", folder.display()))?;
        }
        lay(&binary, &bootstrap)?;
    }
    Ok(())
}

/// Stripped when `strip` is there (half the size, so deploying is quicker), else the binary itself as a hard link.
fn lay(binary: &Path, bootstrap: &Path) -> Outcome<()> {
    let stripped = Command::new("strip").arg("-o").arg(bootstrap).arg(binary).output();
    if stripped.is_ok_and(|answer| answer.status.success()) {
        return Ok(());
    }
    drop(fs::remove_file(bootstrap));
    fs::hard_link(binary, bootstrap).or_say(format_args!("cannot link {}", bootstrap.display()))
}

/// The story, told on the running stack.
pub fn story(house: &House, rest: &[String]) -> Outcome<ExitCode> {
    let mut story = program(house, "story")?;
    story.args(rest).current_dir(house.root()).env("CSBA_TRAVEL_FILE", house.travel_file());
    process::pass_through(&mut story, "target/debug/story")
}

/// What the words of the topics' texts come to.
pub fn topics(house: &House, rest: &[String]) -> Outcome<ExitCode> {
    process::pass_through(program(house, "topics")?.args(rest), "target/debug/topics")
}

/// A program of the tests, built with all the others.
pub fn program(house: &House, name: &str) -> Outcome<Command> {
    process::run(process::cargo(house.root()).args(["build", "--quiet", "--workspace", "--bins"]), "cargo build")?;
    Ok(Command::new(house.binary(name)))
}

/// What has tests, with the programs of `tests`; xtask and fuzz are named for the features that their crates choose for all
/// others. Always the same: another choice would compile the world again.
const TESTED: [&str; 14] = [
    "test",
    "--profile=fast",
    "-p=domain",
    "-p=shell",
    "-p=pages",
    "-p=desk-portal",
    "-p=inbox",
    "-p=insight-api",
    "-p=mail-feedback",
    "-p=notice-sender",
    "-p=seller-portal",
    "-p=tests",
    "-p=xtask",
    "-p=fuzz",
];

/// The replay or the simulation, optimised; paths are the caller's, so the working directory stays.
pub fn fast(house: &House, program: &str, rest: &[String]) -> Outcome<ExitCode> {
    process::run(
        process::cargo(house.root()).args(TESTED).args(["--tests", "--no-run", "--quiet"]),
        "cargo test --no-run",
    )?;
    process::pass_through(Command::new(house.optimised(program)).args(rest), program)
}

/// The tests, with these words to them.
pub fn tests(house: &House, rest: &[&str]) -> Command {
    let mut cargo = process::cargo(house.root());
    cargo.args(TESTED).args(["--tests", "--"]).args(rest);
    cargo
}

/// The examples of the docs, with what was compiled for the tests.
pub fn examples(house: &House) -> Command {
    let mut cargo = process::cargo(house.root());
    cargo.args(TESTED).arg("--doc");
    cargo
}

/// The tests of this program, compiled as it was.
pub fn own(house: &House) -> Command {
    let mut cargo = process::cargo(house.root());
    cargo.args(["test", "--package", "xtask", "--bin", "xtask"]);
    cargo
}

/// Every pair of faults at the calls of every path: a test that is too long to run each time.
pub fn pairs(house: &House) -> Outcome<()> {
    let test = "x4_after_any_two_faults";
    process::run(&mut tests(house, &["--ignored", "--nocapture", test]), &format!("cargo test {test}"))
}
