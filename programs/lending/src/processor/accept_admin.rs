//! Accepts to be a pool's admin.

use cofferdam_host::{Address, Host, ProgramResult};
use cofferdam_lending_interface::{
    event::AdminChanged,
    instruction::{AcceptAdmin, AcceptAdminAccounts},
    state::Pool,
    zoo,
};

use super::emit;
use crate::{
    load::{Loaded, signer},
    refuse::require,
};

const SLOTS: AcceptAdminAccounts<usize> = AcceptAdminAccounts::SLOTS;

pub(crate) fn process<H: Host>(host: &mut H, _args: &AcceptAdmin) -> ProgramResult {
    let signer = signer(host, SLOTS.proposed)?;
    let mut pool: Loaded<Pool> = Loaded::load_writable(host, SLOTS.pool)?;
    let proposed = pool.state.pending_admin;
    let invited = signer == proposed && proposed != Address::default();
    require!(host, invited, WrongAuthority, "{signer} signed, {proposed} was proposed");

    let before = pool.state.admin;
    // Spent, so that the next admin cannot be replaced by an old invitation.
    let spent = zoo!(Address::default(); InvitationKept => signer);
    (pool.state.admin, pool.state.pending_admin) = (signer, spent);
    pool.store(host)?;
    emit(host, &AdminChanged { pool: pool.address, before, after: signer })
}
