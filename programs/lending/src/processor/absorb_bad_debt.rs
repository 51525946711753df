//! Recognises a position's bad debt and lets the waterfall pay: accrued fees, insurance,
//! suppliers. Anybody may call it, so nobody can keep a loss off the books, and it moves no token.
//! The loss stays a claim on the position.

use cofferdam_host::{Host, ProgramError, ProgramResult};
use cofferdam_lending_interface::{
    event::BadDebtAbsorbed,
    instruction::{AbsorbBadDebt, AbsorbBadDebtAccounts},
    math::oracle::Valuation,
    plan::{self, Cut},
    state::Position,
};

use super::emit;
use crate::{
    load::{Book, Loaded, pool, position},
    refuse::{planned, require},
};

const SLOTS: AbsorbBadDebtAccounts<usize> = AbsorbBadDebtAccounts::SLOTS;

struct Context {
    book: Book,
    position: Loaded<Position>,
}

pub(crate) fn process<H: Host>(host: &mut H, _args: &AbsorbBadDebt) -> ProgramResult {
    let mut cx = load(host)?;
    cx.book.require_prices(host, &cx.position.state, Valuation::Strict)?;
    let plan = plan::absorb(&cx.position.state, &cx.book);
    let detail = format_args!("absorption of position {}", cx.position.address);
    let plan = planned(host, plan, detail)?;

    for cut in &plan.cuts {
        let event = apply(&mut cx, cut)?;
        let (loss, exact) = (event.loss, event.loss.is_exact());
        require!(host, exact, LossMismatch, "reserve {}: {loss:?}", cut.reserve);
        let reserve = cx.book.loaded(&cut.reserve)?;
        reserve.require_writable(host)?;
        reserve.store(host)?;
        emit(host, &event)?;
    }
    cx.position.store(host)
}

fn load<H: Host>(host: &mut H) -> Result<Context, ProgramError> {
    let pool = pool(host, SLOTS.pool)?.address;
    let position = position(host, SLOTS.position, &pool)?;
    let book = Book::load(host, &pool, &[], AbsorbBadDebtAccounts::COUNT)?;
    Ok(Context { book, position })
}

fn apply(cx: &mut Context, cut: &Cut) -> Result<BadDebtAbsorbed, ProgramError> {
    let reserve = &mut cx.book.reserve_mut(&cut.reserve)?.state;
    let share_price_before = reserve.supply()?.share_price_down()?;
    let loss = reserve.write_off(cut.shares)?;
    let share_price_after = reserve.supply()?.share_price_down()?;
    let mut entry = cx.position.state.entry(&cut.reserve);
    entry.debt = entry.debt.minus(cut.shares)?;
    entry.claim = entry.claim.plus(loss.recognised)?;
    cx.position.state.set(entry)?;
    Ok(BadDebtAbsorbed {
        position: cx.position.address,
        reserve: cut.reserve,
        shares: cut.shares,
        loss,
        share_price_before,
        share_price_after,
    })
}
