use alloc::vec::Vec;

use cofferdam_host::Address;

use super::{Market, health};
use crate::{
    error::LendingError,
    math::{liquidation::recoverable_down, loss::write_off_down, oracle::Valuation},
    state::Position,
    units::{DebtShares, Value},
};

/// What one reserve writes off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The reserve.
    pub reserve: Address,
    /// Debt shares of the position that are written off.
    pub shares: DebtShares,
}

/// A recognition of bad debt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AbsorbPlan {
    /// Value of the position's debt.
    pub debt: Value,
    /// Value of debt that its collateral still recovers.
    pub recoverable: Value,
    /// What each reserve writes off, in the order of the position's entries.
    pub cuts: Vec<Cut>,
}

/// Plans the recognition of `position`'s bad debt.
///
/// Bad debt is whatever the debt exceeds what a liquidator who takes the full bonus could repay
/// out of the collateral: `debt − Σ collateral ÷ (1 + bonus)`. Waiting until the collateral is
/// exactly zero instead, as most protocols do, lets one leftover unit keep a loss off the books.
/// What remains owed is worth liquidating again.
///
/// # Errors
/// [`LendingError::NoBadDebt`] when the collateral recovers all of the debt; those of [`Market`];
/// [`LendingError::MathOverflow`].
pub fn absorb<M: Market>(position: &Position, market: &M) -> Result<AbsorbPlan, LendingError> {
    let debt = health(position, market, Valuation::Strict)?.debt;
    let recoverable = recoverable(position, market)?;
    if debt <= recoverable {
        return Err(LendingError::NoBadDebt);
    }
    let excess = debt.minus(recoverable)?;
    let mut cuts = Vec::with_capacity(1);
    for entry in position.used().filter(|entry| !entry.debt.is_zero()) {
        let shares = write_off_down(entry.debt, excess, debt)?;
        if !shares.is_zero() {
            cuts.push(Cut { reserve: entry.reserve, shares });
        }
    }
    // Less than a share everywhere is rounding, not a loss.
    if cuts.is_empty() {
        return Err(LendingError::NoBadDebt);
    }
    Ok(AbsorbPlan { debt, recoverable, cuts })
}

/// Value of debt that the position's collateral recovers.
fn recoverable<M: Market>(position: &Position, market: &M) -> Result<Value, LendingError> {
    let mut sum = Value::ZERO;
    for entry in position.used().filter(|entry| !entry.supply.is_zero()) {
        let reserve = market.reserve(&entry.reserve)?;
        let tokens = reserve.supply()?.assets_down(entry.supply)?;
        let price = market.prices(&entry.reserve, Valuation::Strict)?.collateral;
        let value = price.value_down(tokens)?;
        sum = sum.plus(recoverable_down(value, reserve.config.liquidation_bonus_max)?)?;
    }
    Ok(sum)
}
