//! The seeded simulation: people act at random, messages come twice and out of order, calls fail in every way that the
//! services can fail, clocks differ, indexes lag, workers die; and when all is quiet, every promise must hold.
//!
//! One seed makes one schedule. It begins with a chapter (`chapters`) of a story that went well, lets people (`people`)
//! act, hands their events to workers, and decides at each call what becomes of it. The functions are the real ones,
//! with the real SDK; a worker is a future that is polled here, so two of them meet wherever the seed wants it. Then
//! the faults end, everything is delivered, time passes until nothing is due, and the promises (`promises`) are asked
//! by their ids. The same seed makes the same schedule, on every machine.
//!
//! Not here: sizes and limits, which have tests of their own; the gateway's token checks; permissions.

mod accounts;
mod aftermath;
pub mod bugs;
mod calls;
mod campaign;
mod chance;
mod chapters;
mod counts;
mod flow;
mod hooks;
mod people;
mod post;
mod promises;
mod rest;
mod run;
mod schedule;
mod workers;

pub use campaign::{Campaign, Found, campaign};
pub use schedule::{Schedule, Simulation};
