//! Making mints, token accounts and multisigs out of allocated accounts.

use cofferdam_host::{Address, Host, ProgramError, ProgramResult};
use solana_program_option::COption;
use solana_program_pack::Pack;
use solana_sdk_ids::sysvar;
use spl_token_interface::{
    error::TokenError,
    instruction::{MAX_SIGNERS, is_valid_signer_index},
    native_mint,
    state::{Account, AccountState, Mint, Multisig},
};

use super::state::{address, mint, require_ours, store};

/// What a mint is created with.
#[derive(Clone, Copy)]
pub(super) struct MintTerms {
    pub(super) decimals: u8,
    pub(super) mint_authority: Address,
    pub(super) freeze_authority: COption<Address>,
}

/// Where the owner of a new token account is named.
#[derive(Clone, Copy)]
pub(super) enum Owner {
    Account(usize),
    Address(Address),
}

/// The older instructions list the rent sysvar. Rent itself is asked of the host.
pub(super) fn require_rent_sysvar<H: Host>(host: &H, index: usize) -> ProgramResult {
    if address(host, index)? == sysvar::rent::ID {
        Ok(())
    } else {
        Err(ProgramError::InvalidArgument)
    }
}

/// Accounts: mint.
pub(super) fn initialize_mint<H: Host>(host: &mut H, terms: MintTerms) -> ProgramResult {
    let MintTerms { decimals, mint_authority, freeze_authority } = terms;
    if Mint::unpack_unchecked(host.account(0)?.data)?.is_initialized {
        return Err(TokenError::AlreadyInUse.into());
    }
    require_rent_exempt(host, 0)?;
    let mint_authority = COption::Some(mint_authority);
    let mint = Mint { mint_authority, supply: 0, decimals, is_initialized: true, freeze_authority };
    store(host, 0, mint)
}

/// Accounts: token account, mint, and the owner if it is named by an account.
pub(super) fn initialize_account<H: Host>(host: &mut H, owner: Owner) -> ProgramResult {
    let owner = match owner {
        Owner::Account(index) => address(host, index)?,
        Owner::Address(owner) => owner,
    };
    let fresh = Account::unpack_unchecked(host.account(0)?.data)?;
    if fresh.state != AccountState::Uninitialized {
        return Err(TokenError::AlreadyInUse.into());
    }
    require_rent_exempt(host, 0)?;
    let of_mint = address(host, 1)?;
    let wrapped = if of_mint == native_mint::ID {
        wrapped_balance(host)?
    } else {
        require_ours(host, 1)?;
        mint(host, 1).map_err(|_| TokenError::InvalidMint)?;
        (COption::None, 0)
    };
    let (is_native, amount) = wrapped;
    let state = AccountState::Initialized;
    store(host, 0, Account { mint: of_mint, owner, amount, state, is_native, ..Account::default() })
}

/// What a new wrapped account keeps for rent, and what it holds beyond.
fn wrapped_balance<H: Host>(host: &H) -> Result<(COption<u64>, u64), ProgramError> {
    let reserve = host.minimum_balance(Account::LEN)?;
    let amount = host.account(0)?.lamports.checked_sub(reserve).ok_or(TokenError::Overflow)?;
    Ok((COption::Some(reserve), amount))
}

/// Accounts: multisig, then the signers from `first` on.
pub(super) fn initialize_multisig<H: Host>(host: &mut H, m: u8, first: usize) -> ProgramResult {
    if Multisig::unpack_unchecked(host.account(0)?.data)?.is_initialized {
        return Err(TokenError::AlreadyInUse.into());
    }
    require_rent_exempt(host, 0)?;
    let count = host.account_count().saturating_sub(first);
    if !is_valid_signer_index(count) {
        return Err(TokenError::InvalidNumberOfProvidedSigners.into());
    }
    if !is_valid_signer_index(usize::from(m)) {
        return Err(TokenError::InvalidNumberOfRequiredSigners.into());
    }
    let n = u8::try_from(count).map_err(|_| TokenError::InvalidNumberOfProvidedSigners)?;
    let mut signers = [Address::default(); MAX_SIGNERS];
    for (place, index) in signers.iter_mut().zip(first..host.account_count()) {
        *place = address(host, index)?;
    }
    store(host, 0, Multisig { m, n, is_initialized: true, signers })
}

/// Accounts: token account, not initialised yet. Owners can always be changed here, so this
/// only holds what callers of both token programs rely on: that it comes first.
pub(super) fn initialize_immutable_owner<H: Host>(host: &H) -> ProgramResult {
    let fresh = Account::unpack_unchecked(host.account(0)?.data)?;
    if fresh.state == AccountState::Uninitialized {
        Ok(())
    } else {
        Err(TokenError::AlreadyInUse.into())
    }
}

/// Accounts: mint. Returns the bytes a token account needs.
pub(super) fn account_data_size<H: Host>(host: &mut H) -> ProgramResult {
    require_ours(host, 0)?;
    mint(host, 0).map_err(|_| TokenError::InvalidMint)?;
    host.set_return_data(&(Account::LEN as u64).to_le_bytes())
}

fn require_rent_exempt<H: Host>(host: &H, index: usize) -> ProgramResult {
    let account = host.account(index)?;
    if account.lamports >= host.minimum_balance(account.data.len())? {
        Ok(())
    } else {
        Err(TokenError::NotRentExempt.into())
    }
}
