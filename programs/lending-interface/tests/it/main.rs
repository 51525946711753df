//! Tests of the interface crate: its math against exact numbers, its encodings against their
//! definitions.
#![allow(missing_docs, reason = "tests")]

mod accrual;
mod adaptive;
mod beyond;
mod close;
mod encoding;
mod errors_doc;
mod exp;
mod fund;
mod interest;
mod limits;
mod liquidation;
mod loss;
mod mode;
mod oracle;
mod others;
mod outflow;
mod precise;
mod published;
mod raise;
mod ramp;
mod shares;
mod state;
mod wide;
