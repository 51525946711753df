//! Replaces a reserve's risk parameters. Loading accrues, so interest up to now is the old
//! curve's.

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{
    event::ReserveUpdated,
    instruction::{UpdateReserve, UpdateReserveAccounts},
};

use super::{add_reserve::require_config, emit};
use crate::load::{pool_for_admin, reserve};

const SLOTS: UpdateReserveAccounts<usize> = UpdateReserveAccounts::SLOTS;

pub(crate) fn process<H: Host>(host: &mut H, args: &UpdateReserve) -> ProgramResult {
    let pool = pool_for_admin(host, SLOTS.pool, SLOTS.authority)?;
    let mut reserve = reserve(host, SLOTS.reserve, &pool.address)?;
    require_config(host, &args.config)?;

    let (before, after) = (reserve.state.config, args.config);
    reserve.state.config = after;
    reserve.store(host)?;
    emit(host, &ReserveUpdated { reserve: reserve.address, before, after })
}
