//! Borrows against a position's collateral.

use cofferdam_host::{Address, Host, ProgramError, ProgramResult, Shown};
use cofferdam_lending_interface::{
    LendingError,
    event::Borrowed,
    instruction::Borrow,
    plan::{self, Market},
    state::{Operation, Reserve},
    units::Amount,
    zoo,
};

use super::{
    emit,
    outflow::{Outflow, TOKENS},
};
use crate::{
    refuse::{planned, refuse},
    token::push,
};

pub(crate) fn process<H: Host>(host: &mut H, args: &Borrow) -> ProgramResult {
    let mut cx = Outflow::load(host)?;
    cx.require_mode(host, Operation::Borrow)?;
    let (address, amount) = (cx.address, args.amount);
    zoo!(StaleSnapshotHealth => cx.require_borrow_limit(host)?);
    let reserve = cx.book.reserve(&address)?;
    let plan = plan::borrow(reserve, amount)
        .map_err(|error| refuse_loan(host, reserve, &address, amount, error))?;

    let mut entry = cx.position.state.entry(&address);
    let reserve = &mut cx.book.reserve_mut(&address)?.state;
    plan.apply(reserve, &mut entry)?;
    reserve.count_out(amount)?;
    let detail =
        format_args!("position {} in reserve {}", Shown(&cx.position.address), Shown(&address));
    planned(host, cx.position.state.set(entry), detail)?;
    zoo!(cx.require_borrow_limit(host)?; StaleSnapshotHealth => ());
    cx.store(host)?;

    let (position, shares) = (cx.position.address, plan.shares);
    emit(host, &Borrowed { position, reserve: address, amount, shares })?;
    push(host, cx.book.loaded(&address)?, TOKENS, amount)
}

/// Only on the way to a refusal is it worth asking how much room there was.
fn refuse_loan<H: Host>(
    host: &mut H,
    reserve: &Reserve,
    address: &Address,
    amount: Amount,
    error: LendingError,
) -> ProgramError {
    let available = reserve.available().unwrap_or_default();
    let cap = reserve.borrow_room_down().unwrap_or_default();
    let outflow = reserve.outflow_room_down().unwrap_or_default();
    let detail = format_args!(
        "loan of {amount} from reserve {address}: available {available}, room under the borrow \
         cap {cap}, under the outflow limits {outflow}"
    );
    refuse(host, error, detail)
}
