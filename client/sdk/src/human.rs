//! Between what people type and what the ledger counts. Every refusal names the field.

use cofferdam_lending_interface::units::{Amount, Price, Value, Wad};
use rust_decimal::Decimal;

/// A number a person typed cannot be what the ledger counts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// Below zero.
    #[error("{field} is {value}; use a number that is not negative")]
    Negative {
        /// What was being set.
        field: String,
        /// What was typed.
        value: Decimal,
    },
    /// More decimals than the token has.
    #[error("{field} is {value}, which has more than {decimals} decimals; round it first")]
    TooFine {
        /// What was being set.
        field: String,
        /// What was typed.
        value: Decimal,
        /// Decimals there are.
        decimals: u8,
    },
    /// Larger than the ledger can count.
    #[error("{field} is {value}, more than the ledger can count; use a smaller number")]
    TooLarge {
        /// What was being set.
        field: String,
        /// What was typed.
        value: Decimal,
    },
}

/// Native units of a token from whole tokens.
///
/// # Errors
/// [`NumberError`] for a number that is negative, has more decimals than the token, or exceeds
/// what a token account can hold. Nothing is rounded.
pub fn amount(field: &str, value: Decimal, decimals: u8) -> Result<Amount, NumberError> {
    let units = scaled(field, value, decimals)?;
    let too_large = || NumberError::TooLarge { field: field.into(), value };
    u64::try_from(units).map(Amount).map_err(|_| too_large())
}

/// A price from quote currency for one whole token.
///
/// # Errors
/// [`NumberError`] as for [`amount`], with 18 decimals.
pub fn price(field: &str, value: Decimal) -> Result<Price, NumberError> {
    scaled(field, value, 18).map(Price)
}

/// Whole tokens from native units; exact.
#[must_use]
pub fn tokens(amount: Amount, decimals: u8) -> Decimal {
    decimal(u128::from(amount.get()), decimals)
}

/// Quote currency from a value; exact up to 28 digits, the rest cut off.
#[must_use]
pub fn value(value: Value) -> Decimal {
    decimal(value.get(), 18)
}

/// Quote currency for one whole token, from a price.
#[must_use]
pub fn price_of(price: Price) -> Decimal {
    decimal(price.get(), 18)
}

/// A ratio; exact up to 28 digits, the rest cut off.
#[must_use]
pub fn ratio(ratio: Wad) -> Decimal {
    decimal(ratio.get(), 18)
}

fn scaled(field: &str, value: Decimal, decimals: u8) -> Result<u128, NumberError> {
    let named = || String::from(field);
    let value = value.normalize();
    if value.is_sign_negative() && !value.is_zero() {
        return Err(NumberError::Negative { field: named(), value });
    }
    let Some(missing) = u32::from(decimals).checked_sub(value.scale()) else {
        return Err(NumberError::TooFine { field: named(), value, decimals });
    };
    let factor = 10_u128.checked_pow(missing);
    factor
        .and_then(|factor| value.mantissa().unsigned_abs().checked_mul(factor))
        .ok_or_else(|| NumberError::TooLarge { field: named(), value })
}

/// `units ÷ 10^decimals`; digits that a [`Decimal`] has no room for are cut off at the end.
fn decimal(units: u128, decimals: u8) -> Decimal {
    let (mut units, mut scale) = (units, u32::from(decimals));
    while units >= 1 << 96 && scale > 0 {
        units /= 10;
        scale -= 1;
    }
    let units = i128::try_from(units).unwrap_or(i128::MAX);
    Decimal::try_from_i128_with_scale(units, scale).map_or(Decimal::MAX, |value| value.normalize())
}
