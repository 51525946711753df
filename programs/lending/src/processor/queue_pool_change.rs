//! Lets a change to a pool's parameters begin to wait.

use cofferdam_host::{AccountData, Address, Host, ProgramResult, cpi::create_program_account};
use cofferdam_lending_interface::{
    ID,
    address::CHANGE,
    event::ChangeQueued,
    instruction::{QueuePoolChange, QueuePoolChangeAccounts},
    state::QueuedPoolChange,
};

use super::{
    config::{ready_at_s, require_pool_config},
    emit,
};
use crate::load::{Loaded, new_address, pool_for_admin};

const SLOTS: QueuePoolChangeAccounts<usize> = QueuePoolChangeAccounts::SLOTS;

pub(crate) fn process<H: Host>(host: &mut H, args: &QueuePoolChange) -> ProgramResult {
    let pool = pool_for_admin(host, SLOTS.pool, SLOTS.admin)?;
    require_pool_config(host, &args.config)?;
    let ready_at_s = ready_at_s(host, &pool.state)?;

    let seeds: [&[u8]; 3] = [CHANGE, pool.address.as_ref(), &[args.bump]];
    let address = new_address(host, SLOTS.change, &seeds)?;
    let len = QueuedPoolChange::LEN;
    create_program_account(host, SLOTS.payer, SLOTS.change, len, &ID, &seeds)?;
    let payer: Address = *host.account(SLOTS.payer)?.address;
    let (bump, config, pool) = (args.bump, args.config, pool.address);
    let state = QueuedPoolChange { bump, pool, ready_at_s, payer, config };
    Loaded::new(SLOTS.change, address, state).store(host)?;
    emit(host, &ChangeQueued { target: pool, ready_at_s })
}
