use alloc::vec::Vec;

use cofferdam_host::Address;

use super::{Market, health_at};
use crate::{
    error::LendingError,
    math::{
        health::Health,
        liquidation::recoverable_down,
        loss::{LossSplit, write_off_down},
        oracle::Valuation,
        shares::debt_up,
    },
    state::{Entry, Position, Reserve, ReserveConfig},
    units::{Bps, DebtShares, Fine, Shares, Value},
    zoo,
};

/// How long a feed has to be silent before collateral it prices counts as unpriceable: 7 days, the
/// longest that any reserve may trust a price. Until then a recognition waits for the feed.
pub const UNPRICEABLE_AFTER_S: u64 = ReserveConfig::PRICE_AGE_MAX_S as u64;

/// How long the last price of unpriceable collateral still protects its owner: 30 days. Until then
/// a position is left alone if that price would cover its debt, so that nobody can use a dead feed
/// to take good collateral; afterwards nobody can use a long-dead price to keep a loss off the
/// books. Repaying needs no price, so the owner has all that time to leave.
pub const FORSAKEN_AFTER_S: u64 = 30 * 86_400;

/// What one reserve writes off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The reserve.
    pub reserve: Address,
    /// Debt shares of the position that are written off.
    pub shares: DebtShares,
}

/// Collateral that goes to the insurance fund of its reserve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forfeit {
    /// The reserve.
    pub reserve: Address,
    /// Supply shares of the position; all it has there.
    pub shares: Shares,
    /// What they are worth, rounded down.
    pub amount: Fine,
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
    /// Collateral that nobody would liquidate, in the same order.
    pub forfeits: Vec<Forfeit>,
}

/// What a position's collateral comes to.
#[derive(Clone, Copy, Debug, Default)]
struct Estate {
    /// Value of what has a price, at face value.
    value: Value,
    /// Value of debt that it recovers.
    recoverable: Value,
    /// Value of debt that unpriceable collateral would recover at its last price.
    remembered: Value,
}

/// Plans the recognition of `position`'s bad debt; `dust` is the least value of collateral that
/// is worth a liquidation.
///
/// Bad debt is whatever the debt exceeds what a liquidator who takes the full bonus could repay
/// out of the collateral: `debt − Σ collateral ÷ (1 + bonus)`. Waiting until the collateral is
/// exactly zero instead, as most protocols do, lets one leftover unit keep a loss off the books.
/// What remains owed is worth liquidating again.
///
/// Nothing is bad of a position that could not be liquidated at fresh prices: after a spike the
/// average still says what the price no longer does, and with that alone anybody could have a
/// healthy borrower's debt written off, at the suppliers' cost and free of interest.
///
/// Collateral that is worth less than `dust` altogether, or that nobody can price, recovers
/// nothing and is forfeit. What is dust shows at fresh prices at face value: by an average that a
/// wick left behind, thousands of dollars would go to the fund beside a loss they could bear. Neither alone makes a debt bad: see [`FORSAKEN_AFTER_S`].
///
/// # Errors
/// [`LendingError::NoBadDebt`] when the collateral recovers all of the debt; those of [`Market`];
/// [`LendingError::MathOverflow`].
pub fn absorb<M: Market>(
    position: &Position,
    market: &M,
    dust: Value,
) -> Result<AbsorbPlan, LendingError> {
    let debt = debt(position, market)?;
    let estate = estate(position, market)?;
    if debt <= estate.recoverable.plus(estate.remembered)?
        || !fresh_health(position, market)?.is_liquidatable()
    {
        return Err(LendingError::NoBadDebt);
    }
    let all = estate.value < dust;
    let recoverable =
        if zoo!(all; AbsorbWithCollateral => true) { Value::ZERO } else { estate.recoverable };
    let cuts = cuts(position, debt.minus(recoverable)?, debt)?;
    // Less than a share everywhere is rounding, not a loss.
    if cuts.is_empty() {
        return Err(LendingError::NoBadDebt);
    }
    let mut forfeits = Vec::new();
    for entry in position.used().filter(|entry| !entry.supply.is_zero()) {
        if all || is_unpriceable(market, entry)? {
            forfeits.push(forfeit(market, entry)?);
        }
    }
    Ok(AbsorbPlan { debt, recoverable, cuts, forfeits })
}

/// Whether `entry` is collateral whose feed has been silent for [`UNPRICEABLE_AFTER_S`].
///
/// # Errors
/// Those of [`Market`].
pub fn is_unpriceable<M: Market>(market: &M, entry: &Entry) -> Result<bool, LendingError> {
    let silent = market.silent_for_s(&entry.reserve)? > UNPRICEABLE_AFTER_S;
    Ok(silent && !entry.supply.is_zero())
}

impl Cut {
    /// Writes the debt off; it stays a claim.
    ///
    /// # Errors
    /// Those of [`Reserve::write_off`].
    pub fn apply(
        &self,
        reserve: &mut Reserve,
        entry: &mut Entry,
    ) -> Result<LossSplit, LendingError> {
        let loss = reserve.write_off(self.shares)?;
        entry.debt = zoo!(entry.debt.minus(self.shares)?; AbsorbKeepsDebt => entry.debt);
        entry.claim = zoo!(entry.claim.plus(loss.recognised)?; ClaimForgotten => entry.claim);
        Ok(loss)
    }
}

impl Forfeit {
    /// Takes the collateral.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn apply(&self, reserve: &mut Reserve, entry: &mut Entry) -> Result<(), LendingError> {
        reserve.forfeit(self.shares, self.amount)?;
        entry.supply = entry.supply.minus(self.shares)?;
        Ok(())
    }
}

fn debt<M: Market>(position: &Position, market: &M) -> Result<Value, LendingError> {
    let mut sum = Value::ZERO;
    for entry in position.used().filter(|entry| !entry.debt.is_zero()) {
        let tokens = debt_up(entry.debt, market.reserve(&entry.reserve)?.index)?;
        sum = sum.plus(market.prices(&entry.reserve, Valuation::Strict)?.debt.value_up(tokens)?)?;
    }
    Ok(sum)
}

/// Health at fresh prices at face value; unpriceable collateral counts at its last price until it is
/// forsaken. A claim is priced by nobody.
fn fresh_health<M: Market>(position: &Position, market: &M) -> Result<Health, LendingError> {
    health_at(position, market, |entry| {
        if entry.supply.is_zero() {
            return Ok((!entry.debt.is_zero()).then_some(Valuation::Spot));
        }
        let silent_s = market.silent_for_s(&entry.reserve)?;
        Ok(if silent_s <= UNPRICEABLE_AFTER_S {
            Some(Valuation::Spot)
        } else {
            (silent_s <= FORSAKEN_AFTER_S).then_some(Valuation::Last)
        })
    })
}

fn estate<M: Market>(position: &Position, market: &M) -> Result<Estate, LendingError> {
    let mut sum = Estate::default();
    for entry in position.used().filter(|entry| !entry.supply.is_zero()) {
        let reserve = market.reserve(&entry.reserve)?;
        let tokens = reserve.supply()?.assets_down(entry.supply)?;
        let bonus = reserve.config.liquidation_bonus_max;
        if is_unpriceable(market, entry)? {
            sum.remembered = sum.remembered.plus(remembered(market, entry, tokens, bonus)?)?;
            continue;
        }
        let worth =
            |valuation| market.prices(&entry.reserve, valuation)?.collateral.value_down(tokens);
        sum.value = sum.value.plus(worth(Valuation::Spot)?)?;
        let recoverable = recoverable_down(worth(Valuation::Strict)?, bonus)?;
        sum.recoverable = sum.recoverable.plus(recoverable)?;
    }
    Ok(sum)
}

/// Value of debt that unpriceable collateral would recover at its last price, or the average before
/// that was withdrawn; nothing once it is forsaken.
fn remembered<M: Market>(
    market: &M,
    entry: &Entry,
    tokens: Fine,
    bonus: Bps,
) -> Result<Value, LendingError> {
    if market.silent_for_s(&entry.reserve)? > FORSAKEN_AFTER_S {
        return Ok(Value::ZERO);
    }
    let last = market.prices(&entry.reserve, Valuation::Last)?.collateral;
    recoverable_down(last.value_down(tokens)?, bonus)
}

/// Every debt cut by the same fraction, so that nobody chooses which reserve loses.
fn cuts(position: &Position, excess: Value, debt: Value) -> Result<Vec<Cut>, LendingError> {
    let mut cuts = Vec::with_capacity(1);
    for entry in position.used().filter(|entry| !entry.debt.is_zero()) {
        let shares = write_off_down(entry.debt, excess, debt)?;
        if !shares.is_zero() {
            cuts.push(Cut { reserve: entry.reserve, shares });
        }
    }
    Ok(cuts)
}

fn forfeit<M: Market>(market: &M, entry: &Entry) -> Result<Forfeit, LendingError> {
    let amount = market.reserve(&entry.reserve)?.supply()?.assets_down(entry.supply)?;
    Ok(Forfeit { reserve: entry.reserve, shares: entry.supply, amount })
}
