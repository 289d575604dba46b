//! `status`: whether the stack runs, where, how far it has travelled, and what waits in its queues.

use std::{collections::BTreeMap, fs};

use serde::{Deserialize, de::IgnoredAny};

use crate::{
    cloud,
    house::House,
    http,
    stack::Stack,
    trouble::{OrSay, Outcome},
};

pub fn print(house: &House) -> Outcome<()> {
    let stack = Stack::read(house)?;
    let port = stack.port()?;
    cloud::must_answer(house, port)?;
    let travelled = fs::read_to_string(house.travel_file()).unwrap_or_default();
    println!("running     {}", stack.endpoint);
    println!("HTTP API    {}", stack.api_url);
    println!("pages       {}", stack.portal_url);
    println!("issuer      {}", stack.issuer_url);
    println!("travelled   {} s", travelled.trim());
    let waiting = waiting(&stack, port)?;
    for (queue, messages) in &waiting {
        println!("waiting     {messages:>4} in {queue}");
    }
    if waiting.is_empty() {
        println!("waiting     nothing in any queue");
    }
    Ok(())
}

/// Account, region, address of the queue, messages.
#[derive(Deserialize)]
struct Peek {
    messages: BTreeMap<String, BTreeMap<String, BTreeMap<String, Vec<IgnoredAny>>>>,
}

/// Messages per queue, read without taking one; queues that hold none are left out.
fn waiting(stack: &Stack, port: u16) -> Outcome<BTreeMap<String, usize>> {
    let body = http::get(port, &format!("/_ministack/sqs/messages?account={}", stack.account))?;
    let peek: Peek = serde_json::from_str(&body).or_say("the emulator answers in an unknown form")?;
    let by_address: BTreeMap<_, _> = peek
        .messages
        .into_values()
        .flat_map(BTreeMap::into_values)
        .flatten()
        .map(|(url, all)| (url, all.len()))
        .collect();
    let counts = stack.queues.iter().filter_map(|(name, url)| Some((name.clone(), *by_address.get(url)?)));
    Ok(counts.filter(|(_, count)| *count > 0).collect())
}
