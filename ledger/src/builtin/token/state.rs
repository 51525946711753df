//! Reading and writing token state, and who may act for it.

use cofferdam_host::{Address, Host, ProgramError, ProgramResult, cpi::TOKEN_PROGRAM_ID};
use solana_program_option::COption;
use solana_program_pack::Pack;
use spl_token_interface::{
    error::TokenError,
    state::{Account, Mint, Multisig},
};

/// The initialised token account at `index`.
pub(super) fn account<H: Host>(host: &H, index: usize) -> Result<Account, ProgramError> {
    Account::unpack(host.account(index)?.data)
}

/// The initialised mint at `index`.
pub(super) fn mint<H: Host>(host: &H, index: usize) -> Result<Mint, ProgramError> {
    Mint::unpack(host.account(index)?.data)
}

/// Writes token state in place.
pub(super) fn store<T: Pack, H: Host>(host: &mut H, index: usize, state: T) -> ProgramResult {
    T::pack(state, host.data_mut(index)?)
}

pub(super) fn address<H: Host>(host: &H, index: usize) -> Result<Address, ProgramError> {
    Ok(*host.account(index)?.address)
}

/// Whether an optional authority is `address`.
pub(super) fn is(authority: &COption<Address>, address: &Address) -> bool {
    matches!(authority, COption::Some(authority) if authority == address)
}

/// The account belongs to this program. Only asked where nothing is written: a write to an
/// account of another program is refused by the runtime.
pub(super) fn require_ours<H: Host>(host: &H, index: usize) -> ProgramResult {
    if *host.account(index)?.owner == TOKEN_PROGRAM_ID {
        Ok(())
    } else {
        Err(ProgramError::IncorrectProgramId)
    }
}

/// The account at `index` is `expected` and signed, or is a multisig of which enough signed;
/// its signers stand behind it.
pub(super) fn require_authority<H: Host>(
    host: &H,
    index: usize,
    expected: &Address,
) -> ProgramResult {
    let authority = host.account(index)?;
    if authority.address != expected {
        return Err(TokenError::OwnerMismatch.into());
    }
    if *authority.owner == TOKEN_PROGRAM_ID && authority.data.len() == Multisig::LEN {
        return require_multisig(host, &Multisig::unpack(authority.data)?, index + 1);
    }
    if authority.is_signer { Ok(()) } else { Err(ProgramError::MissingRequiredSignature) }
}

/// Enough of the multisig's keys signed. A key listed twice counts once for each place it has
/// in the multisig, and an account listed twice in the instruction counts once.
fn require_multisig<H: Host>(host: &H, multisig: &Multisig, first: usize) -> ProgramResult {
    let keys = multisig.signers.get(..usize::from(multisig.n));
    let keys = keys.ok_or(ProgramError::InvalidAccountData)?;
    let mut matched = vec![false; keys.len()];
    for index in first..host.account_count() {
        let signer = host.account(index)?;
        for (key, matched) in keys.iter().zip(&mut matched) {
            if key == signer.address {
                if !signer.is_signer {
                    return Err(ProgramError::MissingRequiredSignature);
                }
                *matched = true;
            }
        }
    }
    let signed = matched.iter().filter(|matched| **matched).count();
    if signed < usize::from(multisig.m) {
        return Err(ProgramError::MissingRequiredSignature);
    }
    Ok(())
}
