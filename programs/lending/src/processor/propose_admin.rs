//! Proposes the next admin. In two steps, because an address with a typing error in it would
//! leave the pool without an admin for ever.

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{
    event::AdminProposed,
    instruction::{PoolAdminAccounts, ProposeAdmin},
};

use super::emit;
use crate::load::pool_for_admin;

const SLOTS: PoolAdminAccounts<usize> = PoolAdminAccounts::SLOTS;

pub(crate) fn process<H: Host>(host: &mut H, args: &ProposeAdmin) -> ProgramResult {
    let mut pool = pool_for_admin(host, SLOTS.pool, SLOTS.admin)?;
    pool.require_writable(host)?;
    pool.state.pending_admin = args.admin;
    pool.store(host)?;
    emit(host, &AdminProposed { pool: pool.address, proposed: args.admin })
}
