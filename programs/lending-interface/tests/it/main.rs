//! Tests of the interface crate: its math against exact numbers, its encodings against their
//! definitions.
#![allow(missing_docs, reason = "tests")]

mod close;
mod encoding;
mod errors_doc;
mod interest;
mod liquidation;
mod loss;
mod shares;
mod state;
mod wide;
