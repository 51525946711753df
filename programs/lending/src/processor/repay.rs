//! Pays debt back, on anybody's behalf: the debt first, then what was written off, which goes
//! back to those who paid for the loss. Needs no price and works with the oracle dead.

use cofferdam_host::{Address, Host, ProgramError, ProgramResult, Shown};
use cofferdam_lending_interface::{
    event::{LossRecovered, Repaid},
    instruction::{Repay, RepayAccounts},
    plan,
    state::{Position, Reserve},
    zoo,
};

use super::emit;
use crate::{
    load::{Loaded, others, pool, position, require_others, reserve, signer},
    refuse::planned,
    token::{TokenSlots, pull},
};

const SLOTS: RepayAccounts<usize> = RepayAccounts::SLOTS;
const TOKENS: TokenSlots =
    TokenSlots { vault: SLOTS.vault, outside: SLOTS.source, program: SLOTS.token_program };

struct Context {
    payer: Address,
    reserve: Loaded<Reserve>,
    position: Loaded<Position>,
}

pub(crate) fn process<H: Host>(host: &mut H, args: &Repay) -> ProgramResult {
    let mut cx = load(host)?;
    let untouched = others(&cx.reserve, &[&cx.position.state])?;
    let address = cx.reserve.address;
    let mut entry = cx.position.state.entry(&address);
    let (asked, owed) = (args.amount, entry.debt);
    let detail = format_args!(
        "repayment of {asked} to reserve {address}: debt shares {owed}",
        address = Shown(&address)
    );
    let plan = zoo!(
        plan::repay(&cx.reserve.state, &entry, asked);
        RepayStaleIndex => crate::zoo::stale_repayment(host, SLOTS.reserve, &entry, asked)?,
    );
    let plan = planned(host, plan, detail)?;

    let split = plan.apply(&mut cx.reserve.state, &mut entry)?;
    cx.reserve.state.count_in(plan.amount)?;
    cx.position.state.set(entry)?;
    require_others(host, &cx.reserve, &[&cx.position.state], untouched)?;
    cx.reserve.store(host)?;
    cx.position.store(host)?;

    let (amount, shares) = (plan.amount, plan.shares);
    let (position, payer) = (cx.position.address, cx.payer);
    emit(host, &Repaid { position, reserve: address, payer, amount, shares })?;
    if !split.recognised.is_zero() {
        emit(host, &LossRecovered { position, reserve: address, split })?;
    }
    pull(host, &cx.reserve, TOKENS, payer, amount)
}

fn load<H: Host>(host: &mut H) -> Result<Context, ProgramError> {
    let payer = signer(host, SLOTS.payer)?;
    let pool = pool(host, SLOTS.pool)?.address;
    let reserve = reserve(host, SLOTS.reserve, &pool)?;
    let position = position(host, SLOTS.position, &pool)?;
    Ok(Context { payer, reserve, position })
}
