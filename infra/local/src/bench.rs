//! `bench`: what functions cost, beside programs that do the same. It builds them optimised, makes the peers ready, and hands
//! over to the program `tests/bench`, which measures.

use std::process::{Command, ExitCode};

use crate::{house::House, npm, process, progress, python, trouble::Outcome};

/// The function whose job the peers do too.
const ROUTER: &str = "contact-router";

pub fn bench(house: &House, all: bool, rest: &[String]) -> Outcome<ExitCode> {
    let functions = if all { house.functions()? } else { vec![ROUTER.to_owned()] };
    // Apart from each other: built at once, the functions would be compiled with what the bench alone needs.
    release(house, &functions)?;
    release(house, &["bench".to_owned()])?;
    let own = house.root().join("target/bench");
    python::ready(house)?;
    progress::step("bundled the peer in JavaScript", |step| {
        let folder = own.join("node");
        step.say("npm ci");
        npm::install(&house.root().join("tests/bench/node"), &folder)?;
        let mut bundle = Command::new("npm");
        bundle.args(["run", "--silent", "bundle"]).current_dir(&folder);
        process::run_quietly(&mut bundle, "npm run bundle", |_| ())
    })?;
    let mut bench = Command::new(house.released("bench"));
    bench.arg("--tests").arg(house.root().join("tests")).arg("--own").arg(&own);
    bench.arg("--programs").arg(house.released(""));
    bench.arg("--python").arg(python::program(house, "python"));
    if all {
        bench.arg("--functions").args(&functions);
    }
    process::pass_through(bench.args(rest), "target/release/bench")
}

fn release(house: &House, packages: &[String]) -> Outcome<()> {
    let mut cargo = process::cargo(house.root());
    cargo.args(["build", "--release"]).args(packages.iter().map(|package| format!("--package={package}")));
    process::run(&mut cargo, "cargo build --release")
}
