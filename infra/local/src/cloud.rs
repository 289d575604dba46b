//! The two programs that make up the local cloud: `MiniStack`, and the issuer of test tokens.
//!
//! It starts, finds and stops them. What is deployed into the cloud is not its business.

use std::{
    fs,
    path::PathBuf,
    process::{Child, Command},
    thread,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};

use crate::{
    house::House,
    http, process, python,
    trouble::{OrSay, Outcome, Trouble},
};

const REGION: &str = "eu-west-1";
/// Twelve digits name an account of the emulator; whoever uses them as a key is its administrator.
const ACCOUNT: &str = "000000000000";

/// The ids of the two programs, kept in a file so that `down` finds what another run has started.
#[derive(Serialize, Deserialize)]
struct Ids {
    port: u16,
    emulator: u32,
    issuer: u32,
}

/// A local cloud that this run has started.
pub struct Cloud {
    emulator: Child,
    issuer: Child,
}

impl Cloud {
    /// Starts both and waits until they answer.
    pub fn start(house: &House, port: u16) -> Outcome<Self> {
        let emulator = process::start(&mut emulator(house, port), "MiniStack", &house.local("cloud.log"))?;
        let mut issuer = python::script(house, "issuer.py");
        issuer.envs(environment(house, port)).arg(issuer_port(port).to_string());
        let issuer = process::start(&mut issuer, "the token issuer", &house.local("issuer.log"))?;
        let ids = Ids { port, emulator: emulator.id(), issuer: issuer.id() };
        let mut cloud = Self { emulator, issuer };
        let text = serde_json::to_string(&ids).or_say("cannot write down the process ids")?;
        fs::write(ids_file(house), text).or_say("cannot write down the process ids")?;
        cloud.wait_until_ready(port)?;
        Ok(cloud)
    }

    fn wait_until_ready(&mut self, port: u16) -> Outcome<()> {
        let since = Instant::now();
        let answers = || {
            http::get(port, "/_ministack/ready").is_ok()
                && http::get(issuer_port(port), "/.well-known/openid-configuration").is_ok()
        };
        while !answers() {
            self.must_live()?;
            if process::interrupted() {
                return Err(Trouble::new("interrupted"));
            }
            if since.elapsed() > Duration::from_secs(30) {
                return Err(Trouble::new("the local cloud does not get ready; target/local/cloud.log says why"));
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// An error as soon as one of the two has ended by itself.
    pub fn must_live(&mut self) -> Outcome<()> {
        for (child, name, log) in
            [(&mut self.emulator, "MiniStack", "cloud.log"), (&mut self.issuer, "the token issuer", "issuer.log")]
        {
            if let Ok(Some(status)) = child.try_wait() {
                return Err(Trouble::new(format!(
                    "{name} has ended by itself ({status}); target/local/{log} says why, `cargo xtask up` starts anew"
                )));
            }
        }
        Ok(())
    }
}

/// Stops what any run has started. False when there was nothing.
pub fn stop(house: &House) -> bool {
    let Some(ids) = ids(house) else { return false };
    process::stop(ids.emulator, &mark(house));
    process::stop(ids.issuer, &mark(house));
    drop(fs::remove_file(house.stack_file()));
    drop(fs::remove_file(ids_file(house)));
    drop(fs::remove_dir_all(house.local("tmp")));
    true
}

/// The port of the cloud that runs now, if one does.
pub fn running(house: &House) -> Option<u16> {
    ids(house).filter(|ids| process::is_alive(ids.emulator, &mark(house))).map(|ids| ids.port)
}

/// A sentence for a cloud that ought to answer and does not.
pub fn must_answer(house: &House, port: u16) -> Outcome<()> {
    if running(house).is_none() {
        return Err(Trouble::new(
            "the local cloud has ended; `cargo xtask down`, then `cargo xtask up`, starts it anew",
        ));
    }
    http::get(port, "/_ministack/ready").map(drop).map_err(|trouble| {
        Trouble::new(format!("the local cloud hangs ({trouble}); `cargo xtask down`, then `cargo xtask up`"))
    })
}

pub const fn issuer_port(port: u16) -> u16 {
    port.saturating_add(1)
}

pub fn issuer_url(port: u16) -> String {
    format!("http://127.0.0.1:{}", issuer_port(port))
}

/// What a caller of the stack needs in its environment, the issuer too, which follows the stack's time; and, inherited
/// from the emulator, what each function gets.
pub fn environment(house: &House, port: u16) -> Vec<(&'static str, String)> {
    vec![
        ("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{port}")),
        ("AWS_REGION", REGION.to_owned()),
        ("AWS_DEFAULT_REGION", REGION.to_owned()),
        ("AWS_ACCESS_KEY_ID", ACCOUNT.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "local".to_owned()),
        ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ("CSBA_TRAVEL_FILE", house.travel_file().display().to_string()),
    ]
}

/// Nothing of the caller's own environment reaches the emulator, for from there it would reach the functions.
fn emulator(house: &House, port: u16) -> Command {
    let mut command = Command::new(python::program(house, "ministack"));
    command
        .env_clear()
        .envs(std::env::vars_os().filter(|(name, _)| name == "PATH" || name == "HOME"))
        .envs(environment(house, port))
        .env("AUTH", "true")
        .env("BIND_HOST", "127.0.0.1")
        .env("GATEWAY_PORT", port.to_string())
        .env("IOT_MTLS_ENABLED", "0")
        .env("TMPDIR", house.local("tmp"))
        .env("MINISTACK_HOST", "127.0.0.1")
        .env("MINISTACK_REGION", REGION)
        .current_dir(house.root());
    command
}

/// Both programs have the environment's path on their command line.
fn mark(house: &House) -> String {
    house.venv().display().to_string()
}

fn ids_file(house: &House) -> PathBuf {
    house.local("cloud.json")
}

fn ids(house: &House) -> Option<Ids> {
    serde_json::from_str(&fs::read_to_string(ids_file(house)).ok()?).ok()
}
