//! Who pays for bad debt.

use borsh::{BorshDeserialize, BorshSerialize};

use super::wide::mul_div_down;
use crate::{
    error::LendingError,
    units::{DebtShares, Fine, Value},
};

/// A loss and its payers; `fees + insurance + suppliers + deficit == recognised`, always and exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct LossSplit {
    /// The loss.
    pub recognised: Fine,
    /// Paid by the protocol's accrued fees.
    pub fees: Fine,
    /// Paid by the insurance fund.
    pub insurance: Fine,
    /// Paid by the suppliers, through their share price.
    pub suppliers: Fine,
    /// Paid by nobody yet: booked as a deficit of the reserve.
    pub deficit: Fine,
}

impl LossSplit {
    /// Whether the payers add up to the loss.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        let paid = self.fees.plus(self.insurance).and_then(|paid| paid.plus(self.suppliers));
        paid.and_then(|paid| paid.plus(self.deficit)) == Ok(self.recognised)
    }

    /// Adds another loss.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn plus(self, other: Self) -> Result<Self, LendingError> {
        Ok(Self {
            recognised: self.recognised.plus(other.recognised)?,
            fees: self.fees.plus(other.fees)?,
            insurance: self.insurance.plus(other.insurance)?,
            suppliers: self.suppliers.plus(other.suppliers)?,
            deficit: self.deficit.plus(other.deficit)?,
        })
    }
}

/// Walks `loss` down the waterfall: accrued fees first, then insurance, then suppliers. No
/// rounding: each takes what it has until the loss is used up.
///
/// # Errors
/// [`LendingError::MathOverflow`] cannot happen, since no payer pays more than what is left.
pub fn waterfall(loss: Fine, fees: Fine, insurance: Fine) -> Result<LossSplit, LendingError> {
    let from_fees = loss.min(fees);
    let left = loss.minus(from_fees)?;
    let from_insurance = left.min(insurance);
    let suppliers = left.minus(from_insurance)?;
    Ok(LossSplit {
        recognised: loss,
        fees: from_fees,
        insurance: from_insurance,
        suppliers,
        deficit: Fine::ZERO,
    })
}

/// Debt shares to write off so that a position's debt falls by `excess` of its `debt`, rounded
/// down: what is left stays owed. Every debt of the position is cut by the same fraction, so no
/// caller can choose which reserve loses.
///
/// # Errors
/// [`LendingError::MathOverflow`], also when there is no debt.
pub fn write_off_down(
    shares: DebtShares,
    excess: Value,
    debt: Value,
) -> Result<DebtShares, LendingError> {
    mul_div_down(shares.get(), excess.get(), debt.get()).map(DebtShares)
}
