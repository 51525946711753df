//! Fees, the insurance fund with its stakes, and deficits. docs/MATH.md, "Insurance fund".

use std::sync::Arc;

use cofferdam_host::Address;
use cofferdam_lending_interface::{
    LendingError,
    event::{CooldownStarted, DeficitCovered, FeesCollected, InsuranceFunded, Staked, Unstaked},
    instruction::{
        ALL, CollectFeesAccounts, CoverDeficitAccounts, FundInsuranceAccounts,
        StakeInsuranceAccounts, StartCooldownAccounts, UnstakeInsuranceAccounts,
    },
    state::Mode,
    units::{Amount, Shares},
};

use super::{
    draft::{Draft, Run, require_mode},
    number::{Grain, Q},
    state::{Account, Reserve, Stake},
    supply::{told_fine, told_shares},
    tokens::Slots,
};

/// How long shares cool down, and how long they may leave after that, in seconds.
const COOLDOWN_S: i64 = 10 * 86_400;
const EXIT_WINDOW_S: i64 = 2 * 86_400;

impl Draft<'_> {
    pub(super) fn collect_fees(&mut self, asked: u64) -> Run<()> {
        const SLOTS: CollectFeesAccounts<usize> = CollectFeesAccounts::SLOTS;
        let (at, _) = self.pool_for_admin(SLOTS.pool, SLOTS.admin)?;
        let (address, mut reserve) = self.reserve(SLOTS.reserve, &at)?;
        let most = reserve.fees.clone().min(reserve.available()).down(Grain::Unit)?;
        let amount = if asked == ALL { most.clone() } else { Q::whole(asked) };
        if amount.is_zero() {
            return Err(LendingError::AmountTooSmall.into());
        }
        if amount > most {
            return Err(LendingError::InsufficientCash.into());
        }
        reserve.fees = &reserve.fees - &amount;
        reserve.move_cash(&(Q::zero() - &amount))?;
        self.tell(FeesCollected { reserve: address, amount: Amount(amount.units()) });
        self.put_reserve(address, reserve.clone());
        let tokens =
            Slots { vault: SLOTS.vault, outside: SLOTS.destination, program: SLOTS.token_program };
        self.push((&address, &reserve), tokens, &amount)
    }

    pub(super) fn fund_insurance(&mut self, amount: u64) -> Run<()> {
        const SLOTS: FundInsuranceAccounts<usize> = FundInsuranceAccounts::SLOTS;
        let funder = self.signer(SLOTS.funder)?;
        let (at, _) = self.pool(SLOTS.pool)?;
        let (address, mut reserve) = self.reserve(SLOTS.reserve, &at)?;
        if amount == 0 {
            return Err(LendingError::AmountTooSmall.into());
        }
        let paid = Q::whole(amount);
        reserve.move_cash(&paid)?;
        reserve.endow(&paid)?;
        reserve.keep_back(&paid)?;
        self.tell(InsuranceFunded { reserve: address, funder, amount: Amount(amount) });
        self.put_reserve(address, reserve.clone());
        let tokens =
            Slots { vault: SLOTS.vault, outside: SLOTS.source, program: SLOTS.token_program };
        self.pull(&reserve, tokens, &funder, &paid)
    }

    pub(super) fn cover_deficit(&mut self, asked: u64) -> Run<()> {
        const SLOTS: CoverDeficitAccounts<usize> = CoverDeficitAccounts::SLOTS;
        let payer = self.signer(SLOTS.payer)?;
        let (at, _) = self.pool(SLOTS.pool)?;
        let (address, mut reserve) = self.reserve(SLOTS.reserve, &at)?;
        if reserve.deficit.is_zero() {
            return Err(LendingError::NoDeficit.into());
        }
        if asked == 0 {
            return Err(LendingError::AmountTooSmall.into());
        }
        let paid = Q::whole(asked).min(reserve.deficit.ceil(Grain::Unit).movable());
        reserve.move_cash(&paid)?;
        // The part of a unit beyond the deficit is the suppliers'.
        let covered = reserve.pay_deficit(&paid)?;
        let (amount, left) = (told_fine(&covered), told_fine(&reserve.deficit));
        self.tell(DeficitCovered { reserve: address, payer, amount, left });
        self.put_reserve(address, reserve.clone());
        let tokens =
            Slots { vault: SLOTS.vault, outside: SLOTS.source, program: SLOTS.token_program };
        self.pull(&reserve, tokens, &payer, &paid)
    }

    pub(super) fn stake(&mut self, amount: u64) -> Run<()> {
        const SLOTS: StakeInsuranceAccounts<usize> = StakeInsuranceAccounts::SLOTS;
        let (at, pool) = self.pool(SLOTS.pool)?;
        let (address, mut reserve) = self.reserve(SLOTS.reserve, &at)?;
        let (place, mut stake) = self.stake_of(SLOTS.stake, &address, SLOTS.owner)?;
        require_mode(&pool, &reserve, Mode::Active)?;
        let paid = Q::whole(amount);
        let shares = reserve.fund().worth(&paid).down(Grain::Share)?;
        if shares.is_zero() {
            return Err(LendingError::AmountTooSmall.into());
        }
        stake.forget(&reserve);
        reserve.move_cash(&paid)?;
        reserve.insurance = (&reserve.insurance + &paid).fit(Grain::Fine)?;
        reserve.keep_back(&paid)?;
        reserve.insurance_shares = (&reserve.insurance_shares + &shares).fit(Grain::Share)?;
        reserve.insurance_staked = (&reserve.insurance_staked + &shares).fit(Grain::Share)?;
        stake.shares = (&stake.shares + &shares).fit(Grain::Share)?;
        let owner = stake.owner;
        let (amount, shares) = (Amount(amount), told_shares(&shares));
        self.tell(Staked { stake: place, reserve: address, amount, shares });
        self.put_reserve(address, reserve.clone());
        self.put_stake(place, stake);
        let tokens =
            Slots { vault: SLOTS.vault, outside: SLOTS.source, program: SLOTS.token_program };
        self.pull(&reserve, tokens, &owner, &paid)
    }

    pub(super) fn start_cooldown(&mut self, shares: u128) -> Run<()> {
        const SLOTS: StartCooldownAccounts<usize> = StartCooldownAccounts::SLOTS;
        let (at, _) = self.pool(SLOTS.pool)?;
        let (address, reserve) = self.reserve_as_is(SLOTS.reserve, &at)?;
        let (place, mut stake) = self.stake_of(SLOTS.stake, &address, SLOTS.owner)?;
        stake.forget(&reserve);
        let asked = Q::whole(shares);
        if asked > stake.shares {
            return Err(LendingError::InsufficientStake.into());
        }
        (stake.cooling, stake.cooling_from_s) = (asked, self.scope.now_s);
        let ready_at_s = self.scope.now_s + COOLDOWN_S;
        self.put_stake(place, stake);
        self.tell(CooldownStarted { stake: place, shares: Shares(shares), ready_at_s });
        Ok(())
    }

    pub(super) fn unstake(&mut self, shares: u128) -> Run<()> {
        const SLOTS: UnstakeInsuranceAccounts<usize> = UnstakeInsuranceAccounts::SLOTS;
        let (at, _) = self.pool(SLOTS.pool)?;
        let (address, mut reserve) = self.reserve(SLOTS.reserve, &at)?;
        let (place, mut stake) = self.stake_of(SLOTS.stake, &address, SLOTS.owner)?;
        if shares == 0 {
            return Err(LendingError::AmountTooSmall.into());
        }
        stake.forget(&reserve);
        let asked = Q::whole(shares);
        stake.require_cooled(&asked, self.scope.now_s)?;
        let worth = reserve.fund().claim(&asked)?.down(Grain::Unit);
        let amount = worth.map_err(|_| LendingError::InsufficientCash)?;
        if amount > reserve.cash {
            return Err(LendingError::InsufficientCash.into());
        }
        reserve.move_cash(&(Q::zero() - &amount))?;
        reserve.insurance = &reserve.insurance - &amount;
        reserve.release(&amount);
        reserve.insurance_shares = &reserve.insurance_shares - &asked;
        reserve.insurance_staked = &reserve.insurance_staked - &asked;
        stake.shares = &stake.shares - &asked;
        stake.cooling = &stake.cooling - &asked;
        let (paid, shares) = (Amount(amount.units()), Shares(shares));
        self.tell(Unstaked { stake: place, reserve: address, amount: paid, shares });
        self.put_reserve(address, reserve.clone());
        self.put_stake(place, stake);
        if amount.is_zero() {
            return Ok(());
        }
        let tokens =
            Slots { vault: SLOTS.vault, outside: SLOTS.destination, program: SLOTS.token_program };
        self.push((&address, &reserve), tokens, &amount)
    }

    fn put_stake(&mut self, place: Address, stake: Stake) {
        self.put(place, Account::Stake(Arc::new(stake)));
    }
}

impl Stake {
    /// Shares of a fund that was used up since are worth nothing.
    fn forget(&mut self, reserve: &Reserve) {
        if self.epoch != reserve.insurance_epoch {
            (self.shares, self.cooling) = (Q::zero(), Q::zero());
            (self.epoch, self.cooling_from_s) = (reserve.insurance_epoch, 0);
        }
    }

    fn require_cooled(&self, shares: &Q, now_s: i64) -> Result<(), LendingError> {
        if *shares > self.shares {
            return Err(LendingError::InsufficientStake);
        }
        let ready_s = self.cooling_from_s + COOLDOWN_S;
        if *shares > self.cooling || now_s < ready_s || now_s > ready_s + EXIT_WINDOW_S {
            return Err(LendingError::CooldownRequired);
        }
        Ok(())
    }
}
