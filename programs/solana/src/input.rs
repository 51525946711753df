//! The input that Solana's loader hands to a program, read and changed in place.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | number of accounts |
//! | … | each account, see below; or, for an account listed before, its first position (1) and 7 bytes |
//! | 8 | length of the instruction's data |
//! | … | the data |
//! | 32 | address of the program |
//!
//! An account is: 255 (1), signed (1), writable (1), executable (1), room for a number (4), address
//! (32), owner (32), lamports (8), length of the data (8), the data, room to grow by 10 KiB, up to
//! a multiple of eight, and the rent epoch (8). Numbers are little-endian.

use core::slice;

use cofferdam_host::{AccountView, Address, ProgramError, ProgramResult};

/// Most accounts one instruction can list: what fits a transaction's account locks.
pub const ACCOUNTS_MAX: usize = 128;

/// Bytes by which one instruction may let an account grow.
pub const GROWTH_MAX: usize = 10_240;

const FIRST_SEEN: u8 = u8::MAX;
pub(crate) const SIGNED: usize = 1;
pub(crate) const WRITABLE: usize = 2;
pub(crate) const EXECUTABLE: usize = 3;
const LENGTH_AT_ENTRY: usize = 4;
pub(crate) const ADDRESS: usize = 8;
pub(crate) const OWNER: usize = 40;
pub(crate) const LAMPORTS: usize = 72;
pub(crate) const LENGTH: usize = 80;
pub(crate) const DATA: usize = 88;
const DUPLICATE_LEN: usize = 8;
const EPOCH_LEN: usize = 8;

/// The input of one instruction.
#[derive(Debug)]
pub struct Input {
    accounts: [*mut u8; ACCOUNTS_MAX],
    count: usize,
    data: *const u8,
    data_len: usize,
    program_id: *const Address,
}

impl Input {
    /// Finds the accounts in the loader's input.
    ///
    /// # Errors
    /// [`ProgramError::MaxAccountsDataAllocationsExceeded`] for more accounts than
    /// [`ACCOUNTS_MAX`].
    ///
    /// # Safety
    /// `start` is the input in the form above, aligned to eight bytes, and nothing else reads or
    /// writes it while the value lives.
    pub unsafe fn parse(start: *mut u8) -> Result<Self, ProgramError> {
        let mut accounts = [core::ptr::null_mut(); ACCOUNTS_MAX];
        // SAFETY: the caller vouches for the form; every step below stays within it.
        unsafe {
            let count = number(start) as usize;
            if count > ACCOUNTS_MAX {
                return Err(ProgramError::MaxAccountsDataAllocationsExceeded);
            }
            let mut at = start.add(8);
            for index in 0..count {
                if *at == FIRST_SEEN {
                    let len = number(at.add(LENGTH)) as usize;
                    // The room for a number is used as the official entrypoint does: what an
                    // account may grow to depends on the length it came with.
                    at.add(LENGTH_AT_ENTRY).cast::<u32>().write(len as u32);
                    accounts[index] = at;
                    at = at.add((DATA + len + GROWTH_MAX).next_multiple_of(8) + EPOCH_LEN);
                } else {
                    accounts[index] = accounts[usize::from(*at)];
                    at = at.add(DUPLICATE_LEN);
                }
            }
            let data_len = number(at) as usize;
            let data = at.add(8);
            let program_id = data.add(data_len).cast::<Address>().cast_const();
            Ok(Self { accounts, count, data, data_len, program_id })
        }
    }

    /// The instruction's data.
    #[must_use]
    pub const fn data<'a>(&self) -> &'a [u8] {
        // SAFETY: the input outlives the program's run, and nobody writes the instruction's data.
        unsafe { slice::from_raw_parts(self.data, self.data_len) }
    }

    /// Address of the program that runs.
    #[must_use]
    pub const fn program_id(&self) -> &Address {
        // SAFETY: `parse` found it within the input; an address is bytes and needs no alignment.
        unsafe { &*self.program_id }
    }

    /// Number of accounts.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.count
    }

    /// The account at `index`.
    ///
    /// # Errors
    /// [`ProgramError::NotEnoughAccountKeys`] past the last one.
    pub fn account(&self, index: usize) -> Result<AccountView<'_>, ProgramError> {
        let start = self.start(index)?;
        // SAFETY: `start` is an account within the input; views borrow `self`, and what changes
        // the input needs it mutably.
        unsafe {
            Ok(AccountView {
                address: &*start.add(ADDRESS).cast(),
                owner: &*start.add(OWNER).cast(),
                lamports: number(start.add(LAMPORTS)),
                data: slice::from_raw_parts(start.add(DATA), number(start.add(LENGTH)) as usize),
                is_signer: *start.add(SIGNED) != 0,
                is_writable: *start.add(WRITABLE) != 0,
                executable: *start.add(EXECUTABLE) != 0,
            })
        }
    }

    /// The data of the account at `index`. Whether the program may change it is judged by the
    /// runtime when the instruction is over.
    ///
    /// # Errors
    /// As [`Input::account`].
    pub fn data_mut(&mut self, index: usize) -> Result<&mut [u8], ProgramError> {
        let start = self.start(index)?;
        // SAFETY: as for `account`; `self` is borrowed mutably.
        unsafe {
            let len = number(start.add(LENGTH)) as usize;
            Ok(slice::from_raw_parts_mut(start.add(DATA), len))
        }
    }

    /// Sets the length of the data; new bytes are zero.
    ///
    /// # Errors
    /// [`ProgramError::InvalidRealloc`] beyond the room to grow; those of [`Input::account`].
    pub fn resize(&mut self, index: usize, len: usize) -> ProgramResult {
        let start = self.start(index)?;
        // SAFETY: as for `account`; the room behind the data is part of the input.
        unsafe {
            let (now, at_entry) = (number(start.add(LENGTH)) as usize, entry_length(start));
            if len > at_entry + GROWTH_MAX {
                return Err(ProgramError::InvalidRealloc);
            }
            if let Some(more) = len.checked_sub(now) {
                start.add(DATA + now).write_bytes(0, more);
            }
            start.add(LENGTH).cast::<u64>().write(len as u64);
        }
        Ok(())
    }

    /// Sets the balance.
    ///
    /// # Errors
    /// As [`Input::account`].
    pub fn set_lamports(&mut self, index: usize, lamports: u64) -> ProgramResult {
        let start = self.start(index)?;
        // SAFETY: as for `account`; the field is aligned because the account is.
        unsafe { start.add(LAMPORTS).cast::<u64>().write(lamports) };
        Ok(())
    }

    /// Sets the owner.
    ///
    /// # Errors
    /// As [`Input::account`].
    pub fn set_owner(&mut self, index: usize, owner: &Address) -> ProgramResult {
        let start = self.start(index)?;
        // SAFETY: as for `account`.
        unsafe { start.add(OWNER).cast::<Address>().write(*owner) };
        Ok(())
    }

    /// The first account with this address.
    #[must_use]
    pub fn position(&self, address: &Address) -> Option<usize> {
        (0..self.count)
            .find(|index| self.account(*index).is_ok_and(|account| account.address == address))
    }

    /// Where the account at `index` begins.
    pub(crate) fn start(&self, index: usize) -> Result<*mut u8, ProgramError> {
        let known = self.accounts[..self.count].get(index);
        known.copied().ok_or(ProgramError::NotEnoughAccountKeys)
    }
}

/// Length of an account's data when the instruction began.
unsafe fn entry_length(start: *const u8) -> usize {
    // SAFETY: the caller hands over an account that `parse` has seen.
    unsafe { start.add(LENGTH_AT_ENTRY).cast::<u32>().read() as usize }
}

/// A number at an aligned place.
unsafe fn number(at: *const u8) -> u64 {
    // SAFETY: the caller vouches for the place.
    unsafe { at.cast::<u64>().read_unaligned() }
}
