//! The whole system in one process: every function with the real SDK, over a model of `DynamoDB`, with the tables,
//! queues, routes and names that the template gives. Nothing here knows a rule.
//!
//! It is for stories, counts of calls and the replay; with [`faults`] also for what follows when a call goes wrong, and
//! in [`sim`] for everything at once. What is left in the tables, here or anywhere, [`verify`] looks over.

pub mod browser;
pub mod cloud;
pub mod contract;
pub mod events;
pub mod facts;
pub mod faults;
pub mod functions;
pub mod issuer;
pub mod model;
mod process;
pub mod receipts;
pub mod receiver;
pub mod replay;
pub mod reports;
pub mod secrecy;
pub mod shipped;
pub mod sim;
pub mod story;
pub mod template;
pub mod topics;
pub mod traffic;
pub mod verify;
mod world;

pub use process::{MAIL_HOST, environment};
pub use world::{Delivery, Reply, World};
