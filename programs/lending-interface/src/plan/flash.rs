use crate::{
    error::LendingError,
    math::flash::{flash_fee_up, protocol_part_down},
    state::Reserve,
    units::{Amount, Fine},
};

/// A flash loan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlashBorrowPlan {
    /// Tokens out.
    pub amount: Amount,
}

/// The return of a flash loan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlashRepayPlan {
    /// Tokens that were lent.
    pub amount: Amount,
    /// Fee on top, rounded up.
    pub fee: Amount,
    /// The protocol's part of the fee, rounded down; the rest is the suppliers'.
    pub protocol: Fine,
}

impl FlashRepayPlan {
    /// Tokens in.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn total(&self) -> Result<Amount, LendingError> {
        self.amount.plus(self.fee)
    }
}

/// Plans a flash loan of `amount`. One loan of a reserve at a time: a second one would need the
/// first one's amount to be kept apart, and there is nothing it could do that a larger first one
/// cannot. The insurance fund is not lent, for a moment no more than for a year.
///
/// # Errors
/// [`LendingError::AmountTooSmall`] for zero; [`LendingError::FlashLoanActive`];
/// [`LendingError::InsufficientCash`]; [`LendingError::MathOverflow`].
pub fn flash_borrow(reserve: &Reserve, amount: Amount) -> Result<FlashBorrowPlan, LendingError> {
    if amount.is_zero() {
        return Err(LendingError::AmountTooSmall);
    }
    if !reserve.flash_loan.is_zero() {
        return Err(LendingError::FlashLoanActive);
    }
    if amount > reserve.available()? {
        return Err(LendingError::InsufficientCash);
    }
    Ok(FlashBorrowPlan { amount })
}

/// Plans the return of the flash loan that is out.
///
/// # Errors
/// [`LendingError::FlashLoanMissing`]; [`LendingError::MathOverflow`].
pub fn flash_repay(reserve: &Reserve) -> Result<FlashRepayPlan, LendingError> {
    let amount = reserve.flash_loan;
    if amount.is_zero() {
        return Err(LendingError::FlashLoanMissing);
    }
    let fee = flash_fee_up(amount, reserve.config.flash_fee)?;
    let protocol = protocol_part_down(fee, reserve.config.reserve_factor)?;
    Ok(FlashRepayPlan { amount, fee, protocol })
}

impl FlashBorrowPlan {
    /// Books the loan. It stays among the reserve's assets, as what is due back, so that no share
    /// price moves while it is out; it leaves the cash, so that nobody else can be paid with it.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn apply(&self, reserve: &mut Reserve) -> Result<(), LendingError> {
        reserve.cash = reserve.cash.minus(self.amount)?;
        reserve.flash_loan = self.amount;
        Ok(())
    }
}

impl FlashRepayPlan {
    /// Books the return. The suppliers have their part of the fee by nobody else having a claim
    /// on it.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn apply(&self, reserve: &mut Reserve) -> Result<(), LendingError> {
        reserve.cash = reserve.cash.plus(self.total()?)?;
        reserve.flash_loan = Amount::ZERO;
        reserve.credit_protocol(self.protocol)
    }
}
