//! Recognises a position's bad debt and lets each reserve's policy say who pays. Anybody may call
//! it, so nobody can keep a loss off the books, and it moves no token. The loss stays a claim on
//! the position. Collateral that is dust or that nobody can price goes to the insurance fund of
//! its reserve: otherwise a unit of it would keep the position from ever being settled.

use cofferdam_host::{Address, Host, ProgramError, ProgramResult, Shown};
use cofferdam_lending_interface::{
    LendingError,
    event::{BadDebtAbsorbed, CollateralSeized, ReserveWipedOut},
    instruction::{AbsorbBadDebt, AbsorbBadDebtAccounts},
    math::oracle::Valuation,
    plan::{self, AbsorbPlan, Cut, Forfeit, Market},
    state::{Mode, PoolHead, Position},
    units::Value,
    zoo,
};

use super::emit;
use crate::{
    load::{Book, Loaded, Seen, pool, position},
    refuse::{planned, require},
};

const SLOTS: AbsorbBadDebtAccounts<usize> = AbsorbBadDebtAccounts::SLOTS;

struct Context {
    pool: Seen<PoolHead>,
    book: Book,
    position: Loaded<Position>,
}

pub(crate) fn process<H: Host>(host: &mut H, _args: &AbsorbBadDebt) -> ProgramResult {
    let mut cx = load(host)?;
    let untouched = cx.book.others(&[&cx.position.state])?;
    require_prices(host, &cx.book, &cx.position.state)?;
    let dust = cx.pool.state.config.min_position_value;
    let plan = plan::absorb(&cx.position.state, &cx.book, dust);
    let detail = format_args!("absorption of position {}", Shown(&cx.position.address));
    let plan = planned(host, plan, detail)?;
    for address in changed(&plan) {
        cx.book.loaded(&address)?.require_writable(host)?;
    }
    book(host, &mut cx.book, &mut cx.position, &plan)?;
    let touched = [&*cx.position.state];
    zoo!(cx.book.require_others(host, &touched, &untouched)?; AbsorbKeepsDebt => ());
    cx.position.store(host)
}

fn load<H: Host>(host: &mut H) -> Result<Context, ProgramError> {
    let pool = pool(host, SLOTS.pool)?;
    let position = position(host, SLOTS.position, &pool.address)?;
    let book = Book::load(host, &pool.address, &[], AbsorbBadDebtAccounts::COUNT)?;
    Ok(Context { pool, book, position })
}

/// Recognises what a liquidation leaves uncovered, in the same instruction: the last liquidator
/// cannot walk away and leave the loss to whoever is slow to notice. Does nothing where a price
/// does not stand up to the strict checks, where there is no bad debt, or where a reserve that
/// would change was not passed as writable: a liquidation must never fail for that.
///
/// `position` is stored by the caller.
pub(super) fn recognise<H: Host>(
    host: &mut H,
    book: &mut Book,
    position: &mut Loaded<Position>,
    dust: Value,
) -> ProgramResult {
    if !position.state.has_debt() {
        return Ok(());
    }
    let Ok(plan) = plan::absorb(&position.state, &*book, dust) else { return Ok(()) };
    for address in changed(&plan) {
        let slot = book.loaded(&address)?.slot;
        if !host.account(slot)?.is_writable {
            return Ok(());
        }
    }
    self::book(host, book, position, &plan)
}

/// Refuses, with the values in the log, unless every price that a recognition looks at stands; in
/// the order in which the plan looks, so that a preview tells the same refusal.
fn require_prices<H: Host>(host: &mut H, book: &Book, position: &Position) -> ProgramResult {
    for entry in position.used().filter(|entry| !entry.debt.is_zero()) {
        book.require_price(host, &entry.reserve, Valuation::Strict)?;
    }
    for entry in position.used().filter(|entry| !entry.supply.is_zero()) {
        let unpriceable = plan::is_unpriceable(book, entry);
        let detail = format_args!("reserve {} is not among the accounts", entry.reserve);
        if !planned(host, unpriceable, detail)? {
            book.require_price(host, &entry.reserve, Valuation::Strict)?;
        }
    }
    Ok(())
}

/// The reserves that a recognition changes.
fn changed(plan: &AbsorbPlan) -> impl Iterator<Item = Address> {
    let cuts = plan.cuts.iter().map(|cut| cut.reserve);
    cuts.chain(plan.forfeits.iter().map(|forfeit| forfeit.reserve))
}

/// Books a recognition, stores the reserves it changed and tells of it.
fn book<H: Host>(
    host: &mut H,
    book: &mut Book,
    position: &mut Loaded<Position>,
    plan: &AbsorbPlan,
) -> ProgramResult {
    for cut in &plan.cuts {
        let mode = Market::reserve(book, &cut.reserve)?.mode;
        let event = write_off(book, position, cut)?;
        let (loss, exact) = (event.loss, event.loss.is_exact());
        require!(host, exact, LossMismatch, "reserve {}: {loss:?}", cut.reserve);
        book.loaded(&cut.reserve)?.store(host)?;
        emit(host, &event)?;
        let reserve = Market::reserve(book, &cut.reserve)?;
        if mode != Mode::Killed && reserve.mode == Mode::Killed {
            emit(host, &ReserveWipedOut { reserve: cut.reserve })?;
        }
    }
    for forfeit in &plan.forfeits {
        let event = seize(book, position, forfeit)?;
        book.loaded(&forfeit.reserve)?.store(host)?;
        emit(host, &event)?;
    }
    Ok(())
}

fn write_off(
    book: &mut Book,
    position: &mut Loaded<Position>,
    cut: &Cut,
) -> Result<BadDebtAbsorbed, LendingError> {
    let reserve = &mut book.reserve_mut(&cut.reserve)?.state;
    let share_price_before = reserve.supply()?.share_price_down()?;
    let mut entry = position.state.entry(&cut.reserve);
    let loss = cut.apply(reserve, &mut entry)?;
    let share_price_after = reserve.supply()?.share_price_down()?;
    position.state.set(entry)?;
    Ok(BadDebtAbsorbed {
        position: position.address,
        reserve: cut.reserve,
        shares: cut.shares,
        loss,
        share_price_before,
        share_price_after,
    })
}

fn seize(
    book: &mut Book,
    position: &mut Loaded<Position>,
    forfeit: &Forfeit,
) -> Result<CollateralSeized, LendingError> {
    let Forfeit { reserve, shares, amount } = *forfeit;
    let mut entry = position.state.entry(&reserve);
    forfeit.apply(&mut book.reserve_mut(&reserve)?.state, &mut entry)?;
    position.state.set(entry)?;
    Ok(CollateralSeized { position: position.address, reserve, shares, amount })
}
