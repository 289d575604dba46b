//! What happened, in figures: whoever reads that no promise broke sees what there was to break it.

use std::{fmt, ops::AddAssign};

/// Of one schedule, or of many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Calls of the functions.
    pub calls: u64,
    /// Calls that went wrong.
    pub faults: u64,
    /// Writes that an index showed only later.
    pub lagged: u64,
    /// Batches of the stream that failed and were halved.
    pub halved: u64,
    /// Items that the stream gave up.
    pub given_up: u64,
    /// Mails that went out.
    pub mails: u64,
    /// Notices whose mail went out twice, each allowed by N3.
    pub sent_twice: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, more: Self) {
        self.calls += more.calls;
        self.faults += more.faults;
        self.lagged += more.lagged;
        self.halved += more.halved;
        self.given_up += more.given_up;
        self.mails += more.mails;
        self.sent_twice += more.sent_twice;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { calls, faults, lagged, halved, given_up, mails, sent_twice } = self;
        write!(
            f,
            "{calls} calls, {faults} of them faults; {lagged} writes that an index showed later; {halved} batches of the \
             stream halved, {given_up} items given up; {mails} mails, {sent_twice} notices of them twice"
        )
    }
}
