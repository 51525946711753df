//! Who pays for bad debt.

use borsh::{BorshDeserialize, BorshSerialize};

use super::wide::mul_div_down;
use crate::{
    error::LendingError,
    state::{LossPolicy, Payer},
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

/// What each payer of a loss has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Funds {
    /// The protocol's accrued fees.
    pub fees: Fine,
    /// The insurance fund.
    pub insurance: Fine,
    /// What suppliers own together.
    pub suppliers: Fine,
}

/// Those who pay what a policy's own stages leave, in order.
const SPARED: [Payer; 3] = [Payer::Insurance, Payer::Fees, Payer::Deficit];

/// Walks `loss` down the stages of `policy`, all in 10⁻⁹ native units. No rounding: each payer
/// gives what it has until the loss is used up. Should the policy's own payers not have enough,
/// those it spares pay, and what nobody has is a deficit, so the split is always exact.
///
/// Sources: the stages are those of [`LossPolicy::stages`]; the strict order is marginfi's and
/// Blend's, the exactness ours.
///
/// # Errors
/// [`LendingError::MathOverflow`] cannot happen, since no payer gives more than what is left.
pub fn waterfall(loss: Fine, funds: Funds, policy: LossPolicy) -> Result<LossSplit, LendingError> {
    let mut split = LossSplit { recognised: loss, ..LossSplit::default() };
    let mut left = loss;
    for payer in policy.stages().iter().chain(&SPARED) {
        let (paid, has) = match payer {
            Payer::Fees => (&mut split.fees, funds.fees),
            Payer::Insurance => (&mut split.insurance, funds.insurance),
            Payer::Suppliers => (&mut split.suppliers, funds.suppliers),
            Payer::Deficit => (&mut split.deficit, Fine::MAX),
        };
        let gives = left.min(has.minus(*paid)?);
        *paid = paid.plus(gives)?;
        left = left.minus(gives)?;
    }
    Ok(split)
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
