//! The tests of the whole: one binary.

mod access;
mod architecture;
mod calls;
mod contract;
mod costs;
mod crash;
mod docs;
mod events;
mod excerpt;
mod handlers;
mod laws;
mod matrix;
mod model;
mod pages;
mod parity;
mod rules;
mod secrecy;
mod sheet;
mod sim;
mod stories;
mod topics;
mod verify;
mod writes;
