//! What a position is worth, what it owes, and how far it is from liquidation.

use super::{
    value::{Quote, share_of_value_down},
    wide::mul_div_down,
};
use crate::{
    error::LendingError,
    units::{Bps, Fine, Value, WAD, Wad},
};

/// A position's value and debt at one moment. Collateral is rounded down, debt up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Value of all collateral.
    pub collateral: Value,
    /// Value up to which the position may borrow: Σ collateral × collateral factor.
    pub borrow_limit: Value,
    /// Value of debt from which on it may be liquidated: Σ collateral × liquidation threshold.
    pub liquidation_limit: Value,
    /// Value of all debt.
    pub debt: Value,
}

/// The two factors that a reserve gives its collateral.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollateralFactors {
    /// Share of the value that may be borrowed against.
    pub collateral_factor: Bps,
    /// Share of the value at which liquidation begins.
    pub liquidation_threshold: Bps,
}

impl Health {
    /// Adds collateral.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn with_collateral(
        self,
        tokens: Fine,
        quote: Quote,
        factors: CollateralFactors,
    ) -> Result<Self, LendingError> {
        let value = quote.value_down(tokens)?;
        let limit = share_of_value_down(value, factors.collateral_factor)?;
        let threshold = share_of_value_down(value, factors.liquidation_threshold)?;
        Ok(Self {
            collateral: self.collateral.plus(value)?,
            borrow_limit: self.borrow_limit.plus(limit)?,
            liquidation_limit: self.liquidation_limit.plus(threshold)?,
            ..self
        })
    }

    /// Adds debt.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn with_debt(self, tokens: Fine, quote: Quote) -> Result<Self, LendingError> {
        Ok(Self { debt: self.debt.plus(quote.value_up(tokens)?)?, ..self })
    }

    /// Whether the debt is within what the collateral lets the position borrow.
    #[must_use]
    pub fn is_within_borrow_limit(self) -> bool {
        self.debt <= self.borrow_limit
    }

    /// Whether the position may be liquidated: its health factor is below one.
    #[must_use]
    pub fn is_liquidatable(self) -> bool {
        self.debt > self.liquidation_limit
    }

    /// Health factor, `liquidation limit ÷ debt`, rounded down; `None` without debt.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`] when the ratio exceeds 128 bits.
    pub fn factor_down(self) -> Result<Option<Wad>, LendingError> {
        if self.debt.is_zero() {
            return Ok(None);
        }
        mul_div_down(self.liquidation_limit.get(), WAD, self.debt.get()).map(|hf| Some(Wad(hf)))
    }
}
