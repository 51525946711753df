//! What a position is worth, what it owes, and how far it is from liquidation.

use super::{
    value::{Quote, share_of_value_down, share_of_value_up},
    wide::mul_div_down,
};
use crate::{
    error::LendingError,
    units::{Bps, Fine, Value, WAD, Wad},
    zoo,
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
    /// Value of all debt: what has to be repaid.
    pub debt: Value,
    /// What the debt counts for against both limits: Σ debt × borrow factor.
    pub debt_weighted: Value,
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

    /// Adds debt, which counts `borrow_factor` times against the limits.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn with_debt(
        self,
        tokens: Fine,
        quote: Quote,
        borrow_factor: Bps,
    ) -> Result<Self, LendingError> {
        let value = quote.value_up(tokens)?;
        let weighted = share_of_value_up(value, borrow_factor)?;
        Ok(Self {
            debt: self.debt.plus(value)?,
            debt_weighted: self.debt_weighted.plus(weighted)?,
            ..self
        })
    }

    /// Whether the debt is within what the collateral lets the position borrow.
    #[must_use]
    pub fn is_within_borrow_limit(self) -> bool {
        zoo!(
            self.debt_weighted <= self.borrow_limit;
            RateFloorZero => self.is_within_by_inverse_rate(),
        )
    }

    /// Whether the position may be liquidated: its health factor is below one.
    #[must_use]
    pub fn is_liquidatable(self) -> bool {
        zoo!(
            self.debt_weighted > self.liquidation_limit;
            HealthyLiquidated => self.debt_weighted > self.borrow_limit,
        )
    }

    /// Whether the collateral no longer covers the debt, at their plain values.
    #[must_use]
    pub fn is_insolvent(self) -> bool {
        self.collateral < self.debt
    }

    /// Health factor, `liquidation limit ÷ weighted debt`, rounded down; `None` without debt.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`] when the ratio exceeds 128 bits.
    pub fn factor_down(self) -> Result<Option<Wad>, LendingError> {
        let (limit, debt) = (self.liquidation_limit.get(), self.debt_weighted.get());
        if debt == 0 {
            return Ok(None);
        }
        mul_div_down(limit, WAD, debt).map(|hf| Some(Wad(hf)))
    }
}
