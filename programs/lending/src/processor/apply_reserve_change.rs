//! Applies a reserve's change once it has waited. It is held against the reserve as it is now,
//! which may have changed meanwhile.

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{
    instruction::{ApplyReserveChange, ApplyReserveChangeAccounts},
    state::{QueuedReserveChange, require_ready},
};

use super::config::{reconfigure, require_target};
use crate::{
    load::{Loaded, now_s, pool_for_admin, reserve},
    refuse::planned,
};

const SLOTS: ApplyReserveChangeAccounts<usize> = ApplyReserveChangeAccounts::SLOTS;

pub(crate) fn process<H: Host>(host: &mut H, _args: &ApplyReserveChange) -> ProgramResult {
    let pool = pool_for_admin(host, SLOTS.pool, SLOTS.admin)?;
    let mut reserve = reserve(host, SLOTS.reserve, &pool.address)?;
    let change: Loaded<QueuedReserveChange> = Loaded::load_writable(host, SLOTS.change)?;
    let QueuedReserveChange { ready_at_s, payer, config, feed, second_feed, .. } = *change.state;
    let of = (change.state.pool, change.state.reserve);
    require_target(host, of, (pool.address, reserve.address))?;
    let now_s = now_s(host)?;
    let detail = format_args!("ready at {ready_at_s}, now {now_s}");
    planned(host, require_ready(ready_at_s, now_s), detail)?;

    // A ramp of no length: a threshold that stands above the queued one cannot fall to it here.
    reconfigure(host, &mut reserve, (config, 0), (feed, second_feed))?;
    change.close(host, SLOTS.payer, &payer)
}
