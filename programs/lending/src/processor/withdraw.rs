//! Takes supply back. Without debt no price is looked at, so that everybody without debt can
//! leave while the oracle is dead.

use cofferdam_host::{Host, ProgramError, ProgramResult};
use cofferdam_lending_interface::{
    LendingError,
    event::Withdrawn,
    instruction::Withdraw,
    plan::{self, Market},
    state::{Entry, Operation, Reserve},
    units::Amount,
    zoo,
};

use super::{
    emit,
    outflow::{Outflow, TOKENS},
};
use crate::{
    load::now_s,
    refuse::{planned, refuse},
    token::push,
};

pub(crate) fn process<H: Host>(host: &mut H, args: &Withdraw) -> ProgramResult {
    let mut cx = Outflow::load(host)?;
    let owes = cx.position.state.has_debt();
    let operation = if owes { Operation::WithdrawWithDebt } else { Operation::WithdrawDebtFree };
    cx.require_mode(host, operation)?;
    let (address, asked) = (cx.address, args.amount);
    zoo!(DonationIsCash => crate::zoo::cash_is_balance(host, &mut cx.book, address, TOKENS.vault)?);
    zoo!(WithdrawNoHealth => if owes { cx.require_borrow_limit(host)? });
    let mut entry = cx.position.state.entry(&address);
    let reserve = cx.book.reserve(&address)?;
    let plan = plan::withdraw(reserve, &entry, asked)
        .map_err(|error| refuse_withdrawal(host, reserve, &entry, asked, error))?;
    let (notice_s, now_s) = (cx.pool.state.config.withdrawal_notice_s, now_s(host)?);
    let (noticed, at_s) = (entry.noticed, entry.noticed_at_s);
    let detail = format_args!(
        "{} shares leave at {now_s}, {noticed} were announced at {at_s} with a notice of {notice_s} s",
        plan.shares
    );
    planned(host, entry.use_notice(plan.shares, notice_s, now_s), detail)?;

    let reserve = &mut cx.book.reserve_mut(&address)?.state;
    plan.apply(reserve, &mut entry)?;
    reserve.count_out(plan.amount)?;
    cx.position.state.set(entry)?;
    let checked =
        zoo!(owes; DonateNoHealth => owes && asked.get() != u64::MAX, WithdrawNoHealth => false);
    if checked {
        cx.require_borrow_limit(host)?;
    }
    cx.store(host)?;

    let (position, amount, shares) = (cx.position.address, plan.amount, plan.shares);
    emit(host, &Withdrawn { position, reserve: address, amount, shares })?;
    if amount.is_zero() {
        return Ok(());
    }
    push(host, cx.book.loaded(&address)?, TOKENS, amount)
}

/// Only on the way to a refusal is it worth asking how much room there was.
fn refuse_withdrawal<H: Host>(
    host: &mut H,
    reserve: &Reserve,
    entry: &Entry,
    asked: Amount,
    error: LendingError,
) -> ProgramError {
    let (address, held) = (entry.reserve, entry.supply);
    let available = reserve.available().unwrap_or_default();
    let outflow = reserve.outflow_room_down().unwrap_or_default();
    let detail = format_args!(
        "withdrawal of {asked} from reserve {address}: available {available}, shares held {held}, \
         room under the outflow limits {outflow}"
    );
    refuse(host, error, detail)
}
