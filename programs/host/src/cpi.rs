//! Calls that nearly every program makes: creating an account at a program address and moving
//! tokens. The instruction bytes are written here by hand because the official encoders need
//! `std`; a test of the ledger holds them against those encoders.

use crate::{Address, Call, CallAccount, Host, ProgramError, ProgramResult};

/// Address of the System program.
pub const SYSTEM_PROGRAM_ID: Address = Address::new_from_array([0; 32]);

/// Address of the sysvar by which a program reads the other instructions of its transaction.
pub const INSTRUCTIONS_SYSVAR_ID: Address = Address::new_from_array([
    6, 167, 213, 23, 24, 123, 209, 102, 53, 218, 212, 4, 85, 253, 194, 192, 193, 36, 198, 143, 33,
    86, 117, 165, 219, 186, 203, 95, 8, 0, 0, 0,
]);
/// Address of the SPL Token program, `TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA`.
pub const TOKEN_PROGRAM_ID: Address = Address::new_from_array([
    6, 221, 246, 225, 215, 101, 161, 147, 217, 203, 225, 70, 206, 235, 121, 172, 28, 180, 133, 237,
    95, 91, 55, 145, 58, 140, 245, 133, 126, 255, 0, 169,
]);

/// Bytes of an SPL Token account.
pub const TOKEN_ACCOUNT_LEN: usize = 165;
/// Bytes of an SPL Token mint.
pub const MINT_LEN: usize = 82;

/// System `CreateAccount`: a new account of `space` bytes, owned by `owner`.
///
/// # Errors
/// Those of [`Host::invoke_signed`].
pub fn create_account<H: Host>(
    host: &mut H,
    payer: Address,
    new: Address,
    (lamports, space): (u64, u64),
    owner: &Address,
    seeds: &[&[u8]],
) -> ProgramResult {
    let mut data = [0; 52];
    data[4..12].copy_from_slice(&lamports.to_le_bytes());
    data[12..20].copy_from_slice(&space.to_le_bytes());
    data[20..].copy_from_slice(owner.as_ref());
    let accounts = [CallAccount::writable(payer).signed(), CallAccount::writable(new).signed()];
    let call = Call { program_id: &SYSTEM_PROGRAM_ID, accounts: &accounts, data: &data };
    host.invoke_signed(call, &[seeds])
}

/// System `Transfer` of lamports; `from` signs.
///
/// # Errors
/// Those of [`Host::invoke_signed`].
pub fn transfer_lamports<H: Host>(
    host: &mut H,
    from: Address,
    to: Address,
    lamports: u64,
) -> ProgramResult {
    let mut data = [0; 12];
    data[0] = 2;
    data[4..].copy_from_slice(&lamports.to_le_bytes());
    let accounts = [CallAccount::writable(from).signed(), CallAccount::writable(to)];
    host.invoke(Call { program_id: &SYSTEM_PROGRAM_ID, accounts: &accounts, data: &data })
}

/// System `Allocate`: `space` zero bytes for an account the System program still owns.
///
/// # Errors
/// Those of [`Host::invoke_signed`].
pub fn allocate<H: Host>(
    host: &mut H,
    account: Address,
    space: u64,
    seeds: &[&[u8]],
) -> ProgramResult {
    let mut data = [0; 12];
    data[0] = 8;
    data[4..].copy_from_slice(&space.to_le_bytes());
    let accounts = [CallAccount::writable(account).signed()];
    let call = Call { program_id: &SYSTEM_PROGRAM_ID, accounts: &accounts, data: &data };
    host.invoke_signed(call, &[seeds])
}

/// System `Assign`: hands an account the System program owns to `owner`.
///
/// # Errors
/// Those of [`Host::invoke_signed`].
pub fn assign<H: Host>(
    host: &mut H,
    account: Address,
    owner: &Address,
    seeds: &[&[u8]],
) -> ProgramResult {
    let mut data = [0; 36];
    data[0] = 1;
    data[4..].copy_from_slice(owner.as_ref());
    let accounts = [CallAccount::writable(account).signed()];
    let call = Call { program_id: &SYSTEM_PROGRAM_ID, accounts: &accounts, data: &data };
    host.invoke_signed(call, &[seeds])
}

/// A transfer of tokens: from where, to where, on whose authority.
#[derive(Clone, Copy, Debug)]
pub struct TokenTransfer {
    /// Token account that pays.
    pub source: Address,
    /// Token account that receives.
    pub destination: Address,
    /// Owner of `source`.
    pub authority: Address,
    /// Native units to move.
    pub amount: u64,
}

/// SPL Token `Transfer`; `seeds` sign for the authority, none when it signed already.
///
/// # Errors
/// Those of [`Host::invoke_signed`].
pub fn transfer_tokens<H: Host>(
    host: &mut H,
    transfer: TokenTransfer,
    seeds: &[&[&[u8]]],
) -> ProgramResult {
    let mut data = [3; 9];
    data[1..].copy_from_slice(&transfer.amount.to_le_bytes());
    let accounts = [
        CallAccount::writable(transfer.source),
        CallAccount::writable(transfer.destination),
        CallAccount::readonly(transfer.authority).signed(),
    ];
    let call = Call { program_id: &TOKEN_PROGRAM_ID, accounts: &accounts, data: &data };
    host.invoke_signed(call, seeds)
}

/// SPL Token `InitializeAccount3`: makes `account` a token account of `mint` owned by `owner`.
///
/// # Errors
/// Those of [`Host::invoke_signed`].
pub fn initialize_token_account<H: Host>(
    host: &mut H,
    account: Address,
    mint: Address,
    owner: &Address,
) -> ProgramResult {
    let mut data = [18; 33];
    data[1..].copy_from_slice(owner.as_ref());
    let accounts = [CallAccount::writable(account), CallAccount::readonly(mint)];
    host.invoke(Call { program_id: &TOKEN_PROGRAM_ID, accounts: &accounts, data: &data })
}

/// Creates the account at `index` at the program address that `seeds` derive.
///
/// Anybody can send lamports to an address before it exists, and `CreateAccount` refuses an
/// address that holds any. So a funded address is topped up, allocated and assigned instead:
/// otherwise one lamport would block a pool, reserve or position for ever.
///
/// # Errors
/// [`ProgramError::AccountAlreadyInitialized`] when the address is in use; those of
/// [`Host::invoke_signed`].
pub fn create_program_account<H: Host>(
    host: &mut H,
    payer: usize,
    index: usize,
    space: usize,
    owner: &Address,
    seeds: &[&[u8]],
) -> ProgramResult {
    let rent = host.minimum_balance(space)?;
    let payer = *host.account(payer)?.address;
    let account = host.account(index)?;
    let (address, held) = (*account.address, account.lamports);
    if *account.owner != SYSTEM_PROGRAM_ID || !account.data.is_empty() {
        return Err(ProgramError::AccountAlreadyInitialized);
    }
    let space = space as u64;
    if held == 0 {
        return create_account(host, payer, address, (rent, space), owner, seeds);
    }
    if let Some(missing) = rent.checked_sub(held).filter(|missing| *missing > 0) {
        transfer_lamports(host, payer, address, missing)?;
    }
    allocate(host, address, space, seeds)?;
    assign(host, address, owner, seeds)
}

/// The fields of a token account that a program checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenAccount {
    /// Mint the account holds.
    pub mint: Address,
    /// Who may move the tokens.
    pub owner: Address,
    /// Balance in native units.
    pub amount: u64,
}

impl TokenAccount {
    /// Reads a token account from its bytes (SPL Token layout).
    ///
    /// # Errors
    /// [`ProgramError::InvalidAccountData`] for a wrong length; [`ProgramError::UninitializedAccount`]
    /// when the account was never initialised.
    pub fn decode(data: &[u8]) -> Result<Self, ProgramError> {
        if data.len() != TOKEN_ACCOUNT_LEN {
            return Err(ProgramError::InvalidAccountData);
        }
        if data[108] == 0 {
            return Err(ProgramError::UninitializedAccount);
        }
        Ok(Self {
            mint: Address::new_from_array(array(data, 0)?),
            owner: Address::new_from_array(array(data, 32)?),
            amount: u64::from_le_bytes(array(data, 64)?),
        })
    }
}

/// Decimals of an initialised SPL Token mint, from its bytes.
///
/// # Errors
/// As [`TokenAccount::decode`].
pub fn mint_decimals(data: &[u8]) -> Result<u8, ProgramError> {
    if data.len() != MINT_LEN {
        return Err(ProgramError::InvalidAccountData);
    }
    if data[45] != 1 {
        return Err(ProgramError::UninitializedAccount);
    }
    Ok(data[44])
}

/// The `N` bytes at `offset`.
fn array<const N: usize>(data: &[u8], offset: usize) -> Result<[u8; N], ProgramError> {
    data.get(offset..offset + N)
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(ProgramError::InvalidAccountData)
}
