//! Moving tokens and allowing others to.

use cofferdam_host::{Address, Host, ProgramResult};
use solana_program_option::COption;
use spl_token_interface::{error::TokenError, state::Account};

use super::state::{account, address, is, mint, require_authority, require_ours, store};

/// What the caller knows about the mint. With decimals the mint itself is an account of the
/// instruction, right after the first one.
#[derive(Clone, Copy)]
pub(super) enum Expected {
    Anything,
    Decimals(u8),
}

impl Expected {
    /// How many accounts the mint takes in the account list.
    fn mint_accounts(self) -> usize {
        match self {
            Self::Anything => 0,
            Self::Decimals(_) => 1,
        }
    }

    /// The decimals are those of a mint.
    pub(super) fn check(self, decimals: u8) -> ProgramResult {
        match self {
            Self::Decimals(expected) if expected != decimals => {
                Err(TokenError::MintDecimalsMismatch.into())
            }
            _ => Ok(()),
        }
    }

    /// The mint at `index`, if there is one, is that of the token account and has the decimals.
    fn check_mint<H: Host>(self, host: &H, index: usize, of: &Account) -> ProgramResult {
        match self {
            Self::Anything => Ok(()),
            Self::Decimals(_) if address(host, index)? != of.mint => {
                Err(TokenError::MintMismatch.into())
            }
            Self::Decimals(_) => self.check(mint(host, index)?.decimals),
        }
    }
}

/// Accounts: source, mint if checked, destination, authority, signers.
pub(super) fn transfer<H: Host>(host: &mut H, amount: u64, expected: Expected) -> ProgramResult {
    let destination_index = 1 + expected.mint_accounts();
    let authority_index = destination_index + 1;
    let mut source = account(host, 0)?;
    let mut destination = account(host, destination_index)?;
    if source.is_frozen() || destination.is_frozen() {
        return Err(TokenError::AccountFrozen.into());
    }
    if source.amount < amount {
        return Err(TokenError::InsufficientFunds.into());
    }
    if source.mint != destination.mint {
        return Err(TokenError::MintMismatch.into());
    }
    expected.check_mint(host, 1, &source)?;
    let is_self_transfer = address(host, 0)? == address(host, destination_index)?;
    spend_as(host, &mut source, authority_index, amount)?;
    if is_self_transfer || amount == 0 {
        require_ours(host, 0)?;
        require_ours(host, destination_index)?;
    }
    // It moves nothing, so nothing is written: no allowance is used up either.
    if is_self_transfer {
        return Ok(());
    }
    source.amount -= amount;
    destination.amount = destination.amount.checked_add(amount).ok_or(TokenError::Overflow)?;
    if source.is_native() {
        move_lamports(host, 0, destination_index, amount)?;
    }
    store(host, 0, source)?;
    store(host, destination_index, destination)
}

/// The account at `index` may take `amount` out of `source`, as its owner or its delegate,
/// whose allowance is reduced by it.
pub(super) fn spend_as<H: Host>(
    host: &H,
    source: &mut Account,
    index: usize,
    amount: u64,
) -> ProgramResult {
    let authority = address(host, index)?;
    if !is(&source.delegate, &authority) {
        return require_authority(host, index, &source.owner);
    }
    require_authority(host, index, &authority)?;
    if source.delegated_amount < amount {
        return Err(TokenError::InsufficientFunds.into());
    }
    source.delegated_amount -= amount;
    if source.delegated_amount == 0 {
        source.delegate = COption::None;
    }
    Ok(())
}

/// Accounts: source, mint if checked, delegate, owner, signers.
pub(super) fn approve<H: Host>(host: &mut H, amount: u64, expected: Expected) -> ProgramResult {
    let delegate_index = 1 + expected.mint_accounts();
    let source = account(host, 0)?;
    let delegate = address(host, delegate_index)?;
    if source.is_frozen() {
        return Err(TokenError::AccountFrozen.into());
    }
    expected.check_mint(host, 1, &source)?;
    require_authority(host, delegate_index + 1, &source.owner)?;
    set_delegate(host, source, COption::Some(delegate), amount)
}

/// Accounts: source, owner, signers.
pub(super) fn revoke<H: Host>(host: &mut H) -> ProgramResult {
    let source = account(host, 0)?;
    if source.is_frozen() {
        return Err(TokenError::AccountFrozen.into());
    }
    require_authority(host, 1, &source.owner)?;
    set_delegate(host, source, COption::None, 0)
}

fn set_delegate<H: Host>(
    host: &mut H,
    source: Account,
    delegate: COption<Address>,
    delegated_amount: u64,
) -> ProgramResult {
    store(host, 0, Account { delegate, delegated_amount, ..source })
}

/// Moves the lamports behind wrapped tokens along with them.
pub(super) fn move_lamports<H: Host>(
    host: &mut H,
    from: usize,
    to: usize,
    lamports: u64,
) -> ProgramResult {
    let left = host.account(from)?.lamports.checked_sub(lamports).ok_or(TokenError::Overflow)?;
    let received = host.account(to)?.lamports.checked_add(lamports).ok_or(TokenError::Overflow)?;
    host.set_lamports(from, left)?;
    host.set_lamports(to, received)
}
