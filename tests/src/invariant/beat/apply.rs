//! One event applied to a state.

use cofferdam_host::Address;
use cofferdam_lending_interface::{
    event::{Borrowed, Deposited, NoticeGiven, Repaid, Withdrawn},
    state::{Entry, Position, Reserve},
    units::{Amount, DebtShares, Fine, Shares},
};

use super::{fund, loss, market};
use crate::{
    invariant::told::Told,
    scene::{Scene, worth::units_up},
};

/// Done, or why the books cannot hold what an event tells.
pub(super) type Applied = Result<(), &'static str>;

/// Applies an event. What is no money and no event tells is taken from `end`.
pub(super) fn apply(
    state: &mut Scene,
    end: &Scene,
    (told, next): (&Told, Option<&Told>),
) -> Applied {
    match told {
        Told::Deposited(event) => deposit(state, event),
        Told::Withdrawn(event) => withdraw(state, event),
        Told::Borrowed(event) => borrow(state, event),
        Told::Repaid(event) => repay(state, event, next),
        Told::NoticeGiven(event) => notice(state, event),
        Told::Liquidated(event) => loss::liquidate(state, end, event),
        Told::BadDebtAbsorbed(event) => loss::write_off(state, event),
        Told::CollateralSeized(event) => loss::forfeit(state, event),
        Told::LossRecovered(event) => loss::recover(state, event),
        Told::DeficitCovered(event) => loss::cover(state, event),
        Told::InsuranceFunded(event) => fund::endow_with(state, event),
        Told::FeesCollected(event) => fund::collect(state, event),
        Told::Staked(event) => fund::stake(state, event),
        Told::Unstaked(event) => fund::unstake(state, event),
        Told::CooldownStarted(event) => fund::cool(state, event),
        Told::FlashLoanTaken(event) => fund::lend(state, event),
        Told::FlashLoanRepaid(event) => fund::pay_back(state, event),
        Told::PricePublished(event) => market::publish(state, end, event),
        // Several changes in one transaction: the end has the last one's parameters.
        Told::ReserveUpdated(event) => market::reconfigure(state, end, event),
        Told::FeedsChanged(event) => market::change_feeds(state, end, &event.reserve),
        Told::PoolUpdated(event) => {
            market::with_pool(state, &event.pool, |pool| pool.config = event.after)
        }
        Told::AdminProposed(event) => {
            market::with_pool(state, &event.pool, |pool| pool.pending_admin = event.proposed)
        }
        Told::AdminChanged(event) => market::with_pool(state, &event.pool, |pool| {
            (pool.admin, pool.pending_admin) = (event.after, Address::default());
        }),
        Told::ModeChanged(event) => market::set_mode(state, end, event),
        Told::ReserveAdded(event) => market::add(state, end, event),
        Told::PositionOpened(event) => market::open(state, end, &event.position),
        Told::StakeOpened(event) => market::open_stake(state, end, &event.stake),
        Told::PoolCreated(event) => market::create_pool(state, end, &event.pool),
        Told::FeedCreated(event) => market::create_feed(state, end, &event.feed),
        Told::ChangeQueued(_) | Told::ChangeCancelled(_) | Told::ReserveWipedOut(_) => Ok(()),
        Told::Unknown => Err("an event that is none of the program's"),
    }
}

/// Changes a reserve.
pub(super) fn with_reserve(
    state: &mut Scene,
    address: &Address,
    change: impl FnOnce(&mut Reserve) -> Option<()>,
) -> Applied {
    let mut reserve = state.accrued.get(address).ok_or("no such reserve")?.clone();
    change(&mut reserve).ok_or("a figure of the reserve leaves its range")?;
    state.write_reserve(*address, reserve);
    Ok(())
}

/// Changes what a position has in a reserve.
pub(super) fn with_entry(
    state: &mut Scene,
    position: &Address,
    reserve: &Address,
    change: impl FnOnce(&mut Entry) -> Option<()>,
) -> Applied {
    let mut held = state.positions.get(position).ok_or("no such position")?.clone();
    let mut entry = held.entry(reserve);
    change(&mut entry).ok_or("a figure of the position leaves its range")?;
    put(&mut held, entry)?;
    state.write_position(*position, held);
    Ok(())
}

/// An entry keeps its place, a new one takes the first that is free, an empty one frees its own.
fn put(position: &mut Position, mut entry: Entry) -> Applied {
    entry.noticed = entry.noticed.min(entry.supply);
    let empty = entry.supply.is_zero() && entry.debt.is_zero() && entry.claim.is_zero();
    let at = |wanted: Address| position.entries.iter().position(|entry| entry.reserve == wanted);
    let Some(place) = at(entry.reserve).or_else(|| at(Address::default())) else {
        return Err("the position is full");
    };
    let kept = if empty { Entry::default() } else { entry };
    if empty && position.entries[place].reserve == Address::default() {
        return Ok(());
    }
    position.entries[place] = kept;
    Ok(())
}

fn deposit(state: &mut Scene, event: &Deposited) -> Applied {
    let Deposited { position, reserve, amount, shares } = event;
    with_reserve(state, reserve, |reserve| {
        reserve.cash = more(reserve.cash, *amount)?;
        reserve.supply_shares = shares_more(reserve.supply_shares, *shares)?;
        Some(())
    })?;
    with_entry(state, position, reserve, |entry| {
        entry.supply = shares_more(entry.supply, *shares)?;
        Some(())
    })
}

fn withdraw(state: &mut Scene, event: &Withdrawn) -> Applied {
    let Withdrawn { position, reserve, amount, shares } = event;
    let pool = state.positions.get(position).map(|position| position.pool);
    let pool = pool.and_then(|pool| state.pools.get(&pool));
    let asks_notice = pool.is_some_and(|pool| pool.config.withdrawal_notice_s > 0);
    with_reserve(state, reserve, |reserve| {
        reserve.cash = less(reserve.cash, *amount)?;
        reserve.supply_shares = shares_less(reserve.supply_shares, *shares)?;
        Some(())
    })?;
    with_entry(state, position, reserve, |entry| {
        entry.supply = shares_less(entry.supply, *shares)?;
        if asks_notice {
            entry.noticed = shares_less(entry.noticed, *shares)?;
        }
        Some(())
    })
}

fn borrow(state: &mut Scene, event: &Borrowed) -> Applied {
    let Borrowed { position, reserve, amount, shares } = event;
    with_reserve(state, reserve, |reserve| {
        reserve.cash = less(reserve.cash, *amount)?;
        reserve.debt_shares = DebtShares(reserve.debt_shares.get().checked_add(shares.get())?);
        Some(())
    })?;
    with_entry(state, position, reserve, |entry| {
        entry.debt = DebtShares(entry.debt.get().checked_add(shares.get())?);
        Some(())
    })
}

/// What was paid for a claim is left to the event that says whom it goes to: for a moment it would
/// look like the suppliers'.
fn repay(state: &mut Scene, event: &Repaid, next: Option<&Told>) -> Applied {
    let Repaid { position, reserve, amount, shares, .. } = event;
    let claim = match next {
        Some(Told::LossRecovered(back)) if back.position == *position => {
            units_up(back.split.recognised.get()).ok_or("more than there can be of a claim")?
        }
        _ => 0,
    };
    with_reserve(state, reserve, |reserve| {
        reserve.cash = more(reserve.cash, less(*amount, Amount(claim))?)?;
        reserve.debt_shares = debt_less(reserve.debt_shares, *shares)?;
        Some(())
    })?;
    with_entry(state, position, reserve, |entry| {
        entry.debt = debt_less(entry.debt, *shares)?;
        Some(())
    })
}

fn notice(state: &mut Scene, event: &NoticeGiven) -> Applied {
    let now_s = state.now_s;
    with_entry(state, &event.position, &event.reserve, |entry| {
        (entry.noticed, entry.noticed_at_s) = (event.shares, now_s);
        Some(())
    })
}

pub(super) fn more(one: Amount, other: Amount) -> Option<Amount> {
    one.get().checked_add(other.get()).map(Amount)
}

pub(super) fn less(one: Amount, other: Amount) -> Option<Amount> {
    one.get().checked_sub(other.get()).map(Amount)
}

pub(super) fn fine_more(one: Fine, other: Fine) -> Option<Fine> {
    one.get().checked_add(other.get()).map(Fine)
}

pub(super) fn fine_less(one: Fine, other: Fine) -> Option<Fine> {
    one.get().checked_sub(other.get()).map(Fine)
}

pub(super) fn shares_more(one: Shares, other: Shares) -> Option<Shares> {
    one.get().checked_add(other.get()).map(Shares)
}

pub(super) fn shares_less(one: Shares, other: Shares) -> Option<Shares> {
    one.get().checked_sub(other.get()).map(Shares)
}

pub(super) fn debt_less(one: DebtShares, other: DebtShares) -> Option<DebtShares> {
    one.get().checked_sub(other.get()).map(DebtShares)
}
