//! Replaces a pool's own parameters.

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{
    LendingError,
    instruction::{PoolAdminAccounts, UpdatePool},
};

use super::config::{reconfigure_pool, require_none};
use crate::load::pool_for_admin;

const SLOTS: PoolAdminAccounts<usize> = PoolAdminAccounts::SLOTS;

pub(crate) fn process<H: Host>(host: &mut H, args: &UpdatePool) -> ProgramResult {
    let mut pool = pool_for_admin(host, SLOTS.pool, SLOTS.admin)?;
    pool.require_writable(host)?;
    let before = pool.state.config;
    // The timelock guards itself: shortening it raises risk too.
    if before.timelock_s > 0 {
        require_none(host, LendingError::TimelockRequired, args.config.raises_risk(&before))?;
    }
    reconfigure_pool(host, &mut pool, args.config)
}
