//! Between tokens and their value in the quote currency.

use super::wide::{mul_div_down, mul_div_up};
use crate::{
    error::LendingError,
    units::{Amount, BPS_PER_ONE, Bps, FINE_PER_UNIT, Fine, Price, Value, Wad, amount},
};

/// A token's price together with what is needed to apply it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Quote currency for one whole token.
    pub price: Price,
    /// The token's decimals, at most [`Quote::DECIMALS_MAX`].
    pub decimals: u8,
}

impl Quote {
    /// Most decimals a token may have.
    pub const DECIMALS_MAX: u8 = 18;

    /// Value of `tokens`, rounded down: for collateral.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn value_down(self, tokens: Fine) -> Result<Value, LendingError> {
        mul_div_down(tokens.get(), self.price.get(), self.fine_per_token()?).map(Value)
    }

    /// Value of `tokens`, rounded up: for debt.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn value_up(self, tokens: Fine) -> Result<Value, LendingError> {
        mul_div_up(tokens.get(), self.price.get(), self.fine_per_token()?).map(Value)
    }

    /// Native units that `value` buys, rounded down: for what is paid out.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`], also for a price of zero.
    pub fn units_down(self, value: Value) -> Result<Amount, LendingError> {
        mul_div_down(value.get(), self.units_per_token()?, self.price.get()).and_then(amount)
    }

    /// Native units worth at least `value`, rounded up: for what is taken in.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`], also for a price of zero.
    pub fn units_up(self, value: Value) -> Result<Amount, LendingError> {
        mul_div_up(value.get(), self.units_per_token()?, self.price.get()).and_then(amount)
    }

    fn units_per_token(self) -> Result<u128, LendingError> {
        let units = 10_u64.checked_pow(u32::from(self.decimals));
        units.map(u128::from).ok_or(LendingError::MathOverflow)
    }

    fn fine_per_token(self) -> Result<u128, LendingError> {
        self.units_per_token()?.checked_mul(FINE_PER_UNIT).ok_or(LendingError::MathOverflow)
    }
}

/// `value × ratio`, rounded down: for limits.
///
/// # Errors
/// [`LendingError::MathOverflow`].
pub fn share_of_value_down(value: Value, ratio: Bps) -> Result<Value, LendingError> {
    mul_div_down(value.get(), u128::from(ratio.get()), BPS_PER_ONE).map(Value)
}

/// `value × ratio`, rounded up: for what a debt counts for.
///
/// # Errors
/// [`LendingError::MathOverflow`].
pub fn share_of_value_up(value: Value, ratio: Bps) -> Result<Value, LendingError> {
    mul_div_up(value.get(), u128::from(ratio.get()), BPS_PER_ONE).map(Value)
}

/// `x ÷ (1 + ratio)`, rounded down: what a value is worth before a bonus of `ratio`.
///
/// # Errors
/// [`LendingError::MathOverflow`].
pub fn discount_down(x: u128, ratio: Wad) -> Result<u128, LendingError> {
    mul_div_down(x, Wad::ONE.get(), Wad::ONE.plus(ratio)?.get())
}

/// `x ÷ (1 + ratio)`, rounded up.
///
/// # Errors
/// [`LendingError::MathOverflow`].
pub fn discount_up(x: u128, ratio: Wad) -> Result<u128, LendingError> {
    mul_div_up(x, Wad::ONE.get(), Wad::ONE.plus(ratio)?.get())
}
