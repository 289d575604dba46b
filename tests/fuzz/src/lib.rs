//! Arbitrary bytes against every handler: bytes become the event of the handler's trigger, the handler answers it over
//! the world of `tests/src`, and what must hold for whatever was sent is asserted. The reader of mails takes them as they
//! are. A promise that is broken is a panic; libFuzzer stops at it and keeps the bytes.
//!
//! It asserts nothing about rules. Nor does it know libFuzzer: that is `main.rs`, which a plain build leaves out.

mod http;
mod input;
mod mail;
mod mutate;
mod page;
mod past;
mod queue;
mod stage;
mod stream;
mod tick;

pub use mutate::change;

use stage::Stage;

/// Whether an input is worth keeping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worth {
    /// It was an event.
    Keep,
    /// The trigger would never have brought it.
    Reject,
}

/// What the events of a function are.
#[derive(Debug, Clone, Copy)]
enum Trigger {
    Http,
    Page,
    Queue,
    Stream,
    Tick,
}

/// What takes whatever comes.
#[derive(Debug)]
pub enum Target {
    /// A function, in a world where it has something to do.
    Function(Box<Function>),
    /// The reader of mails.
    Inbox,
}

/// A function that takes whatever comes.
#[derive(Debug)]
pub struct Function {
    package: String,
    trigger: Trigger,
    stage: Stage,
}

impl Target {
    /// What this package does.
    ///
    /// # Panics
    /// If it is neither the reader of mails nor a function of the template.
    #[must_use]
    pub fn new(package: &str) -> Self {
        if package == "inbox" { Self::Inbox } else { Self::Function(Box::new(Function::new(package))) }
    }

    /// One input.
    ///
    /// # Panics
    /// If the answer is not what was promised.
    pub fn take(&mut self, bytes: &[u8]) -> Worth {
        match self {
            Self::Function(function) => function.take(bytes),
            Self::Inbox => mail::take(bytes),
        }
    }
}

impl Function {
    fn new(package: &str) -> Self {
        let stage = Stage::set();
        let described = stage.world.template.functions.get(package);
        let described = described.unwrap_or_else(|| panic!("{package} is none of {:?}", world::functions::ALL));
        let trigger = match (described.routes.is_empty(), &described.queue) {
            (false, _) => Trigger::Http,
            (true, _) if !described.pages.is_empty() => Trigger::Page,
            (true, Some(_)) => Trigger::Queue,
            (true, None) if package == "outbox-relay" => Trigger::Stream,
            (true, None) => Trigger::Tick,
        };
        Self { package: package.to_owned(), trigger, stage }
    }

    /// From the world as it was prepared.
    fn take(&mut self, bytes: &[u8]) -> Worth {
        let Self { package, trigger, stage } = self;
        let worth = match trigger {
            Trigger::Http => http::take(stage, package, bytes),
            Trigger::Page => page::take(stage, package, bytes),
            Trigger::Queue => queue::take(stage, package, bytes),
            Trigger::Stream => stream::take(stage, bytes),
            Trigger::Tick => tick::take(stage, package, bytes),
        };
        stage.put_back();
        worth
    }
}
