//! Borrows against a position's collateral.

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{
    event::Borrowed,
    instruction::Borrow,
    plan::{self, Market},
};

use super::{
    emit,
    outflow::{Outflow, TOKENS},
};
use crate::{refuse::planned, token::push};

pub(crate) fn process<H: Host>(host: &mut H, args: &Borrow) -> ProgramResult {
    let mut cx = Outflow::load(host)?;
    let (address, amount) = (cx.address, args.amount);
    let reserve = cx.book.reserve(&address)?;
    let available = reserve.available()?;
    let plan = plan::borrow(reserve, amount);
    let detail = format_args!("loan of {amount} from reserve {address}: available {available}");
    let plan = planned(host, plan, detail)?;

    let mut entry = cx.position.state.entry(&address);
    plan.apply(&mut cx.book.reserve_mut(&address)?.state, &mut entry)?;
    let detail = format_args!("position {} in reserve {address}", cx.position.address);
    planned(host, cx.position.state.set(entry), detail)?;
    cx.require_borrow_limit(host)?;
    cx.store(host)?;

    let (position, shares) = (cx.position.address, plan.shares);
    emit(host, &Borrowed { position, reserve: address, amount, shares })?;
    push(host, cx.book.loaded(&address)?, TOKENS, amount)
}
