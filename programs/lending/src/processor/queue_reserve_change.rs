//! Lets a change to a reserve begin to wait. Any change may be queued, and a change of feeds has
//! to be; each target has one change at a time, so that what is announced is what will happen.

use cofferdam_host::{AccountData, Address, Host, ProgramResult, cpi::create_program_account};
use cofferdam_lending_interface::{
    ID,
    address::CHANGE,
    event::ChangeQueued,
    instruction::{QueueReserveChange, QueueReserveChangeAccounts},
    state::QueuedReserveChange,
};

use super::{
    config::{ready_at_s, require_config},
    emit,
};
use crate::{
    load::{Loaded, feed, new_address, pool_for_admin, reserve_readonly, second_feed},
    refuse::require,
};

const SLOTS: QueueReserveChangeAccounts<usize> = QueueReserveChangeAccounts::SLOTS;

pub(crate) fn process<H: Host>(host: &mut H, args: &QueueReserveChange) -> ProgramResult {
    let pool = pool_for_admin(host, SLOTS.pool, SLOTS.admin)?;
    let reserve = reserve_readonly(host, SLOTS.reserve, &pool.address)?;
    let feed = feed(host, SLOTS.feed, None)?.address;
    let second_feed = second_feed(host, QueueReserveChangeAccounts::COUNT, &feed)?;
    require_config(host, &args.config)?;
    let (now, next) =
        (reserve.state.config.liquidation_threshold, args.config.liquidation_threshold);
    // It would fall at once when the change is applied.
    require!(host, next >= now, RampTooShort, "the threshold would fall from {now} to {next} bps");
    let ready_at_s = ready_at_s(host, &pool.state)?;

    let seeds: [&[u8]; 3] = [CHANGE, reserve.address.as_ref(), &[args.bump]];
    let address = new_address(host, SLOTS.change, &seeds)?;
    let len = QueuedReserveChange::LEN;
    create_program_account(host, SLOTS.payer, SLOTS.change, len, &ID, &seeds)?;
    let payer: Address = *host.account(SLOTS.payer)?.address;
    let state = QueuedReserveChange {
        bump: args.bump,
        pool: pool.address,
        reserve: reserve.address,
        ready_at_s,
        payer,
        config: args.config,
        feed,
        second_feed,
    };
    Loaded::new(SLOTS.change, address, state).store(host)?;
    emit(host, &ChangeQueued { target: reserve.address, ready_at_s })
}
