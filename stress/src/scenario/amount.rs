//! Whole tokens to native units, exactly.

use cofferdam_sdk::{
    human::{self, NumberError},
    interface::units::Amount,
};
use rust_decimal::Decimal;

/// Why an amount of tokens is no amount of native units.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Below zero.
    #[error("{0} is negative")]
    Negative(Decimal),
    /// Finer than a native unit.
    #[error("{amount} has more than the asset's {decimals} decimals")]
    TooFine {
        /// The amount.
        amount: Decimal,
        /// Decimals of the asset.
        decimals: u8,
    },
    /// More native units than `u64::MAX`.
    #[error("{amount} does not fit into 64 bits at {decimals} decimals")]
    TooLarge {
        /// The amount.
        amount: Decimal,
        /// Decimals of the asset.
        decimals: u8,
    },
}

/// `tokens` in native units of `decimals` places; nothing is rounded.
///
/// # Errors
/// When it is negative, has more places than that, or exceeds `u64`.
pub(super) fn native(tokens: Decimal, decimals: u8) -> Result<u64, AmountError> {
    human::amount("amount", tokens, decimals).map(Amount::get).map_err(|error| match error {
        NumberError::Negative { value, .. } => AmountError::Negative(value),
        NumberError::TooFine { value, .. } => AmountError::TooFine { amount: value, decimals },
        NumberError::TooLarge { value, .. } => AmountError::TooLarge { amount: value, decimals },
    })
}
