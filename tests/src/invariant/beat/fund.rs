//! The insurance fund, fees and flash loans.

use cofferdam_lending_interface::{
    event::{
        CooldownStarted, FeesCollected, FlashLoanRepaid, FlashLoanTaken, InsuranceFunded, Staked,
        Unstaked,
    },
    state::{Reserve, Stake},
    units::{Amount, FINE_PER_UNIT, Fine, Shares},
};

use super::apply::{
    Applied, fine_less, fine_more, less, more, shares_less, shares_more, with_reserve,
};
use crate::{
    scene::{Scene, worth::fine},
    wide::mul_div_down,
};

const BPS: u128 = 10_000;
/// Shares and assets that stand beside a fund's own.
const VIRTUAL: (u128, u128) = (1_000_000, FINE_PER_UNIT);

/// What the protocol earns: a deficit first, then the fund's part, then fees.
pub(super) fn credit_protocol(reserve: &mut Reserve, earned: u128) -> Option<()> {
    let paid = earned.min(reserve.deficit.get());
    reserve.deficit = fine_less(reserve.deficit, Fine(paid))?;
    reserve.covered = fine_more(reserve.covered, Fine(paid))?;
    let share = u128::from(reserve.config.insurance_share.get());
    let insurance = mul_div_down(earned - paid, share, BPS)?;
    credit_fund(reserve, insurance)?;
    reserve.fees = fine_more(reserve.fees, Fine(earned - paid - insurance))?;
    Some(())
}

/// What the fund earns: its shares' while anybody has a stake, the protocol's own otherwise.
fn credit_fund(reserve: &mut Reserve, amount: u128) -> Option<()> {
    if reserve.insurance_staked.is_zero() {
        return endow(reserve, amount);
    }
    reserve.insurance = fine_more(reserve.insurance, Fine(amount))?;
    Some(())
}

/// Adds to the fund at the price of its shares, which nobody holds.
pub(super) fn endow(reserve: &mut Reserve, amount: u128) -> Option<()> {
    let all = reserve.insurance_shares.get().checked_add(VIRTUAL.0)?;
    let minted = mul_div_down(amount, all, reserve.insurance.get().checked_add(VIRTUAL.1)?);
    // Shares beyond 128 bits are not minted: the price rises instead.
    let shares = minted.and_then(|shares| reserve.insurance_shares.get().checked_add(shares));
    reserve.insurance_shares = shares.map_or(reserve.insurance_shares, Shares);
    reserve.insurance = fine_more(reserve.insurance, Fine(amount))?;
    Some(())
}

/// What comes in for the fund is kept back from lending.
pub(super) fn keep(reserve: &mut Reserve, amount: Fine) -> Option<()> {
    reserve.insurance_cash = fine_more(reserve.insurance_cash, amount)?;
    Some(())
}

/// What the fund pays goes out of what was kept back first.
fn release(reserve: &mut Reserve, amount: Fine) -> Option<()> {
    let kept = amount.min(reserve.insurance_cash);
    reserve.insurance_cash = fine_less(reserve.insurance_cash, kept)?;
    Some(())
}

/// Takes a loss out of the fund. With less than a unit left, or a share worth less than a
/// millionth of what it first was, the fund begins anew.
pub(super) fn slash(reserve: &mut Reserve, loss: Fine) -> Option<()> {
    if loss.is_zero() {
        return Some(());
    }
    reserve.insurance = fine_less(reserve.insurance, loss)?;
    release(reserve, loss)?;
    if reserve.insurance.get() >= FINE_PER_UNIT && !is_dead(reserve)? {
        return Some(());
    }
    let left = reserve.insurance.get();
    reserve.insurance = Fine::ZERO;
    reserve.insurance_epoch = reserve.insurance_epoch.checked_add(1)?;
    (reserve.insurance_shares, reserve.insurance_staked) = (Shares::ZERO, Shares::ZERO);
    endow(reserve, left)
}

fn is_dead(reserve: &Reserve) -> Option<bool> {
    let shares = reserve.insurance_shares.get().checked_add(VIRTUAL.0)?;
    price_is_dead(reserve.insurance.get(), shares)
}

/// Whether `(assets + 1) ÷ shares`, in millions of shares a unit, is below a millionth, as the
/// program rounds it: twice down.
pub(in crate::invariant) fn price_is_dead(assets: u128, all_shares: u128) -> Option<bool> {
    const WAD: u128 = 1_000_000_000_000_000_000;
    let units = mul_div_down(assets.checked_add(VIRTUAL.1)?, WAD, VIRTUAL.1)?;
    Some(mul_div_down(units, VIRTUAL.0, all_shares)? < WAD / 1_000_000)
}

pub(super) fn endow_with(state: &mut Scene, event: &InsuranceFunded) -> Applied {
    with_reserve(state, &event.reserve, |reserve| {
        reserve.cash = more(reserve.cash, event.amount)?;
        keep(reserve, event.amount.fine())?;
        endow(reserve, fine(event.amount.get()))
    })
}

pub(super) fn collect(state: &mut Scene, event: &FeesCollected) -> Applied {
    with_reserve(state, &event.reserve, |reserve| {
        reserve.cash = less(reserve.cash, event.amount)?;
        reserve.fees = fine_less(reserve.fees, event.amount.fine())?;
        Some(())
    })
}

pub(super) fn stake(state: &mut Scene, event: &Staked) -> Applied {
    let Staked { stake, reserve, amount, shares } = event;
    with_reserve(state, reserve, |reserve| {
        reserve.cash = more(reserve.cash, *amount)?;
        keep(reserve, amount.fine())?;
        reserve.insurance = fine_more(reserve.insurance, amount.fine())?;
        reserve.insurance_shares = shares_more(reserve.insurance_shares, *shares)?;
        reserve.insurance_staked = shares_more(reserve.insurance_staked, *shares)?;
        Some(())
    })?;
    let mut state_of = settled(state, stake)?;
    state_of.shares = shares_more(state_of.shares, *shares).ok_or("too many shares")?;
    state.write_stake(*stake, state_of);
    Ok(())
}

pub(super) fn unstake(state: &mut Scene, event: &Unstaked) -> Applied {
    let Unstaked { stake, reserve, amount, shares } = event;
    let mut left = state.stakes.get(stake).ok_or("no such stake")?.clone();
    left.shares = shares_less(left.shares, *shares).ok_or("more than the stake held")?;
    left.cooling = shares_less(left.cooling, *shares).ok_or("more than was cooling")?;
    state.write_stake(*stake, left);
    with_reserve(state, reserve, |reserve| {
        reserve.cash = less(reserve.cash, *amount)?;
        release(reserve, amount.fine())?;
        reserve.insurance = fine_less(reserve.insurance, amount.fine())?;
        reserve.insurance_shares = shares_less(reserve.insurance_shares, *shares)?;
        reserve.insurance_staked = shares_less(reserve.insurance_staked, *shares)?;
        Some(())
    })
}

pub(super) fn cool(state: &mut Scene, event: &CooldownStarted) -> Applied {
    let mut stake = settled(state, &event.stake)?;
    (stake.cooling, stake.cooling_from_s) = (event.shares, state.now_s);
    state.write_stake(event.stake, stake);
    Ok(())
}

/// A stake without what it had in a fund that was used up.
fn settled(state: &Scene, address: &cofferdam_host::Address) -> Result<Stake, &'static str> {
    let mut stake = state.stakes.get(address).ok_or("no such stake")?.clone();
    let epoch = state.reserves.get(&stake.reserve).ok_or("no such reserve")?.insurance_epoch;
    if stake.epoch != epoch {
        (stake.shares, stake.cooling) = (Shares::ZERO, Shares::ZERO);
        (stake.epoch, stake.cooling_from_s) = (epoch, 0);
    }
    Ok(stake)
}

pub(super) fn lend(state: &mut Scene, event: &FlashLoanTaken) -> Applied {
    with_reserve(state, &event.reserve, |reserve| {
        reserve.cash = less(reserve.cash, event.amount)?;
        reserve.flash_loan = more(reserve.flash_loan, event.amount)?;
        Some(())
    })
}

pub(super) fn pay_back(state: &mut Scene, event: &FlashLoanRepaid) -> Applied {
    with_reserve(state, &event.reserve, |reserve| {
        reserve.cash = more(more(reserve.cash, event.amount)?, event.fee)?;
        reserve.flash_loan = less(reserve.flash_loan, event.amount)?;
        if reserve.flash_loan != Amount::ZERO {
            return None;
        }
        let part = u128::from(reserve.config.reserve_factor.get());
        credit_protocol(reserve, mul_div_down(fine(event.fee.get()), part, BPS)?)
    })
}
