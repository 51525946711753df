//! Sets the mode of one reserve. A thaw of one reserve begins no grace: collateral could be added
//! in the others all along.

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{
    event::ModeChanged,
    instruction::{SetReserveMode, SetReserveModeAccounts},
};

use super::emit;
use crate::{
    load::{pool_for_authority, reserve},
    refuse::require,
};

const SLOTS: SetReserveModeAccounts<usize> = SetReserveModeAccounts::SLOTS;

pub(crate) fn process<H: Host>(host: &mut H, args: &SetReserveMode) -> ProgramResult {
    let governed = pool_for_authority(host, SLOTS.pool, SLOTS.authority)?;
    let mut reserve = reserve(host, SLOTS.reserve, &governed.pool.address)?;
    let (before, after, authority) = (reserve.state.mode, args.mode, governed.authority);
    require!(
        host,
        before.may_become(after, authority),
        ModeChangeForbidden,
        "{authority:?} changes reserve {} from {before:?} to {after:?}",
        reserve.address
    );

    reserve.state.mode = after;
    reserve.store(host)?;
    let target = reserve.address;
    emit(host, &ModeChanged { target, authority: governed.signer, before, after })
}
