//! A model of `DynamoDB`, as far as the functions use it, with what an emulator does not do: an index that lags behind
//! its table write by write, pages as small as one item, the service's limits, and a token that answers for ten minutes.
//!
//! It speaks the service's JSON, below the SDK's HTTP client. What it does not know it refuses by name, so that nobody is
//! answered out of thin air: seven operations, three forms of a key condition, two of a write's condition, and those of a
//! number that is changed in its place. Time comes with each call. An embedded engine, asked the same, must answer the same:
//! `tests/it/model.rs`.
//!
//! Not here: faults and what goes on at the same time, which are the caller's ([`crate::faults`], [`crate::sim`]);
//! permissions; throughput.

mod index;
mod query;
mod request;
mod row;
mod tables;
mod update;

pub use row::Place;
pub use tables::{Tables, Touched};
