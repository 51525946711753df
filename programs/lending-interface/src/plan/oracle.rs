use crate::{
    error::LendingError,
    math::{
        oracle::{Prices, Valuation, doubtful, is_divergent, is_uncertain},
        value::Quote,
    },
    state::{Operation, PriceHead, Reserve},
    units::Price,
    zoo,
};

/// Which prices an operation needs; `None` for none at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// Of the reserves it moves tokens of.
    pub sides: Option<Valuation>,
    /// Of the position's other reserves.
    pub others: Option<Valuation>,
}

impl Operation {
    /// The table: which prices the operation needs. Whoever saves a position or leaves without
    /// debt must never wait for an oracle; a liquidation must not wait for certainty; whoever
    /// takes value out, or has others pay a loss, gets no benefit of any doubt.
    #[must_use]
    pub const fn needs(self) -> Needs {
        let (sides, others) = match self {
            Self::Deposit
            | Self::DepositToSave
            | Self::WithdrawDebtFree
            | Self::Repay
            | Self::CoverDeficit
            | Self::FlashBorrow
            | Self::FlashRepay
            | Self::FundInsurance
            | Self::StakeInsurance
            | Self::UnstakeInsurance
            | Self::GiveNotice
            | Self::CollectFees => (None, None),
            Self::Liquidate => (Some(Valuation::Spot), Some(Valuation::Last)),
            Self::Borrow | Self::WithdrawWithDebt | Self::AbsorbBadDebt => {
                (Some(Valuation::Strict), Some(Valuation::Strict))
            }
        };
        Needs { sides, others }
    }
}

/// What `reserve`'s asset is worth at `now_s` by its feed, and by `second` if it is at hand.
///
/// # Errors
/// [`LendingError::PriceZero`] and [`LendingError::PriceStale`] unless only the last price is
/// wanted; for [`Valuation::Strict`] also [`LendingError::PriceUncertain`],
/// [`LendingError::PriceDivergent`], and [`LendingError::MissingSecondFeed`] when the reserve
/// names one that is not at hand.
pub fn prices(
    reserve: &Reserve,
    feed: &PriceHead,
    second: Option<&PriceHead>,
    valuation: Valuation,
    now_s: i64,
) -> Result<Prices, LendingError> {
    let decimals = zoo!(reserve.decimals; DecimalsScale => 9);
    let quote = |price| Quote { price, decimals };
    let max_age_s = reserve.config.max_price_age_s;
    match valuation {
        Valuation::Last => Ok(Prices::even(quote(feed.last_price()))),
        Valuation::Spot => Ok(Prices::even(quote(feed.fresh_price(now_s, max_age_s)?))),
        Valuation::Strict => {
            let (collateral, debt) = strict(reserve, feed, second, now_s)?;
            Ok(Prices { collateral: quote(collateral), debt: quote(debt) })
        }
    }
}

/// Price as collateral and as debt, after every check there is.
fn strict(
    reserve: &Reserve,
    feed: &PriceHead,
    second: Option<&PriceHead>,
    now_s: i64,
) -> Result<(Price, Price), LendingError> {
    let config = &reserve.config;
    let price = feed.fresh_price(now_s, config.max_price_age_s)?;
    let average = zoo!(feed.ema_at(now_s)?; NoDeviationBand => price);
    let confidence = zoo!(feed.confidence; ConfIgnored => Price::ZERO);
    if is_uncertain(price, confidence, config.max_confidence)? {
        return Err(LendingError::PriceUncertain);
    }
    if is_divergent(price, average, config.max_divergence)? {
        return Err(LendingError::PriceDivergent);
    }
    if reserve.has_second_feed() {
        let second = second.ok_or(LendingError::MissingSecondFeed)?;
        let second = second.fresh_price(now_s, config.max_price_age_s)?;
        if is_divergent(price, second, config.max_divergence)? {
            return Err(LendingError::PriceDivergent);
        }
    }
    doubtful(price, confidence, average)
}
