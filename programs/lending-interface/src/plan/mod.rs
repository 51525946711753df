//! What each verb will do, decided before anything is changed: pure functions from state to a
//! plan, and the plan's effect on the books. The program runs them, and so does a client's
//! preview, so the two cannot differ.

mod flash;
mod grace;
mod insurance;
mod loss;
mod oracle;
mod others;
mod position;
mod seizure;

use cofferdam_host::Address;

pub use flash::{FlashBorrowPlan, FlashRepayPlan, flash_borrow, flash_repay};
pub use grace::require_past_grace;
pub use insurance::{CoverPlan, StakePlan, UnstakePlan, cover_deficit, stake, unstake};
pub use loss::{
    AbsorbPlan, Cut, FORSAKEN_AFTER_S, Forfeit, UNPRICEABLE_AFTER_S, absorb, is_unpriceable,
};
pub use oracle::{Needs, prices};
pub use others::{Others, staked_by_others};
pub use position::{
    BorrowPlan, DepositPlan, RepayPlan, WithdrawPlan, borrow, collect_fees, deposit, repay,
    withdraw,
};
pub use seizure::{
    LiquidationOrder, LiquidationPlan, ORDER_MIN, Sides, collateral_before, liquidate,
};

use crate::{
    error::LendingError,
    math::{
        health::Health,
        oracle::{Prices, Valuation},
        shares::debt_up,
    },
    state::{Entry, Position, Reserve},
};

/// Where a plan finds reserves and prices. Reserves have accrued.
pub trait Market {
    /// The reserve at `address`.
    ///
    /// # Errors
    /// [`LendingError::MissingReserve`] when it is not at hand.
    fn reserve(&self, address: &Address) -> Result<&Reserve, LendingError>;

    /// What that reserve's asset is worth as collateral and as debt.
    ///
    /// # Errors
    /// [`LendingError::MissingReserve`] as above; for [`Valuation::Spot`] also
    /// [`LendingError::PriceStale`] and [`LendingError::PriceZero`]; for [`Valuation::Strict`] also
    /// [`LendingError::PriceUncertain`], [`LendingError::PriceDivergent`] and
    /// [`LendingError::MissingSecondFeed`].
    fn prices(&self, address: &Address, valuation: Valuation) -> Result<Prices, LendingError>;

    /// Seconds since the price of that reserve's asset was observed.
    ///
    /// # Errors
    /// [`LendingError::MissingReserve`] as above.
    fn silent_for_s(&self, address: &Address) -> Result<u64, LendingError>;
}

/// What `position` is worth and owes.
///
/// # Errors
/// Those of [`Market`]; [`LendingError::MathOverflow`].
pub fn health<M: Market>(
    position: &Position,
    market: &M,
    valuation: Valuation,
) -> Result<Health, LendingError> {
    health_at(position, market, |_| Ok(Some(valuation)))
}

/// What `position` is worth and owes, each entry at the valuation asked for it; one for which none
/// is does not count.
fn health_at<M: Market>(
    position: &Position,
    market: &M,
    valuation: impl Fn(&Entry) -> Result<Option<Valuation>, LendingError>,
) -> Result<Health, LendingError> {
    let mut health = Health::default();
    for entry in position.used() {
        let Some(valuation) = valuation(entry)? else { continue };
        let reserve = market.reserve(&entry.reserve)?;
        let prices = market.prices(&entry.reserve, valuation)?;
        if !entry.supply.is_zero() {
            let tokens = reserve.supply()?.assets_down(entry.supply)?;
            health = health.with_collateral(tokens, prices.collateral, reserve.factors())?;
        }
        if !entry.debt.is_zero() {
            let (owed, factor) =
                (debt_up(entry.debt, reserve.index)?, reserve.config.borrow_factor);
            health = health.with_debt(owed, prices.debt, factor)?;
        }
    }
    Ok(health)
}
