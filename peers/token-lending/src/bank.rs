//! Accounts in memory, and the calls between the two programs.
//!
//! Everything here is as cheap as it can be: accounts are views of memory that is never freed,
//! nothing is looked up by address while the clock runs but what a call lists, nothing is copied,
//! and nothing is rolled back.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use solana_program::{
    account_info::AccountInfo,
    clock::Clock,
    entrypoint::ProgramResult,
    instruction::{AccountMeta, Instruction},
    program_error::ProgramError,
    program_stubs::{SyscallStubs, set_syscall_stubs},
    pubkey::Pubkey,
    sysvar,
};

/// Accounts by address.
#[derive(Default)]
pub(crate) struct Bank(BTreeMap<Pubkey, AccountInfo<'static>>);

/// An instruction with the accounts it lists.
pub(crate) struct Ready {
    accounts: Vec<AccountInfo<'static>>,
    data: Vec<u8>,
}

impl Bank {
    pub(crate) fn new() -> Self {
        set_syscall_stubs(Box::new(Calls));
        let mut bank = Self::default();
        let clock = bincode::serialize(&Clock::default()).expect("a clock has a form");
        bank.add(sysvar::clock::id(), sysvar::id(), clock);
        bank.add(spl_token::id(), Pubkey::default(), Vec::new());
        bank
    }

    /// Adds an account; its memory is never freed.
    pub(crate) fn add(&mut self, address: Pubkey, owner: Pubkey, data: Vec<u8>) {
        let account = AccountInfo {
            key: Box::leak(Box::new(address)),
            lamports: Rc::new(RefCell::new(Box::leak(Box::new(1_000_000_000)))),
            data: Rc::new(RefCell::new(Box::leak(data.into_boxed_slice()))),
            owner: Box::leak(Box::new(owner)),
            rent_epoch: 0,
            is_signer: false,
            is_writable: false,
            executable: false,
        };
        let _none = self.0.insert(address, account);
    }

    /// Overwrites bytes of an account.
    pub(crate) fn write(&self, address: &Pubkey, at: usize, bytes: &[u8]) {
        self.0[address].data.borrow_mut()[at..at + bytes.len()].copy_from_slice(bytes);
    }

    pub(crate) fn ready(&self, instruction: &Instruction) -> Ready {
        let view = |meta: &AccountMeta| AccountInfo {
            is_signer: meta.is_signer,
            is_writable: meta.is_writable,
            ..self.0[&meta.pubkey].clone()
        };
        let accounts = instruction.accounts.iter().map(view).collect();
        Ready { accounts, data: instruction.data.clone() }
    }
}

impl Ready {
    pub(crate) fn run(&self) -> ProgramResult {
        let program = spl_token_lending::id();
        spl_token_lending::processor::process_instruction(&program, &self.accounts, &self.data)
    }
}

/// Calls of SPL Token's own processor.
struct Calls;

impl SyscallStubs for Calls {
    fn sol_log(&self, _message: &str) {}

    fn sol_invoke_signed(
        &self,
        instruction: &Instruction,
        infos: &[AccountInfo],
        seeds: &[&[&[u8]]],
    ) -> ProgramResult {
        let program = spl_token_lending::id();
        let signers = seeds.iter().map(|seeds| Pubkey::create_program_address(seeds, &program));
        let signers: BTreeSet<Pubkey> =
            signers.collect::<Result<_, _>>().map_err(|_| ProgramError::InvalidSeeds)?;
        let mut accounts = Vec::with_capacity(instruction.accounts.len());
        for meta in &instruction.accounts {
            let info = infos.iter().find(|info| *info.key == meta.pubkey);
            let info = info.ok_or(ProgramError::NotEnoughAccountKeys)?;
            let is_signer = meta.is_signer && (info.is_signer || signers.contains(info.key));
            if meta.is_signer && !is_signer {
                return Err(ProgramError::MissingRequiredSignature);
            }
            accounts.push(AccountInfo { is_signer, ..info.clone() });
        }
        spl_token::processor::Processor::process(&spl_token::id(), &accounts, &instruction.data)
    }
}
