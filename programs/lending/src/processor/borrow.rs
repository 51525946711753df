//! Borrows against a position's collateral.

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{
    event::Borrowed,
    instruction::Borrow,
    plan::{self, Market},
    state::Operation,
    zoo,
};

use super::{
    emit,
    outflow::{Outflow, TOKENS},
};
use crate::{refuse::planned, token::push};

pub(crate) fn process<H: Host>(host: &mut H, args: &Borrow) -> ProgramResult {
    let mut cx = Outflow::load(host)?;
    cx.require_mode(host, Operation::Borrow)?;
    let (address, amount) = (cx.address, args.amount);
    zoo!(StaleSnapshotHealth => cx.require_borrow_limit(host)?);
    let reserve = cx.book.reserve(&address)?;
    let (available, cap) = (reserve.available()?, reserve.borrow_room_down()?);
    let outflow = reserve.outflow_room_down()?;
    let plan = plan::borrow(reserve, amount);
    let detail = format_args!(
        "loan of {amount} from reserve {address}: available {available}, room under the borrow \
         cap {cap}, under the outflow limits {outflow}"
    );
    let plan = planned(host, plan, detail)?;

    let mut entry = cx.position.state.entry(&address);
    let reserve = &mut cx.book.reserve_mut(&address)?.state;
    plan.apply(reserve, &mut entry)?;
    reserve.count_out(amount)?;
    let detail = format_args!("position {} in reserve {address}", cx.position.address);
    planned(host, cx.position.state.set(entry), detail)?;
    zoo!(cx.require_borrow_limit(host)?; StaleSnapshotHealth => ());
    cx.store(host)?;

    let (position, shares) = (cx.position.address, plan.shares);
    emit(host, &Borrowed { position, reserve: address, amount, shares })?;
    push(host, cx.book.loaded(&address)?, TOKENS, amount)
}
