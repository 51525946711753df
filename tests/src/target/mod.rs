//! What each fuzz target does with its bytes. The targets of `fuzz/` call these and nothing else,
//! so that stable tests run the same code. Each panics when something is wrong, and says what.

pub mod decode;
pub mod differential;
mod input;
pub mod insolvency;
pub mod ledger_rules;
pub mod loss_policies;
pub mod math;
pub mod profit;
pub mod tx_mutate;

pub use input::{Input, Target};
