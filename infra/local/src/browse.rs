//! `browse`: a real browser looks at every page of the running stack, and an audit of its accessibility with it.

use std::{
    env,
    path::PathBuf,
    process::{self as system, Command, ExitCode},
};

use crate::{
    cloud,
    house::House,
    npm, process, progress,
    stack::{self, Stack},
    trouble::{OrSay, Outcome, Trouble},
};

const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

pub fn browse(house: &House, rest: &[String]) -> Outcome<ExitCode> {
    // The story is about two orders that nobody has asked about yet.
    let order = format!("browsed-{}", system::id());
    for order in [order.clone(), format!("{order}-too")] {
        let mut seed = stack::script(house, "seed.py")?;
        process::run_quietly(seed.arg(house.stack_file()).arg(order), "seed.py", |_| ())?;
    }
    let folder = house.local("browser");
    progress::step("installed the browser's driver", |_| npm::install(&house.script("browser"), &folder))?;
    let mut run = Command::new("node");
    run.envs(cloud::environment(house, Stack::read(house)?.port()?));
    run.arg(folder.join("browse.mjs")).arg(house.stack_file()).arg(house.root().join("target/screens")).arg(browser()?);
    // A part of the story is told a quarter later: this program moves the time.
    run.arg(env::current_exe().or_say("cannot find this program")?).arg(order);
    process::pass_through(run.args(rest), "the browser")
}

/// The browser of this machine.
pub fn browser() -> Outcome<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let places = env::split_paths(&path).flat_map(|folder| BROWSERS.map(|name| folder.join(name)));
    let found = places.into_iter().find(|place| place.is_file());
    found.ok_or_else(|| Trouble::new("no Chromium is on the PATH; on Debian install chromium"))
}
