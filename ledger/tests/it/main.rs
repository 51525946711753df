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
mod metrics;
mod parallel;
mod receipts;
mod recorder;
mod replay_protection;
mod rules;
mod runtime_doc;
mod support;
mod system;
mod token;
mod trace;
mod warp;
