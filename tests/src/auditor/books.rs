//! A reserve's books: who owns what of it, and what the protocol earns, loses and gets back.
//! docs/MATH.md, "A reserve's books", "Shares", "Bad debt" and "Insurance fund".

use cofferdam_lending_interface::{
    LendingError,
    state::{LossPolicy, Mode, Payer},
};

use super::{
    number::{Grain, Q},
    state::{Reserve, Split},
};

type Figure = Result<Q, LendingError>;

/// Time over which what came back to suppliers vests, in seconds.
const VESTING_S: i64 = 7 * 86_400;

/// What people own together, and by how many shares; with one virtual unit and a million virtual
/// shares beside them.
#[derive(Clone, Debug)]
pub(super) struct Claims {
    pub(super) assets: Q,
    pub(super) shares: Q,
}

impl Claims {
    /// Shares that `amount` is worth; exact.
    pub(super) fn worth(&self, amount: &Q) -> Q {
        amount * self.all_shares() / self.all_assets()
    }

    /// What `shares` can claim: rounded down, and never more than there is.
    pub(super) fn claim(&self, shares: &Q) -> Figure {
        let part = (shares * self.all_assets() / self.all_shares()).down(Grain::Fine)?;
        Ok(part.min(self.assets.clone()))
    }

    /// Price of a million shares, in units.
    pub(super) fn price(&self) -> Q {
        let price = self.all_assets() * Q::whole(1_000_000) / self.all_shares();
        price.floor(Grain::Wad)
    }

    /// Whether a share is worth less than a millionth of what it first was.
    pub(super) fn is_dead(&self) -> bool {
        self.price() < Q::ratio(1, 1_000_000)
    }

    fn all_assets(&self) -> Q {
        &self.assets + Q::whole(1)
    }

    fn all_shares(&self) -> Q {
        &self.shares + Q::whole(1_000_000)
    }
}

impl Reserve {
    /// `⌊shares × index⌋`.
    pub(super) fn debt(&self) -> Figure {
        self.owed(&self.debt_shares).down(Grain::Fine)
    }

    /// What debt shares owe, in units; exact.
    pub(super) fn owed(&self, shares: &Q) -> Q {
        shares * &self.index / Q::whole(1_000_000_000)
    }

    /// What the suppliers own together.
    pub(super) fn supply(&self) -> Result<Claims, LendingError> {
        let lent = self.debt()? + &self.flash_loan + &self.deficit;
        let others = &self.fees + &self.insurance + &self.vesting;
        let assets = (&self.cash + lent - others).fit(Grain::Fine)?;
        Ok(Claims { assets, shares: self.supply_shares.clone() })
    }

    pub(super) fn fund(&self) -> Claims {
        Claims { assets: self.insurance.clone(), shares: self.insurance_shares.clone() }
    }

    /// Cash that may be lent or withdrawn: all but what was paid into the fund.
    pub(super) fn available(&self) -> Q {
        &self.cash - self.insurance_cash.ceil(Grain::Unit)
    }

    pub(super) fn is_wiped_out(&self) -> Result<bool, LendingError> {
        Ok(self.supply()?.is_dead())
    }

    pub(super) fn move_cash(&mut self, change: &Q) -> Result<(), LendingError> {
        self.cash = (&self.cash + change).fit(Grain::Unit)?;
        Ok(())
    }

    /// Income of the protocol: first the deficit, then the fund's share of the rest, then fees.
    pub(super) fn earn(&mut self, income: Q) -> Result<(), LendingError> {
        let paid = self.pay_deficit(&income)?;
        let rest = income - paid;
        let insured = (&rest * Q::bps(self.config.insurance_share.0)).down(Grain::Fine)?;
        self.insure(&insured)?;
        self.fees = (&self.fees + (rest - insured)).fit(Grain::Fine)?;
        Ok(())
    }

    pub(super) fn pay_deficit(&mut self, most: &Q) -> Figure {
        let paid = self.deficit.clone().min(most.clone());
        self.deficit = &self.deficit - &paid;
        self.covered = (&self.covered + &paid).fit(Grain::Fine)?;
        Ok(paid)
    }

    /// Income of the fund: it raises the price of its shares while somebody has a stake.
    fn insure(&mut self, amount: &Q) -> Result<(), LendingError> {
        if self.insurance_staked.is_zero() {
            return self.endow(amount);
        }
        self.insurance = (&self.insurance + amount).fit(Grain::Fine)?;
        Ok(())
    }

    /// The protocol's own money in the fund stands for shares that no stake holds.
    pub(super) fn endow(&mut self, amount: &Q) -> Result<(), LendingError> {
        let minted = self.fund().worth(amount).down(Grain::Share);
        let shares = minted.and_then(|minted| (&self.insurance_shares + minted).fit(Grain::Share));
        if let Ok(shares) = shares {
            self.insurance_shares = shares;
        }
        self.insurance = (&self.insurance + amount).fit(Grain::Fine)?;
        Ok(())
    }

    /// Tokens that came in for the fund are neither lent nor withdrawn.
    pub(super) fn keep_back(&mut self, amount: &Q) -> Result<(), LendingError> {
        self.insurance_cash = (&self.insurance_cash + amount).fit(Grain::Fine)?;
        Ok(())
    }

    /// What the fund pays comes out of its tokens first.
    pub(super) fn release(&mut self, amount: &Q) {
        self.insurance_cash = (&self.insurance_cash - amount).max(Q::zero());
    }

    /// Takes from all shares of the fund alike; a fund with nothing left begins anew.
    fn slash(&mut self, amount: &Q) -> Result<(), LendingError> {
        if amount.is_zero() {
            return Ok(());
        }
        self.insurance = &self.insurance - amount;
        self.release(amount);
        if self.insurance >= Q::whole(1) && !self.fund().is_dead() {
            return Ok(());
        }
        let left = std::mem::replace(&mut self.insurance, Q::zero());
        self.insurance_epoch += 1;
        (self.insurance_shares, self.insurance_staked) = (Q::zero(), Q::zero());
        self.endow(&left)
    }

    /// Writes `shares` of debt off, and says who paid.
    pub(super) fn write_off(&mut self, shares: &Q) -> Result<Split, LendingError> {
        let owned = self.supply()?.assets + &self.vesting;
        let before = self.debt()?;
        self.debt_shares = (&self.debt_shares - shares).fit(Grain::Share)?;
        let loss = before - self.debt()?;
        let split = self.split(loss, &owned);
        self.fees = &self.fees - &split.fees;
        self.slash(&split.insurance)?;
        self.deficit = (&self.deficit + &split.deficit).fit(Grain::Fine)?;
        self.vesting = self.vesting.clone().min(owned - &split.suppliers);
        self.losses = self.losses.plus(&split);
        if self.is_wiped_out()? {
            self.mode = Mode::Killed;
        }
        Ok(split)
    }

    /// Everybody in the policy's order gives what they have; then those it spares.
    fn split(&self, loss: Q, owned: &Q) -> Split {
        use Payer::{Deficit, Fees, Insurance, Suppliers};
        let order: &[Payer] = match self.config.loss_policy {
            LossPolicy::Waterfall => &[Fees, Insurance, Suppliers, Deficit],
            LossPolicy::Haircut => &[Suppliers, Insurance, Fees, Deficit],
            LossPolicy::InsuranceThenHaircut => &[Insurance, Suppliers, Fees, Deficit],
            LossPolicy::NegativeReserves => &[Fees, Deficit],
            LossPolicy::Deficit | LossPolicy::Receivable => &[Deficit],
        };
        let mut split = Split::nothing();
        let mut left = loss.clone();
        for payer in order {
            let (paid, has) = match payer {
                Fees => (&mut split.fees, Some(&self.fees)),
                Insurance => (&mut split.insurance, Some(&self.insurance)),
                Suppliers => (&mut split.suppliers, Some(owned)),
                Deficit => (&mut split.deficit, None),
            };
            *paid = has.map_or_else(|| left.clone(), |has| left.clone().min(has.clone()));
            left = left - &*paid;
        }
        split.recognised = loss;
        split
    }

    /// What of a claim is repaid goes back in the reverse order of loss.
    pub(super) fn recover(&mut self, amount: &Q) -> Result<Split, LendingError> {
        let owing = |lost: &Q, back: &Q| (lost - back).fit(Grain::Fine);
        let deficit = amount.clone().min(self.deficit.clone());
        let left = amount - &deficit;
        let suppliers = owing(&self.losses.suppliers, &self.recovered.suppliers)?.min(left.clone());
        let left = left - &suppliers;
        let insurance = owing(&self.losses.insurance, &self.recovered.insurance)?.min(left.clone());
        let fees = left - &insurance;
        let split = Split { recognised: amount.clone(), fees, insurance, suppliers, deficit };
        self.deficit = &self.deficit - &split.deficit;
        self.begin_vesting(&split.suppliers)?;
        self.endow(&split.insurance)?;
        self.keep_back(&split.insurance)?;
        self.fees = (&self.fees + &split.fees).fit(Grain::Fine)?;
        self.recovered = self.recovered.plus(&split);
        if self.recovered.fees > &self.losses.fees + &self.covered {
            return Err(LendingError::LossMismatch);
        }
        Ok(split)
    }

    /// The end moves to the weighted mean of what is left and the full time, rounded up.
    fn begin_vesting(&mut self, amount: &Q) -> Result<(), LendingError> {
        if amount.is_zero() {
            return Ok(());
        }
        let left_s = Q::whole(self.vesting_left_s());
        let all = (&self.vesting + amount).fit(Grain::Fine)?;
        let mean_s = (left_s * &self.vesting + Q::whole(VESTING_S) * amount) / &all;
        let end_s = i64::try_from(mean_s.ceil(Grain::Unit).units()).unwrap_or(i64::MAX);
        self.vesting = all;
        self.vesting_until_s =
            self.accrued_at_s.checked_add(end_s).ok_or(LendingError::MathOverflow)?;
        Ok(())
    }

    fn vesting_left_s(&self) -> i64 {
        if self.vesting.is_zero() {
            return 0;
        }
        self.vesting_until_s.saturating_sub(self.accrued_at_s).clamp(0, VESTING_S)
    }

    /// Lets what vested since the last accrual count, in a straight line, rounded down.
    pub(super) fn vest(&mut self, now_s: i64) {
        let rest_s = self.vesting_until_s.saturating_sub(now_s);
        if rest_s <= 0 {
            self.vesting = Q::zero();
            return;
        }
        let left_s = self.vesting_left_s().max(rest_s);
        let vested = &self.vesting * Q::ratio(left_s - rest_s, left_s);
        self.vesting = &self.vesting - vested.floor(Grain::Fine);
    }
}

impl Split {
    pub(super) fn nothing() -> Self {
        Self {
            recognised: Q::zero(),
            fees: Q::zero(),
            insurance: Q::zero(),
            suppliers: Q::zero(),
            deficit: Q::zero(),
        }
    }

    fn plus(&self, other: &Self) -> Self {
        Self {
            recognised: &self.recognised + &other.recognised,
            fees: &self.fees + &other.fees,
            insurance: &self.insurance + &other.insurance,
            suppliers: &self.suppliers + &other.suppliers,
            deficit: &self.deficit + &other.deficit,
        }
    }
}
