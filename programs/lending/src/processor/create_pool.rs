//! Creates a pool. Anybody may: pools share nothing, so one pool's admin is no danger to another.

use cofferdam_host::AccountData;
use cofferdam_host::{Host, ProgramResult, cpi::create_program_account};
use cofferdam_lending_interface::{
    ID,
    address::POOL,
    event::PoolCreated,
    instruction::{CreatePool, CreatePoolAccounts},
    state::Pool,
};

use super::{config::require_pool_config, emit};
use crate::load::{Loaded, new_address, plain_name, signer};

const SLOTS: CreatePoolAccounts<usize> = CreatePoolAccounts::SLOTS;

pub(crate) fn process<H: Host>(host: &mut H, args: &CreatePool) -> ProgramResult {
    let admin = signer(host, SLOTS.admin)?;
    plain_name(host, &args.name)?;
    require_pool_config(host, &args.config)?;
    let seeds: [&[u8]; 4] = [POOL, admin.as_ref(), &args.name, &[args.bump]];
    let address = new_address(host, SLOTS.pool, &seeds)?;

    create_program_account(host, SLOTS.payer, SLOTS.pool, Pool::LEN, &ID, &seeds)?;
    let state = Pool::new(args.bump, admin, args.name, args.config);
    Loaded::new(SLOTS.pool, address, state).store(host)?;
    emit(host, &PoolCreated { pool: address, admin, name: args.name })
}
