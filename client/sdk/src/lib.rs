//! Transaction builders and typed reads for the lending program.
//!
//! - [`instruction`]: pure builders, one function a verb; they never sign and never fetch.
//! - [`Client`]: fetches the blockhash, signs, submits, and reads accounts as typed things.
//! - [`Market`]: one pool read at one moment, with interest up to now; builds instructions from
//!   [`Decimal`] amounts and previews what they will do, with the program's own math.
//! - [`local`]: an in-memory ledger with the program on it.
//!
//! `examples/quickstart.rs` shows them together.

pub mod address;
mod backend;
mod client;
mod error;
pub mod human;
pub mod instruction;
pub mod keys;
pub mod listing;
#[cfg(feature = "local")]
pub mod local;
mod memo;
mod message;
pub mod token;
mod view;

pub use backend::Backend;
pub use client::{Client, SignedTx, Tx};
pub use cofferdam_lending_interface as interface;
pub use error::ClientError;
pub use rust_decimal::Decimal;
pub use view::{
    HealthView, LiquidationQuote, LossView, Market, MarketPrices, PositionView, ReserveView,
    StakeView,
};

pub use cofferdam_ledger as ledger;
pub use solana_address::Address;
pub use solana_instruction::{AccountMeta, Instruction};
pub use solana_keypair::Keypair;
pub use solana_signer::Signer;

/// The guide for integrators, whose snippets are tests.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guides/integrator.md")]
struct IntegratorGuide;
