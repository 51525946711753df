//! What a program holds in its hands while it runs: the ledger's side of [`Host`].

use std::fmt;

use cofferdam_host::{
    AccountView, Address, Call, CallAccount, Clock, Host, OwnedCall, ProgramError, ProgramResult,
};
use smallvec::SmallVec;
use solana_account::Account;
use solana_instruction_error::InstructionError;

use crate::{
    execute::{
        Execution, FrameAccount, Running, Scene, frame,
        refusal::{self, instruction_error, program_error},
        rules,
    },
    program::Program,
    receipt::{RawEvent, ReturnData},
};

/// Program addresses that a call signs for.
type Signers = SmallVec<[Address; 2]>;

/// A running instruction. Programs use it through [`Host`].
///
/// Changes are checked when they are asked for and once more when the instruction is over. A
/// change that was refused fails the transaction even if the program goes on.
#[derive(Debug)]
pub struct Invocation<'a> {
    pub(crate) scene: Scene<'a>,
    pub(crate) execution: &'a mut Execution,
    pub(crate) running: Running<'a>,
}

impl<'a> Invocation<'a> {
    fn accounts(&self) -> &[FrameAccount] {
        self.execution.accounts_of(&self.running)
    }

    fn frame_account(&self, index: usize) -> Result<FrameAccount, ProgramError> {
        self.accounts().get(index).copied().ok_or(ProgramError::NotEnoughAccountKeys)
    }

    fn current(&self, account: FrameAccount) -> &Account {
        self.execution.account(self.scene, account.index())
    }

    fn current_mut(&mut self, account: FrameAccount) -> &mut Account {
        self.execution.account_mut(self.scene, account.index())
    }

    /// Puts a refusal on record and into the log.
    fn refuse(&mut self, account: FrameAccount, error: &InstructionError) -> ProgramError {
        let address = self.scene.message.account_keys[account.index()];
        self.refuse_with(format_args!("account {address}: {error}"), error, Some(address))
    }

    fn refuse_with(
        &mut self,
        line: fmt::Arguments<'_>,
        error: &InstructionError,
        account: Option<Address>,
    ) -> ProgramError {
        let line = self.execution.line(line);
        refusal::log(self.scene.genesis, self.execution, &mut self.running, line);
        self.execution.fail_at(&self.running, error.clone(), account);
        program_error(error.clone())
    }

    fn allow(
        &mut self,
        account: FrameAccount,
        verdict: Result<(), InstructionError>,
    ) -> ProgramResult {
        verdict.map_err(|error| self.refuse(account, &error))
    }

    /// Spends units for something with a fixed price and one for its bytes.
    fn charge(&mut self, units: u64, bytes: usize) -> ProgramResult {
        let units = (bytes as u64)
            .checked_mul(self.scene.genesis.costs.byte_units)
            .and_then(|byte_units| byte_units.checked_add(units))
            .unwrap_or(u64::MAX);
        match self.execution.charge(units) {
            Ok(()) => Ok(()),
            Err(error) => Err(self.refuse_with(format_args!("{error}"), &error, None)),
        }
    }

    /// Price of bytes that are copied or zeroed in bulk.
    fn bulk_units(&self, bytes: usize) -> u64 {
        bytes as u64 / self.scene.genesis.costs.bytes_per_unit
    }

    /// Spends units for a change of an account, for which `bytes` are copied or zeroed.
    fn charge_change(&mut self, bytes: usize) -> ProgramResult {
        let units = self.scene.genesis.costs.change_units.checked_add(self.bulk_units(bytes));
        self.charge(units.unwrap_or(u64::MAX), 0)
    }

    fn charge_sysvar(&self) -> ProgramResult {
        self.execution.charge(self.scene.genesis.costs.sysvar_units).map_err(program_error)
    }

    /// Prepares the accounts of a call, each with no more privileges than the caller may hand on;
    /// returns where they begin.
    fn call_accounts(
        &mut self,
        call: Call<'_>,
        signers: &[Address],
    ) -> Result<usize, ProgramError> {
        let from = self.execution.prepared_from();
        for wanted in call.accounts {
            let account = self.call_account(wanted, signers)?;
            self.execution.prepare(account);
        }
        merge_duplicates(self.execution.prepared_mut(from));
        Ok(from)
    }

    fn call_account(
        &mut self,
        wanted: &CallAccount,
        signers: &[Address],
    ) -> Result<FrameAccount, ProgramError> {
        let CallAccount { address, is_signer, is_writable } = *wanted;
        let Some(held) = self.held(&address) else {
            let error = InstructionError::MissingAccount;
            let line = format_args!("call lists account {address}, the instruction does not");
            return Err(self.refuse_with(line, &error, Some(address)));
        };
        if is_writable && !held.is_writable {
            let error = InstructionError::PrivilegeEscalation;
            let line = format_args!("account {address}: writable in the call, read-only here");
            return Err(self.refuse_with(line, &error, Some(address)));
        }
        if is_signer && !held.is_signer && !signers.contains(&address) {
            let error = InstructionError::PrivilegeEscalation;
            let line = format_args!("account {address}: signer in the call, nobody signed for it");
            return Err(self.refuse_with(line, &error, Some(address)));
        }
        Ok(FrameAccount { place: held.place, is_signer, is_writable })
    }

    /// The account as this instruction holds it.
    fn held(&self, address: &Address) -> Option<FrameAccount> {
        let keys = &self.scene.message.account_keys;
        self.accounts().iter().find(|account| keys[account.index()] == *address).copied()
    }

    fn signers(&mut self, signer_seeds: &[&[&[u8]]]) -> Result<Signers, ProgramError> {
        let mut signers = Signers::with_capacity(signer_seeds.len());
        for seeds in signer_seeds {
            match self.create_program_address(seeds) {
                Ok(address) => signers.push(address),
                Err(error) => {
                    let error = instruction_error(error);
                    return Err(self.refuse_with(
                        format_args!("signer seeds: {error}"),
                        &error,
                        None,
                    ));
                }
            }
        }
        Ok(signers)
    }

    fn callee(&mut self, program_id: &Address) -> Result<&'a Program, ProgramError> {
        let error = match self.held(program_id) {
            None => InstructionError::MissingAccount,
            Some(account) if !self.current(account).executable => {
                InstructionError::AccountNotExecutable
            }
            Some(_) => match self.scene.programs.get(program_id) {
                None => InstructionError::UnsupportedProgramId,
                Some(program) => return Ok(program),
            },
        };
        let line = format_args!("call of program {program_id}: {error}");
        Err(self.refuse_with(line, &error, Some(*program_id)))
    }

    /// Judges what this program did so far: the callee must not inherit a broken state, nor be
    /// blamed for it.
    fn settle(&mut self) -> ProgramResult {
        let Self { scene, execution, running } = self;
        if let Err((index, error)) = running.verify(*scene, execution) {
            refusal::deny(*scene, execution, running, index, error.clone());
            return Err(program_error(error));
        }
        self.accept()
    }

    fn accept(&mut self) -> ProgramResult {
        let Self { scene, execution, running } = self;
        if let Err((index, error)) = running.accept(*scene, execution) {
            refusal::deny(*scene, execution, running, index, error.clone());
            return Err(program_error(error));
        }
        Ok(())
    }
}

impl Host for Invocation<'_> {
    fn program_id(&self) -> &Address {
        &self.running.program.id
    }

    fn account_count(&self) -> usize {
        self.accounts().len()
    }

    fn account(&self, index: usize) -> Result<AccountView<'_>, ProgramError> {
        let held = self.frame_account(index)?;
        Ok(frame::view(self.scene, self.execution, held))
    }

    fn data_mut(&mut self, index: usize) -> Result<&mut [u8], ProgramError> {
        let held = self.frame_account(index)?;
        let verdict = rules::may_change_data(self.running.actor(held), self.current(held));
        self.allow(held, verdict)?;
        self.charge_change(self.current(held).data.len())?;
        Ok(&mut self.current_mut(held).data)
    }

    fn resize(&mut self, index: usize, len: usize) -> ProgramResult {
        let held = self.frame_account(index)?;
        let limit = self.running.size_limit(self.scene, self.execution, held);
        let account = self.current(held);
        let before = account.data.len();
        let verdict = rules::may_resize(self.running.actor(held), account, len, limit);
        self.allow(held, verdict)?;
        let grown = len.saturating_sub(before);
        let total = self.execution.grown.checked_add(grown);
        match total.filter(|total| *total <= self.scene.genesis.growth_per_transaction_max) {
            Some(total) => self.execution.grown = total,
            None => {
                let error = InstructionError::MaxAccountsDataAllocationsExceeded;
                return Err(self.refuse(held, &error));
            }
        }
        self.charge_change(grown)?;
        if len != before {
            self.current_mut(held).data.resize(len, 0);
        }
        Ok(())
    }

    fn set_lamports(&mut self, index: usize, lamports: u64) -> ProgramResult {
        let held = self.frame_account(index)?;
        let account = self.current(held);
        let unchanged = account.lamports == lamports;
        let verdict = rules::may_set_lamports(self.running.actor(held), account, lamports);
        self.allow(held, verdict)?;
        self.charge_change(0)?;
        if !unchanged {
            self.current_mut(held).lamports = lamports;
        }
        Ok(())
    }

    fn set_owner(&mut self, index: usize, owner: &Address) -> ProgramResult {
        let held = self.frame_account(index)?;
        let account = self.current(held);
        let unchanged = account.owner == *owner;
        let verdict = rules::may_set_owner(self.running.actor(held), account, owner);
        self.allow(held, verdict)?;
        self.charge_change(0)?;
        if !unchanged {
            self.current_mut(held).owner = *owner;
        }
        Ok(())
    }

    fn invoke_signed(&mut self, call: Call<'_>, signer_seeds: &[&[&[u8]]]) -> ProgramResult {
        // After a failure nothing that still runs can have an effect.
        if let Some(failure) = &self.execution.failure {
            return Err(program_error(failure.error.clone()));
        }
        let costs = &self.scene.genesis.costs;
        let units = costs.call_units.checked_add(self.bulk_units(call.data.len()));
        self.charge(units.unwrap_or(u64::MAX), 0)?;
        let signers = self.signers(signer_seeds)?;
        let program = self.callee(call.program_id)?;
        let first = self.call_accounts(call, &signers)?;
        self.settle()?;
        let Self { scene, execution, running } = self;
        let result = frame::run_call(*scene, execution, running, program, first, call.data);
        if let Err(error) = result {
            self.execution.fail(&self.running, error.clone());
            return Err(program_error(error));
        }
        self.accept()
    }

    fn create_program_address(&self, seeds: &[&[u8]]) -> Result<Address, ProgramError> {
        let units = self.scene.genesis.costs.program_address_units;
        self.execution.charge(units).map_err(program_error)?;
        let program = self.running.program;
        Ok(program.derivations.address(seeds, &program.id)?)
    }

    fn clock(&self) -> Result<Clock, ProgramError> {
        self.charge_sysvar()?;
        Ok(self.scene.clock.clone())
    }

    fn minimum_balance(&self, data_len: usize) -> Result<u64, ProgramError> {
        self.charge_sysvar()?;
        Ok(self.scene.genesis.minimum_balance(data_len))
    }

    fn instruction_index(&self) -> Result<usize, ProgramError> {
        self.charge_sysvar()?;
        Ok(self.running.instruction)
    }

    fn sibling(&self, index: usize) -> Result<Option<OwnedCall>, ProgramError> {
        self.charge_sysvar()?;
        let message = self.scene.message;
        let Some(compiled) = message.instructions.get(index) else { return Ok(None) };
        let account = |index: &u8| {
            let index = usize::from(*index);
            CallAccount {
                address: message.account_keys[index],
                is_signer: message.is_signer(index),
                is_writable: self.scene.writable[index],
            }
        };
        Ok(Some(OwnedCall {
            program_id: message.account_keys[usize::from(compiled.program_id_index)],
            accounts: compiled.accounts.iter().map(account).collect(),
            data: compiled.data.clone(),
        }))
    }

    fn emit(&mut self, event: &[u8]) -> ProgramResult {
        self.charge(self.scene.genesis.costs.event_units, event.len())?;
        let total = self.execution.event_bytes.checked_add(event.len());
        let Some(total) = total.filter(|total| *total <= self.scene.genesis.event_bytes_max) else {
            return Err(ProgramError::InvalidArgument);
        };
        self.execution.event_bytes = total;
        let event = RawEvent { program_id: self.running.program.id, data: event.to_vec() };
        self.execution.events.push(event);
        Ok(())
    }

    fn log(&mut self, line: fmt::Arguments<'_>) {
        let line = self.execution.line(line);
        // Out of units there is nothing to report to: the meter itself fails the instruction.
        if self.charge(self.scene.genesis.costs.log_units, line.len()).is_ok() {
            refusal::log(self.scene.genesis, self.execution, &mut self.running, line);
        }
    }

    fn set_return_data(&mut self, data: &[u8]) -> ProgramResult {
        if data.len() > self.scene.genesis.return_data_bytes_max {
            return Err(ProgramError::InvalidArgument);
        }
        self.charge(0, data.len())?;
        let program_id = self.running.program.id;
        self.execution.return_data = Some(ReturnData { program_id, data: data.to_vec() });
        Ok(())
    }

    fn return_data(&self) -> Option<(Address, Vec<u8>)> {
        self.execution
            .return_data
            .as_ref()
            .map(|returned| (returned.program_id, returned.data.clone()))
    }

    fn consume(&mut self, units: u64) -> ProgramResult {
        self.charge(units, 0)
    }

    fn remaining_units(&self) -> u64 {
        self.execution.units_left()
    }
}

/// An account listed twice in a call has the same privileges at every place it stands.
fn merge_duplicates(accounts: &mut [FrameAccount]) {
    for at in 1..accounts.len() {
        let (earlier, rest) = accounts.split_at_mut(at);
        let this = &mut rest[0];
        for twin in earlier.iter_mut() {
            if twin.place == this.place {
                twin.is_signer |= this.is_signer;
                twin.is_writable |= this.is_writable;
                *this = *twin;
            }
        }
    }
}
