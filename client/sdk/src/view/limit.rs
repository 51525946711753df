use cofferdam_lending_interface::{LendingError, units::Amount};
use solana_address::Address;

use super::{Market, PositionView};
use crate::ClientError;

/// Limits: exact, because they are searched with the very previews that decide.
impl Market {
    /// The most a position can borrow of `mint` now, in native units: this much succeeds, one
    /// unit more does not. Zero when it cannot borrow at all for lack of collateral or cash.
    ///
    /// # Errors
    /// [`ClientError::Missing`] for a mint without a reserve; [`ClientError::Preview`] with what
    /// stops a loan of any size, such as [`LendingError::PriceStale`] or
    /// [`LendingError::SameReserve`].
    pub fn max_borrow(
        &self,
        position: &PositionView,
        mint: &Address,
    ) -> Result<Amount, ClientError> {
        let most = self.reserve_of(mint)?.state.available().map_err(ClientError::Preview)?;
        largest(most, |amount| self.preview_borrow(position, mint, amount).map(drop))
    }

    /// The most a position can withdraw of `mint` now, in native units: this much succeeds, one
    /// unit more does not. Zero when collateral or cash lets it take nothing out.
    ///
    /// # Errors
    /// As for [`Market::max_borrow`].
    pub fn max_withdraw(
        &self,
        position: &PositionView,
        mint: &Address,
    ) -> Result<Amount, ClientError> {
        let view = self.reserve_of(mint)?;
        let shares = position.state.entry(&view.keys.reserve).supply;
        let held = view.state.supply().and_then(|supply| supply.assets_down(shares)?.units_down());
        let most = held.map_err(ClientError::Preview)?;
        largest(most, |amount| self.preview_withdraw(position, mint, amount).map(drop))
    }
}

/// The largest amount up to `most` that `attempt` accepts. What is refused stays refused when
/// more is asked for: both verbs only ever worsen the position and the reserve's cash.
fn largest(
    most: Amount,
    attempt: impl Fn(Amount) -> Result<(), ClientError>,
) -> Result<Amount, ClientError> {
    // Zero is always accepted as an answer; `refused` is the least amount known to be refused.
    let (mut accepted, mut refused) = (0, u128::from(most.get()) + 1);
    while refused - accepted > 1 {
        let middle = accepted + (refused - accepted) / 2;
        // `middle` is below `refused`, which is at most `most + 1`.
        let amount = Amount(u64::try_from(middle).unwrap_or(u64::MAX));
        match attempt(amount) {
            Ok(()) => accepted = middle,
            Err(error) if is_too_much(&error) => refused = middle,
            Err(error) => return Err(error),
        }
    }
    Ok(Amount(u64::try_from(accepted).unwrap_or(u64::MAX)))
}

/// Whether a smaller amount may succeed.
fn is_too_much(error: &ClientError) -> bool {
    matches!(
        error.lending(),
        Some(
            LendingError::BorrowLimitExceeded
                | LendingError::InsufficientCash
                | LendingError::InsufficientSupply
                | LendingError::AmountTooSmall
                | LendingError::MathOverflow
        )
    )
}
