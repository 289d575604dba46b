//! `verify-ledger`: hands every item of every table to the verifier, from the running stack or from files.
//!
//! What must hold, and the sentence for what does not, is the verifier's own (`tests/src/verify.rs`).

use std::{
    path::Path,
    process::{Command, ExitCode, Stdio},
};

use crate::{
    house::House,
    process, stack,
    trouble::{OrSay, Outcome, Trouble},
};

/// 0 where nothing is wrong, 1 where something is, 2 where the items cannot be read: the verifier's answer, or ours
/// where it was not reached.
pub fn verify(house: &House, from: Option<&Path>, running: bool) -> ExitCode {
    answer(house, from, running).unwrap_or_else(|trouble| {
        eprintln!("xtask: {trouble}");
        ExitCode::from(2)
    })
}

fn answer(house: &House, from: Option<&Path>, running: bool) -> Outcome<ExitCode> {
    let from = from.map(std::path::absolute).transpose().or_say("cannot tell the working directory")?;
    process::run(process::cargo(house.root()).args(["build", "--quiet", "--workspace", "--bins"]), "cargo build")?;
    let mut verifier = Command::new(house.binary("verify"));
    verifier.args(running.then_some("--running"));
    match from {
        Some(folder) => process::pass_through(verifier.arg("--from").arg(folder), "target/debug/verify"),
        None => scanned(house, &mut verifier),
    }
}

/// A scan that breaks off has no answer: the verifier would miss what was not read.
fn scanned(house: &House, verifier: &mut Command) -> Outcome<ExitCode> {
    let mut scan = stack::script(house, "scan.py")?;
    let mut scanning = scan.arg(house.stack_file()).stdout(Stdio::piped()).spawn().or_say("cannot run scan.py")?;
    let items = scanning.stdout.take().ok_or_else(|| Trouble::new("scan.py does not speak"))?;
    let answer = process::pass_through(verifier.stdin(items), "target/debug/verify");
    let status = scanning.wait().or_say("cannot wait for scan.py")?;
    if status.success() { answer } else { Err(Trouble::new("scan.py did not read every table; see above")) }
}
