use cofferdam_lending_interface::{LendingError, units::Amount};
use solana_address::Address;

use super::{Market, PositionView};
use crate::ClientError;

/// Limits: exact, because they are searched with the very previews that decide.
impl Market {
    /// The most a position can borrow of `mint` now, in native units: this much succeeds, one
    /// unit more does not. Zero when it cannot borrow at all for lack of collateral, of cash or of
    /// room under a limit.
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
    /// unit more does not. Zero when collateral, cash or a limit lets it take nothing out.
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

/// The largest amount up to `most` that `attempt` accepts. What is refused as too much stays
/// refused when more is asked for: both verbs only ever worsen the position and the reserve. What
/// would leave the position too small stays so when less is asked for.
fn largest(
    most: Amount,
    attempt: impl Fn(Amount) -> Result<(), ClientError>,
) -> Result<Amount, ClientError> {
    // Zero is always accepted as an answer; `refused` is the least amount known to be refused.
    let (mut accepted, mut refused) = (0, u128::from(most.get()) + 1);
    let mut too_small = false;
    while refused - accepted > 1 {
        let middle = accepted + (refused - accepted) / 2;
        match attempt(amount(middle)).map_err(|error| (size_of(&error), error)) {
            Ok(()) => (accepted, too_small) = (middle, false),
            Err((Size::TooSmall, _)) => (accepted, too_small) = (middle, true),
            Err((Size::TooMuch, _)) => refused = middle,
            Err((Size::Any, error)) => return Err(error),
        }
    }
    Ok(if too_small { Amount::ZERO } else { amount(accepted) })
}

/// The search never leaves the range of an amount: it begins at most one above.
fn amount(units: u128) -> Amount {
    u64::try_from(units).map_or(Amount::MAX, Amount)
}

/// What a refusal says about the amount that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Size {
    /// A smaller one may succeed.
    TooMuch,
    /// A larger one may.
    TooSmall,
    /// No amount can.
    Any,
}

fn size_of(error: &ClientError) -> Size {
    match error.lending() {
        Some(
            LendingError::BorrowLimitExceeded
            | LendingError::InsufficientCash
            | LendingError::InsufficientSupply
            | LendingError::AmountTooSmall
            | LendingError::BorrowCapExceeded
            | LendingError::UtilisationTooHigh
            | LendingError::OutflowLimitExceeded
            | LendingError::MathOverflow,
        ) => Size::TooMuch,
        Some(LendingError::PositionTooSmall) => Size::TooSmall,
        _ => Size::Any,
    }
}
