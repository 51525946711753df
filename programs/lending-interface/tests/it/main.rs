//! Tests of the interface crate: its math against exact numbers, its encodings against their
//! definitions.
#![allow(missing_docs, reason = "tests")]

mod accrual;
mod adaptive;
mod encoding;
mod errors_doc;
mod exp;
mod interest;
mod liquidation;
mod loss;
mod precise;
mod published;
mod shares;
mod state;
mod wide;
