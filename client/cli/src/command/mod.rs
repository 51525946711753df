//! One file a verb: what it takes, and what it does.

pub(crate) mod absorb;
pub(crate) mod accounts;
pub(crate) mod airdrop;
pub(crate) mod borrow;
pub(crate) mod change;
pub(crate) mod completions;
pub(crate) mod deficit;
pub(crate) mod deposit;
pub(crate) mod fees;
pub(crate) mod hunt;
pub(crate) mod init;
pub(crate) mod insurance;
pub(crate) mod journal;
pub(crate) mod liquidate;
pub(crate) mod notice;
pub(crate) mod oracle;
mod own;
pub(crate) mod pool;
pub(crate) mod position;
pub(crate) mod repay;
mod replay;
pub(crate) mod reserve;
mod run;
pub(crate) mod stats;
pub(crate) mod stress;
pub(crate) mod token;
pub(crate) mod tx;
pub(crate) mod warp;
pub(crate) mod withdraw;
pub(crate) mod zoo;

use cofferdam_sdk::Decimal;

pub(crate) use replay::replay;
pub(crate) use run::run;

/// A ratio in per cent, to two places.
fn percent(ratio: Decimal) -> String {
    format!("{} %", (ratio * Decimal::ONE_HUNDRED).trunc_with_scale(2).normalize())
}

/// A health factor to four places, cut off: a position just below one must not read as one.
fn factor(factor: Option<Decimal>) -> String {
    factor.map_or("no debt".into(), |factor| factor.trunc_with_scale(4).normalize().to_string())
}
