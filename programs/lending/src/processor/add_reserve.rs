//! Adds a reserve: creates its account and its vault.

use cofferdam_host::{
    AccountData, Address, Host, ProgramError, ProgramResult,
    cpi::{
        TOKEN_ACCOUNT_LEN, TOKEN_PROGRAM_ID, create_program_account, initialize_token_account,
        mint_decimals,
    },
};
use cofferdam_lending_interface::{
    ID, LendingError,
    address::{RESERVE, VAULT},
    event::ReserveAdded,
    instruction::{AddReserve, AddReserveAccounts},
    math::value::Quote,
    state::{Pool, Reserve, ReserveConfig, ReserveOrigin},
    units::Bps,
};

use super::{config::require_config, emit};
use crate::{
    load::{Loaded, feed, new_address, now_s, pool_for_admin},
    refuse::{refuse, require},
};

const SLOTS: AddReserveAccounts<usize> = AddReserveAccounts::SLOTS;

pub(crate) fn process<H: Host>(host: &mut H, args: &AddReserve) -> ProgramResult {
    let mut pool = pool_for_admin(host, SLOTS.pool, SLOTS.admin)?;
    pool.require_writable(host)?;
    let feed = feed(host, SLOTS.feed, None)?.address;
    let second_feed = second_feed(host, &feed)?;
    let (mint, decimals) = load_mint(host)?;
    require_config(host, &args.config)?;
    require_unused(host, &pool.state, &args.config)?;

    let reserve = create_reserve(host, &pool, &mint, args.bump)?;
    let vault = create_vault(host, &reserve, &mint, args.vault_bump)?;
    let origin = ReserveOrigin {
        bump: args.bump,
        vault_bump: args.vault_bump,
        pool: pool.address,
        mint,
        decimals,
        vault,
        feed,
        second_feed,
    };
    let state = Reserve::new(origin, args.config, now_s(host)?);
    Loaded::new(SLOTS.reserve, reserve, state).store(host)?;
    pool.state.push_reserve(reserve)?;
    pool.store(host)?;
    let (pool, config) = (pool.address, args.config);
    emit(host, &ReserveAdded { pool, reserve, mint, config })
}

/// A reserve that could be borrowed against the moment it is there would be a way around the
/// timelock.
fn require_unused<H: Host>(host: &mut H, pool: &Pool, config: &ReserveConfig) -> ProgramResult {
    let (factor, threshold) = (config.collateral_factor, config.liquidation_threshold);
    let unused = factor == Bps::ZERO && threshold == Bps::ZERO;
    require!(
        host,
        unused || pool.config.timelock_s == 0,
        TimelockRequired,
        "collateral_factor {factor} and liquidation_threshold {threshold} must begin at 0 bps"
    );
    Ok(())
}

/// The feed that the first one is compared with; zero without one. The same feed twice would
/// agree with itself whatever it says.
fn second_feed<H: Host>(host: &mut H, first: &Address) -> Result<Address, ProgramError> {
    if host.account_count() <= AddReserveAccounts::COUNT {
        return Ok(Address::default());
    }
    let second = feed(host, AddReserveAccounts::COUNT, None)?.address;
    require!(host, second != *first, DuplicateAccount, "feed {first} was passed twice");
    Ok(second)
}

fn load_mint<H: Host>(host: &mut H) -> Result<(Address, u8), ProgramError> {
    let account = host.account(SLOTS.mint)?;
    let (address, owner) = (*account.address, *account.owner);
    let decimals = mint_decimals(account.data);
    require!(
        host,
        owner == TOKEN_PROGRAM_ID,
        WrongOwner,
        "mint {address} is owned by {owner}, not by the token program"
    );
    let Ok(decimals) = decimals else {
        let detail = format_args!("account {} {address} is no mint", SLOTS.mint);
        return Err(refuse(host, LendingError::WrongAccountType, detail));
    };
    require!(
        host,
        decimals <= Quote::DECIMALS_MAX,
        UnsupportedMint,
        "mint {address} has {decimals} decimals"
    );
    Ok((address, decimals))
}

fn create_reserve<H: Host>(
    host: &mut H,
    pool: &Loaded<Pool>,
    mint: &Address,
    bump: u8,
) -> Result<Address, ProgramError> {
    let seeds: [&[u8]; 4] = [RESERVE, pool.address.as_ref(), mint.as_ref(), &[bump]];
    let address = new_address(host, SLOTS.reserve, &seeds)?;
    create_program_account(host, SLOTS.payer, SLOTS.reserve, Reserve::LEN, &ID, &seeds)?;
    Ok(address)
}

/// The vault belongs to the reserve's address, which only this program can sign for.
fn create_vault<H: Host>(
    host: &mut H,
    reserve: &Address,
    mint: &Address,
    bump: u8,
) -> Result<Address, ProgramError> {
    let seeds: [&[u8]; 3] = [VAULT, reserve.as_ref(), &[bump]];
    let address = new_address(host, SLOTS.vault, &seeds)?;
    let (payer, len) = (SLOTS.payer, TOKEN_ACCOUNT_LEN);
    create_program_account(host, payer, SLOTS.vault, len, &TOKEN_PROGRAM_ID, &seeds)?;
    initialize_token_account(host, address, *mint, reserve)?;
    Ok(address)
}
