//! Other programs: running one to its end, and starting, finding and stopping one that stays.
//!
//! It ends a process only by the id it was given at its start, and only while that id still belongs to the same program.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, ExitCode, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use crate::trouble::{OrSay, Outcome, Trouble};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From here on Ctrl-C ends the step that runs, and this program stops what it has started.
pub fn listen_for_ctrl_c() -> Outcome<()> {
    ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::Relaxed)).or_say("cannot listen for Ctrl-C")
}

pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// `cargo`, in this directory.
pub fn cargo(directory: &Path) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["--color=auto", "--locked"]).current_dir(directory);
    forget_own_crate(&mut command);
    command
}

/// Takes away what `cargo run` told this program about its own crate: it would make cargo build other crates again.
pub fn forget_own_crate(command: &mut Command) {
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_CRATE_", "CARGO_BIN_"].iter().any(|own| name.starts_with(own)) {
            command.env_remove(name.as_ref());
        }
    }
}

/// Runs to the end in full view.
pub fn run(command: &mut Command, what: &str) -> Outcome<()> {
    let status = command.status().or_say(format_args!("cannot run {what}"))?;
    if status.success() { Ok(()) } else { Err(failed(what)) }
}

/// Runs to the end in full view and hands on how it ended.
pub fn pass_through(command: &mut Command, what: &str) -> Outcome<ExitCode> {
    let status = command.status().or_say(format_args!("cannot run {what}"))?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Runs to the end out of sight, hands each line to `on_line`; the last line of a failure becomes the trouble.
pub fn run_quietly(command: &mut Command, what: &str, mut on_line: impl FnMut(&str)) -> Outcome<()> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .or_say(format_args!("cannot run {what}"))?;
    let complaints = child.stderr.take().map(|pipe| thread::spawn(move || lines(pipe).collect::<Vec<_>>()));
    for line in child.stdout.take().map(lines).into_iter().flatten() {
        on_line(&line);
    }
    let status = child.wait().or_say(format_args!("cannot wait for {what}"))?;
    let complaints = complaints.and_then(|reader| reader.join().ok()).unwrap_or_default();
    if status.success() {
        return Ok(());
    }
    if interrupted() {
        return Err(failed(what));
    }
    let last = complaints.iter().rev().find(|line| !line.trim().is_empty());
    Err(last.map_or_else(|| failed(what), |line| Trouble::new(line.trim())))
}

/// The lines of a pipe until it closes.
pub fn lines(pipe: impl std::io::Read) -> impl Iterator<Item = String> {
    BufReader::new(pipe).lines().map_while(Result::ok)
}

fn failed(what: &str) -> Trouble {
    if interrupted() { Trouble::new("interrupted") } else { Trouble::new(format!("{what} failed; see above")) }
}

/// Starts a program that stays: in its own process group, so that Ctrl-C does not reach it before us, talking to a file.
pub fn start(command: &mut Command, what: &str, log: &Path) -> Outcome<Child> {
    let out = fs::File::create(log).or_say(format_args!("cannot write {}", log.display()))?;
    let err = out.try_clone().or_say(format_args!("cannot write {}", log.display()))?;
    command
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(err)
        .process_group(0)
        .spawn()
        .or_say(format_args!("cannot start {what}"))
}

/// Whether `id` is alive and still the program whose command line holds `mark`.
pub fn is_alive(id: u32, mark: &str) -> bool {
    let command_line = fs::read(format!("/proc/{id}/cmdline")).ok().or_else(|| {
        let answer = Command::new("ps").args(["-o", "args=", "-p", &id.to_string()]).output().ok()?;
        Some(answer.stdout)
    });
    command_line.is_some_and(|line| !line.is_empty() && String::from_utf8_lossy(&line).contains(mark))
}

/// Asks `id` to end and waits for it; what is left of its group, or all of it after ten seconds, is ended.
pub fn stop(id: u32, mark: &str) {
    if is_alive(id, mark) {
        signal("TERM", &id.to_string());
        let asked = Instant::now();
        while is_alive(id, mark) && asked.elapsed() < Duration::from_secs(10) {
            thread::sleep(Duration::from_millis(50));
        }
    } else if is_alive(id, "") {
        return; // the id belongs to a stranger by now
    }
    signal("KILL", &format!("-{id}"));
}

fn signal(name: &str, target: &str) {
    let script = format!("kill -s {name} -- {target} 2>/dev/null");
    // A process that has just ended by itself is as good as one that was ended.
    drop(Command::new("sh").args(["-c", &script]).status());
}
