//! A library to attack the lending program with, and the program's own tests on top of it.
//!
//! - [`world`]: a ledger with two pools and a cast with seeded keys, built through the client SDK.
//!   Everything goes SDK → signed transaction → ledger → program: inner calls would hide the
//!   whole family of account bugs.
//! - [`scene`]: all that stands in the program's accounts at one moment, decoded.
//! - [`balances`]: the complete set of balances, and what moved between two moments.
//! - [`action`]: twelve bytes are one action; any bytes are some action.
//! - [`invariant`]: what must hold whatever anybody does, in one list with stable ids.
//! - [`auditor`]: an independent model in exact rationals that predicts every transaction.
//! - [`zoo`]: known bugs, with which the rest of this library is tested.
//! - [`hunt`]: a campaign that searches for paths to insolvency.
//! - [`tally`]: what succeeded and what was refused, so that a campaign cannot be vacuous.
//! - [`meter`]: every instruction once, and what it costs.
//! - [`target`]: what the fuzz targets do with their bytes.
//!
//! Nothing here reads a clock or draws a random number: the same bytes do the same things.

pub mod action;
pub mod auditor;
pub mod balances;
pub mod hunt;
pub mod invariant;
pub mod meter;
pub mod scene;
pub mod tally;
pub mod target;
mod wide;
pub mod world;
pub mod zoo;

/// The guide for auditors, whose examples are tests.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guides/auditor.md")]
struct AuditorGuide;
