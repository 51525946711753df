//! Takes cooled-down shares out of an insurance fund, for what they are worth now. Open in every
//! mode and without a price; it needs cash. What was paid into the fund is kept for it, and what the
//! fund earned is paid from the cash there is, as to any supplier.

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{
    event::Unstaked,
    instruction::{UnstakeInsurance, UnstakeInsuranceAccounts},
    plan, zoo,
};

use super::emit;
use crate::{
    load::{now_s, other_stakes, pool, require_other_stakes, reserve, stake_of},
    refuse::planned,
    token::{TokenSlots, push},
};

const SLOTS: UnstakeInsuranceAccounts<usize> = UnstakeInsuranceAccounts::SLOTS;
const TOKENS: TokenSlots =
    TokenSlots { vault: SLOTS.vault, outside: SLOTS.destination, program: SLOTS.token_program };

pub(crate) fn process<H: Host>(host: &mut H, args: &UnstakeInsurance) -> ProgramResult {
    let pool = pool(host, SLOTS.pool)?.address;
    let mut reserve = reserve(host, SLOTS.reserve, &pool)?;
    let mut stake = stake_of(host, SLOTS.stake, &reserve.address, SLOTS.owner)?;
    let (asked, now_s) = (args.shares, now_s(host)?);
    let plan = plan::unstake(&reserve.state, &stake.state, asked, now_s);
    let (held, cooling, from_s) =
        (stake.state.shares, stake.state.cooling, stake.state.cooling_from_s);
    let detail = format_args!(
        "unstaking {asked} shares at {now_s}: held {held}, {cooling} of them cooling since {from_s}"
    );
    let plan = planned(host, plan, detail)?;

    let untouched = other_stakes(&reserve, &stake);
    plan.apply(&mut reserve.state, &mut stake.state)?;
    zoo!(require_other_stakes(host, &reserve, &stake, untouched?)?; StaleEpoch => (), CrossPoolBleed => ());
    reserve.store(host)?;
    stake.store(host)?;
    let (amount, shares) = (plan.amount, plan.shares);
    emit(host, &Unstaked { stake: stake.address, reserve: reserve.address, amount, shares })?;
    if amount.is_zero() {
        return Ok(());
    }
    push(host, &reserve, TOKENS, amount)
}
