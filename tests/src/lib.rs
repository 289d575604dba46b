//! The whole system in one process: every function with the real SDK, over an embedded `DynamoDB`, with the tables,
//! queues, routes and names that the template gives. Nothing here knows a rule.
//!
//! It is for stories, counts of calls and the replay; with [`faults`] also for what follows when a call goes wrong. It
//! does not model a lagging index.

pub mod cloud;
pub mod faults;
pub mod functions;
pub mod replay;
pub mod story;
pub mod template;
mod world;

pub use world::{Delivery, Reply, World};
