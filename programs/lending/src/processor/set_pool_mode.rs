//! Sets the mode of a whole pool.

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{
    event::ModeChanged,
    instruction::{SetPoolMode, SetPoolModeAccounts},
};

use super::emit;
use crate::{
    load::{now_s, pool_for_authority},
    refuse::planned,
};

const SLOTS: SetPoolModeAccounts<usize> = SetPoolModeAccounts::SLOTS;

pub(crate) fn process<H: Host>(host: &mut H, args: &SetPoolMode) -> ProgramResult {
    let mut governed = pool_for_authority(host, SLOTS.pool, SLOTS.authority)?;
    governed.pool.require_writable(host)?;
    let pool = &mut governed.pool;
    let (before, after, authority) = (pool.state.mode, args.mode, governed.authority);
    let now_s = now_s(host)?;
    let detail = format_args!("{authority:?} changes the pool from {before:?} to {after:?}");
    planned(host, pool.state.set_mode(after, authority, now_s), detail)?;

    pool.store(host)?;
    let target = pool.address;
    emit(host, &ModeChanged { target, authority: governed.signer, before, after })
}
