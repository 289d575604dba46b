//! The deployed stack as `stack.json` describes it, and the chores that are one script each.
//!
//! The file exists exactly while a stack is up; its absence is the sentence "there is no stack".

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Command, ExitCode},
};

use serde::Deserialize;

use crate::{
    cloud,
    house::House,
    process, python,
    trouble::{OrSay, Outcome, Trouble},
};

/// What `infra/local/deploy.py` wrote down.
#[derive(Deserialize)]
pub struct Stack {
    pub endpoint: String,
    pub api_url: String,
    pub portal_url: String,
    pub issuer_url: String,
    pub region: String,
    pub account: String,
    pub queues: BTreeMap<String, String>,
}

impl Stack {
    pub fn read(house: &House) -> Outcome<Self> {
        let text = fs::read_to_string(house.stack_file()).map_err(|_| {
            Trouble::new("no local stack is running; start it with `cargo xtask up` and come back when it says so")
        })?;
        serde_json::from_str(&text).or_say(format_args!("cannot read {}", house.stack_file().display()))
    }

    pub fn port(&self) -> Outcome<u16> {
        let port = self.endpoint.rsplit(':').next().unwrap_or_default();
        port.parse().or_say(format_args!("stack.json has no port in {}", self.endpoint))
    }
}

/// A script that calls the running stack.
pub fn script(house: &House, name: &str) -> Outcome<Command> {
    let stack = Stack::read(house)?;
    cloud::must_answer(house, stack.port()?)?;
    let mut command = python::script(house, name);
    command.envs(cloud::environment(house, stack.port()?));
    Ok(command)
}

pub fn logs(house: &House, function: Option<&str>) -> Outcome<ExitCode> {
    let mut command = script(house, "logs.py")?;
    process::pass_through(command.arg(house.stack_file()).args(function), "logs.py")
}

pub fn mail_in(house: &House, rest: &[String]) -> Outcome<ExitCode> {
    process::pass_through(script(house, "mail_in.py")?.arg(house.stack_file()).args(rest), "mail_in.py")
}

pub fn invoke(house: &House, function: &str, event: &Path) -> Outcome<ExitCode> {
    let event = std::path::absolute(event).or_say(format_args!("cannot find {}", event.display()))?;
    let mut command = script(house, "invoke.py")?;
    process::pass_through(command.arg(house.stack_file()).arg(function).arg(event), "invoke.py")
}
