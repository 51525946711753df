//! What a loan within one transaction costs.

use super::{interest::fee_down, wide::mul_div_up};
use crate::{
    error::LendingError,
    units::{Amount, BPS_PER_ONE, Bps, Fine, amount},
    zoo,
};

/// Fee of a flash loan, `amount × fee`, rounded up: no loan is free where the fee is not zero,
/// however small its parts are made.
///
/// # Errors
/// [`LendingError::MathOverflow`].
pub fn flash_fee_up(lent: Amount, fee: Bps) -> Result<Amount, LendingError> {
    let (lent, fee) = (u128::from(lent.get()), u128::from(fee.get()));
    let units = zoo!(
        mul_div_up(lent, fee, BPS_PER_ONE)?;
        FlashFeeFloor => super::wide::mul_div_down(lent, fee, BPS_PER_ONE)?,
    );
    amount(units)
}

/// The protocol's part of that fee, rounded down; the rest is the suppliers'. The same factor
/// splits interest.
///
/// # Errors
/// [`LendingError::MathOverflow`].
pub fn protocol_part_down(fee: Amount, reserve_factor: Bps) -> Result<Fine, LendingError> {
    fee_down(fee.fine(), reserve_factor)
}
