//! `contract`: schemathesis throws what `infra/openapi.yaml` allows, and what it forbids, at the running stack.

use std::process::{Command, ExitCode};

use crate::{house::House, process, python, stack::Stack, trouble::Outcome};

/// What the gateway answers by itself is not ours to choose: to a method that a path does not have it says 404.
const NOT_OURS: &str = "unsupported_method,allow_header_conformance";

pub fn contract(house: &House, nobody: bool, rest: &[String]) -> Outcome<ExitCode> {
    let stack = Stack::read(house)?;
    python::ready_with(house, "requirements-contract.txt", "installed schemathesis")?;
    let mut run = Command::new(python::program(house, "schemathesis"));
    run.arg("--config-file").arg(house.script("schemathesis.toml"));
    run.arg("run").arg(house.root().join("infra/openapi.yaml"));
    run.args(["--url", &stack.api_url, "--exclude-checks", NOT_OURS, "--continue-on-failure", "--seed", "1"]);
    run.env("SCHEMATHESIS_HOOKS", house.script("contract.py")).env("CSBA_STACK", house.stack_file());
    run.env("PYTHONDONTWRITEBYTECODE", "1").current_dir(house.local(""));
    if nobody {
        run.env("CSBA_NOBODY", "1");
    }
    process::pass_through(run.args(rest), "schemathesis")
}
