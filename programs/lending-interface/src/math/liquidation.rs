//! What a liquidation takes and gives.

use super::{
    health::Health,
    value::{Quote, discount_down, discount_up},
    wide::{mul_div_down, mul_div_up},
};
use crate::{
    error::LendingError,
    units::{Amount, BPS_PER_ONE, Bps, Value, WAD, Wad, amount},
};

/// The terms both reserves set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Share of the debt one liquidation may repay; the debt reserve's.
    pub close_factor: Bps,
    /// Health factor up to which all of it may be repaid; the debt reserve's.
    pub full_close_health: Bps,
    /// Bonus on the repaid value; the collateral reserve's.
    pub bonus: Bps,
    /// Bonus once debt exceeds collateral; the collateral reserve's.
    pub insolvent_bonus: Bps,
    /// The protocol's share of the bonus; the collateral reserve's.
    pub protocol_fee: Bps,
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
    /// The reserves' terms.
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

/// The bonus for a position, rounded down.
///
/// While collateral covers the debt the bonus is at most `collateral ÷ debt − 1`: taking
/// `x·(1 + bonus)` of collateral for `x` of debt then never raises the loan-to-value ratio, so a
/// liquidation cannot create the bad debt it is there to prevent (Kamino caps its bonus in the
/// same way). Below that every seizure raises the ratio whatever the bonus is, and a small one
/// keeps liquidation going.
///
/// # Errors
/// [`LendingError::MathOverflow`].
pub fn bonus_down(health: Health, bonus: Bps, insolvent_bonus: Bps) -> Result<Wad, LendingError> {
    let bonus = bonus.wad();
    if health.collateral < health.debt {
        return Ok(bonus.min(insolvent_bonus.wad()));
    }
    if health.debt.is_zero() {
        return Ok(bonus);
    }
    let surplus = health.collateral.minus(health.debt)?;
    // A ratio beyond 128 bits caps nothing.
    let room = mul_div_down(surplus.get(), WAD, health.debt.get()).unwrap_or(u128::MAX);
    Ok(bonus.min(Wad(room)))
}

/// The most that one liquidation may repay of `owed`, rounded up so that a debt of one unit can
/// be repaid.
///
/// # Errors
/// [`LendingError::MathOverflow`].
pub fn close_limit_up(health: Health, owed: Amount, terms: &Terms) -> Result<Amount, LendingError> {
    let fully = health.factor_down()?.is_some_and(|hf| hf <= terms.full_close_health.wad());
    if fully {
        return Ok(owed);
    }
    let close_factor = u128::from(terms.close_factor.get());
    mul_div_up(u128::from(owed.get()), close_factor, BPS_PER_ONE).and_then(amount)
}

/// Plans a liquidation. What is seized is rounded down, what is repaid for a capped seizure up.
///
/// # Errors
/// [`LendingError::NotLiquidatable`] for a healthy position; [`LendingError::AmountTooSmall`]
/// when nothing would be repaid or seized; [`LendingError::MathOverflow`].
pub fn plan(case: &Case) -> Result<Plan, LendingError> {
    if !case.health.is_liquidatable() {
        return Err(LendingError::NotLiquidatable);
    }
    let terms = &case.terms;
    let bonus = bonus_down(case.health, terms.bonus, terms.insolvent_bonus)?;
    let limit = close_limit_up(case.health, case.owed, terms)?;
    let (repay, seize) = exchange(case, case.repay_max.min(limit), bonus)?;
    if repay.is_zero() || seize.is_zero() {
        return Err(LendingError::AmountTooSmall);
    }
    let protocol_fee = protocol_fee_up(seize, bonus, terms.protocol_fee)?;
    Ok(Plan { bonus, repay, seize, protocol_fee })
}

/// Collateral for `repay`; when the position holds less, all of it for the debt it is worth.
fn exchange(case: &Case, repay: Amount, bonus: Wad) -> Result<(Amount, Amount), LendingError> {
    let repaid = case.debt_quote.value_down(repay.fine())?;
    let one_plus_bonus = Wad::ONE.plus(bonus)?;
    let seized = mul_div_down(repaid.get(), one_plus_bonus.get(), WAD).map(Value)?;
    let seize = case.collateral_quote.units_down(seized)?;
    if seize <= case.held {
        return Ok((repay, seize));
    }
    let held = case.collateral_quote.value_up(case.held.fine())?;
    let worth = discount_up(held.get(), bonus).map(Value)?;
    Ok((repay.min(case.debt_quote.units_up(worth)?), case.held))
}

/// The protocol's share of the bonus in `seize`, rounded up but never above the bonus itself:
/// the liquidator always gets back at least what was repaid.
fn protocol_fee_up(seize: Amount, bonus: Wad, share: Bps) -> Result<Amount, LendingError> {
    let principal = discount_up(u128::from(seize.get()), bonus)?;
    let bonus_units = u128::from(seize.get()) - principal;
    mul_div_up(bonus_units, u128::from(share.get()), BPS_PER_ONE).and_then(amount)
}

/// Value of debt that collateral of `value` recovers when a liquidator takes `bonus`, rounded
/// down.
///
/// # Errors
/// [`LendingError::MathOverflow`].
pub fn recoverable_down(value: Value, bonus: Bps) -> Result<Value, LendingError> {
    discount_down(value.get(), bonus.wad()).map(Value)
}
