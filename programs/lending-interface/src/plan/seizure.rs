use cofferdam_host::Address;

use super::{Market, RepayPlan, WithdrawPlan, health_at, repay};
use crate::{
    error::LendingError,
    math::{
        health::Health,
        liquidation::{self, BonusRange, Case, Terms},
        oracle::Valuation,
        shares::debt_up,
    },
    state::{Entry, Position, Reserve},
    units::{Amount, Fine, Shares, Value, WAD, Wad},
    zoo,
};

/// Least value of a collateral that has to be taken before another one: 1 dollar, or the pool's
/// least position when that is more. Without it a borrower could keep liquidators busy with crumbs.
pub const ORDER_MIN: Value = Value(WAD);

/// The two reserves a liquidation moves between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sides {
    /// Reserve whose debt is repaid.
    pub debt: Address,
    /// Reserve whose collateral is taken.
    pub collateral: Address,
}

/// What a liquidator asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiquidationOrder {
    /// What is repaid and what is taken.
    pub sides: Sides,
    /// The most to repay.
    pub repay_max: Amount,
    /// Least value that may be left of either side; the pool's.
    pub min_left: Value,
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
    /// Supply shares worth the payout, rounded down, when the vault cannot pay it; otherwise zero.
    pub shares_out: Shares,
}

/// Plans a liquidation of `position`.
///
/// Both sides need a price to act on. The position's other reserves count at their last price,
/// however old: otherwise a unit of an asset whose feed has died would make its holder immune to
/// liquidation.
///
/// # Errors
/// [`LendingError::NotLiquidatable`], [`LendingError::NoDebt`], [`LendingError::NoCollateral`],
/// [`LendingError::AmountTooSmall`], [`LendingError::PositionTooSmall`],
/// [`LendingError::WrongCollateralOrder`]; those of [`Market`]; [`LendingError::MathOverflow`].
pub fn liquidate<M: Market>(
    position: &Position,
    market: &M,
    order: LiquidationOrder,
) -> Result<LiquidationPlan, LendingError> {
    let sides = order.sides;
    let (owing, holding) = (position.entry(&sides.debt), position.entry(&sides.collateral));
    let (debt, collateral) = (market.reserve(&sides.debt)?, market.reserve(&sides.collateral)?);
    if owing.debt.is_zero() {
        return Err(LendingError::NoDebt);
    }
    if holding.supply.is_zero() {
        return Err(LendingError::NoCollateral);
    }
    // What no token account can hold is taken bit by bit: as an error it would shield whoever has
    // grown that rich, or that deep in debt.
    let held = collateral.supply()?.assets_down(holding.supply)?;
    let plan = liquidation::plan(&Case {
        health: liquidation_health(position, market, sides)?,
        owed: debt_up(owing.debt, debt.index)?.movable_up(),
        debt_quote: market.prices(&sides.debt, Valuation::Spot)?.debt,
        held: held.movable_down(),
        collateral_quote: market.prices(&sides.collateral, Valuation::Spot)?.collateral,
        terms: terms(debt, collateral, order.min_left),
        repay_max: order.repay_max,
    })?;
    let before = zoo!(collateral_before(position, market, order)?; OrderIgnored => None);
    if before.is_some() {
        return Err(LendingError::WrongCollateralOrder);
    }
    let (payout, seize) = (plan.payout()?, seize(collateral, &holding, plan.seize, held)?);
    Ok(LiquidationPlan {
        bonus: plan.bonus,
        repay: repay(debt, &owing, plan.repay)?,
        seize,
        protocol_fee: plan.protocol_fee,
        payout,
        shares_out: shares_out(collateral, payout, seize.shares)?,
    })
}

/// A collateral of the position that has to be taken before the one `order` names: worth at least
/// [`ORDER_MIN`] and the pool's least position, at a fresh price, with a lower liquidation
/// threshold. Taking the weakest first restores the most health (Kamino orders collaterals in the
/// same way), and no liquidator chooses which reserve's suppliers meet the seizure. One without a
/// fresh price is skipped, or a dead feed would stop the liquidation.
///
/// # Errors
/// Those of [`Market`] but for prices; [`LendingError::MathOverflow`].
pub fn collateral_before<M: Market>(
    position: &Position,
    market: &M,
    order: LiquidationOrder,
) -> Result<Option<Address>, LendingError> {
    let taken = order.sides.collateral;
    let threshold = market.reserve(&taken)?.factors().liquidation_threshold;
    let least = order.min_left.max(ORDER_MIN);
    for entry in position.used() {
        if entry.supply.is_zero() || entry.reserve == taken {
            continue;
        }
        let reserve = market.reserve(&entry.reserve)?;
        if reserve.factors().liquidation_threshold >= threshold {
            continue;
        }
        let Ok(prices) = market.prices(&entry.reserve, Valuation::Spot) else { continue };
        let tokens = reserve.supply()?.assets_down(entry.supply)?;
        if prices.collateral.value_down(tokens)? >= least {
            return Ok(Some(entry.reserve));
        }
    }
    Ok(None)
}

impl LiquidationPlan {
    /// Whether the liquidator is paid in supply shares, for lack of cash.
    #[must_use]
    pub const fn pays_shares(&self) -> bool {
        !self.shares_out.is_zero()
    }

    /// Books the debt side.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn apply_debt(&self, reserve: &mut Reserve, entry: &mut Entry) -> Result<(), LendingError> {
        // A liquidation repays debt only, never a claim, so nothing comes back to anybody.
        self.repay.apply(reserve, entry).map(|_| ())
    }

    /// Books the collateral side. The fee leaves the position, stays in the reserve and becomes
    /// the protocol's. Paid in tokens, all seized shares end and cash falls by the payout; paid in
    /// shares, those of the payout live on with the liquidator and cash stays.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn apply_collateral(
        &self,
        reserve: &mut Reserve,
        entry: &mut Entry,
    ) -> Result<(), LendingError> {
        // The payout alone: taking out all of `seize` first and putting the fee back would need
        // cash for the fee too, and fail when nearly everything is lent out.
        if !self.pays_shares() {
            reserve.cash = reserve.cash.minus(self.payout)?;
        }
        let ended = self.seize.shares.minus(self.shares_out)?;
        reserve.supply_shares = reserve.supply_shares.minus(ended)?;
        entry.supply = entry.supply.minus(self.seize.shares)?;
        // Notice of shares that are gone would let the owner's next deposit out without any.
        entry.noticed = entry.noticed.min(entry.supply);
        reserve.credit_protocol(self.protocol_fee.fine())
    }

    /// Gives the liquidator's position its shares.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn apply_receiver(&self, entry: &mut Entry) -> Result<(), LendingError> {
        entry.supply = entry.supply.plus(self.shares_out)?;
        Ok(())
    }
}

/// Health by which a liquidation between `sides` is judged.
pub(super) fn liquidation_health<M: Market>(
    position: &Position,
    market: &M,
    sides: Sides,
) -> Result<Health, LendingError> {
    health_at(position, market, |entry| {
        let moved = [sides.debt, sides.collateral].contains(&entry.reserve);
        Ok(Some(if moved { Valuation::Spot } else { Valuation::Last }))
    })
}

/// The close rule and the borrow factor are the debt reserve's, all else the collateral reserve's.
fn terms(debt: &Reserve, collateral: &Reserve, min_left: Value) -> Terms {
    let bonus = BonusRange {
        min: collateral.config.liquidation_bonus_min,
        max: collateral.config.liquidation_bonus_max,
        insolvent: collateral.config.insolvent_bonus,
    };
    Terms {
        target_health: collateral.config.target_health,
        full_close_health: debt.config.full_close_health,
        borrow_factor: debt.config.borrow_factor,
        threshold: collateral.factors().liquidation_threshold,
        bonus,
        protocol_fee: collateral.config.liquidation_protocol_fee,
        min_left,
    }
}

/// Shares that go with `amount` of collateral: all of them when all of it is taken, so that no
/// worthless remainder keeps the position from being cleared.
fn seize(
    reserve: &Reserve,
    entry: &Entry,
    amount: Amount,
    held: Fine,
) -> Result<WithdrawPlan, LendingError> {
    if held.units_down() == Ok(amount) {
        return Ok(WithdrawPlan { amount, shares: entry.supply });
    }
    let shares = reserve.supply()?.shares_up(amount.fine())?;
    Ok(WithdrawPlan { amount, shares: shares.min(entry.supply) })
}

/// Shares to pay `payout` in when the reserve lacks the cash for it, of the `seized` ones: a
/// reserve that is lent out to the last unit cannot keep its borrowers' collateral from being
/// liquidated.
fn shares_out(reserve: &Reserve, payout: Amount, seized: Shares) -> Result<Shares, LendingError> {
    if payout <= reserve.available()? {
        return Ok(Shares::ZERO);
    }
    let shares = reserve.supply()?.shares_down(payout.fine())?.min(seized);
    if shares.is_zero() { Err(LendingError::AmountTooSmall) } else { Ok(shares) }
}
