//! Adds to a stake. The tokens join the insurance fund: they earn its part of interest and
//! liquidation fees, and pay for bad debt before the suppliers do.

use cofferdam_host::{Host, ProgramResult, Shown};
use cofferdam_lending_interface::{
    event::Staked,
    instruction::{StakeInsurance, StakeInsuranceAccounts},
    plan,
    state::Operation,
    zoo,
};

use super::emit;
use crate::{
    load::{other_stakes, pool, require_mode, require_other_stakes, reserve, stake_of},
    refuse::planned,
    token::{TokenSlots, pull},
};

const SLOTS: StakeInsuranceAccounts<usize> = StakeInsuranceAccounts::SLOTS;
const TOKENS: TokenSlots =
    TokenSlots { vault: SLOTS.vault, outside: SLOTS.source, program: SLOTS.token_program };

pub(crate) fn process<H: Host>(host: &mut H, args: &StakeInsurance) -> ProgramResult {
    let pool = pool(host, SLOTS.pool)?;
    let mut reserve = reserve(host, SLOTS.reserve, &pool.address)?;
    let mut stake = stake_of(host, SLOTS.stake, &reserve.address, SLOTS.owner)?;
    // Who joins a fund in trouble joins to pay for it.
    require_mode(host, &pool.state, &reserve, Operation::StakeInsurance)?;
    let (address, amount) = (reserve.address, args.amount);
    let detail = format_args!("stake of {amount} in the insurance of reserve {}", Shown(&address));
    let plan = planned(host, plan::stake(&reserve.state, amount), detail)?;

    let untouched = other_stakes(&reserve, &stake);
    plan.apply(&mut reserve.state, &mut stake.state)?;
    zoo!(require_other_stakes(host, &reserve, &stake, untouched?)?; StaleEpoch => (), CrossPoolBleed => ());
    reserve.store(host)?;
    stake.store(host)?;
    let shares = plan.shares;
    emit(host, &Staked { stake: stake.address, reserve: address, amount, shares })?;
    pull(host, &reserve, TOKENS, stake.state.owner, amount)
}
