//! Tests of the ledger from outside, in one binary.

mod bisect;
mod dump;
mod encoders;
mod fees;
mod forks;
mod hostile_wire;
mod inspect;
mod journal;
mod limits;
mod parallel;
mod receipts;
mod replay_protection;
mod rules;
mod runtime_doc;
mod support;
mod system;
mod token;
mod warp;
