//! One process of a function: what the template and Lambda give it, and its way to the cloud.

use crate::{
    cloud::{Cloud, Wire},
    issuer::{CLIENT, ISSUER},
    receiver::RECEIVER,
    shipped::BOOK,
    template::Function,
};
use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use chrono::{DateTime, TimeDelta};
use sha2::{Digest, Sha256};
use shell::{Connection, Env, RetryPartition, Shell, TokenBucket, chance::Chance, clock::Clock, link::Links};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// Where mail to us comes in.
pub const MAIL_HOST: &str = "mail.marketplace.example";

/// The SDK stops trying again when a process had to too often. A world is thousands of young processes in one, whose
/// allowance is not to run out.
const RETRIES: usize = 1 << 28;

/// What the template gives a function, and Lambda; the marketplace's systems are told what happens, or are not.
#[must_use]
pub fn environment(function: &Function, telling: bool) -> Env {
    let mut env: Env = function.env.clone().into_iter().collect();
    for (name, value) in &function.env {
        if name.starts_with("QUEUE_") {
            env.insert(name.clone(), format!("https://sqs.test/{value}"));
        }
    }
    let fixed = [
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_ENDPOINT_URL", "http://cloud.test"),
        ("MAIL_FROM", "service@marketplace.example"),
        ("MAIL_HOST", MAIL_HOST),
        ("PORTAL_URL", "https://seller.marketplace.example"),
        ("JWT_ISSUER", ISSUER),
        ("SIGN_IN_CLIENT", CLIENT),
    ];
    for (name, value) in [("WEBHOOKS", if telling { "on" } else { "off" }), ("WEBHOOK_URL", RECEIVER)] {
        if let Some(given) = env.get_mut(name) {
            value.clone_into(given);
        }
    }
    env.extend(fixed.map(|(name, value)| (name.to_owned(), value.to_owned())));
    env
}

/// A function, started with these names, on a machine whose clock is off by so much.
///
/// # Panics
/// If it cannot start.
#[must_use]
pub(crate) fn started(cloud: &Arc<Cloud>, package: &str, env: &Env, off: TimeDelta) -> Shell {
    let wire = SharedHttpConnector::new(Wire::new(Arc::clone(cloud), package));
    let time = Arc::clone(cloud);
    let clock = Clock::of(move || DateTime::from_timestamp_millis(time.wall()).expect("a time") + off);
    let allowance = TokenBucket::builder().capacity(RETRIES).build();
    let connection = Connection {
        aws: wire.clone(),
        web: wire.clone(),
        outward: Some(wire),
        retries: RetryPartition::custom("world").token_bucket(allowance).build(),
        signed: false,
    };
    let shell = Shell::new(connection, env, clock, Arc::clone(&BOOK)).expect("the function starts");
    let drawn = AtomicU64::new(0);
    let next = move || Sha256::digest(drawn.fetch_add(1, Ordering::Relaxed).to_le_bytes()).into();
    // What signs is the same however often it is made, so that what two runs leave compares.
    let signs = || Chance::of(|| Some([7; 32]));
    let chance = if package == "hook-sender" { signs() } else { Chance::of(move || Some(next())) };
    Shell { links: Links::new(signs()), chance, ..shell }
}
