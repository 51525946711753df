use super::{Market, Sides, seizure::liquidation_health};
use crate::{
    error::LendingError,
    state::{PoolHead, Position},
    zoo,
};

/// Refuses a liquidation of `position` at `now_s` while the grace after a thaw runs, unless its
/// health is at or below the debt reserve's full-close level: whoever could not add collateral
/// while the pool was frozen has until then to do so, and whoever is nearly insolvent has not.
///
/// # Errors
/// [`LendingError::GracePeriod`]; those of [`Market`]; [`LendingError::MathOverflow`].
pub fn require_past_grace<M: Market>(
    pool: &PoolHead,
    position: &Position,
    market: &M,
    sides: Sides,
    now_s: i64,
) -> Result<(), LendingError> {
    if zoo!(!pool.is_in_grace(now_s); GraceIgnored => true) {
        return Ok(());
    }
    let level = market.reserve(&sides.debt)?.config.full_close_health.wad();
    let health = liquidation_health(position, market, sides)?.factor_down()?;
    if health.is_some_and(|health| health <= level) {
        Ok(())
    } else {
        Err(LendingError::GracePeriod)
    }
}
