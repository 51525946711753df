//! The System program: wallets, and how accounts come to be.
//!
//! Nonce accounts are refused: they exist to outlive a blockhash, and a ledger that hands out
//! a blockhash on request has no use for them.

use cofferdam_host::{Address, Host, ProgramError, ProgramResult, cpi::SYSTEM_PROGRAM_ID};
use solana_system_interface::{
    MAX_PERMITTED_DATA_LENGTH, error::SystemError, instruction::SystemInstruction,
};

const MAX_SEED_LEN: usize = 32;

/// An account of the instruction, and who has to sign for what is done to it.
#[derive(Clone, Copy)]
struct Target {
    index: usize,
    /// Position of whoever signs for it; `None` when that is somebody who did not sign.
    signer: Option<usize>,
}

impl Target {
    /// An account that signs for itself.
    const fn itself(index: usize) -> Self {
        Self { index, signer: Some(index) }
    }
}

pub(super) fn process<H: Host>(host: &mut H, data: &[u8]) -> ProgramResult {
    let instruction =
        bincode::deserialize(data).map_err(|_| ProgramError::InvalidInstructionData)?;
    if host.account_count() < accounts_min(&instruction) {
        return Err(ProgramError::NotEnoughAccountKeys);
    }
    match instruction {
        SystemInstruction::CreateAccount { lamports, space, owner } => {
            let target = Target::itself(1);
            refuse_funded(host, target)?;
            create(host, target, lamports, space, &owner)
        }
        SystemInstruction::CreateAccountWithSeed { base, seed, lamports, space, owner } => {
            let target = seeded(host, 1, &base, &seed, &owner)?;
            refuse_funded(host, target)?;
            create(host, target, lamports, space, &owner)
        }
        SystemInstruction::CreateAccountAllowPrefund { lamports, space, owner } => {
            let target = Target::itself(0);
            allocate(host, target, space)?;
            assign(host, target, &owner)?;
            if lamports == 0 { Ok(()) } else { transfer(host, Target::itself(1), 0, lamports) }
        }
        SystemInstruction::Assign { owner } => assign(host, Target::itself(0), &owner),
        SystemInstruction::AssignWithSeed { base, seed, owner } => {
            let target = seeded(host, 0, &base, &seed, &owner)?;
            assign(host, target, &owner)
        }
        SystemInstruction::Allocate { space } => allocate(host, Target::itself(0), space),
        SystemInstruction::AllocateWithSeed { base, seed, space, owner } => {
            let target = seeded(host, 0, &base, &seed, &owner)?;
            allocate(host, target, space)?;
            assign(host, target, &owner)
        }
        SystemInstruction::Transfer { lamports } => transfer(host, Target::itself(0), 1, lamports),
        SystemInstruction::TransferWithSeed { lamports, from_seed, from_owner } => {
            transfer_with_seed(host, lamports, &from_seed, &from_owner)
        }
        _ => Err(ProgramError::InvalidInstructionData),
    }
}

/// Accounts that an instruction cannot do without; looked at before anything else is.
const fn accounts_min(instruction: &SystemInstruction) -> usize {
    match instruction {
        SystemInstruction::CreateAccount { .. }
        | SystemInstruction::CreateAccountWithSeed { .. }
        | SystemInstruction::Transfer { .. } => 2,
        SystemInstruction::TransferWithSeed { .. } => 3,
        SystemInstruction::CreateAccountAllowPrefund { lamports, .. } if *lamports > 0 => 2,
        _ => 1,
    }
}

fn create<H: Host>(
    host: &mut H,
    target: Target,
    lamports: u64,
    space: u64,
    owner: &Address,
) -> ProgramResult {
    allocate(host, target, space)?;
    assign(host, target, owner)?;
    transfer(host, Target::itself(0), target.index, lamports)
}

/// An account with a balance exists: creating it would take it from whoever funded it.
fn refuse_funded<H: Host>(host: &mut H, target: Target) -> ProgramResult {
    let account = host.account(target.index)?;
    if account.lamports > 0 {
        let address = *account.address;
        host.log(format_args!("create: account {address} is already in use"));
        return Err(custom(SystemError::AccountAlreadyInUse));
    }
    Ok(())
}

fn allocate<H: Host>(host: &mut H, target: Target, space: u64) -> ProgramResult {
    require_signer(host, target.signer)?;
    let account = host.account(target.index)?;
    if !account.data.is_empty() || *account.owner != SYSTEM_PROGRAM_ID {
        let address = *account.address;
        host.log(format_args!("allocate: account {address} is already in use"));
        return Err(custom(SystemError::AccountAlreadyInUse));
    }
    if space > MAX_PERMITTED_DATA_LENGTH {
        host.log(format_args!("allocate: {space} bytes, at most {MAX_PERMITTED_DATA_LENGTH}"));
        return Err(custom(SystemError::InvalidAccountDataLength));
    }
    let len = usize::try_from(space).map_err(|_| ProgramError::InvalidInstructionData)?;
    host.resize(target.index, len)
}

fn assign<H: Host>(host: &mut H, target: Target, owner: &Address) -> ProgramResult {
    if host.account(target.index)?.owner == owner {
        return Ok(());
    }
    require_signer(host, target.signer)?;
    host.set_owner(target.index, owner)
}

/// Every debit of a wallet goes through here. The runtime lets this program debit any wallet,
/// so the signature asked for here is all that protects one.
fn transfer<H: Host>(host: &mut H, from: Target, to: usize, lamports: u64) -> ProgramResult {
    require_signer(host, from.signer)?;
    let payer = host.account(from.index)?;
    // Data means that the account is something else than a wallet.
    if !payer.data.is_empty() {
        let address = *payer.address;
        host.log(format_args!("transfer: account {address} holds data"));
        return Err(ProgramError::InvalidArgument);
    }
    let held = payer.lamports;
    let Some(left) = held.checked_sub(lamports) else {
        host.log(format_args!("transfer: {held} lamports are not enough for {lamports}"));
        return Err(custom(SystemError::ResultWithNegativeLamports));
    };
    host.set_lamports(from.index, left)?;
    // Read after the debit: both positions may show the same account.
    let received = host.account(to)?.lamports.checked_add(lamports);
    host.set_lamports(to, received.ok_or(ProgramError::ArithmeticOverflow)?)
}

/// Accounts: payer, base (signs), recipient. The payer is the address the seed derives.
fn transfer_with_seed<H: Host>(
    host: &mut H,
    lamports: u64,
    seed: &str,
    owner: &Address,
) -> ProgramResult {
    require_signer(host, Some(1))?;
    let base = *host.account(1)?.address;
    if derive(&base, seed, owner)? != *host.account(0)?.address {
        return Err(custom(SystemError::AddressWithSeedMismatch));
    }
    transfer(host, Target { index: 0, signer: Some(1) }, 2, lamports)
}

/// The account at `index`, once it is the address that `seed` derives from `base`, for which
/// the base signs wherever it stands.
fn seeded<H: Host>(
    host: &mut H,
    index: usize,
    base: &Address,
    seed: &str,
    owner: &Address,
) -> Result<Target, ProgramError> {
    let address = *host.account(index)?.address;
    if derive(base, seed, owner)? != address {
        host.log(format_args!("account {address} is not what the seed derives from {base}"));
        return Err(custom(SystemError::AddressWithSeedMismatch));
    }
    let signs = |at: &usize| host.account(*at).is_ok_and(|a| a.address == base && a.is_signer);
    // What changes nothing needs no signature, so a missing one is found where it is asked for.
    Ok(Target { index, signer: (0..host.account_count()).find(signs) })
}

fn derive(base: &Address, seed: &str, owner: &Address) -> Result<Address, ProgramError> {
    if seed.len() > MAX_SEED_LEN {
        return Err(custom(SystemError::MaxSeedLengthExceeded));
    }
    Ok(Address::create_with_seed(base, seed, owner)?)
}

fn require_signer<H: Host>(host: &mut H, signer: Option<usize>) -> ProgramResult {
    let index = signer.ok_or(ProgramError::MissingRequiredSignature)?;
    let account = host.account(index)?;
    if account.is_signer {
        return Ok(());
    }
    let address = *account.address;
    host.log(format_args!("account {address} must sign"));
    Err(ProgramError::MissingRequiredSignature)
}

fn custom(error: SystemError) -> ProgramError {
    ProgramError::Custom(error as u32)
}
