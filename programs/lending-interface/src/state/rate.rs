use super::{RateModel, Reserve};
use crate::{
    error::LendingError,
    math::{
        adaptive::{Adapted, AdaptiveTerms},
        interest::compound_up,
        shares::debt_down,
        wide::mul_div_down,
    },
    units::{Fine, Index, RAY},
};

/// What borrowing costs, and how debts grow by it.
impl Reserve {
    /// Interest stops where it would lift all debts together above this: 2¹²⁵ fine units, two
    /// thousand million times what a token account can hold. Everything booked in the reserve then
    /// still adds up within 128 bits.
    pub const DEBT_MAX: Fine = Fine(1 << 125);

    /// Terms of the adaptive curve, the same for every reserve that uses it.
    pub const ADAPTIVE: AdaptiveTerms = AdaptiveTerms::DEFAULT;

    /// Borrow rate a year at this moment, in units of 10⁻²⁷, rounded down.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn borrow_rate_down(&self) -> Result<u128, LendingError> {
        let utilisation = self.utilisation_down()?;
        match self.config.rate_model {
            RateModel::Curve => self.config.curve.rate_down(utilisation),
            RateModel::Adaptive => Self::ADAPTIVE.rate_down(self.rate_at_target, utilisation),
        }
    }

    /// Lets the curve adapt and the index grow over `elapsed_s` seconds. Interest stops at
    /// [`Index::CEILING`] and at [`Reserve::DEBT_MAX`].
    pub(super) fn compound(&mut self, elapsed_s: u64) -> Result<(), LendingError> {
        let Some(rate) = self.average_rate_down(elapsed_s)? else { return Ok(()) };
        let grown = compound_up(self.index, rate, elapsed_s).unwrap_or(Index::CEILING);
        let grown = grown.min(Index::CEILING);
        let fits = debt_down(self.debt_shares, grown).is_ok_and(|debt| debt <= Self::DEBT_MAX);
        self.index = if fits { grown } else { self.last_index_down()?.max(self.index) };
        Ok(())
    }

    /// Borrow rate of the last `elapsed_s` seconds, a year's in units of 10⁻²⁷, rounded down; `None`
    /// when nobody owed anything. An adaptive curve moves all the same.
    fn average_rate_down(&mut self, elapsed_s: u64) -> Result<Option<u128>, LendingError> {
        let idle = self.debt_shares.is_zero();
        let rate = match self.config.rate_model {
            RateModel::Curve if idle => return Ok(None),
            RateModel::Curve => self.config.curve.rate_down(self.utilisation_down()?)?,
            RateModel::Adaptive => self.adapt_down(elapsed_s)?,
        };
        Ok((!idle).then_some(rate))
    }

    fn adapt_down(&mut self, elapsed_s: u64) -> Result<u128, LendingError> {
        let utilisation = self.utilisation_down()?;
        let Adapted { average, rate_at_target } =
            Self::ADAPTIVE.adapt_down(self.rate_at_target, utilisation, elapsed_s)?;
        self.rate_at_target = rate_at_target;
        Ok(average)
    }

    /// The index at which all debts together reach [`Reserve::DEBT_MAX`].
    fn last_index_down(&self) -> Result<Index, LendingError> {
        mul_div_down(Self::DEBT_MAX.get(), RAY, self.debt_shares.get()).map(Index)
    }
}
