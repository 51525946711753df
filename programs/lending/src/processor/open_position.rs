//! Opens a position.

use cofferdam_host::{AccountData, Host, ProgramResult, cpi::create_program_account};
use cofferdam_lending_interface::{
    ID,
    address::POSITION,
    event::PositionOpened,
    instruction::{OpenPosition, OpenPositionAccounts},
    state::{ENTRIES_MAX, Entry, Position},
};

use super::emit;
use crate::load::{Loaded, new_address, pool, signer};

const SLOTS: OpenPositionAccounts<usize> = OpenPositionAccounts::SLOTS;

pub(crate) fn process<H: Host>(host: &mut H, args: &OpenPosition) -> ProgramResult {
    let owner = signer(host, SLOTS.owner)?;
    let pool = pool(host, SLOTS.pool)?.address;
    let index = args.index.to_le_bytes();
    let seeds: [&[u8]; 5] = [POSITION, pool.as_ref(), owner.as_ref(), &index, &[args.bump]];
    let address = new_address(host, SLOTS.position, &seeds)?;

    create_program_account(host, SLOTS.payer, SLOTS.position, Position::LEN, &ID, &seeds)?;
    let entries = [Entry::default(); ENTRIES_MAX];
    let state = Position { bump: args.bump, pool, owner, index: args.index, entries };
    Loaded::new(SLOTS.position, address, state).store(host)?;
    emit(host, &PositionOpened { pool, position: address, owner })
}
