//! Plants that take more than an expression. This file is part of a build with `--cfg zoo` only.

use borsh::BorshDeserialize;
use cofferdam_host::{Address, Host, ProgramError, ProgramResult, cpi::TokenAccount};
use cofferdam_lending_interface::{
    ID, LendingError,
    instruction::{DepositAccounts, LendingInstruction, LiquidateAccounts},
    plan::{self, LiquidationPlan, RepayPlan},
    state::{Entry, Position, Reserve},
    units::Amount,
};

use crate::load::{Book, Loaded, Pair};

/// `expected`, unless the account at `slot` belongs to another program.
pub(crate) fn own<'a, H: Host>(
    host: &mut H,
    slot: usize,
    expected: Option<&'a Address>,
) -> Result<Option<&'a Address>, ProgramError> {
    let own = *host.account(slot)?.owner == ID;
    Ok(expected.filter(|_| own))
}

/// Takes the vault's balance for the reserve's cash.
pub(crate) fn cash_of<H: Host>(host: &mut H, reserve: &mut Reserve, vault: usize) -> ProgramResult {
    if let Ok(token) = TokenAccount::decode(host.account(vault)?.data) {
        reserve.cash = Amount(token.amount);
    }
    Ok(())
}

/// The same for a reserve among others.
pub(crate) fn cash_is_balance<H: Host>(
    host: &mut H,
    book: &mut Book,
    reserve: Address,
    vault: usize,
) -> ProgramResult {
    cash_of(host, &mut book.reserve_mut(&reserve)?.state, vault)
}

/// Plans a repayment by the index at which interest was last booked.
pub(crate) fn stale_repayment<H: Host>(
    host: &mut H,
    slot: usize,
    entry: &Entry,
    asked: Amount,
) -> Result<Result<RepayPlan, LendingError>, ProgramError> {
    let stale: Loaded<Reserve> = Loaded::load(host, slot)?;
    Ok(plan::repay(&stale.state, entry, asked))
}

/// A liquidation's reserves and prices, the two it moves between without interest since they were
/// last touched.
pub(crate) fn load_stale<H: Host>(
    host: &mut H,
    pool: &Address,
    pairs: &[Pair],
) -> Result<Book, ProgramError> {
    let mut book = Book::load(host, pool, pairs, LiquidateAccounts::COUNT)?;
    for pair in pairs {
        let stale: Loaded<Reserve> = Loaded::load(host, pair.reserve)?;
        book.reserve_mut(&stale.address)?.state = stale.state;
    }
    Ok(book)
}

/// Lets the liquidator owe what was repaid, instead of paying it.
pub(crate) fn take_over<H: Host>(
    host: &mut H,
    book: &mut Book,
    receiver: Option<&mut Loaded<Position>>,
    (debt, repaid): (Address, RepayPlan),
) -> ProgramResult {
    let Some(receiver) = receiver else { return Ok(()) };
    let reserve = &mut book.reserve_mut(&debt)?.state;
    reserve.cash = reserve.cash.minus(repaid.amount)?;
    reserve.debt_shares = reserve.debt_shares.plus(repaid.shares)?;
    let mut entry = receiver.state.entry(&debt);
    entry.debt = entry.debt.plus(repaid.shares)?;
    receiver.state.set(entry)?;
    receiver.store(host)
}

/// What is left to pay for a liquidator who took the debt over.
pub(crate) fn due(receiver: Option<&Loaded<Position>>, repaid: Amount) -> Amount {
    receiver.map_or(repaid, |_| Amount::ZERO)
}

/// Writes the receiver last, as it was loaded before the liquidation.
pub(crate) fn store_receiver<H: Host>(
    host: &mut H,
    receiver: Option<&Loaded<Position>>,
    plan: &LiquidationPlan,
) -> ProgramResult {
    match receiver {
        Some(receiver) if plan.pays_shares() => receiver.store(host),
        _ => Ok(()),
    }
}

/// What is left to pay of `total` after the deposits into the reserve that came before in the
/// transaction: they filled the vault as well.
pub(crate) fn less_deposits<H: Host>(
    host: &mut H,
    reserve: &mut Loaded<Reserve>,
    total: Amount,
) -> Result<Amount, ProgramError> {
    let (index, mut due) = (host.instruction_index()?, total);
    for earlier in 0..index {
        let Some(call) = host.sibling(earlier)? else { continue };
        let slot = DepositAccounts::<usize>::SLOTS.reserve;
        let here =
            call.accounts.get(slot).is_some_and(|account| account.address == reserve.address);
        if let Ok(LendingInstruction::Deposit(args)) =
            LendingInstruction::try_from_slice(&call.data)
            && here
        {
            due = due.minus(args.amount.min(due))?;
        }
    }
    reserve.state.cash = reserve.state.cash.minus(total.minus(due)?)?;
    Ok(due)
}
