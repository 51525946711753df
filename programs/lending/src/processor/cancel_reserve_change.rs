//! Withdraws a reserve's change. The guardian may too: what never happens raises no risk.

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{
    event::ChangeCancelled,
    instruction::{CancelChangeAccounts, CancelReserveChange},
    state::QueuedReserveChange,
};

use super::{config::require_target, emit};
use crate::load::{Loaded, pool_for_authority};

const SLOTS: CancelChangeAccounts<usize> = CancelChangeAccounts::SLOTS;

pub(crate) fn process<H: Host>(host: &mut H, _args: &CancelReserveChange) -> ProgramResult {
    let governed = pool_for_authority(host, SLOTS.pool, SLOTS.authority)?;
    let change: Loaded<QueuedReserveChange> = Loaded::load_writable(host, SLOTS.change)?;
    let (pool, target, payer) = (change.state.pool, change.state.reserve, change.state.payer);
    require_target(host, (pool, target), (governed.pool.address, target))?;

    emit(host, &ChangeCancelled { target, authority: governed.signer })?;
    change.close(host, SLOTS.payer, &payer)
}
