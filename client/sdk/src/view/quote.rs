use cofferdam_lending_interface::{instruction::ALL, units::Amount};
use rust_decimal::Decimal;
use solana_address::Address;

use super::{Market, PositionView};
use crate::{ClientError, human, human::NumberError};

/// What a liquidator can buy and sell for outside, in quote currency for one whole token. The
/// oracle's prices decide what is seized; these decide whether it pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarketPrices {
    /// Price of the token that is repaid.
    pub debt: Decimal,
    /// Price of the token that is received.
    pub collateral: Decimal,
}

/// What a liquidation will do and what it is worth to who does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiquidationQuote {
    /// Debt repaid, in whole tokens.
    pub repay: Decimal,
    /// Collateral that leaves the position, in whole tokens.
    pub seize: Decimal,
    /// Part of it that stays with the protocol, in whole tokens.
    pub protocol_fee: Decimal,
    /// Part of it that the liquidator receives, in whole tokens.
    pub receive: Decimal,
    /// Bonus on the value repaid, as a ratio.
    pub bonus: Decimal,
    /// Whether it is received as supply shares, for lack of cash in the vault.
    pub in_shares: bool,
    /// `receive × its market price − repay × its market price`, in quote currency; below zero
    /// for a loss. Transaction fees are not in it.
    pub profit: Decimal,
}

impl Market {
    /// What repaying at most `repay_max` whole tokens of `debt` for `collateral` would do now;
    /// without `repay_max` as much as the program allows. With a `receiver`, a position of the
    /// liquidator's, a vault short of cash is no obstacle.
    ///
    /// # Errors
    /// [`ClientError::Number`] naming the field; [`ClientError::Missing`] for a mint without a
    /// reserve; [`ClientError::Preview`] with the program's refusal.
    pub fn quote_liquidation(
        &self,
        position: &PositionView,
        (debt, collateral): (&Address, &Address),
        repay_max: Option<Decimal>,
        receiver: Option<&PositionView>,
        prices: MarketPrices,
    ) -> Result<LiquidationQuote, ClientError> {
        let debt_decimals = self.reserve_of(debt)?.state.decimals;
        let decimals = self.reserve_of(collateral)?.state.decimals;
        human::price("market price of the debt", prices.debt)?;
        human::price("market price of the collateral", prices.collateral)?;
        let most = match repay_max {
            Some(tokens) => human::amount("repayment", tokens, debt_decimals)?,
            None => Amount(ALL),
        };
        let plan = self.preview_liquidation(position, (debt, collateral), most, receiver)?;
        let repay = human::tokens(plan.repay.amount, debt_decimals);
        let receive = human::tokens(plan.payout, decimals);
        let bought = worth("value received", receive, prices.collateral)?;
        let paid = worth("value repaid", repay, prices.debt)?;
        Ok(LiquidationQuote {
            repay,
            seize: human::tokens(plan.seize.amount, decimals),
            protocol_fee: human::tokens(plan.protocol_fee, decimals),
            receive,
            bonus: human::ratio(plan.bonus),
            in_shares: plan.pays_shares(),
            profit: bought - paid,
        })
    }
}

fn worth(field: &str, tokens: Decimal, price: Decimal) -> Result<Decimal, NumberError> {
    let too_large = || NumberError::TooLarge { field: field.into(), value: tokens };
    tokens.checked_mul(price).ok_or_else(too_large)
}
