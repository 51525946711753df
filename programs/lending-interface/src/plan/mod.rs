//! What each verb will do, decided before anything is changed: pure functions from state to a
//! plan, and the plan's effect on the books. The program runs them, and so does a client's
//! preview, so the two cannot differ.

mod insurance;
mod loss;
mod position;
mod seizure;

use cofferdam_host::Address;

pub use insurance::{CoverPlan, StakePlan, UnstakePlan, cover_deficit, stake, unstake};
pub use loss::{
    AbsorbPlan, Cut, FORSAKEN_AFTER_S, Forfeit, UNPRICEABLE_AFTER_S, absorb, is_unpriceable,
};
pub use position::{
    BorrowPlan, DepositPlan, RepayPlan, WithdrawPlan, borrow, collect_fees, deposit, repay,
    withdraw,
};
pub use seizure::{LiquidationPlan, Sides, liquidate};

use crate::{
    error::LendingError,
    math::{health::Health, shares::debt_up, value::Quote},
    state::{Position, Reserve},
};

/// Where a plan finds reserves and prices. Reserves have accrued; prices are ones the caller is
/// willing to act on.
pub trait Market {
    /// The reserve at `address`.
    ///
    /// # Errors
    /// [`LendingError::MissingReserve`] when it is not at hand.
    fn reserve(&self, address: &Address) -> Result<&Reserve, LendingError>;

    /// Price of that reserve's asset.
    ///
    /// # Errors
    /// [`LendingError::MissingReserve`] as above; [`LendingError::PriceStale`] and
    /// [`LendingError::PriceZero`] when there is no price to act on.
    fn quote(&self, address: &Address) -> Result<Quote, LendingError>;

    /// The last price of that reserve's asset, however old; zero when there never was one.
    ///
    /// # Errors
    /// [`LendingError::MissingReserve`] as above.
    fn last_quote(&self, address: &Address) -> Result<Quote, LendingError>;

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
pub fn health<M: Market>(position: &Position, market: &M) -> Result<Health, LendingError> {
    health_at(position, market, |reserve| market.quote(reserve))
}

/// What `position` is worth and owes at the prices `quote` gives.
fn health_at<M: Market>(
    position: &Position,
    market: &M,
    quote: impl Fn(&Address) -> Result<Quote, LendingError>,
) -> Result<Health, LendingError> {
    let mut health = Health::default();
    for entry in position.used() {
        let (reserve, quote) = (market.reserve(&entry.reserve)?, quote(&entry.reserve)?);
        if !entry.supply.is_zero() {
            let tokens = reserve.supply()?.assets_down(entry.supply)?;
            health = health.with_collateral(tokens, quote, reserve.factors())?;
        }
        if !entry.debt.is_zero() {
            health = health.with_debt(debt_up(entry.debt, reserve.index)?, quote)?;
        }
    }
    Ok(health)
}
