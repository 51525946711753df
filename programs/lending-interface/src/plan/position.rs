use crate::{
    error::LendingError,
    instruction::ALL,
    math::{
        loss::LossSplit,
        shares::{debt_shares_down, debt_shares_up, debt_up},
    },
    state::{Entry, Reserve},
    units::{Amount, DebtShares, Fine, Shares},
    zoo,
};

/// A deposit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DepositPlan {
    /// Tokens in.
    pub amount: Amount,
    /// Shares received, rounded down.
    pub shares: Shares,
}

/// A withdrawal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WithdrawPlan {
    /// Tokens out.
    pub amount: Amount,
    /// Shares given up, rounded up.
    pub shares: Shares,
}

/// A loan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BorrowPlan {
    /// Tokens out.
    pub amount: Amount,
    /// Debt shares added, rounded up.
    pub shares: DebtShares,
}

/// A repayment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RepayPlan {
    /// Tokens in.
    pub amount: Amount,
    /// Debt shares cleared, rounded down unless the debt is cleared.
    pub shares: DebtShares,
    /// Written-off debt cleared; only once the debt itself is.
    pub claim: Fine,
}

/// Plans a deposit.
///
/// # Errors
/// [`LendingError::ReserveWipedOut`]: new money would be shared with holders of worthless shares.
/// [`LendingError::AmountTooSmall`] when no share would come of it;
/// [`LendingError::SupplyCapExceeded`]; [`LendingError::MathOverflow`].
pub fn deposit(reserve: &Reserve, amount: Amount) -> Result<DepositPlan, LendingError> {
    if reserve.is_wiped_out()? {
        return Err(LendingError::ReserveWipedOut);
    }
    let shares = reserve.supply()?.shares_down(amount.fine())?;
    if zoo!(shares.is_zero(); ZeroShareDeposit => false) {
        return Err(LendingError::AmountTooSmall);
    }
    reserve.require_supply_room(amount)?;
    Ok(DepositPlan { amount, shares })
}

/// Plans a withdrawal from `entry`; [`ALL`] takes everything, and then the amount may be zero:
/// shares of a reserve that lost everything are worth nothing and still can be cleared away.
///
/// # Errors
/// [`LendingError::AmountTooSmall`] for zero; [`LendingError::InsufficientSupply`] beyond what the
/// entry holds; [`LendingError::InsufficientCash`] beyond what the reserve can pay;
/// [`LendingError::OutflowLimitExceeded`]; [`LendingError::MathOverflow`].
pub fn withdraw(
    reserve: &Reserve,
    entry: &Entry,
    amount: Amount,
) -> Result<WithdrawPlan, LendingError> {
    if amount.is_zero() {
        return Err(LendingError::AmountTooSmall);
    }
    if entry.supply.is_zero() {
        return Err(LendingError::InsufficientSupply);
    }
    let supply = zoo!(reserve.supply()?; AbsorbStaleSharePrice => reserve.supply_before_losses()?);
    let plan = if amount.get() == ALL {
        // More than a token account holds is more than the cash, too: an exact amount can leave.
        let worth = supply.assets_down(entry.supply)?.units_down();
        let amount = worth.map_err(|_| LendingError::InsufficientCash)?;
        WithdrawPlan { amount, shares: entry.supply }
    } else {
        let shares = zoo!(
            supply.shares_up(amount.fine())?;
            WithdrawRoundUser => supply.shares_down(amount.fine())?,
            RedeemTruncEmpty => supply.bare_shares_down(amount.fine())?,
            IndexInflateFlashfee => supply.whole_shares_down(amount.fine())?,
        );
        WithdrawPlan { amount, shares }
    };
    if plan.shares > entry.supply || plan.amount.fine() > supply.assets {
        return Err(LendingError::InsufficientSupply);
    }
    if plan.amount > reserve.available()? {
        return Err(LendingError::InsufficientCash);
    }
    reserve.require_outflow_room(plan.amount)?;
    Ok(plan)
}

/// Plans a loan. Whether the collateral allows it is for the caller to check on the result.
///
/// # Errors
/// [`LendingError::AmountTooSmall`] for zero; [`LendingError::InsufficientCash`] beyond what the
/// reserve can lend; [`LendingError::BorrowCapExceeded`], [`LendingError::UtilisationTooHigh`],
/// [`LendingError::OutflowLimitExceeded`]; [`LendingError::MathOverflow`].
pub fn borrow(reserve: &Reserve, amount: Amount) -> Result<BorrowPlan, LendingError> {
    if amount.is_zero() {
        return Err(LendingError::AmountTooSmall);
    }
    if amount > reserve.available()? {
        return Err(LendingError::InsufficientCash);
    }
    reserve.require_borrow_room(amount)?;
    reserve.require_outflow_room(amount)?;
    let shares = zoo!(
        debt_shares_up(amount.fine(), reserve.index)?;
        BorrowShareFloor => debt_shares_down(amount.fine(), reserve.index)?,
    );
    Ok(BorrowPlan { amount, shares })
}

/// Plans a repayment of at most `amount`, of the debt first and then of what was written off;
/// never more than both.
///
/// # Errors
/// [`LendingError::NoDebt`] when nothing is owed; [`LendingError::AmountTooSmall`] for an amount
/// that clears nothing; [`LendingError::MathOverflow`].
pub fn repay(reserve: &Reserve, entry: &Entry, amount: Amount) -> Result<RepayPlan, LendingError> {
    if entry.debt.is_zero() && entry.claim.is_zero() {
        return Err(LendingError::NoDebt);
    }
    if amount.is_zero() {
        return Err(LendingError::AmountTooSmall);
    }
    // Compared in fine units: after years at a high rate a debt can exceed what a token account
    // holds, and must still be repayable, bit by bit.
    let owed = debt_up(entry.debt, reserve.index)?;
    if amount.fine() >= owed {
        let owed = owed.units_up()?;
        let claim = amount.minus(owed)?.fine().min(entry.claim);
        let amount = owed.plus(claim.units_up()?)?;
        return Ok(RepayPlan { amount, shares: entry.debt, claim });
    }
    let shares = zoo!(
        debt_shares_down(amount.fine(), reserve.index)?;
        PartBaseSkew => debt_shares_up(amount.fine(), reserve.index)?.min(entry.debt),
    );
    if shares.is_zero() {
        return Err(LendingError::AmountTooSmall);
    }
    Ok(RepayPlan { amount, shares, claim: Fine::ZERO })
}

/// Fees to pay out when `amount` is asked for: whole units, at most what is accrued and in cash.
///
/// # Errors
/// [`LendingError::AmountTooSmall`] when that is nothing; [`LendingError::InsufficientCash`] when
/// an exact amount exceeds it; [`LendingError::MathOverflow`].
pub fn collect_fees(reserve: &Reserve, amount: Amount) -> Result<Amount, LendingError> {
    let most = reserve.fees.min(reserve.available()?.fine()).units_down()?;
    let amount = if amount.get() == ALL { most } else { amount };
    if amount.is_zero() {
        return Err(LendingError::AmountTooSmall);
    }
    if amount > most {
        return Err(LendingError::InsufficientCash);
    }
    Ok(amount)
}

impl DepositPlan {
    /// Books the deposit.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn apply(&self, reserve: &mut Reserve, entry: &mut Entry) -> Result<(), LendingError> {
        reserve.cash = reserve.cash.plus(self.amount)?;
        reserve.supply_shares = reserve.supply_shares.plus(self.shares)?;
        entry.supply = entry.supply.plus(self.shares)?;
        Ok(())
    }
}

impl WithdrawPlan {
    /// Books the withdrawal.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn apply(&self, reserve: &mut Reserve, entry: &mut Entry) -> Result<(), LendingError> {
        reserve.cash = reserve.cash.minus(self.amount)?;
        reserve.supply_shares = reserve.supply_shares.minus(self.shares)?;
        entry.supply = entry.supply.minus(self.shares)?;
        Ok(())
    }
}

impl BorrowPlan {
    /// Books the loan.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn apply(&self, reserve: &mut Reserve, entry: &mut Entry) -> Result<(), LendingError> {
        reserve.cash = reserve.cash.minus(self.amount)?;
        reserve.debt_shares = reserve.debt_shares.plus(self.shares)?;
        entry.debt = entry.debt.plus(self.shares)?;
        Ok(())
    }
}

impl RepayPlan {
    /// Books the repayment and returns what of it a loss's payers get back.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`]; those of [`Reserve::recover`].
    pub fn apply(
        &self,
        reserve: &mut Reserve,
        entry: &mut Entry,
    ) -> Result<LossSplit, LendingError> {
        reserve.cash = reserve.cash.plus(self.amount)?;
        reserve.debt_shares = reserve.debt_shares.minus(self.shares)?;
        entry.debt = entry.debt.minus(self.shares)?;
        entry.claim = entry.claim.minus(self.claim)?;
        reserve.recover(self.claim)
    }
}
