//! Liquidations, losses and what comes back of them.

use cofferdam_host::Address;
use cofferdam_lending_interface::{
    event::{BadDebtAbsorbed, CollateralSeized, DeficitCovered, Liquidated, LossRecovered},
    math::loss::LossSplit,
    state::{Mode, Reserve},
    units::{Amount, DebtShares, Fine, RAY, Shares},
};

use super::{
    apply::{
        Applied, debt_less, fine_less, fine_more, less, more, shares_less, shares_more, with_entry,
        with_reserve,
    },
    fund::{credit_protocol, endow, keep, price_is_dead, slash},
};
use crate::{
    scene::{
        Books, Scene,
        worth::{debt_up, fine, units_down, units_up},
    },
    wide::{mul_div_down, mul_div_up},
};

/// How long what came back to the suppliers takes to count: 7 days.
const VESTING_S: u128 = 7 * 86_400;

pub(super) fn liquidate(state: &mut Scene, end: &Scene, event: &Liquidated) -> Applied {
    repay(state, event)?;
    let reserve = state.accrued.get(&event.collateral_reserve).ok_or("no such reserve")?;
    let held = state.positions.get(&event.position).ok_or("no such position")?;
    let held = held.entry(&event.collateral_reserve).supply;
    let shares = seized_shares(reserve, held, event.seized).ok_or("no such collateral")?;
    with_reserve(state, &event.collateral_reserve, |reserve| {
        let in_shares = !event.shares_out.is_zero();
        let payout = less(event.seized, event.protocol_fee)?;
        reserve.cash = less(reserve.cash, if in_shares { Amount::ZERO } else { payout })?;
        let ended = shares_less(shares, event.shares_out)?;
        reserve.supply_shares = shares_less(reserve.supply_shares, ended)?;
        credit_protocol(reserve, fine(event.protocol_fee.get()))
    })?;
    with_entry(state, &event.position, &event.collateral_reserve, |entry| {
        entry.supply = shares_less(entry.supply, shares)?;
        Some(())
    })?;
    receive(state, end, event)
}

fn repay(state: &mut Scene, event: &Liquidated) -> Applied {
    let reserve = state.accrued.get(&event.debt_reserve).ok_or("no such reserve")?;
    let position = state.positions.get(&event.position).ok_or("no such position")?;
    let owed = position.entry(&event.debt_reserve).debt;
    let paid = fine(event.repaid.get());
    let all = debt_up(owed.get(), reserve).is_some_and(|debt| paid >= debt);
    let part = mul_div_down(paid, RAY, reserve.index.get()).map(DebtShares);
    let shares = if all { owed } else { part.ok_or("more than there can be of debt")? };
    with_reserve(state, &event.debt_reserve, |reserve| {
        reserve.cash = more(reserve.cash, event.repaid)?;
        reserve.debt_shares = debt_less(reserve.debt_shares, shares)?;
        Some(())
    })?;
    with_entry(state, &event.position, &event.debt_reserve, |entry| {
        entry.debt = debt_less(entry.debt, shares)?;
        Some(())
    })
}

/// Shares that `seized` tokens cost: all of them when nothing but a part of a unit would be left.
fn seized_shares(reserve: &Reserve, held: Shares, seized: Amount) -> Option<Shares> {
    let books = Books::of(reserve)?;
    if units_down(books.claim_down(held.get())?)? == seized.get() {
        return Some(held);
    }
    let (assets, shares) = books.price()?;
    Some(Shares(mul_div_up(fine(seized.get()), shares, assets)?).min(held))
}

/// Shares go to a position of the liquidator's. The event does not say which: it is the one that
/// gained.
fn receive(state: &mut Scene, end: &Scene, event: &Liquidated) -> Applied {
    if event.shares_out.is_zero() {
        return Ok(());
    }
    let reserve = &event.collateral_reserve;
    let gained = |(address, position): &(&Address, &_)| {
        let before = state.positions.get(address).map(|before| before.entry(reserve).supply);
        let owner: &cofferdam_lending_interface::state::Position = position;
        owner.owner == event.liquidator
            && **address != event.position
            && before.is_some_and(|before| before < owner.entry(reserve).supply)
    };
    let receiver = end.positions.iter().find(gained).map(|(address, _)| *address);
    let receiver = receiver.ok_or("nobody received the shares")?;
    with_entry(state, &receiver, reserve, |entry| {
        entry.supply = shares_more(entry.supply, event.shares_out)?;
        Some(())
    })
}

pub(super) fn write_off(state: &mut Scene, event: &BadDebtAbsorbed) -> Applied {
    let BadDebtAbsorbed { position, reserve, shares, loss, .. } = event;
    with_reserve(state, reserve, |reserve| {
        let suppliers = Books::of(reserve)?.assets.checked_add(reserve.vesting.get())?;
        reserve.debt_shares = debt_less(reserve.debt_shares, *shares)?;
        reserve.fees = fine_less(reserve.fees, loss.fees)?;
        slash(reserve, loss.insurance)?;
        reserve.deficit = fine_more(reserve.deficit, loss.deficit)?;
        let left = suppliers.checked_sub(loss.suppliers.get())?;
        reserve.vesting = Fine(reserve.vesting.get().min(left));
        reserve.losses = split_more(reserve.losses, *loss)?;
        let books = Books::of(reserve)?;
        if price_is_dead(books.assets, books.price()?.1)? {
            reserve.mode = Mode::Killed;
        }
        Some(())
    })?;
    with_entry(state, position, reserve, |entry| {
        entry.debt = debt_less(entry.debt, *shares)?;
        entry.claim = fine_more(entry.claim, loss.recognised)?;
        Some(())
    })
}

pub(super) fn forfeit(state: &mut Scene, event: &CollateralSeized) -> Applied {
    let CollateralSeized { position, reserve, shares, amount } = event;
    with_reserve(state, reserve, |reserve| {
        reserve.supply_shares = shares_less(reserve.supply_shares, *shares)?;
        endow(reserve, amount.get())
    })?;
    with_entry(state, position, reserve, |entry| {
        entry.supply = shares_less(entry.supply, *shares)?;
        Some(())
    })
}

/// Whole units came with the repayment that is told of right before; what of them exceeds the claim
/// is the suppliers'. What comes back to the fund is the
/// protocol's own.
pub(super) fn recover(state: &mut Scene, event: &LossRecovered) -> Applied {
    let LossRecovered { position, reserve, split } = event;
    let now_s = state.now_s;
    with_reserve(state, reserve, |reserve| {
        reserve.cash = more(reserve.cash, Amount(units_up(split.recognised.get())?))?;
        reserve.deficit = fine_less(reserve.deficit, split.deficit)?;
        vest(reserve, split.suppliers.get(), now_s)?;
        endow(reserve, split.insurance.get())?;
        keep(reserve, split.insurance)?;
        reserve.fees = fine_more(reserve.fees, split.fees)?;
        reserve.recovered = split_more(reserve.recovered, *split)?;
        Some(())
    })?;
    with_entry(state, position, reserve, |entry| {
        entry.claim = fine_less(entry.claim, split.recognised)?;
        Some(())
    })
}

/// What comes back to suppliers counts by and by; the end moves by the weight of what is added.
fn vest(reserve: &mut Reserve, amount: u128, now_s: i64) -> Option<()> {
    if amount == 0 {
        return Some(());
    }
    let left_s = u128::try_from(reserve.vesting_until_s - now_s).unwrap_or(0).min(VESTING_S);
    let left_s = if reserve.vesting.is_zero() { 0 } else { left_s };
    let all = reserve.vesting.get().checked_add(amount)?;
    let added_s = mul_div_up(VESTING_S - left_s, amount, all)?;
    reserve.vesting = Fine(all);
    reserve.vesting_until_s = now_s + i64::try_from(left_s + added_s).ok()?;
    Some(())
}

/// Whole tokens come in, what of them exceeds the deficit is the suppliers'.
pub(super) fn cover(state: &mut Scene, event: &DeficitCovered) -> Applied {
    with_reserve(state, &event.reserve, |reserve| {
        let paid = Amount(units_up(event.amount.get())?);
        reserve.cash = more(reserve.cash, paid)?;
        reserve.deficit = fine_less(reserve.deficit, event.amount)?;
        reserve.covered = fine_more(reserve.covered, event.amount)?;
        (reserve.deficit == event.left).then_some(())
    })
}

fn split_more(one: LossSplit, other: LossSplit) -> Option<LossSplit> {
    Some(LossSplit {
        recognised: fine_more(one.recognised, other.recognised)?,
        fees: fine_more(one.fees, other.fees)?,
        insurance: fine_more(one.insurance, other.insurance)?,
        suppliers: fine_more(one.suppliers, other.suppliers)?,
        deficit: fine_more(one.deficit, other.deficit)?,
    })
}
