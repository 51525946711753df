use crate::{
    error::LendingError,
    instruction::ALL,
    state::{Reserve, Stake},
    units::{Amount, Fine, Shares},
};

/// Tokens that join an insurance fund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StakePlan {
    /// Tokens in.
    pub amount: Amount,
    /// Shares of the fund received, rounded down.
    pub shares: Shares,
}

/// Tokens that leave an insurance fund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnstakePlan {
    /// Tokens out, rounded down.
    pub amount: Amount,
    /// Shares of the fund given up.
    pub shares: Shares,
}

/// A deficit that somebody pays down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoverPlan {
    /// Tokens in.
    pub amount: Amount,
    /// Deficit that is gone; a part of a unit that was paid beyond it is the suppliers'.
    pub covered: Fine,
}

/// Plans a stake of `amount` in the reserve's insurance fund.
///
/// # Errors
/// [`LendingError::AmountTooSmall`] when no share would come of it; [`LendingError::MathOverflow`].
pub fn stake(reserve: &Reserve, amount: Amount) -> Result<StakePlan, LendingError> {
    let shares = reserve.fund().shares_down(amount.fine())?;
    if shares.is_zero() {
        return Err(LendingError::AmountTooSmall);
    }
    Ok(StakePlan { amount, shares })
}

/// Plans that `shares` of `stake` leave at `now_s`; the amount may be zero, so that shares of a
/// fund that lost nearly everything can be cleared away.
///
/// # Errors
/// [`LendingError::AmountTooSmall`] for no shares; those of [`Stake::require_cooled`];
/// [`LendingError::InsufficientCash`] beyond the cash there is. What was paid into the fund is kept for
/// whoever leaves first; what it earned comes out of everybody's cash.
pub fn unstake(
    reserve: &Reserve,
    stake: &Stake,
    shares: Shares,
    now_s: i64,
) -> Result<UnstakePlan, LendingError> {
    if shares.is_zero() {
        return Err(LendingError::AmountTooSmall);
    }
    let mut settled = stake.clone();
    settled.settle(reserve.insurance_epoch);
    settled.require_cooled(shares, now_s)?;
    // More than a token account holds is more than the cash, too: fewer shares can leave.
    let worth = reserve.fund().assets_down(shares)?.units_down();
    let amount = worth.map_err(|_| LendingError::InsufficientCash)?;
    if amount > reserve.cash {
        return Err(LendingError::InsufficientCash);
    }
    Ok(UnstakePlan { amount, shares })
}

/// Plans a payment of at most `amount` towards the reserve's deficit; [`ALL`] covers it, rounded
/// up to whole units, as far as one call can.
///
/// # Errors
/// [`LendingError::NoDeficit`]; [`LendingError::AmountTooSmall`] for zero;
/// [`LendingError::MathOverflow`].
pub fn cover_deficit(reserve: &Reserve, amount: Amount) -> Result<CoverPlan, LendingError> {
    if reserve.deficit.is_zero() {
        return Err(LendingError::NoDeficit);
    }
    if amount.is_zero() {
        return Err(LendingError::AmountTooSmall);
    }
    let most = reserve.deficit.movable_up();
    let amount = if amount.get() == ALL { most } else { amount.min(most) };
    Ok(CoverPlan { amount, covered: amount.fine().min(reserve.deficit) })
}

impl StakePlan {
    /// Books the stake.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn apply(&self, reserve: &mut Reserve, stake: &mut Stake) -> Result<(), LendingError> {
        stake.settle(reserve.insurance_epoch);
        reserve.cash = reserve.cash.plus(self.amount)?;
        reserve.insurance = reserve.insurance.plus(self.amount.fine())?;
        reserve.keep_for_fund(self.amount.fine())?;
        reserve.insurance_shares = reserve.insurance_shares.plus(self.shares)?;
        reserve.insurance_staked = reserve.insurance_staked.plus(self.shares)?;
        stake.shares = stake.shares.plus(self.shares)?;
        Ok(())
    }
}

impl UnstakePlan {
    /// Books what leaves.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn apply(&self, reserve: &mut Reserve, stake: &mut Stake) -> Result<(), LendingError> {
        reserve.cash = reserve.cash.minus(self.amount)?;
        reserve.insurance = reserve.insurance.minus(self.amount.fine())?;
        reserve.release_from_fund(self.amount.fine())?;
        reserve.insurance_shares = reserve.insurance_shares.minus(self.shares)?;
        reserve.insurance_staked = reserve.insurance_staked.minus(self.shares)?;
        stake.shares = stake.shares.minus(self.shares)?;
        stake.cooling = stake.cooling.minus(self.shares)?;
        Ok(())
    }
}

impl CoverPlan {
    /// Books the payment.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn apply(&self, reserve: &mut Reserve) -> Result<(), LendingError> {
        reserve.cash = reserve.cash.plus(self.amount)?;
        reserve.pay_deficit(self.covered)?;
        Ok(())
    }
}
