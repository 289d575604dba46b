//! What went wrong, as one sentence that says what to do. It carries no backtrace: the person reading it is at a prompt.

use std::fmt::{self, Display};

/// One sentence for the person at the prompt.
#[derive(Debug)]
pub struct Trouble(String);

/// What most functions here return.
pub type Outcome<T> = Result<T, Trouble>;

impl Trouble {
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl Display for Trouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Puts what was tried in front of what the system says.
pub trait OrSay<T> {
    fn or_say(self, tried: impl Display) -> Outcome<T>;
}

impl<T, E: Display> OrSay<T> for Result<T, E> {
    fn or_say(self, tried: impl Display) -> Outcome<T> {
        self.map_err(|error| Trouble(format!("{tried}: {error}")))
    }
}
