use cofferdam_host::Address;

use super::{Market, RepayPlan, WithdrawPlan, health_at, repay};
use crate::{
    error::LendingError,
    math::{
        health::Health,
        liquidation::{self, Case, Terms},
        oracle::Valuation,
        shares::debt_up,
    },
    state::{Entry, Position, Reserve},
    units::{Amount, Bps, Wad},
};

/// The two reserves a liquidation moves between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sides {
    /// Reserve whose debt is repaid.
    pub debt: Address,
    /// Reserve whose collateral is taken.
    pub collateral: Address,
}

/// A liquidation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiquidationPlan {
    /// Bonus that applied.
    pub bonus: Wad,
    /// What the debt reserve books.
    pub repay: RepayPlan,
    /// What leaves the position: collateral and its shares.
    pub seize: WithdrawPlan,
    /// Part of the collateral that stays with its reserve as a fee.
    pub protocol_fee: Amount,
    /// Part of the collateral that the liquidator receives.
    pub payout: Amount,
}

/// Plans a liquidation of `position`.
///
/// Both sides need a price to act on. The position's other reserves count at their last price,
/// however old: otherwise a unit of an asset whose feed has died would make its holder immune to
/// liquidation.
///
/// # Errors
/// [`LendingError::NotLiquidatable`], [`LendingError::NoDebt`], [`LendingError::NoCollateral`],
/// [`LendingError::AmountTooSmall`]; [`LendingError::InsufficientCash`] when the collateral is
/// lent out; those of [`Market`]; [`LendingError::MathOverflow`].
pub fn liquidate<M: Market>(
    position: &Position,
    market: &M,
    sides: Sides,
    repay_max: Amount,
) -> Result<LiquidationPlan, LendingError> {
    let (owing, holding) = (position.entry(&sides.debt), position.entry(&sides.collateral));
    let (debt, collateral) = (market.reserve(&sides.debt)?, market.reserve(&sides.collateral)?);
    if owing.debt.is_zero() {
        return Err(LendingError::NoDebt);
    }
    if holding.supply.is_zero() {
        return Err(LendingError::NoCollateral);
    }
    let held = collateral.supply()?.assets_down(holding.supply)?.units_down()?;
    let plan = liquidation::plan(&Case {
        health: liquidation_health(position, market, sides)?,
        owed: debt_up(owing.debt, debt.index)?.units_up()?,
        debt_quote: market.prices(&sides.debt, Valuation::Spot)?.debt,
        held,
        collateral_quote: market.prices(&sides.collateral, Valuation::Spot)?.collateral,
        terms: terms(debt, collateral),
        repay_max,
    })?;
    let payout = plan.payout()?;
    if payout > collateral.available()? {
        return Err(LendingError::InsufficientCash);
    }
    Ok(LiquidationPlan {
        bonus: plan.bonus,
        repay: repay(debt, &owing, plan.repay)?,
        seize: seize(collateral, &holding, plan.seize, held)?,
        protocol_fee: plan.protocol_fee,
        payout,
    })
}

impl LiquidationPlan {
    /// Books the debt side.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn apply_debt(&self, reserve: &mut Reserve, entry: &mut Entry) -> Result<(), LendingError> {
        // A liquidation repays debt only, never a claim, so nothing comes back to anybody.
        self.repay.apply(reserve, entry).map(|_| ())
    }

    /// Books the collateral side. The fee leaves the position, stays in the vault and becomes the
    /// protocol's: cash falls by the payout only.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn apply_collateral(
        &self,
        reserve: &mut Reserve,
        entry: &mut Entry,
    ) -> Result<(), LendingError> {
        // The payout alone, as a withdrawal: taking out all of `seize` first and putting the fee
        // back would need cash for the fee too, and fail when nearly everything is lent out.
        let shares = self.seize.shares;
        WithdrawPlan { amount: self.payout, shares }.apply(reserve, entry)?;
        reserve.fees = reserve.fees.plus(self.protocol_fee.fine())?;
        Ok(())
    }
}

/// Health by which a liquidation between `sides` is judged.
pub(super) fn liquidation_health<M: Market>(
    position: &Position,
    market: &M,
    sides: Sides,
) -> Result<Health, LendingError> {
    health_at(position, market, |reserve| {
        if [sides.debt, sides.collateral].contains(reserve) {
            Valuation::Spot
        } else {
            Valuation::Last
        }
    })
}

/// Close factors are the debt reserve's, the bonus and its fee the collateral reserve's.
fn terms(debt: &Reserve, collateral: &Reserve) -> Terms {
    Terms {
        close_factor: Bps(5_000),
        full_close_health: debt.config.full_close_health,
        bonus: collateral.config.liquidation_bonus_max,
        insolvent_bonus: collateral.config.insolvent_bonus,
        protocol_fee: collateral.config.liquidation_protocol_fee,
    }
}

/// Shares that go with `amount` of collateral: all of them when all of it is taken, so that no
/// worthless remainder keeps the position from being cleared.
fn seize(
    reserve: &Reserve,
    entry: &Entry,
    amount: Amount,
    held: Amount,
) -> Result<WithdrawPlan, LendingError> {
    if amount == held {
        return Ok(WithdrawPlan { amount, shares: entry.supply });
    }
    let shares = reserve.supply()?.shares_up(amount.fine())?;
    Ok(WithdrawPlan { amount, shares: shares.min(entry.supply) })
}
