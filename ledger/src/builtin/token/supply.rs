//! Making and destroying tokens.

use cofferdam_host::{Host, ProgramResult};
use solana_program_option::COption;
use spl_token_interface::error::TokenError;

use super::{
    state::{account, address, mint, require_authority, require_ours, store},
    transfer::{Expected, spend_as},
};

/// Accounts: mint, destination, mint authority, signers.
pub(super) fn mint_to<H: Host>(host: &mut H, amount: u64, expected: Expected) -> ProgramResult {
    let mut destination = account(host, 1)?;
    if destination.is_frozen() {
        return Err(TokenError::AccountFrozen.into());
    }
    if destination.is_native() {
        return Err(TokenError::NativeNotSupported.into());
    }
    if address(host, 0)? != destination.mint {
        return Err(TokenError::MintMismatch.into());
    }
    let mut mint = mint(host, 0)?;
    expected.check(mint.decimals)?;
    let COption::Some(authority) = mint.mint_authority else {
        return Err(TokenError::FixedSupply.into());
    };
    require_authority(host, 2, &authority)?;
    if amount == 0 {
        require_ours(host, 0)?;
        require_ours(host, 1)?;
    }
    destination.amount = destination.amount.checked_add(amount).ok_or(TokenError::Overflow)?;
    mint.supply = mint.supply.checked_add(amount).ok_or(TokenError::Overflow)?;
    store(host, 1, destination)?;
    store(host, 0, mint)
}

/// Accounts: source, mint, owner or delegate, signers.
pub(super) fn burn<H: Host>(host: &mut H, amount: u64, expected: Expected) -> ProgramResult {
    let mut source = account(host, 0)?;
    let mut mint = mint(host, 1)?;
    if source.is_frozen() {
        return Err(TokenError::AccountFrozen.into());
    }
    if source.is_native() {
        return Err(TokenError::NativeNotSupported.into());
    }
    if source.amount < amount {
        return Err(TokenError::InsufficientFunds.into());
    }
    if address(host, 1)? != source.mint {
        return Err(TokenError::MintMismatch.into());
    }
    expected.check(mint.decimals)?;
    // What was sent to nobody may be burned by anybody.
    if !source.is_owned_by_system_program_or_incinerator() {
        spend_as(host, &mut source, 2, amount)?;
    }
    if amount == 0 {
        require_ours(host, 0)?;
        require_ours(host, 1)?;
    }
    source.amount = source.amount.checked_sub(amount).ok_or(TokenError::Overflow)?;
    mint.supply = mint.supply.checked_sub(amount).ok_or(TokenError::Overflow)?;
    store(host, 0, source)?;
    store(host, 1, mint)
}

/// Accounts: a wrapped account, whose amount catches up with its lamports.
pub(super) fn sync_native<H: Host>(host: &mut H) -> ProgramResult {
    require_ours(host, 0)?;
    let mut wrapped = account(host, 0)?;
    let COption::Some(reserve) = wrapped.is_native else {
        return Err(TokenError::NonNativeNotSupported.into());
    };
    let lamports = host.account(0)?.lamports;
    let amount = lamports.checked_sub(reserve).ok_or(TokenError::Overflow)?;
    if amount < wrapped.amount {
        return Err(TokenError::InvalidState.into());
    }
    wrapped.amount = amount;
    store(host, 0, wrapped)
}
