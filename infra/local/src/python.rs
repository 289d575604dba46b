//! The Python that the emulator and the scripts beside this crate run in: environments of their own under `target/`,
//! made of exactly what the requirements files pin. Nothing outside of them is used or changed.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    house::House,
    process, progress,
    trouble::{OrSay, Outcome, Trouble},
};

const OLDEST: (u32, u32) = (3, 11);

/// The environment for the emulator and the scripts, made when it is not there or not what is pinned.
pub fn ready(house: &House) -> Outcome<()> {
    made(house, &house.venv(), "requirements.txt", "made the Python environment")
}

/// What only one command needs, on top.
pub fn ready_with(house: &House, file: &str, done: &str) -> Outcome<()> {
    ready(house)?;
    let wanted = pinned(house, file)?;
    if is_stamped(&house.venv(), file, &wanted) {
        return Ok(());
    }
    progress::step(done, |step| install(house, &house.venv(), file, &wanted, step))
}

/// What cannot live with the others: an environment of its own, and where its programs are.
pub fn apart(house: &House, name: &str, file: &str, done: &str) -> Outcome<PathBuf> {
    let venv = house.local(name);
    made(house, &venv, file, done)?;
    Ok(venv.join("bin"))
}

fn made(house: &House, venv: &Path, file: &str, done: &str) -> Outcome<()> {
    let wanted = pinned(house, file)?;
    if is_stamped(venv, file, &wanted) {
        return Ok(());
    }
    progress::step(done, |step| {
        let python = find()?;
        step.say("making a Python environment");
        let mut make = Command::new(&python);
        make.args(["-m", "venv", "--clear"]).arg(venv);
        process::run_quietly(&mut make, "python3 -m venv", |_| ()).map_err(|trouble| {
            Trouble::new(format!("cannot make a virtual environment ({trouble}); on Debian install python3-venv"))
        })?;
        install(house, venv, file, &wanted, step)
    })
}

/// A program of the environment.
pub fn program(house: &House, name: &str) -> PathBuf {
    house.venv().join("bin").join(name)
}

/// One of the scripts beside this crate.
pub fn script(house: &House, name: &str) -> Command {
    let mut command = Command::new(program(house, "python"));
    command.arg(house.script(name)).current_dir(house.root()).env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

fn pinned(house: &House, file: &str) -> Outcome<String> {
    let path = house.script(file);
    fs::read_to_string(&path).or_say(format_args!("cannot read {}", path.display()))
}

fn is_stamped(venv: &Path, file: &str, wanted: &str) -> bool {
    fs::read_to_string(venv.join(file)).is_ok_and(|installed| installed == wanted)
}

fn install(house: &House, venv: &Path, file: &str, wanted: &str, step: &progress::Step) -> Outcome<()> {
    let mut pip = Command::new(venv.join("bin/python"));
    pip.args(["-m", "pip", "install", "--disable-pip-version-check", "-r"]).arg(house.script(file));
    process::run_quietly(&mut pip, "pip install", |line| step.say(line))?;
    fs::write(venv.join(file), wanted).or_say("cannot write into the Python environment")
}

/// `$PYTHON` or `python3`, when it is new enough.
fn find() -> Outcome<PathBuf> {
    let python = env::var_os("PYTHON").map_or_else(|| PathBuf::from("python3"), PathBuf::from);
    let (major, minor) = version(&python)?;
    if (major, minor) >= OLDEST {
        return Ok(python);
    }
    Err(too_old(&format!("{} is Python {major}.{minor}", python.display())))
}

fn version(python: &Path) -> Outcome<(u32, u32)> {
    let answer = Command::new(python).args(["-c", "import sys; print(*sys.version_info[:2])"]).output();
    let said = answer.ok().filter(|answer| answer.status.success()).map(|answer| answer.stdout).unwrap_or_default();
    let said = String::from_utf8_lossy(&said);
    let mut numbers = said.split_whitespace().map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => Ok((major, minor)),
        _ => Err(too_old(&format!("{} does not run", python.display()))),
    }
}

fn too_old(found: &str) -> Trouble {
    let (major, minor) = OLDEST;
    Trouble::new(format!(
        "{found}: the local cloud needs Python {major}.{minor} or newer; install it, or set PYTHON to its path"
    ))
}
