//! The contract ABI of Cofferdam: everything a program may ask of the chain it runs on.
//!
//! A program is a function generic over [`Host`]. The in-memory ledger implements the trait
//! natively; a thin crate can implement it over a virtual machine's entrypoint. There are no
//! globals: two ledgers in one process never see each other's clock or accounts.
//!
//! `AccountInfo` and `solana-cpi` are deliberately not used. Off-chain their `invoke` answers
//! `Ok(())` without moving anything, their `resize` assumes the virtual machine's memory layout
//! and their sysvars are process-global, so a test could pass while no token moved. Calls are
//! this crate's own borrowed [`Call`], since `solana-instruction` needs `std` for its type.
//!
//! This crate knows nothing about lending and nothing about the ledger.
#![no_std]

extern crate alloc;

mod call;
pub mod cpi;
mod shown;
mod wire;

use alloc::vec::Vec;
use core::fmt;

pub use call::{Call, CallAccount, OwnedCall};
pub use shown::Shown;
pub use solana_address::Address;
pub use solana_clock::Clock;
pub use solana_program_error::{ProgramError, ProgramResult};
pub use wire::{
    AccountData, AccountHead, ErrorCode, Event, decode_account, decode_account_boxed, decode_head,
    encode_account, encode_event, with_encoded_event,
};

/// What a program sees of one account of its instruction.
#[derive(Clone, Copy, Debug)]
pub struct AccountView<'a> {
    /// Address of the account.
    pub address: &'a Address,
    /// Program that owns the account; only it may debit the account or change its data.
    pub owner: &'a Address,
    /// Balance in lamports.
    pub lamports: u64,
    /// The account's bytes.
    pub data: &'a [u8],
    /// Whether the transaction, or the calling program by its seeds, signed for this address.
    pub is_signer: bool,
    /// Whether the instruction may change the account.
    pub is_writable: bool,
    /// Whether the account holds a program.
    pub executable: bool,
}

/// The chain, as one running instruction sees it.
///
/// Accounts are named by their position in the instruction. The same address may stand at
/// several positions: then all of them show the same account.
///
/// Setters only prepare a change. Whether the program was allowed to make it is decided by the
/// runtime, at the latest when the instruction (or a call it makes) is over.
pub trait Host {
    /// Address of the program that is running.
    fn program_id(&self) -> &Address;

    /// Number of accounts the instruction lists.
    fn account_count(&self) -> usize;

    /// The account at `index`.
    ///
    /// # Errors
    /// [`ProgramError::NotEnoughAccountKeys`] when the instruction lists fewer accounts.
    fn account(&self, index: usize) -> Result<AccountView<'_>, ProgramError>;

    /// The bytes of the account at `index`, to be changed in place.
    ///
    /// # Errors
    /// Those of [`Host::account`]; the runtime's own when the program may not change the bytes.
    fn data_mut(&mut self, index: usize) -> Result<&mut [u8], ProgramError>;

    /// Sets the length of the account's data; new bytes are zero.
    ///
    /// # Errors
    /// [`ProgramError::InvalidRealloc`] beyond the chain's growth and size limits.
    fn resize(&mut self, index: usize, len: usize) -> ProgramResult;

    /// Sets the account's balance in lamports.
    ///
    /// # Errors
    /// The runtime's own when the program may not spend or change the balance.
    fn set_lamports(&mut self, index: usize, lamports: u64) -> ProgramResult;

    /// Hands the account to another owner.
    ///
    /// # Errors
    /// The runtime's own when the program may not give the account away.
    fn set_owner(&mut self, index: usize, owner: &Address) -> ProgramResult;

    /// Calls another program, signing for every program address that `signer_seeds` derive.
    ///
    /// # Errors
    /// Whatever the callee failed with; the runtime's own when the call asks for privileges the
    /// caller does not hold. A failed call fails the whole transaction.
    fn invoke_signed(&mut self, call: Call<'_>, signer_seeds: &[&[&[u8]]]) -> ProgramResult;

    /// The program address that `seeds` derive for the running program.
    ///
    /// # Errors
    /// [`ProgramError::InvalidSeeds`] when the seeds derive a point on the curve, which could
    /// have a private key; [`ProgramError::MaxSeedLengthExceeded`] for a seed over 32 bytes.
    fn create_program_address(&self, seeds: &[&[u8]]) -> Result<Address, ProgramError>;

    /// The chain's clock.
    ///
    /// # Errors
    /// [`ProgramError::UnsupportedSysvar`] on a chain without one.
    fn clock(&self) -> Result<Clock, ProgramError>;

    /// Balance, in lamports, that keeps an account of `data_len` bytes from being collected.
    ///
    /// # Errors
    /// [`ProgramError::UnsupportedSysvar`] on a chain without rent.
    fn minimum_balance(&self, data_len: usize) -> Result<u64, ProgramError>;

    /// Position of the running top-level instruction within its transaction.
    ///
    /// # Errors
    /// [`ProgramError::UnsupportedSysvar`] on a chain without introspection.
    fn instruction_index(&self) -> Result<usize, ProgramError>;

    /// The top-level instruction at `index` of the transaction, `None` past the last one.
    ///
    /// # Errors
    /// [`ProgramError::UnsupportedSysvar`] on a chain without introspection.
    fn sibling(&self, index: usize) -> Result<Option<OwnedCall>, ProgramError>;

    /// Records an event: 8 bytes that name its type, then its fields. See [`encode_event`].
    ///
    /// # Errors
    /// [`ProgramError::InvalidArgument`] beyond the chain's limit on recorded bytes.
    fn emit(&mut self, event: &[u8]) -> ProgramResult;

    /// Adds a line to the transaction's log.
    fn log(&mut self, line: fmt::Arguments<'_>);

    /// Sets the bytes the instruction returns to its caller.
    ///
    /// # Errors
    /// [`ProgramError::InvalidArgument`] beyond the chain's limit.
    fn set_return_data(&mut self, data: &[u8]) -> ProgramResult;

    /// The last returned bytes and the program that set them.
    fn return_data(&self) -> Option<(Address, Vec<u8>)>;

    /// Spends compute units; a chain that meters by itself does nothing here.
    ///
    /// # Errors
    /// The runtime's own when the transaction's budget is used up.
    fn consume(&mut self, units: u64) -> ProgramResult;

    /// Compute units the transaction may still spend.
    fn remaining_units(&self) -> u64;

    /// Calls another program with the caller's own privileges only.
    ///
    /// # Errors
    /// Those of [`Host::invoke_signed`].
    fn invoke(&mut self, call: Call<'_>) -> ProgramResult {
        self.invoke_signed(call, &[])
    }
}
