//! The SDK against the program on a ledger.
#![allow(missing_docs, reason = "tests")]

mod examples;
mod largest;
mod limits;
mod listing;
mod market;
mod numbers;
mod previews;
mod world;
