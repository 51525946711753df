//! Which prices an operation needs, and what a price counts for on either side of a position.

use super::value::Quote;

/// How much of a price's quality is asked for, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Valuation {
    /// The last price, however old; zero when there never was one.
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

impl Prices {
    /// The same price on both sides.
    #[must_use]
    pub const fn even(quote: Quote) -> Self {
        Self { collateral: quote, debt: quote }
    }
}
