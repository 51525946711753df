use borsh::{BorshDeserialize, BorshSerialize};
use cofferdam_host::Address;

use crate::{error::LendingError, units::Price};

/// A price that one authority publishes.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct PriceFeed {
    /// Bump of the feed's address.
    pub bump: u8,
    /// Who may publish.
    pub authority: Address,
    /// Symbol, zero-padded ASCII; part of the address.
    pub symbol: [u8; 16],
    /// Last price; zero until the first one.
    pub price: Price,
    /// When the price was observed, unix time. Staleness counts from here, not from publication:
    /// an old observation does not become fresh by being sent late.
    pub observed_at_s: i64,
    /// Slot of the last publication.
    pub published_slot: u64,
    /// Publications so far.
    pub sequence: u64,
}

impl PriceFeed {
    /// The price, if it may be relied on at `now_s`.
    ///
    /// # Errors
    /// [`LendingError::PriceZero`] for a price nobody knows; [`LendingError::PriceStale`] when it
    /// was observed more than `max_age_s` ago.
    pub fn fresh_price(&self, now_s: i64, max_age_s: u32) -> Result<Price, LendingError> {
        if self.price.is_zero() {
            return Err(LendingError::PriceZero);
        }
        if now_s.saturating_sub(self.observed_at_s) > i64::from(max_age_s) {
            return Err(LendingError::PriceStale);
        }
        Ok(self.price)
    }
}
