//! Plants that take more than an expression.

use crate::{
    error::LendingError,
    math::{
        health::Health,
        loss::LossSplit,
        shares::{Supply, VIRTUAL_SHARES},
        wide::mul_div_down,
    },
    state::Reserve,
    units::{Fine, RAY, Shares},
};

/// Scale of the inverse rate of [`Health::is_within_by_inverse_rate`].
const INVERSE: u128 = 1_000_000 * RAY;

impl Supply {
    /// Shares for `assets` without the virtual ones, rounded down.
    pub(crate) fn bare_shares_down(self, assets: Fine) -> Result<Shares, LendingError> {
        mul_div_down(assets.get(), self.shares.get(), self.assets.get()).map(Shares)
    }

    /// Shares for `assets`, in whole lots of what a native unit first cost, rounded down.
    pub(crate) fn whole_shares_down(self, assets: Fine) -> Result<Shares, LendingError> {
        let shares = self.shares_up(assets)?.get();
        Ok(Shares(shares / VIRTUAL_SHARES * VIRTUAL_SHARES))
    }
}

impl Reserve {
    /// What suppliers would own had they never paid for a loss.
    pub(crate) fn supply_before_losses(&self) -> Result<Supply, LendingError> {
        let supply = self.supply()?;
        Ok(Supply { assets: supply.assets.plus(self.losses.suppliers)?, ..supply })
    }

    /// `lent` as a share of what suppliers own, which may exceed one.
    pub(crate) fn utilisation_of_deposits(&self, lent: Fine) -> Result<u128, LendingError> {
        if lent.is_zero() {
            return Ok(0);
        }
        mul_div_down(lent.get(), RAY, self.supply()?.assets.get().max(1))
    }

    /// Gives all that comes back beyond a deficit to the fees.
    pub(crate) fn recover_to_fees(
        &mut self,
        amount: Fine,
        deficit: Fine,
    ) -> Result<LossSplit, LendingError> {
        let fees = amount.minus(deficit)?;
        let split = LossSplit { recognised: amount, fees, deficit, ..LossSplit::default() };
        self.deficit = self.deficit.minus(deficit)?;
        self.fees = self.fees.plus(fees)?;
        self.recovered = self.recovered.plus(split)?;
        Ok(split)
    }
}

impl Health {
    /// Compares the debt with the limit by way of `1 ÷ limit`, rounded down: nothing for a limit
    /// that is large enough.
    pub(crate) fn is_within_by_inverse_rate(self) -> bool {
        let rate = INVERSE / self.borrow_limit.get().max(1);
        self.debt_weighted.get().checked_mul(rate).is_some_and(|used| used <= INVERSE)
    }
}
