//! Who may do what, freezing, and closing accounts.

use cofferdam_host::{Address, Host, ProgramError, ProgramResult, cpi::SYSTEM_PROGRAM_ID};
use solana_program_option::COption;
use solana_program_pack::Pack;
use solana_sdk_ids::incinerator;
use spl_token_interface::{
    error::TokenError,
    instruction::AuthorityType,
    state::{Account, AccountState, Mint},
};

use super::{
    state::{account, address, mint, require_authority, store},
    transfer::move_lamports,
};

/// Accounts: token account or mint, present authority, signers.
pub(super) fn set_authority<H: Host>(
    host: &mut H,
    kind: &AuthorityType,
    new: COption<Address>,
) -> ProgramResult {
    match host.account(0)?.data.len() {
        Account::LEN => set_account_authority(host, kind, new),
        Mint::LEN => set_mint_authority(host, kind, new),
        _ => Err(ProgramError::InvalidArgument),
    }
}

fn set_account_authority<H: Host>(
    host: &mut H,
    kind: &AuthorityType,
    new: COption<Address>,
) -> ProgramResult {
    let mut state = account(host, 0)?;
    if state.is_frozen() {
        return Err(TokenError::AccountFrozen.into());
    }
    match kind {
        AuthorityType::AccountOwner => {
            require_authority(host, 1, &state.owner)?;
            let COption::Some(owner) = new else {
                return Err(TokenError::InvalidInstruction.into());
            };
            state.owner = owner;
            // The old owner's promises do not bind the new one.
            state.delegate = COption::None;
            state.delegated_amount = 0;
            if state.is_native() {
                state.close_authority = COption::None;
            }
        }
        AuthorityType::CloseAccount => {
            require_authority(host, 1, &state.close_authority.unwrap_or(state.owner))?;
            state.close_authority = new;
        }
        _ => return Err(TokenError::AuthorityTypeNotSupported.into()),
    }
    store(host, 0, state)
}

fn set_mint_authority<H: Host>(
    host: &mut H,
    kind: &AuthorityType,
    new: COption<Address>,
) -> ProgramResult {
    let mut state = mint(host, 0)?;
    let (held, none) = match kind {
        AuthorityType::MintTokens => (&mut state.mint_authority, TokenError::FixedSupply),
        AuthorityType::FreezeAccount => (&mut state.freeze_authority, TokenError::MintCannotFreeze),
        _ => return Err(TokenError::AuthorityTypeNotSupported.into()),
    };
    // What was given up stays given up.
    let COption::Some(present) = *held else { return Err(none.into()) };
    require_authority(host, 1, &present)?;
    *held = new;
    store(host, 0, state)
}

/// Accounts: token account, who gets its lamports, authority, signers.
pub(super) fn close_account<H: Host>(host: &mut H) -> ProgramResult {
    let recipient = address(host, 1)?;
    if address(host, 0)? == recipient {
        return Err(ProgramError::InvalidAccountData);
    }
    let state = account(host, 0)?;
    if !state.is_native() && state.amount != 0 {
        return Err(TokenError::NonNativeHasBalance.into());
    }
    if !state.is_owned_by_system_program_or_incinerator() {
        require_authority(host, 2, &state.close_authority.unwrap_or(state.owner))?;
    } else if recipient != incinerator::ID {
        return Err(ProgramError::InvalidAccountData);
    }
    let lamports = host.account(0)?.lamports;
    move_lamports(host, 0, 1, lamports)?;
    // Wiped at once: an account without lamports lives until the transaction ends, and a later
    // instruction could fund it again and find its old state.
    host.resize(0, 0)?;
    host.set_owner(0, &SYSTEM_PROGRAM_ID)
}

/// Accounts: token account, mint, freeze authority, signers.
pub(super) fn freeze<H: Host>(host: &mut H) -> ProgramResult {
    move_between(host, AccountState::Initialized, AccountState::Frozen)
}

/// Accounts: as with [`freeze`].
pub(super) fn thaw<H: Host>(host: &mut H) -> ProgramResult {
    move_between(host, AccountState::Frozen, AccountState::Initialized)
}

fn move_between<H: Host>(host: &mut H, from: AccountState, to: AccountState) -> ProgramResult {
    let state = account(host, 0)?;
    if state.state != from {
        return Err(TokenError::InvalidState.into());
    }
    if state.is_native() {
        return Err(TokenError::NativeNotSupported.into());
    }
    if state.mint != address(host, 1)? {
        return Err(TokenError::MintMismatch.into());
    }
    let COption::Some(authority) = mint(host, 1)?.freeze_authority else {
        return Err(TokenError::MintCannotFreeze.into());
    };
    require_authority(host, 2, &authority)?;
    store(host, 0, Account { state: to, ..state })
}
