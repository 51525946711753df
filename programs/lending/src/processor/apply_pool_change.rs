//! Applies a change of a pool's parameters once it has waited.

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{
    instruction::{ApplyPoolChange, ApplyPoolChangeAccounts},
    state::{QueuedPoolChange, require_ready},
};

use super::config::{reconfigure_pool, require_target};
use crate::{
    load::{Loaded, now_s, pool_for_admin},
    refuse::planned,
};

const SLOTS: ApplyPoolChangeAccounts<usize> = ApplyPoolChangeAccounts::SLOTS;

pub(crate) fn process<H: Host>(host: &mut H, _args: &ApplyPoolChange) -> ProgramResult {
    let mut pool = pool_for_admin(host, SLOTS.pool, SLOTS.admin)?;
    pool.require_writable(host)?;
    let change: Loaded<QueuedPoolChange> = Loaded::load_writable(host, SLOTS.change)?;
    let QueuedPoolChange { pool: of, ready_at_s, payer, config, .. } = *change.state;
    require_target(host, (of, of), (pool.address, pool.address))?;
    let now_s = now_s(host)?;
    let detail = format_args!("ready at {ready_at_s}, now {now_s}");
    planned(host, require_ready(ready_at_s, now_s), detail)?;

    reconfigure_pool(host, &mut pool, config)?;
    change.close(host, SLOTS.payer, &payer)
}
