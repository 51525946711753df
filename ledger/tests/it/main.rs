//! Tests of the ledger from outside, in one binary.

mod encoders;
mod fees;
mod forks;
mod hostile_wire;
mod journal;
mod limits;
mod receipts;
mod replay_protection;
mod rules;
mod support;
mod system;
mod token;
mod warp;
