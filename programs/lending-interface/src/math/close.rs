//! How much of a debt a liquidation repays: what brings the position back to a target, and no
//! more, so that a borrower does not lose collateral to an unlucky minute.

use super::wide::{mul_div_down, mul_div_up};
use crate::{
    error::LendingError,
    units::{BPS_PER_ONE, Bps, Value, WAD, Wad},
};

/// A repayment beyond this share of a debt is made a repayment of all of it: what would be left is
/// a remainder that the next small move makes liquidatable again.
pub const FULL_CLOSE_SHARE: Bps = Bps(9_000);

/// What a repayment is to achieve, and what it costs the position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// Health factor to restore, at least one.
    pub health: Bps,
    /// What the repaid debt counts for.
    pub borrow_factor: Bps,
    /// Liquidation threshold of the collateral that is taken.
    pub threshold: Bps,
    /// Bonus on the value repaid.
    pub bonus: Wad,
}

/// Value of debt to repay so that `debt ÷ collateral` falls to `target_ltv` when every unit repaid
/// takes `1 + bonus` of collateral, rounded up:
///
/// `x = (D − T·C) ÷ (1 − T·(1 + b))`
///
/// All of the debt when no smaller repayment reaches the target: for a target of zero, and
/// when `T·(1 + b) ≥ 1`, where repaying raises the ratio instead. Nothing at or below the target.
/// Source: the liquidation to a target of Silo v2 (`PartialLiquidationLib.maxLiquidation`).
///
/// # Errors
/// [`LendingError::MathOverflow`].
pub fn target_repay_up(
    debt: Value,
    collateral: Value,
    target_ltv: Wad,
    bonus: Wad,
) -> Result<Value, LendingError> {
    let allowed = mul_div_down(collateral.get(), target_ltv.get(), WAD)?;
    let Some(excess) = debt.get().checked_sub(allowed).filter(|excess| *excess > 0) else {
        return Ok(Value::ZERO);
    };
    let lost = mul_div_up(target_ltv.get(), Wad::ONE.plus(bonus)?.get(), WAD)?;
    Ok(quotient_up(excess, WAD.checked_sub(lost)).map_or(debt, |repay| repay.min(debt)))
}

/// Value of debt to repay so that a position's health factor rises to the target, rounded up;
/// `None` when no repayment does it. The general form of [`target_repay_up`], for positions with
/// several collaterals and debts: with `L` the liquidation limit and `Dw` the weighted debt,
///
/// `x = (H·Dw − L) ÷ (H·bf − LT·(1 + b))`
///
/// which solves `L − LT·(1 + b)·x = H·(Dw − bf·x)`. The result may exceed the debt at hand; the
/// caller caps it. Zero when the position is at the target already.
///
/// # Errors
/// [`LendingError::MathOverflow`].
pub fn health_repay_up(
    debt_weighted: Value,
    liquidation_limit: Value,
    target: &Target,
) -> Result<Option<Value>, LendingError> {
    let (health, threshold) = (u128::from(target.health.get()), u128::from(target.threshold.get()));
    let wanted = mul_div_up(debt_weighted.get(), health, BPS_PER_ONE)?;
    let Some(missing) = wanted.checked_sub(liquidation_limit.get()).filter(|missing| *missing > 0)
    else {
        return Ok(Some(Value::ZERO));
    };
    let gained = mul_div_down(target.borrow_factor.wad().get(), health, BPS_PER_ONE)?;
    let lost = mul_div_up(Wad::ONE.plus(target.bonus)?.get(), threshold, BPS_PER_ONE)?;
    Ok(quotient_up(missing, gained.checked_sub(lost)))
}

/// `x ÷ divisor`, rounded up; `None` for a divisor that is not positive, or so small that the
/// quotient is beyond any debt.
fn quotient_up(x: u128, divisor: Option<u128>) -> Option<Value> {
    mul_div_up(x, WAD, divisor?).ok().map(Value)
}
