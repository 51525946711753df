use alloc::vec::Vec;

use borsh::{BorshDeserialize, BorshSerialize};
use cofferdam_host::Address;

use crate::{
    error::LendingError,
    math::oracle::{Aggregate, aggregate, average},
    units::Price,
    zoo,
};

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
    /// Longest time a quote may count: a week.
    pub const QUOTE_AGE_MAX_S: u32 = 7 * 86_400;
    /// Longest half-life of the average: a day.
    pub const HALF_LIFE_MAX_S: u32 = 86_400;

    /// One publisher, quotes good for a week, an average with a half-life of five minutes.
    #[must_use]
    pub fn single(publisher: Address) -> Self {
        let mut publishers = [Address::default(); PUBLISHERS_MAX];
        publishers[0] = publisher;
        Self { quorum: 1, quote_max_age_s: 604_800, ema_half_life_s: 300, publishers }
    }

    /// The first parameter out of range, as a sentence with the range; `None` when all are fine.
    ///
    /// A quorum of two thirds keeps a price honest while fewer than a third of the publishers are
    /// not, whoever of the others is late; see [`FeedConfig::tolerated`]. Any two such quorums
    /// share a publisher, so the price cannot jump between two camps that never meet.
    #[must_use]
    pub fn fault(&self) -> Option<&'static str> {
        let (count, quorum) = (self.listed().len(), usize::from(self.quorum));
        let checks = [
            (count >= 1, "a feed needs 1 to 8 publishers, those in use first"),
            (self.is_packed(), "publishers must be distinct, unused places zero and last"),
            (
                3 * quorum >= 2 * count && quorum <= count,
                "quorum must be at least two thirds of the publishers and at most all",
            ),
            (
                (1..=Self::QUOTE_AGE_MAX_S).contains(&self.quote_max_age_s),
                "quote_max_age_s must be 1 to 604800",
            ),
            (
                (1..=Self::HALF_LIFE_MAX_S).contains(&self.ema_half_life_s),
                "ema_half_life_s must be 1 to 86400",
            ),
        ];
        checks.into_iter().find(|(fine, _)| !fine).map(|(_, range)| range)
    }

    /// How many publishers may say what they like and still move no price outside what the others
    /// say, whoever of the others is late: fewer than half of a quorum. While all publish it is
    /// fewer than half of all.
    #[must_use]
    pub const fn tolerated(&self) -> u8 {
        self.quorum.saturating_sub(1) / 2
    }

    /// The publishers, without unused places.
    #[must_use]
    pub fn listed(&self) -> &[Address] {
        let unused = self.publishers.iter().position(|publisher| *publisher == Address::default());
        self.publishers.get(..unused.unwrap_or(PUBLISHERS_MAX)).unwrap_or(&[])
    }

    /// Place of a publisher; `None` for anybody else.
    #[must_use]
    pub fn place(&self, publisher: &Address) -> Option<usize> {
        self.listed().iter().position(|listed| listed == publisher)
    }

    fn is_packed(&self) -> bool {
        let (listed, unused) = self.publishers.split_at(self.listed().len());
        let distinct = listed.iter().enumerate().all(|(place, publisher)| {
            listed.iter().position(|other| other == publisher) == Some(place)
        });
        distinct && unused.iter().all(|publisher| *publisher == Address::default())
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

impl PublisherQuote {
    /// Whether the interval is one: above zero and within what a price can be, or nothing at all
    /// for a quote that is taken back.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        if self.price.is_zero() {
            return self.confidence.is_zero();
        }
        self.confidence < self.price && self.price.plus(self.confidence).is_ok()
    }

    /// Whether it counts at `now_s`.
    #[must_use]
    pub fn counts(&self, now_s: i64, max_age_s: u32) -> bool {
        // Saturated, an age is still too high.
        !self.price.is_zero() && now_s.saturating_sub(self.observed_at_s) <= i64::from(max_age_s)
    }
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

/// What a reader of prices needs of a [`PriceFeed`]: all but who publishes, and what each of them
/// said, which is nine tenths of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceHead {
    /// The price; zero while nobody knows it.
    pub price: Price,
    /// Half the width of the interval around it.
    pub confidence: Price,
    /// The average up to `ema_at_s`.
    pub ema: Price,
    /// Up to when the average was computed, unix time.
    pub ema_at_s: i64,
    /// When the price was observed, unix time.
    pub observed_at_s: i64,
    /// Time in which the average covers half of the way to a new price.
    pub ema_half_life_s: u32,
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

    /// Takes a quote of the publisher at `place` and makes the price anew.
    ///
    /// The price that stood until now enters the average first, so that a price published in this
    /// second has not moved the average at all. Fewer quotes than the quorum make no price: the
    /// old one stays and goes stale by itself, unless the quote was taken back, which makes the
    /// price unknown.
    ///
    /// # Errors
    /// [`LendingError::NotAPublisher`] for a place nobody has; [`LendingError::InvalidQuote`] for
    /// a quote that is not [sound](PublisherQuote::is_sound); [`LendingError::MathOverflow`].
    pub fn take(
        &mut self,
        place: usize,
        quote: PublisherQuote,
        now_s: i64,
    ) -> Result<(), LendingError> {
        if !quote.is_sound() {
            return Err(LendingError::InvalidQuote);
        }
        self.ema = zoo!(self.ema_at(now_s)?; EmaAtOnce => quote.price);
        self.ema_at_s = self.ema_at_s.max(now_s);
        *self.quotes.get_mut(place).ok_or(LendingError::NotAPublisher)? = quote;
        match self.aggregate_at(now_s)? {
            Some(aggregate) => self.adopt(aggregate),
            None if quote.price.is_zero() => {
                (self.price, self.confidence) = (Price::ZERO, Price::ZERO);
            }
            None => {}
        }
        Ok(())
    }

    /// What the quotes that count at `now_s` make together; `None` below the quorum.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn aggregate_at(&self, now_s: i64) -> Result<Option<Aggregate>, LendingError> {
        let max_age_s = self.config.quote_max_age_s;
        let counted = self.quotes.iter().filter(|quote| quote.counts(now_s, max_age_s));
        let counted: Vec<PublisherQuote> = counted.copied().collect();
        if counted.len() < usize::from(self.config.quorum) {
            return Ok(None);
        }
        aggregate(&counted)
    }

    /// The average at `now_s`; see [`PriceHead::ema_at`].
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn ema_at(&self, now_s: i64) -> Result<Price, LendingError> {
        self.head().ema_at(now_s)
    }

    /// What a reader of the price needs.
    #[must_use]
    pub fn head(&self) -> PriceHead {
        self.into()
    }

    fn adopt(&mut self, aggregate: Aggregate) {
        let Aggregate { price, confidence, observed_at_s } = aggregate;
        (self.price, self.confidence, self.observed_at_s) = (price, confidence, observed_at_s);
        if self.ema.is_zero() {
            self.ema = price;
        }
    }
}

impl PriceHead {
    /// The average at `now_s`; it rests while the price is unknown.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn ema_at(&self, now_s: i64) -> Result<Price, LendingError> {
        let elapsed_s = now_s.checked_sub(self.ema_at_s).and_then(|s| u64::try_from(s).ok());
        match elapsed_s {
            Some(elapsed_s) if !self.price.is_zero() => {
                average(self.ema, self.price, elapsed_s, self.ema_half_life_s)
            }
            _ => Ok(self.ema),
        }
    }

    /// The last price, however old. A withdrawn price is replaced by the average up to then:
    /// taken as nothing, it would make whoever holds the asset liquidatable at once.
    #[must_use]
    pub const fn last_price(&self) -> Price {
        if self.price.is_zero() { self.ema } else { self.price }
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
        if zoo!(self.price.is_zero(); ZeroOrNegativePrice => false) {
            return Err(LendingError::PriceZero);
        }
        let old = now_s.saturating_sub(self.observed_at_s) > i64::from(max_age_s);
        if zoo!(old; StalePriceOk => false) {
            return Err(LendingError::PriceStale);
        }
        Ok(self.price)
    }
}
