//! What a liquidation takes and gives.

use super::{
    close::{FULL_CLOSE_SHARE, Target, health_repay_up},
    health::Health,
    value::{Quote, discount_down, discount_up},
    wide::{mul_div_down, mul_div_up},
};
use crate::{
    error::LendingError,
    units::{Amount, BPS_PER_ONE, Bps, Value, WAD, Wad, amount},
    zoo,
};

/// The bonus for taking a collateral, on the value repaid; the collateral reserve's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BonusRange {
    /// Right below health one.
    pub min: Bps,
    /// At the full-close level and below.
    pub max: Bps,
    /// Once the debt exceeds the collateral.
    pub insolvent: Bps,
}

/// The terms both reserves and the pool set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Health factor a liquidation restores; the collateral reserve's.
    pub target_health: Bps,
    /// Health factor up to which all of the debt may be repaid; the debt reserve's.
    pub full_close_health: Bps,
    /// What the debt counts for; the debt reserve's.
    pub borrow_factor: Bps,
    /// Liquidation threshold in force; the collateral reserve's.
    pub threshold: Bps,
    /// Range of the bonus; the collateral reserve's.
    pub bonus: BonusRange,
    /// The protocol's share of the bonus; the collateral reserve's.
    pub protocol_fee: Bps,
    /// Least value that may be left of the debt and of the collateral; the pool's.
    pub min_left: Value,
}

/// What a liquidation starts from.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// The whole position.
    pub health: Health,
    /// What it owes in the debt reserve.
    pub owed: Amount,
    /// Price of the debt.
    pub debt_quote: Quote,
    /// What it holds in the collateral reserve.
    pub held: Amount,
    /// Price of the collateral.
    pub collateral_quote: Quote,
    /// The terms.
    pub terms: Terms,
    /// The most the liquidator wants to repay.
    pub repay_max: Amount,
}

/// What a liquidation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Bonus that applied.
    pub bonus: Wad,
    /// Debt the liquidator repays.
    pub repay: Amount,
    /// Collateral taken from the position.
    pub seize: Amount,
    /// Part of `seize` that stays with the collateral reserve as a fee.
    pub protocol_fee: Amount,
}

impl Plan {
    /// Collateral the liquidator receives.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`] for a plan that [`plan`] did not make.
    pub fn payout(&self) -> Result<Amount, LendingError> {
        self.seize.minus(self.protocol_fee)
    }
}

/// Debt for collateral.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Exchange {
    repay: Amount,
    seize: Amount,
}

/// The bonus for a position, rounded down.
///
/// It grows with the overshoot, `min + (max − min) × (1 − hf) ÷ (1 − full-close level)`, from
/// `min` at health one to `max` at the full-close level: the longer nobody finds a position worth
/// the trouble, the more it pays.
///
/// While collateral covers the debt the bonus is at most `collateral ÷ debt − 1`: taking
/// `x·(1 + bonus)` of collateral for `x` of debt then never raises the loan-to-value ratio, so a
/// liquidation cannot create the bad debt it is there to prevent (Kamino caps its bonus in the
/// same way). Below that every seizure raises the ratio whatever the bonus is, and a small one
/// keeps liquidation going.
///
/// # Errors
/// [`LendingError::MathOverflow`].
pub fn bonus_down(
    health: Health,
    range: BonusRange,
    full_close_health: Bps,
) -> Result<Wad, LendingError> {
    if health.is_insolvent() {
        return Ok(range.insolvent.wad());
    }
    let bonus = overshoot_bonus_down(health, range, full_close_health)?;
    if health.debt.is_zero() {
        return Ok(bonus);
    }
    let surplus = health.collateral.minus(health.debt)?;
    // A ratio beyond 128 bits caps nothing.
    let room = mul_div_down(surplus.get(), WAD, health.debt.get()).unwrap_or(u128::MAX);
    Ok(zoo!(bonus.min(Wad(room)); SelfLiquidation => bonus))
}

/// The bonus by how far the health factor is below one, rounded down.
fn overshoot_bonus_down(
    health: Health,
    range: BonusRange,
    full_close_health: Bps,
) -> Result<Wad, LendingError> {
    let (least, most) = (range.min.wad(), range.max.wad());
    let (debt, limit) = (health.debt_weighted.get(), health.liquidation_limit.get());
    let Some(shortfall) = debt.checked_sub(limit).filter(|shortfall| *shortfall > 0) else {
        return Ok(least);
    };
    let span = Wad::ONE.minus(full_close_health.wad())?.get();
    if mul_div_down(shortfall, WAD, debt)? >= span {
        return Ok(most);
    }
    // The slope first: of basis points it is mostly exact.
    let slope = mul_div_down(most.minus(least)?.get(), WAD, span)?;
    least.plus(mul_div_down(slope, shortfall, debt).map(Wad)?)
}

/// The most of the debt that may be repaid before dust is looked at, rounded up: what restores
/// the target health; all of it when the health factor is at or below the full-close level, when
/// the debt is worth less than the least that may be left, when nothing less restores the target,
/// or when that is more than [`FULL_CLOSE_SHARE`] of the debt.
///
/// # Errors
/// [`LendingError::MathOverflow`].
pub fn close_limit_up(case: &Case, bonus: Wad) -> Result<Amount, LendingError> {
    let Case { health, owed, debt_quote, terms, .. } = case;
    let fully = health.factor_down()?.is_some_and(|hf| hf <= terms.full_close_health.wad());
    let debt = debt_quote.value_up(owed.fine())?;
    if zoo!(fully || debt < terms.min_left; CloseFactorIgnored => true) {
        return Ok(*owed);
    }
    let target = Target {
        health: terms.target_health,
        borrow_factor: terms.borrow_factor,
        threshold: terms.threshold,
        bonus,
    };
    let repay = health_repay_up(health.debt_weighted, health.liquidation_limit, &target)?;
    let most = mul_div_down(debt.get(), u128::from(FULL_CLOSE_SHARE.get()), BPS_PER_ONE)?;
    match repay.filter(|repay| repay.get() <= most) {
        Some(repay) => Ok(debt_quote.units_up(repay)?.min(*owed)),
        None => Ok(*owed),
    }
}

/// Plans a liquidation. What is seized is rounded down, what is repaid for a capped seizure up.
///
/// Afterwards the debt is gone, or the collateral is gone, or what is left of each is worth at
/// least `min_left`: the limit is raised to take what would be dust (Aave v3.3 has the same rule
/// for its leftovers), and a liquidator who wants less than the limit may not leave any.
///
/// # Errors
/// [`LendingError::NotLiquidatable`] for a healthy position; [`LendingError::AmountTooSmall`]
/// when nothing would be repaid or seized; [`LendingError::PositionTooSmall`] when less than the
/// limit was asked for and dust would be left; [`LendingError::MathOverflow`].
pub fn plan(case: &Case) -> Result<Plan, LendingError> {
    if !case.health.is_liquidatable() {
        return Err(LendingError::NotLiquidatable);
    }
    let terms = &case.terms;
    let bonus = bonus_down(case.health, terms.bonus, terms.full_close_health)?;
    let Exchange { repay, seize } = wanted(case, bonus)?;
    if zoo!(repay.is_zero() || seize.is_zero(); DustUnliquidatable => is_crumb(case, repay)?) {
        return Err(LendingError::AmountTooSmall);
    }
    let protocol_fee = protocol_fee_up(seize, bonus, terms.protocol_fee)?;
    Ok(Plan { bonus, repay, seize, protocol_fee })
}

/// The limit, or the less that the liquidator asked for.
fn wanted(case: &Case, bonus: Wad) -> Result<Exchange, LendingError> {
    zoo!(OverpayDrains => if case.repay_max > case.owed {
        return exchange(case, case.repay_max, bonus);
    });
    let most = limit(case, bonus)?;
    if case.repay_max >= most.repay {
        return Ok(most);
    }
    let less = exchange(case, case.repay_max, bonus)?;
    if leaves_dust(case, less)? {
        return Err(LendingError::PositionTooSmall);
    }
    Ok(less)
}

/// The most one liquidation may do, dust included.
fn limit(case: &Case, bonus: Wad) -> Result<Exchange, LendingError> {
    let most = exchange(case, close_limit_up(case, bonus)?, bonus)?;
    if most.seize.is_zero() {
        // A target just above the health there is asks for less than one unit of a coarse
        // collateral costs; refusing that would leave the position alone.
        let unit = cost_within(case, Amount(1).min(case.held), bonus, case.owed);
        return exchange(case, unit.unwrap_or(case.owed), bonus);
    }
    // All of the debt as far as the collateral pays is also all of the collateral as far as there
    // is debt, so it leaves no dust on either side.
    if leaves_dust(case, most)? { exchange(case, case.owed, bonus) } else { Ok(most) }
}

/// Collateral for `repay`; when that pays for all there is, all of it for what it costs.
fn exchange(case: &Case, repay: Amount, bonus: Wad) -> Result<Exchange, LendingError> {
    let all = zoo!(cost_within(case, case.held, bonus, repay); BonusBeyondCollateral => None);
    if let Some(cost) = all {
        return Ok(Exchange { repay: cost, seize: case.held });
    }
    let repaid = case.debt_quote.value_down(repay.fine())?;
    let seized = mul_div_down(repaid.get(), Wad::ONE.plus(bonus)?.get(), WAD).map(Value)?;
    let seize = case.collateral_quote.units_down(seized)?;
    Ok(Exchange { repay, seize: zoo!(seize.min(case.held); BonusBeyondCollateral => seize) })
}

/// What `units` of the collateral cost, unless that is more than `most`. A cost beyond 64 bits is
/// more than any debt; as an error it would shield whoever holds a dear collateral.
fn cost_within(case: &Case, units: Amount, bonus: Wad, most: Amount) -> Option<Amount> {
    cost_up(case, units, bonus).ok().filter(|cost| *cost <= most)
}

/// Debt that `units` of the collateral are worth before the bonus, rounded up.
fn cost_up(case: &Case, units: Amount, bonus: Wad) -> Result<Amount, LendingError> {
    let value = case.collateral_quote.value_up(units.fine())?;
    case.debt_quote.units_up(discount_up(value.get(), bonus).map(Value)?)
}

/// Whether both sides would be left with something, and one of them with dust.
fn leaves_dust(case: &Case, exchange: Exchange) -> Result<bool, LendingError> {
    if exchange.repay >= case.owed || exchange.seize >= case.held {
        return Ok(false);
    }
    let left = case.held.minus(exchange.seize)?.fine();
    let collateral = case.collateral_quote.value_down(left)?;
    Ok(is_dust(case, debt_left(case, exchange)?) || is_dust(case, collateral))
}

fn debt_left(case: &Case, exchange: Exchange) -> Result<Value, LendingError> {
    case.debt_quote.value_up(case.owed.minus(exchange.repay)?.fine())
}

/// What a liquidation refuses where the least amount was set too high: a repayment worth less
/// than 100 dollars.
#[cfg(zoo)]
fn is_crumb(case: &Case, repay: Amount) -> Result<bool, LendingError> {
    Ok(case.debt_quote.value_up(repay.fine())? < Value(100 * WAD))
}

fn is_dust(case: &Case, value: Value) -> bool {
    value < case.terms.min_left
}

/// The protocol's share of the bonus in `seize`, rounded up and at least one unit, but never more
/// than the bonus itself in whole units: the liquidator always gets back at least what was repaid.
/// A seizure whose bonus is below one unit therefore pays no fee, or nobody would take it.
fn protocol_fee_up(seize: Amount, bonus: Wad, share: Bps) -> Result<Amount, LendingError> {
    let principal = discount_up(u128::from(seize.get()), bonus)?;
    let bonus_units = u128::from(seize.get()) - principal;
    let fee = mul_div_up(bonus_units, u128::from(share.get()), BPS_PER_ONE)?;
    amount(fee.max(1).min(bonus_units))
}

/// Value of debt that collateral of `value` recovers when a liquidator takes `bonus`, rounded
/// down.
///
/// # Errors
/// [`LendingError::MathOverflow`].
pub fn recoverable_down(value: Value, bonus: Bps) -> Result<Value, LendingError> {
    discount_down(value.get(), bonus.wad()).map(Value)
}
