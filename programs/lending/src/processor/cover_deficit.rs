//! Pays a reserve's deficit down, on anybody's behalf: what suppliers were promised becomes cash
//! again. Open in every mode and without a price.

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{
    event::DeficitCovered,
    instruction::{CoverDeficit, CoverDeficitAccounts},
    plan,
};

use super::emit;
use crate::{
    load::{pool, reserve, signer},
    refuse::planned,
    token::{TokenSlots, pull},
};

const SLOTS: CoverDeficitAccounts<usize> = CoverDeficitAccounts::SLOTS;
const TOKENS: TokenSlots =
    TokenSlots { vault: SLOTS.vault, outside: SLOTS.source, program: SLOTS.token_program };

pub(crate) fn process<H: Host>(host: &mut H, args: &CoverDeficit) -> ProgramResult {
    let payer = signer(host, SLOTS.payer)?;
    let pool = pool(host, SLOTS.pool)?.address;
    let mut reserve = reserve(host, SLOTS.reserve, &pool)?;
    let (asked, deficit) = (args.amount, reserve.state.deficit);
    let detail = format_args!("cover of {asked}: deficit {deficit} (units × 10⁹)");
    let plan = planned(host, plan::cover_deficit(&reserve.state, asked), detail)?;

    plan.apply(&mut reserve.state)?;
    reserve.store(host)?;
    let (amount, left) = (plan.covered, reserve.state.deficit);
    emit(host, &DeficitCovered { reserve: reserve.address, payer, amount, left })?;
    pull(host, &reserve, TOKENS, payer, plan.amount)
}
