//! The transaction's instructions, as the sysvar `Instructions` holds them:
//!
//! | bytes | what |
//! |---|---|
//! | 2 | number of instructions `n` |
//! | 2 each | where each instruction begins |
//! | … | each: number of accounts (2), per account flags (1) and address (32), program (32), length of the data (2), data |
//! | last 2 | position of the running instruction |
//!
//! Numbers are little-endian. Flag 1 is a signature, flag 2 the right to write.

use alloc::vec::Vec;

use cofferdam_host::{Address, CallAccount, OwnedCall};

const SIGNER: u8 = 1;
const WRITABLE: u8 = 2;

/// Position of the running top-level instruction; `None` for bytes of another shape.
#[must_use]
pub fn current(sysvar: &[u8]) -> Option<usize> {
    sysvar.last_chunk().map(|index| usize::from(u16::from_le_bytes(*index)))
}

/// The instruction at `index`; `None` past the last one and for bytes of another shape.
#[must_use]
pub fn instruction(sysvar: &[u8], index: usize) -> Option<OwnedCall> {
    let mut head = Reader(sysvar);
    if index >= head.number()? {
        return None;
    }
    let start = Reader(head.0.get(2 * index..)?).number()?;
    let mut body = Reader(sysvar.get(start..)?);
    let count = body.number()?;
    let accounts = (0..count).map(|_| body.account()).collect::<Option<Vec<_>>>()?;
    let program_id = body.address()?;
    let len = body.number()?;
    let data = body.take(len)?.to_vec();
    Some(OwnedCall { program_id, accounts, data })
}

/// What is left to read.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<usize> {
        let bytes = self.take(2)?.try_into().ok()?;
        Some(usize::from(u16::from_le_bytes(bytes)))
    }

    fn address(&mut self) -> Option<Address> {
        self.take(32)?.try_into().ok().map(Address::new_from_array)
    }

    fn account(&mut self) -> Option<CallAccount> {
        let flags = *self.take(1)?.first()?;
        let address = self.address()?;
        let (is_signer, is_writable) = (flags & SIGNER != 0, flags & WRITABLE != 0);
        Some(CallAccount { address, is_signer, is_writable })
    }
}
