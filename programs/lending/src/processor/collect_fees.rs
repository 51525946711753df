//! Pays accrued fees out to the admin: whole units, and only as far as there is cash that is not
//! insurance.

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{
    event::FeesCollected,
    instruction::{CollectFees, CollectFeesAccounts},
    plan,
};

use super::emit;
use crate::{
    load::{pool_for_admin, reserve},
    refuse::planned,
    token::{TokenSlots, push},
};

const SLOTS: CollectFeesAccounts<usize> = CollectFeesAccounts::SLOTS;
const TOKENS: TokenSlots =
    TokenSlots { vault: SLOTS.vault, outside: SLOTS.destination, program: SLOTS.token_program };

pub(crate) fn process<H: Host>(host: &mut H, args: &CollectFees) -> ProgramResult {
    let pool = pool_for_admin(host, SLOTS.pool, SLOTS.admin)?;
    let mut reserve = reserve(host, SLOTS.reserve, &pool.address)?;
    let (asked, accrued) = (args.amount, reserve.state.fees);
    let detail = format_args!("collection of {asked}: accrued {accrued} (units × 10⁹)");
    let amount = planned(host, plan::collect_fees(&reserve.state, asked), detail)?;

    reserve.state.fees = reserve.state.fees.minus(amount.fine())?;
    reserve.state.cash = reserve.state.cash.minus(amount)?;
    reserve.store(host)?;
    emit(host, &FeesCollected { reserve: reserve.address, amount })?;
    push(host, &reserve, TOKENS, amount)
}
