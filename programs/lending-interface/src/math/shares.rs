//! Converting between shares and what they stand for.
//!
//! The supply side carries one virtual native unit and a million virtual shares (as Morpho Blue
//! does): the first depositor cannot make a share so dear that the next one's deposit rounds to
//! nothing, because most of whatever is given away goes to the virtual shares. The reserve's own
//! books, not the vault's balance, are the assets, so a donation does not move the price at all.

use super::wide::{mul_div_down, mul_div_up};
use crate::{
    error::LendingError,
    units::{DebtShares, FINE_PER_UNIT, Fine, Index, RAY, Shares, WAD, Wad},
    zoo,
};

/// Shares that stand beside every reserve's own.
pub const VIRTUAL_SHARES: u128 = 1_000_000;
/// Assets that stand beside every reserve's own: one native unit.
pub const VIRTUAL_ASSETS: u128 = FINE_PER_UNIT;

/// What suppliers own together, and the shares they own it by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Supply {
    /// Assets, net of fees and insurance.
    pub assets: Fine,
    /// Shares outstanding.
    pub shares: Shares,
}

impl Supply {
    /// Shares for `assets`, rounded down: what a depositor receives.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn shares_down(self, assets: Fine) -> Result<Shares, LendingError> {
        mul_div_down(assets.get(), self.all_shares()?, self.all_assets()?).map(Shares)
    }

    /// Shares for `assets`, rounded up: what a withdrawal or seizure costs.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn shares_up(self, assets: Fine) -> Result<Shares, LendingError> {
        mul_div_up(assets.get(), self.all_shares()?, self.all_assets()?).map(Shares)
    }

    /// Assets for `shares`, rounded down and never more than there are: what a supplier can claim.
    ///
    /// Below its first price a share is worth a little more than its part of the assets, because
    /// the virtual shares take part in the loss. That little must not come out of the fees.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn assets_down(self, shares: Shares) -> Result<Fine, LendingError> {
        let assets = mul_div_down(shares.get(), self.all_assets()?, self.all_shares()?)?;
        Ok(Fine(assets).min(self.assets))
    }

    /// Price of a million shares in native units, rounded down; 1 when the reserve is new.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn share_price_down(self) -> Result<Wad, LendingError> {
        let assets = mul_div_down(self.all_assets()?, WAD, VIRTUAL_ASSETS)?;
        mul_div_down(assets, VIRTUAL_SHARES, self.all_shares()?).map(Wad)
    }

    fn all_assets(self) -> Result<u128, LendingError> {
        zoo!(NoVirtualShares => if !self.shares.is_zero() { return Ok(self.assets.get()) });
        self.assets.plus(Fine(VIRTUAL_ASSETS)).map(Fine::get)
    }

    fn all_shares(self) -> Result<u128, LendingError> {
        zoo!(NoVirtualShares => if !self.shares.is_zero() { return Ok(self.shares.get()) });
        self.shares.plus(Shares(VIRTUAL_SHARES)).map(Shares::get)
    }
}

/// Debt that `shares` stand for, rounded down: what suppliers may count on.
///
/// # Errors
/// [`LendingError::MathOverflow`].
pub fn debt_down(shares: DebtShares, index: Index) -> Result<Fine, LendingError> {
    mul_div_down(shares.get(), index.get(), RAY).map(Fine)
}

/// Debt that `shares` stand for, rounded up: what the borrower owes.
///
/// # Errors
/// [`LendingError::MathOverflow`].
pub fn debt_up(shares: DebtShares, index: Index) -> Result<Fine, LendingError> {
    mul_div_up(shares.get(), index.get(), RAY).map(Fine)
}

/// Debt shares for a new debt, rounded up.
///
/// # Errors
/// [`LendingError::MathOverflow`].
pub fn debt_shares_up(debt: Fine, index: Index) -> Result<DebtShares, LendingError> {
    mul_div_up(debt.get(), RAY, index.get()).map(DebtShares)
}

/// Debt shares a repayment clears, rounded down.
///
/// # Errors
/// [`LendingError::MathOverflow`].
pub fn debt_shares_down(debt: Fine, index: Index) -> Result<DebtShares, LendingError> {
    mul_div_down(debt.get(), RAY, index.get()).map(DebtShares)
}
