//! Why a validation could not be done, as opposed to failing.

use cofferdam_sdk::{
    ClientError,
    interface::LendingError,
    ledger::{CheatError, WarpError},
};

use crate::{
    prices::process::{MarketError, ProcessError, SchemeError, TooLarge},
    statistics::SampleError,
};

/// Why a validation could not be done. A figure that is off is not among these: it is a row.
#[derive(Debug, thiserror::Error)]
pub enum ValidateError {
    /// Too few paths for a standard error.
    #[error("paths: {found} are too few to tell an error from chance; take at least {least}")]
    TooFewPaths {
        /// What was asked for.
        found: u64,
        /// Least number.
        least: u64,
    },
    /// The chain refused what it must not refuse.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The ledger refused to move its clock.
    #[error(transparent)]
    Warp(#[from] WarpError),
    /// The ledger refused a cheat.
    #[error(transparent)]
    Cheat(#[from] CheatError),
    /// The protocol's math refused a parameter.
    #[error(transparent)]
    Math(#[from] LendingError),
    /// A price process that is none.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// A market that cannot be drawn.
    #[error(transparent)]
    Market(#[from] MarketError),
    /// A sampling scheme that cannot be drawn.
    #[error(transparent)]
    Scheme(#[from] SchemeError),
    /// A drawn price that fits no feed.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// Samples that no figure can be drawn from.
    #[error(transparent)]
    Samples(#[from] SampleError),
    /// The program did something that none of its rules explains.
    #[error("{0}; the program or its books are broken")]
    Unexplained(String),
}
