//! The whole system in one process: every function with the real SDK, over an embedded `DynamoDB`, with the tables,
//! queues, routes and names that the template gives. Nothing here knows a rule.
//!
//! It is for stories, counts of calls and the replay. It does not model conflicts between transactions, lost answers
//! or a lagging index.

pub mod cloud;
pub mod functions;
pub mod replay;
pub mod story;
pub mod template;
mod world;

pub use world::{Delivery, Reply, World};
