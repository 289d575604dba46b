//! `travel`: moves the time of the local stack on.
//!
//! The functions take their time from the event and, in a debug build, add the seconds of the travel file. The clock of
//! the machine is never touched, and a release build has no such file: production cannot travel.

use std::{fs, str::FromStr};

use crate::{
    house::House,
    process, progress, stack,
    trouble::{OrSay, Outcome, Trouble},
};

/// A whole number of seconds, minutes, hours or days, as in `25h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    seconds: u64,
}

impl FromStr for Span {
    type Err = Trouble;

    fn from_str(text: &str) -> Outcome<Self> {
        let wrong = || Trouble::new(format!("{text} is not a span of time; write 30m, 25h or 90d"));
        let unit = text.chars().last().ok_or_else(wrong)?;
        let seconds_each = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            _ => return Err(wrong()),
        };
        let count: u64 = text.strip_suffix(unit).and_then(|count| count.parse().ok()).ok_or_else(wrong)?;
        count.checked_mul(seconds_each).map(|seconds| Self { seconds }).ok_or_else(wrong)
    }
}

impl std::error::Error for Trouble {}

/// Adds to what was travelled already, then fires every schedule once instead of waiting for it.
pub fn travel(house: &House, how_far: Span) -> Outcome<()> {
    let mut tick = stack::script(house, "tick.py")?;
    let travelled = fs::read_to_string(house.travel_file()).unwrap_or_default();
    let travelled: u64 = travelled.trim().parse().unwrap_or_default();
    let travelled = travelled.saturating_add(how_far.seconds);
    fs::write(house.travel_file(), travelled.to_string()).or_say("cannot write the travel file")?;
    progress::step(
        &format!("travelled {} s, {travelled} s in all, and fired every schedule", how_far.seconds),
        |step| process::run_quietly(&mut tick, "tick.py", |line| step.say(line)),
    )
}

#[cfg(test)]
mod tests {
    use super::Span;

    #[test]
    fn a_span_is_a_number_and_a_unit() {
        assert_eq!("25h".parse::<Span>().ok(), Some(Span { seconds: 90_000 }));
        assert_eq!("90d".parse::<Span>().ok(), Some(Span { seconds: 7_776_000 }));
        assert_eq!("30m".parse::<Span>().ok(), Some(Span { seconds: 1_800 }));
    }

    #[test]
    fn a_text_that_is_no_span_is_refused() {
        for text in ["", "h", "25", "-1h", "1.5h", "1w", "25 h", "é", "99999999999999999999d", "999999999999999999d"] {
            assert!(text.parse::<Span>().is_err(), "{text}");
        }
    }
}
