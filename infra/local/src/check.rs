//! `lint` and `test`: everything that must hold before a change is kept, in one order, stopping at the first failure.

use std::{
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::{
    bundle, drill, fuzz,
    house::House,
    process, progress, python,
    trouble::{OrSay, Outcome, Trouble},
    up,
};

const PORT: u16 = 4566;

/// The template, expanded as AWS would expand it, must leave cfn-lint nothing to say, and checkov nothing but what is listed;
/// a restore drill must make calls that AWS takes; and no word of the tree is misspelled.
pub fn lint(house: &House) -> Outcome<()> {
    python::ready(house)?;
    let apart = python::apart(house, "policy", "requirements-policy.txt", "installed checkov and typos")?;
    progress::step("expanded infra/template.yaml", |_| {
        let mut expand = python::script(house, "expand.py");
        process::run_quietly(expand.arg(house.template()).arg(house.expanded_template()), "expand.py", |_| ())
    })?;
    let mut lint = Command::new(python::program(house, "cfn-lint"));
    lint.args(["--include-checks", "I", "--ignore-checks", "I4010", "--"]).arg(house.expanded_template());
    nothing_found(&mut lint, "cfn-lint")?;
    let mut policy = python::script(house, "policy.py");
    policy.arg(apart.join("checkov")).arg(house.expanded_template()).arg(house.root().join("infra/checkov.toml"));
    nothing_found(&mut policy, "checkov")?;
    progress::step("rehearsed a restore", |_| drill::rehearse(house))?;
    let mut typos = Command::new(apart.join("typos"));
    typos.args(["--config", ".config/typos.toml"]).current_dir(house.root());
    nothing_found(&mut typos, "typos")
}

fn nothing_found(judge: &mut Command, name: &str) -> Outcome<()> {
    let since = Instant::now();
    process::run(judge, name)?;
    progress::done(&format!("{name} finds nothing"), since);
    Ok(())
}

/// One part of `test`, as the summary shows it.
struct Part {
    name: &'static str,
    took: Duration,
}

pub fn test(house: &House) -> Outcome<()> {
    up::must_be_free(house, PORT)?;
    let mut parts = Vec::new();
    let mut results = Vec::new();
    let outcome = all(house, &mut parts, &mut results);
    summary(&parts, &results);
    outcome
}

fn all(house: &House, parts: &mut Vec<Part>, results: &mut Vec<String>) -> Outcome<()> {
    part(parts, "format", || cargo(house, &["fmt", "--check"]))?;
    part(parts, "clippy", || cargo(house, &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    part(parts, "chores", || cargo_test(bundle::own(house), results))?;
    part(parts, "tests", || cargo_test(bundle::tests(house, &[]), results))?;
    part(parts, "examples", || cargo_test(bundle::examples(house), results))?;
    part(parts, "simulation", || simulate(house))?;
    part(parts, "template", || lint(house))?;
    part(parts, "deployed stack", || smoke(house))?;
    part(parts, "fuzz", || fuzz::fuzz(house, None, fuzz::SECONDS, fuzz::Build::Dev))
}

fn part(parts: &mut Vec<Part>, name: &'static str, work: impl FnOnce() -> Outcome<()>) -> Outcome<()> {
    println!("\n== {name}");
    let since = Instant::now();
    let outcome = work();
    parts.push(Part { name, took: since.elapsed() });
    outcome
}

fn cargo(house: &House, arguments: &[&str]) -> Outcome<()> {
    process::run(process::cargo(house.root()).args(arguments), &format!("cargo {}", arguments.join(" ")))
}

/// Runs tests in full view and keeps the lines that say how many there were.
fn cargo_test(mut tests: Command, results: &mut Vec<String>) -> Outcome<()> {
    let mut child = tests.stdout(Stdio::piped()).spawn().or_say("cannot run cargo test")?;
    for line in child.stdout.take().map(process::lines).into_iter().flatten() {
        println!("{line}");
        if line.starts_with("test result:") && !line.contains(" 0 passed; 0 failed") {
            results.push(line);
        }
    }
    let status = child.wait().or_say("cannot wait for cargo test")?;
    if status.success() { Ok(()) } else { Err(Trouble::new("cargo test failed; see above")) }
}

/// A hundred thousand schedules of faults: no promise breaks, and each planted bug is found.
fn simulate(house: &House) -> Outcome<()> {
    for rest in [&["--schedules", "100000"][..], &["--bugs", "--schedules", "20000"]] {
        let rest: Vec<_> = rest.iter().map(ToString::to_string).collect();
        if bundle::fast(house, "soak", &rest)? != std::process::ExitCode::SUCCESS {
            return Err(Trouble::new("the simulation found what must not be; see above"));
        }
    }
    Ok(())
}

/// The real programs on the deployed template: the story must end well twice in a row.
fn smoke(house: &House) -> Outcome<()> {
    let outcome = up::detached(house, PORT, false).and_then(|()| tell(house)).and_then(|()| tell(house));
    let stopped = up::down(house);
    outcome.and(stopped)
}

fn tell(house: &House) -> Outcome<()> {
    let code = bundle::story(house, &[])?;
    if code == std::process::ExitCode::SUCCESS { Ok(()) } else { Err(Trouble::new("the story did not end well")) }
}

fn summary(parts: &[Part], results: &[String]) {
    println!("\n== summary");
    for part in parts {
        println!("{:>6.1} s  {}", part.took.as_secs_f64(), part.name);
    }
    for line in results {
        println!("{line}");
    }
}
