//! How a reserve books what it loses, what it earns for the protocol, and what comes back.

use super::{Mode, Reserve};
use crate::{
    error::LendingError,
    math::{
        interest::fee_down,
        loss::{Funds, LossSplit, waterfall},
        shares::Supply,
        wide::{mul_div_down, mul_div_up},
    },
    units::{DebtShares, FINE_PER_UNIT, Fine, Shares, WAD, Wad},
    zoo,
};

/// What an insurance fund must have left to go on after it paid for a loss: one native unit. With
/// less, or with a share worth less than [`DEAD_SHARE`], it is used up.
pub const INSURANCE_MIN: Fine = Fine(FINE_PER_UNIT);

/// Price of a share below which it counts as worth nothing: a millionth of what it first was.
pub const DEAD_SHARE: Wad = Wad(WAD / 1_000_000);

/// How long what came back to the suppliers takes to count among their assets: 7 days. At once, a
/// borrower could supply a borrowed fortune, repay what was written off, withdraw again in the same
/// transaction, and have paid mostly himself.
pub const VESTING_S: u32 = 7 * 86_400;

impl Reserve {
    /// The insurance fund and its shares, priced like supply: with one virtual unit and a million
    /// virtual shares, so that the first one in cannot price the second one out.
    #[must_use]
    pub const fn fund(&self) -> Supply {
        Supply { assets: self.insurance, shares: self.insurance_shares }
    }

    /// Books what the protocol earns: a deficit is paid down first, then the insurance fund gets
    /// its share, rounded down, and the rest is fees. No event tells of a deficit paid down by
    /// interest; [`Reserve::covered`] counts it.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn credit_protocol(&mut self, fee: Fine) -> Result<(), LendingError> {
        let left = fee.minus(self.pay_deficit(fee)?)?;
        let insurance = fee_down(left, self.config.insurance_share)?;
        self.credit_insurance(insurance)?;
        self.fees = self.fees.plus(left.minus(insurance)?)?;
        Ok(())
    }

    /// Pays the deficit down by at most `amount`; what of it was used.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn pay_deficit(&mut self, amount: Fine) -> Result<Fine, LendingError> {
        let paid = amount.min(self.deficit);
        self.deficit = self.deficit.minus(paid)?;
        self.covered = zoo!(self.covered.plus(paid)?; DeficitUncounted => self.covered);
        Ok(paid)
    }

    /// Gives the insurance fund what it earned: to all its shares. While nobody has a stake it is
    /// an endowment instead, which leaves the price of a share where it is.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn credit_insurance(&mut self, amount: Fine) -> Result<(), LendingError> {
        if self.insurance_staked.is_zero() {
            return self.endow(amount);
        }
        self.insurance = self.insurance.plus(amount)?;
        Ok(())
    }

    /// Gives the insurance fund `amount` of the protocol's own: shares that no stake holds stand
    /// for it, so those who have a stake neither gain nor lose.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn endow(&mut self, amount: Fine) -> Result<(), LendingError> {
        let minted = self.fund().shares_down(amount);
        // Accrual must never fail. Beyond 128 bits of shares the price rises instead, for everybody.
        if let Ok(shares) = minted.and_then(|minted| self.insurance_shares.plus(minted)) {
            self.insurance_shares = shares;
        }
        self.insurance = self.insurance.plus(amount)?;
        Ok(())
    }

    /// Keeps `amount`, which came in for the insurance fund, back from lending and withdrawal.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn keep_for_fund(&mut self, amount: Fine) -> Result<(), LendingError> {
        self.insurance_cash = self.insurance_cash.plus(amount)?;
        Ok(())
    }

    /// Lets the fund's cash go first of `amount` that it pays or pays out: suppliers whose loss it
    /// bears get money they can take, and the fund keeps what borrowers still owe it.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`] cannot happen.
    pub fn release_from_fund(&mut self, amount: Fine) -> Result<(), LendingError> {
        self.insurance_cash = self.insurance_cash.minus(amount.min(self.insurance_cash))?;
        Ok(())
    }

    /// Takes `amount` out of the insurance fund, from all its shares alike, those on their way out
    /// included. A fund that is used up begins anew: its old shares would own what newcomers bring.
    fn slash(&mut self, amount: Fine) -> Result<(), LendingError> {
        if amount.is_zero() {
            return Ok(());
        }
        self.insurance = self.insurance.minus(amount)?;
        self.release_from_fund(amount)?;
        if self.insurance >= INSURANCE_MIN && self.fund().share_price_down()? >= DEAD_SHARE {
            return Ok(());
        }
        let left = core::mem::take(&mut self.insurance);
        self.insurance_epoch =
            self.insurance_epoch.checked_add(1).ok_or(LendingError::MathOverflow)?;
        (self.insurance_shares, self.insurance_staked) = (Shares::ZERO, Shares::ZERO);
        self.endow(left)
    }

    /// Burns `shares` of supply, worth `amount`, and gives that to the insurance fund as the
    /// protocol's own: were it income, people would stake to have somebody's collateral forfeit.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn forfeit(&mut self, shares: Shares, amount: Fine) -> Result<(), LendingError> {
        self.supply_shares = self.supply_shares.minus(shares)?;
        self.endow(amount)
    }

    /// Writes off `shares` of debt and lets the reserve's policy say who pays. A reserve whose
    /// suppliers lose everything by it is [`Mode::Killed`].
    ///
    /// # Errors
    /// [`LendingError::LossMismatch`] when the payers do not add up; [`LendingError::MathOverflow`].
    pub fn write_off(&mut self, shares: DebtShares) -> Result<LossSplit, LendingError> {
        let (assets, before) = (self.supply()?.assets, self.debt()?);
        let suppliers = assets.plus(self.vesting)?;
        let funds = Funds { fees: self.fees, insurance: self.insurance, suppliers };
        self.debt_shares = self.debt_shares.minus(shares)?;
        let loss = before.minus(self.debt()?)?;
        let split = waterfall(loss, funds, self.config.loss_policy)?;
        if !split.is_exact() {
            return Err(LendingError::LossMismatch);
        }
        self.fees = self.fees.minus(split.fees)?;
        zoo!(self.slash(split.insurance)?; InsuranceDoubleCount => ());
        self.deficit = self.deficit.plus(split.deficit)?;
        // What vests is the suppliers' too, but comes last.
        self.vesting = self.vesting.min(suppliers.minus(split.suppliers)?);
        self.losses = self.losses.plus(split)?;
        if self.is_wiped_out()? {
            self.mode = Mode::Killed;
        }
        Ok(split)
    }

    /// Gives `amount` of a repaid claim, which is in cash already, back in the reverse order of
    /// loss: deficit, suppliers, insurance, fees. The suppliers' part vests over [`VESTING_S`], the
    /// insurance fund's is the protocol's own.
    /// What comes back for a deficit that was covered meanwhile goes to the fees.
    ///
    /// # Errors
    /// [`LendingError::LossMismatch`] when more comes back than was lost;
    /// [`LendingError::MathOverflow`].
    pub fn recover(&mut self, amount: Fine) -> Result<LossSplit, LendingError> {
        let deficit = amount.min(self.deficit);
        let left = amount.minus(deficit)?;
        let suppliers = left.min(self.losses.suppliers.minus(self.recovered.suppliers)?);
        zoo!(RecoveryToFees => return self.recover_to_fees(amount, deficit));
        let left = left.minus(suppliers)?;
        let insurance = left.min(self.losses.insurance.minus(self.recovered.insurance)?);
        let fees = left.minus(insurance)?;
        let split = LossSplit { recognised: amount, fees, insurance, suppliers, deficit };
        self.deficit = self.deficit.minus(deficit)?;
        self.begin_vesting(suppliers)?;
        // As income it would go to whoever staked a moment before, the debtor himself if he likes:
        // the slashed fund is small, and a stake beside it would get most of the claim back.
        self.endow(insurance)?;
        self.keep_for_fund(insurance)?;
        self.fees = self.fees.plus(fees)?;
        self.recovered = self.recovered.plus(split)?;
        if self.recovered.fees > self.losses.fees.plus(self.covered)? || !split.is_exact() {
            return Err(LendingError::LossMismatch);
        }
        Ok(split)
    }

    /// Adds to what vests. The end moves by the weight of what is added, so a stream of tiny
    /// repayments cannot hold a large one back.
    fn begin_vesting(&mut self, amount: Fine) -> Result<(), LendingError> {
        if zoo!(amount.is_zero(); VestingSkipped => true) {
            return Ok(());
        }
        let all = self.vesting.plus(amount)?;
        let left_s = u128::from(self.vesting_left_s());
        let wait_s = u128::from(VESTING_S) - left_s;
        let added_s = mul_div_up(wait_s, amount.get(), all.get())?;
        let end_s = i64::try_from(left_s + added_s).map_err(|_| LendingError::MathOverflow)?;
        self.vesting = all;
        self.vesting_until_s =
            self.accrued_at_s.checked_add(end_s).ok_or(LendingError::MathOverflow)?;
        Ok(())
    }

    /// Time from the last accrual until everything has vested.
    fn vesting_left_s(&self) -> u32 {
        let left_s = self.vesting_until_s.checked_sub(self.accrued_at_s);
        let left_s = left_s.and_then(|left_s| u32::try_from(left_s).ok());
        if self.vesting.is_zero() { 0 } else { left_s.unwrap_or(0).min(VESTING_S) }
    }

    /// Lets what vested between the last accrual and `now_s` count, rounded down.
    pub(super) fn vest(&mut self, now_s: i64) -> Result<(), LendingError> {
        if self.vesting.is_zero() {
            return Ok(());
        }
        let rest_s = self.vesting_until_s.checked_sub(now_s).and_then(|s| u128::try_from(s).ok());
        let vested = match rest_s.filter(|rest_s| *rest_s > 0) {
            None => self.vesting,
            Some(rest_s) => {
                let left_s = u128::from(self.vesting_left_s()).max(rest_s);
                Fine(mul_div_down(self.vesting.get(), left_s - rest_s, left_s)?)
            }
        };
        self.vesting = self.vesting.minus(vested)?;
        Ok(())
    }

    /// Whether losses took nearly everything: a share is worth less than [`DEAD_SHARE`]. Waiting
    /// for exactly nothing would never come true, since rounding leaves a few fine units behind.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn is_wiped_out(&self) -> Result<bool, LendingError> {
        Ok(self.supply()?.share_price_down()? < DEAD_SHARE)
    }
}
