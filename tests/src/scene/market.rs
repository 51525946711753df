//! The scene as the program's own math sees a market; what a check compares its own figures with.

use cofferdam_host::Address;
use cofferdam_lending_interface::{
    LendingError,
    math::{
        oracle::{self, Prices, Valuation},
        value::Quote,
    },
    plan::Market,
    state::{PriceFeed, Reserve},
};

use super::Scene;

/// Prices that a scene knows, however old: for what depends on value and not on freshness.
#[derive(Clone, Copy, Debug)]
pub struct AnyAge<'a>(&'a Scene);

impl Scene {
    /// The scene as a market with prices of any age.
    #[must_use]
    pub const fn any_age(&self) -> AnyAge<'_> {
        AnyAge(self)
    }
}

impl Market for AnyAge<'_> {
    fn reserve(&self, address: &Address) -> Result<&Reserve, LendingError> {
        self.0.accrued.get(address).ok_or(LendingError::MissingReserve)
    }

    fn prices(&self, address: &Address, valuation: Valuation) -> Result<Prices, LendingError> {
        let (last, feed) = (self.quote(address)?, self.feed(address)?);
        if valuation != Valuation::Strict {
            return Ok(Prices::even(last));
        }
        let average = feed.ema_at(self.0.now_s)?;
        let (collateral, debt) = oracle::doubtful(last.price, feed.confidence, average)?;
        let quote = |price| Quote { price, ..last };
        Ok(Prices { collateral: quote(collateral), debt: quote(debt) })
    }

    fn silent_for_s(&self, address: &Address) -> Result<u64, LendingError> {
        Ok(self.feed(address)?.head().silent_for_s(self.0.now_s))
    }
}

impl AnyAge<'_> {
    /// The last price of that reserve's asset.
    ///
    /// # Errors
    /// [`LendingError::MissingReserve`] when the scene does not have it.
    pub fn quote(&self, address: &Address) -> Result<Quote, LendingError> {
        let (price, decimals) =
            (self.feed(address)?.head().last_price(), self.reserve(address)?.decimals);
        Ok(Quote { price, decimals })
    }

    fn feed(&self, address: &Address) -> Result<&PriceFeed, LendingError> {
        let reserve = self.reserve(address)?;
        self.0.feeds.get(&reserve.feed).ok_or(LendingError::MissingReserve)
    }
}
