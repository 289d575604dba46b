//! `watch`: the running stack keeps its routes, queues and schedules, but its functions are compiled and run by
//! `cargo lambda watch`, again after each save.
//!
//! Behind it the functions run under the administrator's key, so permissions are not tried; `up` tries them.

use std::process::Command;

use crate::{
    cloud,
    house::House,
    process, python, stack,
    stack::Stack,
    trouble::{OrSay, Outcome},
};

const PORT: &str = "9000";

pub fn watch(house: &House) -> Outcome<()> {
    let port = Stack::read(house)?.port()?;
    python::ready_with(house, "requirements-watch.txt", "installed cargo-lambda")?;
    let environment = house.local("watch.env");
    let mut on = stack::script(house, "proxy.py")?;
    on.arg("on").arg(house.template()).arg(house.stack_file());
    on.arg(format!("http://127.0.0.1:{PORT}")).arg(&environment);
    process::run_quietly(&mut on, "proxy.py", |_| ())?;
    println!("the stack now runs what you save; the first call of a function compiles it; Ctrl-C ends it");
    let mut watch = Command::new(python::program(house, "cargo-lambda"));
    watch.args(["lambda", "watch", "--invoke-address", "127.0.0.1", "--invoke-port", PORT, "--env-file"]);
    process::forget_own_crate(&mut watch);
    let watched = watch.arg(&environment).current_dir(house.root()).status().or_say("cannot run cargo lambda watch");
    let mut off = python::script(house, "proxy.py");
    off.envs(cloud::environment(house, port)).arg("off").arg(house.stack_file());
    process::run_quietly(&mut off, "proxy.py", |_| ())?;
    println!("the stack runs the deployed functions again");
    watched.map(drop)
}
