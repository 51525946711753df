//! How several publishers make one price, how its average moves, and what a doubtful price
//! counts for. Pure functions of numbers; which operation asks for what is in
//! [`crate::state::Operation::needs`].

use alloc::vec::Vec;

use super::{exp::exp2_neg_down, value::Quote, wide::mul_div_down};
use crate::{
    error::LendingError,
    state::PublisherQuote,
    units::{BPS_PER_ONE, Bps, Price, RAY},
    zoo,
};

/// How much of a price's quality is asked for, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Valuation {
    /// The last price, however old; the average when the price was withdrawn; zero when there
    /// never was one.
    Last,
    /// A fresh price, at face value.
    Spot,
    /// A fresh, certain price that agrees with its average and with the second feed; whatever
    /// doubt is left counts against the position.
    Strict,
}

/// What one asset is worth on either side of a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prices {
    /// As collateral; never above `debt`.
    pub collateral: Quote,
    /// As debt.
    pub debt: Quote,
}

/// What a quorum of quotes says together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aggregate {
    /// Median of the prices; of two in the middle their mean, rounded down.
    pub price: Price,
    /// Half the width of the interval around it.
    pub confidence: Price,
    /// Median of the times of observation, unix time; of two in the middle the earlier.
    pub observed_at_s: i64,
}

impl Prices {
    /// The same price on both sides.
    #[must_use]
    pub const fn even(quote: Quote) -> Self {
        Self { collateral: quote, debt: quote }
    }
}

/// One price of all `quotes`; `None` of none. A minority, fewer than half, cannot move the price
/// outside what the others say, and fewer than a quarter cannot widen the interval beyond
/// theirs.
///
/// Every quote casts three votes, `p − c`, `p` and `p + c`; the confidence is the distance of
/// the further quartile of all votes from the price, so that it covers both what the publishers
/// declare and how far they are apart (the vote is that of Pyth's on-chain aggregation).
///
/// # Errors
/// [`LendingError::MathOverflow`] for a quote whose interval leaves 0 to 2¹²⁸.
pub fn aggregate(quotes: &[PublisherQuote]) -> Result<Option<Aggregate>, LendingError> {
    let mut prices: Vec<Price> = quotes.iter().map(|quote| quote.price).collect();
    let mut times_s: Vec<i64> = quotes.iter().map(|quote| quote.observed_at_s).collect();
    prices.sort_unstable();
    zoo!(MedianIsLast => prices = quotes.last().map(|quote| quote.price).into_iter().collect());
    times_s.sort_unstable();
    let Some(price) = median_down(&prices) else { return Ok(None) };
    let Some(observed_at_s) = times_s.get((times_s.len() - 1) / 2) else { return Ok(None) };
    let confidence = confidence(quotes, price)?;
    Ok(Some(Aggregate { price, confidence, observed_at_s: *observed_at_s }))
}

/// Median of sorted prices; of two in the middle their mean, rounded down. `None` of none.
#[must_use]
pub fn median_down(sorted: &[Price]) -> Option<Price> {
    let upper = sorted.get(sorted.len() / 2)?.get();
    let lower = sorted.get((sorted.len() - 1) / 2)?.get();
    // The same as half of the sum, which may not fit.
    Some(Price(lower + (upper - lower) / 2))
}

/// Distance of the further quartile of all votes from `price`; exact.
fn confidence(quotes: &[PublisherQuote], price: Price) -> Result<Price, LendingError> {
    let mut votes = Vec::with_capacity(3 * quotes.len());
    for quote in quotes {
        let (low, high) =
            (quote.price.minus(quote.confidence)?, quote.price.plus(quote.confidence)?);
        votes.extend([low, quote.price, high]);
    }
    votes.sort_unstable();
    let quarter = votes.len() / 4;
    let below = votes.get(quarter).map(|vote| distance(*vote, price));
    let above = votes.iter().rev().nth(quarter).map(|vote| distance(*vote, price));
    Ok(below.max(above).unwrap_or(Price::ZERO))
}

/// An exponential moving average after `price` stood for `elapsed_s`:
/// `price + (average − price) × 2^(−elapsed ÷ half-life)`, rounded towards `price`.
///
/// # Errors
/// [`LendingError::MathOverflow`] for a half-life of zero.
pub fn average(
    average: Price,
    price: Price,
    elapsed_s: u64,
    half_life_s: u32,
) -> Result<Price, LendingError> {
    // By far the most common case, and the exponential costs more than all the rest.
    if average == price || elapsed_s == 0 {
        return Ok(average);
    }
    let weight = exp2_neg_down(elapsed_s, half_life_s)?;
    let left = Price(mul_div_down(distance(average, price).get(), weight, RAY)?);
    if average > price { price.plus(left) } else { price.minus(left) }
}

/// Whether two prices are further apart than `limit` of the larger one, which is the same
/// whichever of them is doubted; at 100 % they never are.
///
/// # Errors
/// [`LendingError::MathOverflow`] for a limit above 100 %.
pub fn is_divergent(one: Price, other: Price, limit: Bps) -> Result<bool, LendingError> {
    exceeds(distance(one, other), one.max(other), limit)
}

/// Whether the interval around `price` is wider than `limit` of it on either side.
///
/// # Errors
/// [`LendingError::MathOverflow`] for a limit above 100 %.
pub fn is_uncertain(price: Price, confidence: Price, limit: Bps) -> Result<bool, LendingError> {
    exceeds(confidence, price, limit)
}

/// What an asset counts for while its price is in doubt: as collateral
/// `min(price − confidence, average)`, as debt `max(price + confidence, average)`. Whoever moves
/// a spot price for a moment gains on neither side.
///
/// # Errors
/// [`LendingError::MathOverflow`] for a confidence above the price.
pub fn doubtful(
    price: Price,
    confidence: Price,
    average: Price,
) -> Result<(Price, Price), LendingError> {
    Ok((price.minus(confidence)?.min(average), price.plus(confidence)?.max(average)))
}

fn distance(one: Price, other: Price) -> Price {
    Price(one.get().abs_diff(other.get()))
}

/// Whether `part` is more than `share` of `price`, rounded down. For whole numbers that is
/// `part × 10⁴ > price × share`, and a division costs more than both products.
fn exceeds(part: Price, price: Price, share: Bps) -> Result<bool, LendingError> {
    let (part, price, share) = (part.get(), price.get(), u128::from(share.get()));
    match (part.checked_mul(BPS_PER_ONE), price.checked_mul(share)) {
        (Some(part), Some(most)) => Ok(part > most),
        _ => Ok(part > mul_div_down(price, share, BPS_PER_ONE)?),
    }
}
