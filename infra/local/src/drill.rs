//! `restore-drill`: the tables of a stack on AWS as they were at one second, restored, exported and looked over.
//!
//! What is called stands in `restore.py`; what must hold is the verifier's.

use std::{
    fs,
    process::{Command, ExitCode},
};

use clap::Args;

use crate::{
    house::House,
    process, python,
    trouble::{OrSay, Outcome},
    verify,
};

#[derive(Args)]
pub struct Drill {
    /// Name of the stack
    #[arg(long)]
    stack: String,
    /// The second, as in `2026-11-30T10:00:00Z`
    #[arg(long)]
    at: String,
    /// Bucket that the exports go to; it exists already
    #[arg(long)]
    bucket: String,
}

/// The verifier's answer; 1 or 2 of it, or a restore that failed, is no restore to open a system on.
pub fn restore(house: &House, drill: &Drill) -> Outcome<ExitCode> {
    python::ready(house)?;
    let folder = house.root().join("target/restored");
    if folder.exists() {
        fs::remove_dir_all(&folder).or_say(format_args!("cannot clear {}", folder.display()))?;
    }
    let mut restore = script(house, drill);
    process::run(restore.arg("--into").arg(&folder), "restore.py")?;
    Ok(verify::verify(house, Some(&folder), false))
}

/// Each call of a drill, built and checked against what AWS takes, and not made.
pub fn rehearse(house: &House) -> Outcome<()> {
    let (stack, at) = ("csba".to_owned(), "2026-01-01T00:00:00Z".to_owned());
    let mut rehearsal = script(house, &Drill { stack, at, bucket: "exports".to_owned() });
    rehearsal.env("AWS_DEFAULT_REGION", "eu-west-1");
    rehearsal.arg("--into").arg(house.local("tmp/rehearsal")).arg("--rehearse").arg(house.expanded_template());
    process::run_quietly(&mut rehearsal, "restore.py", |_| ())
}

fn script(house: &House, drill: &Drill) -> Command {
    let mut script = python::script(house, "restore.py");
    script.args(["--stack", &drill.stack, "--at", &drill.at, "--bucket", &drill.bucket]);
    script
}
