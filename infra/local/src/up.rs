//! `up` and `down`: from a fresh clone to a stack that answers, and back to nothing.
//!
//! Whatever fails or is interrupted on the way, what was started is stopped.

use std::{fs, thread, time::Duration};

use crate::{
    bundle, cloud,
    cloud::Cloud,
    house::House,
    http, process,
    progress::{self, Step},
    python, stack,
    stack::Stack,
    trouble::{OrSay, Outcome, Trouble},
};

/// Parameters of the template that differ from a real installation; issuer and pages are added by their addresses.
const PARAMETERS: [&str; 4] =
    ["Stage=local", "IntakeDelaySeconds=0", "MailFrom=service@csba.example", "MailHost=mail.csba.example"];

pub fn detached(house: &House, port: u16, built: bool) -> Outcome<()> {
    start(house, port, built)?;
    println!("\n`cargo xtask down` stops it.");
    Ok(())
}

/// Stays in the foreground and watches over the cloud.
pub fn until_ctrl_c(house: &House, port: u16, built: bool) -> Outcome<()> {
    let mut cloud = start(house, port, built)?;
    println!("\nCtrl-C stops it.");
    while !process::interrupted() {
        if cloud::running(house).is_none() && !house.stack_file().exists() {
            println!("\nstopped by `cargo xtask down`");
            return Ok(());
        }
        if let Err(trouble) = cloud.must_live() {
            cloud::stop(house);
            return Err(trouble);
        }
        thread::sleep(Duration::from_millis(200));
    }
    println!();
    progress::step("stopped", |step| {
        step.say("stopping");
        cloud::stop(house);
        Ok(())
    })
}

pub fn down(house: &House) -> Outcome<()> {
    progress::step("stopped the local cloud, if one was running", |step| {
        step.say("stopping");
        cloud::stop(house);
        Ok(())
    })
}

/// Refuses when a cloud runs already or another program has its ports.
pub fn must_be_free(house: &House, port: u16) -> Outcome<()> {
    if let Some(port) = cloud::running(house) {
        return Err(Trouble::new(format!("a local cloud runs already on port {port}; `cargo xtask down` stops it")));
    }
    match [port, cloud::issuer_port(port)].into_iter().find(|port| !http::is_free(*port)) {
        None => Ok(()),
        Some(taken) => Err(Trouble::new(format!(
            "port {taken} is in use by another program; end that, or choose other ports with `cargo xtask up --port 14566`"
        ))),
    }
}

fn start(house: &House, port: u16, built: bool) -> Outcome<Cloud> {
    must_be_free(house, port)?;
    cloud::stop(house); // what an earlier run may have left when it was killed
    house.make_local()?;
    python::ready(house)?;
    if !built {
        bundle::build(house)?;
    }
    progress::step("bundled the functions", |step| bundle::bundle(house, step))?;
    fs::write(house.travel_file(), "0").or_say("cannot write the travel file")?;
    let started = progress::step("started the local cloud, permissions enforced", |step| {
        step.say("starting the local cloud");
        Cloud::start(house, port)
    });
    let outcome = started.and_then(|cloud| fill(house, port).map(|()| cloud));
    if outcome.is_err() {
        cloud::stop(house);
    }
    outcome
}

fn fill(house: &House, port: u16) -> Outcome<()> {
    progress::step("deployed infra/template.yaml", |step| deploy(house, port, step))?;
    progress::step("told the stack of a demo store", |step| {
        let mut seed = stack::script(house, "seed.py")?;
        process::run_quietly(seed.arg(house.stack_file()), "seed.py", |line| step.say(line))
    })?;
    greet(&Stack::read(house)?);
    Ok(())
}

fn deploy(house: &House, port: u16, step: &Step) -> Outcome<()> {
    let issuer = cloud::issuer_url(port);
    let mut command = python::script(house, "deploy.py");
    command
        .envs(cloud::environment(house, port))
        .arg(house.template())
        .arg(house.stack_file())
        .arg(&issuer)
        .arg(format!("JwtIssuer={issuer}"))
        .arg(format!("PortalUrl={}", portal_url(port)))
        .args(PARAMETERS);
    process::run_quietly(&mut command, "deploying", |line| step.say(line))
}

/// Where the pages are: browsers and curl take every name under `localhost` for this machine.
fn portal_url(port: u16) -> String {
    format!("http://csba.localhost:{port}")
}

fn greet(stack: &Stack) {
    println!(
        "\n  pages         {}\n  HTTP API      {}\n  token issuer  {}\n  AWS endpoint  {} (region {}, account {})\n  all of it     target/local/stack.json",
        stack.portal_url, stack.api_url, stack.issuer_url, stack.endpoint, stack.region, stack.account
    );
    println!(
        "\nThree commands to try:\n
  curl -H \"Authorization: Bearer $(curl -s {issuer}/token -d sub=ann -d seller_id=demo-seller -d scope=seller \\
    | sed 's/.*\"access_token\": \"\\([^\"]*\\).*/\\1/')\" '{api}/v1/stores/US/enrollment'
  cargo xtask story
  cargo xtask travel 25h",
        issuer = stack.issuer_url,
        api = stack.api_url
    );
}
