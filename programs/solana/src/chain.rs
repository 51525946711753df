//! [`Host`] over the machine's syscalls.

use alloc::{vec, vec::Vec};
use core::{fmt, mem::MaybeUninit};

use cofferdam_host::{
    AccountView, Address, Call, Clock, Host, OwnedCall, ProgramError, ProgramResult,
    cpi::INSTRUCTIONS_SYSVAR_ID,
};

use crate::{
    input::{self, Input},
    introspect,
    rent::exempt_balance,
    syscalls,
};

/// Most bytes a program can return.
const RETURN_DATA_MAX: usize = 1_024;

/// The chain, as the running instruction sees it.
#[derive(Debug)]
pub(crate) struct Chain(pub(crate) Input);

/// A call, in the form the machine's C interface takes.
#[repr(C)]
struct RawCall {
    program_id: *const Address,
    accounts: *const RawMeta,
    accounts_len: u64,
    data: *const u8,
    data_len: u64,
}

/// What a call lists.
#[repr(C)]
struct RawMeta {
    address: *const Address,
    is_writable: bool,
    is_signer: bool,
}

/// An account that a call may need. The machine finds the length of the data in the eight bytes
/// before it, where the loader's input has it.
#[repr(C)]
struct RawAccount {
    address: *const u8,
    lamports: *const u8,
    data_len: u64,
    data: *const u8,
    owner: *const u8,
    rent_epoch: u64,
    is_signer: bool,
    is_writable: bool,
    executable: bool,
}

/// The rent sysvar; the threshold is a float, kept as bits.
#[repr(C)]
struct RawRent {
    lamports_per_byte_year: u64,
    threshold_bits: u64,
    burn_percent: u8,
}

impl Chain {
    /// The account at `index` as calls take it.
    fn raw(&self, index: usize) -> Result<RawAccount, ProgramError> {
        let start = self.0.start(index)?;
        // SAFETY: `start` is an account of the loader's input.
        unsafe {
            Ok(RawAccount {
                address: start.add(input::ADDRESS),
                lamports: start.add(input::LAMPORTS),
                data_len: start.add(input::LENGTH).cast::<u64>().read(),
                data: start.add(input::DATA),
                owner: start.add(input::OWNER),
                rent_epoch: u64::MAX,
                is_signer: *start.add(input::SIGNED) != 0,
                is_writable: *start.add(input::WRITABLE) != 0,
                executable: *start.add(input::EXECUTABLE) != 0,
            })
        }
    }

    /// The accounts that `call` lists, as far as this instruction has them; the machine refuses a
    /// call for the others.
    fn accounts_of(&self, call: &Call<'_>) -> Result<Vec<RawAccount>, ProgramError> {
        let listed = call.accounts.iter().filter_map(|meta| self.0.position(&meta.address));
        listed.map(|index| self.raw(index)).collect()
    }

    /// The bytes of the sysvar `Instructions`, which the instruction has to list.
    fn instructions(&self) -> Result<&[u8], ProgramError> {
        let index = self.0.position(&INSTRUCTIONS_SYSVAR_ID);
        Ok(self.0.account(index.ok_or(ProgramError::UnsupportedSysvar)?)?.data)
    }
}

impl Host for Chain {
    fn program_id(&self) -> &Address {
        self.0.program_id()
    }

    fn account_count(&self) -> usize {
        self.0.count()
    }

    fn account(&self, index: usize) -> Result<AccountView<'_>, ProgramError> {
        self.0.account(index)
    }

    fn data_mut(&mut self, index: usize) -> Result<&mut [u8], ProgramError> {
        self.0.data_mut(index)
    }

    fn resize(&mut self, index: usize, len: usize) -> ProgramResult {
        self.0.resize(index, len)
    }

    fn set_lamports(&mut self, index: usize, lamports: u64) -> ProgramResult {
        self.0.set_lamports(index, lamports)
    }

    fn set_owner(&mut self, index: usize, owner: &Address) -> ProgramResult {
        self.0.set_owner(index, owner)
    }

    /// A call that fails ends the transaction within the machine, so none comes back as an error.
    fn invoke_signed(&mut self, call: Call<'_>, signer_seeds: &[&[&[u8]]]) -> ProgramResult {
        let accounts = self.accounts_of(&call)?;
        let metas: Vec<RawMeta> = call.accounts.iter().map(meta).collect();
        let raw = RawCall {
            program_id: call.program_id,
            accounts: metas.as_ptr(),
            accounts_len: metas.len() as u64,
            data: call.data.as_ptr(),
            data_len: call.data.len() as u64,
        };
        // SAFETY: all of it outlives the syscall; a slice is an address and a length here, which
        // is what the interface means by a seed and by a list of seeds.
        let status = unsafe {
            syscalls::sol_invoke_signed_c(
                (&raw const raw).cast(),
                accounts.as_ptr().cast(),
                accounts.len() as u64,
                signer_seeds.as_ptr().cast(),
                signer_seeds.len() as u64,
            )
        };
        if status == 0 { Ok(()) } else { Err(ProgramError::from(status)) }
    }

    fn create_program_address(&self, seeds: &[&[u8]]) -> Result<Address, ProgramError> {
        if seeds.iter().any(|seed| seed.len() > 32) || seeds.len() > 16 {
            return Err(ProgramError::MaxSeedLengthExceeded);
        }
        let mut address = [0; 32];
        // SAFETY: as for `invoke_signed`; the address is written before it is read.
        let status = unsafe {
            syscalls::sol_create_program_address(
                seeds.as_ptr().cast(),
                seeds.len() as u64,
                self.0.program_id().as_ref().as_ptr(),
                address.as_mut_ptr(),
            )
        };
        let derived = Address::new_from_array(address);
        if status == 0 { Ok(derived) } else { Err(ProgramError::InvalidSeeds) }
    }

    fn clock(&self) -> Result<Clock, ProgramError> {
        let mut clock = MaybeUninit::<Clock>::uninit();
        // SAFETY: `Clock` has the C layout that the syscall writes, all of it when it answers 0.
        unsafe {
            match syscalls::sol_get_clock_sysvar(clock.as_mut_ptr().cast()) {
                0 => Ok(clock.assume_init()),
                _ => Err(ProgramError::UnsupportedSysvar),
            }
        }
    }

    fn minimum_balance(&self, data_len: usize) -> Result<u64, ProgramError> {
        let mut rent = MaybeUninit::<RawRent>::uninit();
        // SAFETY: as for `clock`.
        let rent = unsafe {
            match syscalls::sol_get_rent_sysvar(rent.as_mut_ptr().cast()) {
                0 => rent.assume_init(),
                _ => return Err(ProgramError::UnsupportedSysvar),
            }
        };
        exempt_balance(rent.lamports_per_byte_year, rent.threshold_bits, data_len as u64)
            .ok_or(ProgramError::UnsupportedSysvar)
    }

    fn instruction_index(&self) -> Result<usize, ProgramError> {
        introspect::current(self.instructions()?).ok_or(ProgramError::UnsupportedSysvar)
    }

    fn sibling(&self, index: usize) -> Result<Option<OwnedCall>, ProgramError> {
        Ok(introspect::instruction(self.instructions()?, index))
    }

    fn emit(&mut self, event: &[u8]) -> ProgramResult {
        // SAFETY: one slice, alive until the syscall returns.
        unsafe { syscalls::sol_log_data((&raw const event).cast(), 1) };
        Ok(())
    }

    /// Only lines without figures: formatting on the machine costs more than the instruction, and
    /// the error's number says what the line would.
    fn log(&mut self, line: fmt::Arguments<'_>) {
        if let Some(text) = line.as_str() {
            // SAFETY: the text outlives the syscall.
            unsafe { syscalls::sol_log_(text.as_ptr(), text.len() as u64) };
        }
    }

    fn set_return_data(&mut self, data: &[u8]) -> ProgramResult {
        if data.len() > RETURN_DATA_MAX {
            return Err(ProgramError::InvalidArgument);
        }
        // SAFETY: the bytes outlive the syscall.
        unsafe { syscalls::sol_set_return_data(data.as_ptr(), data.len() as u64) };
        Ok(())
    }

    fn return_data(&self) -> Option<(Address, Vec<u8>)> {
        let (mut data, mut program_id) = (vec![0; RETURN_DATA_MAX], [0; 32]);
        // SAFETY: the syscall writes at most as many bytes as it is told there is room for.
        let len = unsafe {
            let (room, program) = (data.len() as u64, program_id.as_mut_ptr());
            syscalls::sol_get_return_data(data.as_mut_ptr(), room, program)
        };
        data.truncate(len as usize);
        (len > 0).then(|| (Address::new_from_array(program_id), data))
    }

    /// The machine meters by itself.
    fn consume(&mut self, _units: u64) -> ProgramResult {
        Ok(())
    }

    fn remaining_units(&self) -> u64 {
        // SAFETY: takes nothing.
        unsafe { syscalls::sol_remaining_compute_units() }
    }
}

fn meta(account: &cofferdam_host::CallAccount) -> RawMeta {
    RawMeta {
        address: &raw const account.address,
        is_writable: account.is_writable,
        is_signer: account.is_signer,
    }
}
