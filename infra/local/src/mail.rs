//! `mail`: every mail the stack has sent, as the emulator kept it. Nothing leaves this machine.

use std::{collections::BTreeMap, fmt};

use serde::Deserialize;

use crate::{
    cloud,
    house::House,
    http,
    stack::Stack,
    trouble::{OrSay, Outcome},
};

/// By account.
#[derive(Deserialize)]
struct Sent {
    messages: BTreeMap<String, Vec<Mail>>,
}

/// The emulator keeps no other header and no attachment.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Mail {
    source: String,
    to: Vec<String>,
    subject: String,
    body_text: String,
}

impl fmt::Display for Mail {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "From:    {}\nTo:      {}\nSubject: {}\n", self.source, self.to.join(", "), self.subject)?;
        self.body_text.trim().lines().try_for_each(|line| writeln!(out, "  {}", line.trim_end()))
    }
}

pub fn print(house: &House) -> Outcome<()> {
    let stack = Stack::read(house)?;
    let port = stack.port()?;
    cloud::must_answer(house, port)?;
    let body = http::get(port, &format!("/_ministack/ses/messages?account={}", stack.account))?;
    let sent: Sent = serde_json::from_str(&body).or_say("the emulator answers in an unknown form")?;
    let mails: Vec<Mail> = sent.messages.into_values().flatten().collect();
    for mail in &mails {
        println!("{mail}\n{}", "-".repeat(72));
    }
    println!("{} sent", if mails.len() == 1 { "1 mail".to_owned() } else { format!("{} mails", mails.len()) });
    Ok(())
}
