use borsh::{BorshDeserialize, BorshSerialize};
use cofferdam_host::Address;

use crate::{error::LendingError, units::Price};

/// Most publishers of a feed.
pub const PUBLISHERS_MAX: usize = 8;

/// How a feed makes one price of several. Fixed when the feed is created: whoever relies on a
/// feed relies on these publishers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct FeedConfig {
    /// Least number of fresh quotes that make a price.
    pub quorum: u8,
    /// Age up to which a publisher's quote counts, in seconds since its observation.
    pub quote_max_age_s: u32,
    /// Time in which the average covers half of the way to a new price.
    pub ema_half_life_s: u32,
    /// Who may publish; unused places are zero and stand last.
    pub publishers: [Address; PUBLISHERS_MAX],
}

impl FeedConfig {
    /// One publisher, quotes good for a week, an average with a half-life of five minutes.
    #[must_use]
    pub fn single(publisher: Address) -> Self {
        let mut publishers = [Address::default(); PUBLISHERS_MAX];
        publishers[0] = publisher;
        Self { quorum: 1, quote_max_age_s: 604_800, ema_half_life_s: 300, publishers }
    }
}

/// What one publisher said last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct PublisherQuote {
    /// The price; zero for none.
    pub price: Price,
    /// Half the width of the interval the publisher is sure of.
    pub confidence: Price,
    /// When it was observed, unix time.
    pub observed_at_s: i64,
}

/// A price that a quorum of publishers makes.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct PriceFeed {
    /// Bump of the feed's address.
    pub bump: u8,
    /// Who created it; part of the address.
    pub authority: Address,
    /// Symbol, zero-padded ASCII; part of the address.
    pub symbol: [u8; 16],
    /// The price: median of the fresh quotes; zero until the first one.
    pub price: Price,
    /// Half the width of the interval the publishers are sure of together.
    pub confidence: Price,
    /// Exponential moving average of the price up to [`PriceFeed::ema_at_s`].
    pub ema: Price,
    /// Up to when the average is computed, unix time.
    pub ema_at_s: i64,
    /// When the price was observed, unix time: the median of the quotes that made it. Staleness
    /// counts from here, not from publication: an old observation does not become fresh by being
    /// sent late.
    pub observed_at_s: i64,
    /// Slot of the last publication.
    pub published_slot: u64,
    /// Publications so far.
    pub sequence: u64,
    /// How the quotes become one price.
    pub config: FeedConfig,
    /// What each publisher said last, in the order of [`FeedConfig::publishers`].
    pub quotes: [PublisherQuote; PUBLISHERS_MAX],
}

impl PriceFeed {
    /// A feed that nobody published to yet.
    #[must_use]
    pub fn new(bump: u8, authority: Address, symbol: [u8; 16], config: FeedConfig) -> Self {
        Self {
            bump,
            authority,
            symbol,
            price: Price::ZERO,
            confidence: Price::ZERO,
            ema: Price::ZERO,
            ema_at_s: 0,
            observed_at_s: 0,
            published_slot: 0,
            sequence: 0,
            config,
            quotes: [PublisherQuote::default(); PUBLISHERS_MAX],
        }
    }

    /// Seconds from the price's observation to `now_s`; zero for one from the future.
    #[must_use]
    pub fn silent_for_s(&self, now_s: i64) -> u64 {
        u64::try_from(i128::from(now_s) - i128::from(self.observed_at_s)).unwrap_or(0)
    }

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
