//! Prices: how quotes become one, how the average moves, and what an operation may act on.
//! docs/MATH.md, "Prices".

use cofferdam_lending_interface::LendingError;

use super::{
    number::{Grain, Q},
    series::{Span, halved},
    state::{Feed, Quote, Reserve},
};

/// What of a price an operation asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// The last one, however old.
    Last,
    /// A fresh one.
    Fresh,
    /// Every check, and all doubt counted against the position.
    Every,
}

/// Dollars for one token, as collateral and as debt.
#[derive(Clone, Debug)]
pub(super) struct Prices {
    pub(super) collateral: Q,
    pub(super) debt: Q,
}

/// Which of the bounds of a figure is taken that no account keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guess {
    Likely,
    Low,
    High,
}

impl Guess {
    pub(super) const ALL: [Self; 3] = [Self::Likely, Self::Low, Self::High];

    /// A figure within `span`, rounded down to `grain`.
    pub(super) fn of(self, span: &Span, grain: Grain) -> Q {
        match self {
            Self::Low => span.low.clone(),
            Self::High => span.high.clone(),
            Self::Likely => {
                let third = (&span.high - &span.low) / Q::whole(3);
                (&span.low + third).floor(grain).max(span.low.clone())
            }
        }
    }
}

impl Quote {
    /// Within 0 and twice the price, or nothing at all.
    pub(super) fn is_sound(&self) -> bool {
        if self.price.is_zero() {
            return self.confidence.is_zero();
        }
        let top = (&self.price + &self.confidence).fit(Grain::Dollar);
        self.confidence < self.price && top.is_ok()
    }

    fn counts(&self, now_s: i64, max_age_s: u32) -> bool {
        let age_s = i128::from(now_s) - i128::from(self.observed_at_s);
        !self.price.is_zero() && age_s <= i128::from(max_age_s)
    }
}

impl Feed {
    /// Bounds of the average at `now_s`: `price + (average − price) × 2^(−time ÷ half-life)`,
    /// rounded towards the price, the power short by less than 4·10⁻²⁵ of it and 10⁻²⁷.
    pub(super) fn average_at(&self, now_s: i64) -> Span {
        let elapsed_s = u64::try_from(now_s.saturating_sub(self.average_at_s)).unwrap_or_default();
        if elapsed_s == 0 || self.price.is_zero() || self.average == self.price {
            return Span::exactly(self.average.clone());
        }
        let power = halved(elapsed_s, self.config.ema_half_life_s);
        // Whole halvings are exact, as far as 27 digits hold them.
        let least = if power.is_exact() && power.low.floor(Grain::Ray) == power.low {
            power.low
        } else {
            let short = Q::whole(1) - Q::ratio(4, 10_000_000_000_000_000_000_000_000_u128);
            (power.low * short - Q::kept(1, Grain::Ray)).max(Q::zero())
        };
        let distance = (&self.average - &self.price).abs();
        let left = |power: Q| (&distance * power).floor(Grain::Dollar);
        let (near, far) = (left(least), left(power.high));
        if self.average > self.price {
            Span { low: &self.price + near, high: &self.price + far }
        } else {
            Span { low: &self.price - far, high: &self.price - near }
        }
    }

    /// Takes a quote: the price, its interval and its time are made anew of all that count.
    pub(super) fn take(&mut self, place: usize, quote: Quote, average: Q, now_s: i64) {
        self.average = average;
        self.average_at_s = self.average_at_s.max(now_s);
        let withdrawn = quote.price.is_zero();
        if let Some(kept) = self.quotes.get_mut(place) {
            *kept = quote;
        }
        let max_age_s = self.config.quote_max_age_s;
        let counted = self.quotes.iter().filter(|quote| quote.counts(now_s, max_age_s));
        let counted: Vec<Quote> = counted.cloned().collect();
        if counted.len() >= usize::from(self.config.quorum) {
            self.adopt(&counted);
        } else if withdrawn {
            (self.price, self.confidence) = (Q::zero(), Q::zero());
        }
    }

    fn adopt(&mut self, quotes: &[Quote]) {
        let mut prices: Vec<Q> = quotes.iter().map(|quote| quote.price.clone()).collect();
        let mut times_s: Vec<i64> = quotes.iter().map(|quote| quote.observed_at_s).collect();
        prices.sort();
        times_s.sort_unstable();
        let (lower, upper) = ((quotes.len() - 1) / 2, quotes.len() / 2);
        self.price = ((&prices[lower] + &prices[upper]) / Q::whole(2)).floor(Grain::Dollar);
        self.observed_at_s = times_s[lower];
        let mut votes: Vec<Q> = Vec::new();
        for Quote { price, confidence, .. } in quotes {
            votes.extend([price - confidence, price.clone(), price + confidence]);
        }
        votes.sort();
        let (first, third) = (votes.len() / 4, votes.len() - 1 - votes.len() / 4);
        let far = |vote: &Q| (vote - &self.price).abs();
        self.confidence = far(&votes[first]).max(far(&votes[third]));
        if self.average.is_zero() {
            self.average = self.price.clone();
        }
    }

    /// The price however old; the average, when the price was taken back.
    fn last(&self) -> Q {
        if self.price.is_zero() { self.average.clone() } else { self.price.clone() }
    }

    fn fresh(&self, now_s: i64, max_age_s: u32) -> Result<Q, LendingError> {
        if self.price.is_zero() {
            return Err(LendingError::PriceZero);
        }
        if self.silent_for_s(now_s) > i128::from(max_age_s) {
            return Err(LendingError::PriceStale);
        }
        Ok(self.price.clone())
    }

    /// Seconds since the observation; below zero for one from the future.
    pub(super) fn silent_for_s(&self, now_s: i64) -> i128 {
        i128::from(now_s) - i128::from(self.observed_at_s)
    }

    /// What the asset of `reserve` counts for.
    pub(super) fn prices(
        &self,
        reserve: &Reserve,
        second: Option<&Self>,
        asked: Asked,
        (now_s, guess): (i64, Guess),
    ) -> Result<Prices, LendingError> {
        let even = |price: Q| Prices { collateral: price.clone(), debt: price };
        let max_age_s = reserve.config.max_price_age_s;
        match asked {
            Asked::Last => Ok(even(self.last())),
            Asked::Fresh => self.fresh(now_s, max_age_s).map(even),
            Asked::Every => {
                let average = guess.of(&self.average_at(now_s), Grain::Dollar);
                self.doubted(reserve, second, average, now_s)
            }
        }
    }

    fn doubted(
        &self,
        reserve: &Reserve,
        second: Option<&Self>,
        average: Q,
        now_s: i64,
    ) -> Result<Prices, LendingError> {
        let config = &reserve.config;
        let price = self.fresh(now_s, config.max_price_age_s)?;
        let share = |of: &Q, bps: u32| (of * Q::bps(bps)).floor(Grain::Dollar);
        if self.confidence > share(&price, config.max_confidence.0) {
            return Err(LendingError::PriceUncertain);
        }
        let apart = |other: &Q| {
            let larger = price.clone().max(other.clone());
            (&price - other).abs() > share(&larger, config.max_divergence.0)
        };
        if apart(&average) {
            return Err(LendingError::PriceDivergent);
        }
        if reserve.second_feed != cofferdam_host::Address::default() {
            let second = second.ok_or(LendingError::MissingSecondFeed)?;
            if apart(&second.fresh(now_s, config.max_price_age_s)?) {
                return Err(LendingError::PriceDivergent);
            }
        }
        let collateral = (&price - &self.confidence).min(average.clone());
        Ok(Prices { collateral, debt: (&price + &self.confidence).max(average) })
    }
}
