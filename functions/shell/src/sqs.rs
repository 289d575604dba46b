//! Sending to queues, in batches of ten.

use crate::{
    Env,
    aws::Clients,
    failure::{Failure, of_sdk},
};
use aws_sdk_sqs::{Client, types::SendMessageBatchRequestEntry};
use std::{collections::HashMap, sync::OnceLock};

/// A queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Queue {
    /// Facts from the marketplace.
    Events,
    /// Contacts to be routed.
    Contacts,
    /// Clocks that rang.
    Clocks,
    /// Mails that are owed.
    Notices,
    /// What became of mails.
    Feedback,
    /// Quarters to be measured or closed.
    Fees,
    /// Days to be added up.
    Days,
    /// Mails that came in.
    Mails,
    /// What the marketplace's systems are to be told.
    Hooks,
}

impl Queue {
    /// Every queue.
    pub const ALL: [Self; 9] = [
        Self::Events,
        Self::Contacts,
        Self::Clocks,
        Self::Notices,
        Self::Feedback,
        Self::Fees,
        Self::Days,
        Self::Mails,
        Self::Hooks,
    ];

    /// Its stable name, as an outbox entry holds it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Contacts => "contacts",
            Self::Clocks => "clocks",
            Self::Notices => "notices",
            Self::Feedback => "feedback",
            Self::Fees => "fees",
            Self::Days => "days",
            Self::Mails => "mails",
            Self::Hooks => "hooks",
        }
    }

    /// The function that reads it.
    #[must_use]
    pub const fn reader(self) -> &'static str {
        match self {
            Self::Events => "marketplace-intake",
            Self::Contacts => "contact-router",
            Self::Clocks => "sla-clock",
            Self::Notices => "notice-sender",
            Self::Feedback => "mail-feedback",
            Self::Fees => "fee-statement",
            Self::Days => "insight-day",
            Self::Mails => "mail-intake",
            Self::Hooks => "hook-sender",
        }
    }

    /// The queue of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|queue| queue.name() == name)
    }

    /// The variable that holds its URL.
    #[must_use]
    pub const fn variable(self) -> &'static str {
        match self {
            Self::Events => "QUEUE_EVENTS",
            Self::Contacts => "QUEUE_CONTACTS",
            Self::Clocks => "QUEUE_CLOCKS",
            Self::Notices => "QUEUE_NOTICES",
            Self::Feedback => "QUEUE_FEEDBACK",
            Self::Fees => "QUEUE_FEES",
            Self::Days => "QUEUE_DAYS",
            Self::Mails => "QUEUE_MAILS",
            Self::Hooks => "QUEUE_HOOKS",
        }
    }
}

/// The queues that a function may send to.
#[derive(Debug, Clone)]
pub struct Queues {
    aws: Clients,
    client: OnceLock<Client>,
    urls: HashMap<Queue, String>,
}

impl Queues {
    pub(crate) fn new(aws: Clients, env: &Env) -> Self {
        let urls = Queue::ALL.into_iter().filter_map(|q| Some((q, env.get(q.variable())?.clone()))).collect();
        Self { aws, client: OnceLock::new(), urls }
    }

    /// Sends up to ten messages in one call; says of each, by its position, whether it was taken.
    pub async fn send(&self, queue: Queue, bodies: &[&str]) -> Result<Vec<bool>, Failure> {
        let missing = || Failure::Fault(format!("this function was not given {}", queue.variable()));
        let url = self.urls.get(&queue).ok_or_else(missing)?;
        let entries = bodies
            .iter()
            .enumerate()
            .map(|(n, body)| {
                SendMessageBatchRequestEntry::builder()
                    .id(n.to_string())
                    .message_body(*body)
                    .build()
                    .map_err(|error| Failure::Fault(format!("a message cannot be built: {error}")))
            })
            .collect::<Result<Vec<_>, _>>()?;
        let sent = self
            .client
            .get_or_init(|| self.aws.sqs())
            .send_message_batch()
            .queue_url(url)
            .set_entries(Some(entries))
            .send()
            .await
            .map_err(|error| of_sdk("SendMessageBatch", &error))?;
        Ok((0..bodies.len()).map(|n| sent.successful().iter().any(|s| s.id() == n.to_string())).collect())
    }
}
