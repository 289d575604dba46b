#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, reason = "a sum that overflows fails the test it is in"))]

pub mod access;
pub mod at;
pub mod attachment;
pub mod book;
pub mod catalogue;
pub mod claim;
pub mod clock;
pub mod contact;
pub mod contest;
pub mod coverage;
pub mod decision;
pub mod dispute;
pub mod fee;
pub mod forecast;
pub mod guess;
pub mod id;
pub mod inquiry;
pub mod insight;
pub mod judgement;
pub mod ledger;
pub mod mail;
pub mod money;
pub mod notice;
pub mod order;
pub mod outcome;
pub mod policy;
pub mod preview;
pub mod quarter;
pub mod question;
pub mod reason;
pub mod reimbursement;
pub mod remedy;
pub mod request;
pub mod returns;
pub mod routing;
pub mod seller;
pub mod statement;
pub mod store;
pub mod survey;
#[cfg(test)]
mod testing;
pub mod topic;
pub mod transfer;
pub mod unit;
pub mod users;
