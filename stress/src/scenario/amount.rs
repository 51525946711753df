//! Whole tokens to native units, exactly.

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
    let amount = tokens.normalize();
    if amount < Decimal::ZERO {
        return Err(AmountError::Negative(amount));
    }
    if amount.scale() > u32::from(decimals) {
        return Err(AmountError::TooFine { amount, decimals });
    }
    10u64
        .checked_pow(decimals.into())
        .and_then(|unit| amount.checked_mul(unit.into()))
        .and_then(|units| u64::try_from(units).ok())
        .ok_or(AmountError::TooLarge { amount, decimals })
}
