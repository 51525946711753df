//! Lets shares of a stake set out to leave. They bear losses until they have left.

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{
    event::CooldownStarted,
    instruction::{StartCooldown, StartCooldownAccounts},
};

use super::emit;
use crate::{
    load::{now_s, pool, reserve_unchanged, stake_of},
    refuse::planned,
};

const SLOTS: StartCooldownAccounts<usize> = StartCooldownAccounts::SLOTS;

pub(crate) fn process<H: Host>(host: &mut H, args: &StartCooldown) -> ProgramResult {
    let pool = pool(host, SLOTS.pool)?.address;
    let reserve = reserve_unchanged(host, SLOTS.reserve, &pool)?;
    let mut stake = stake_of(host, SLOTS.stake, &reserve.address, SLOTS.owner)?;
    stake.state.settle(reserve.state.insurance_epoch);
    let (shares, held, now_s) = (args.shares, stake.state.shares, now_s(host)?);
    let detail = format_args!("cooldown of {shares} shares: the stake holds {held}");
    planned(host, stake.state.cool(shares, now_s), detail)?;

    stake.store(host)?;
    let ready_at_s = stake.state.ready_at_s()?;
    emit(host, &CooldownStarted { stake: stake.address, shares, ready_at_s })
}
