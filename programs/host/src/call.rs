//! One program calling another, and what a transaction's other instructions look like.

use alloc::vec::Vec;

use crate::Address;

/// One account of a call, with the privileges the callee is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallAccount {
    /// Address of the account.
    pub address: Address,
    /// Whether the callee sees it as signed for.
    pub is_signer: bool,
    /// Whether the callee may change it.
    pub is_writable: bool,
}

impl CallAccount {
    /// An account the callee may change.
    #[must_use]
    pub const fn writable(address: Address) -> Self {
        Self { address, is_signer: false, is_writable: true }
    }

    /// An account the callee only reads.
    #[must_use]
    pub const fn readonly(address: Address) -> Self {
        Self { address, is_signer: false, is_writable: false }
    }

    /// The same account, signed for.
    #[must_use]
    pub const fn signed(self) -> Self {
        Self { is_signer: true, ..self }
    }
}

/// A call to another program; borrowed, so that a call on a hot path allocates nothing.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// Program to run.
    pub program_id: &'a Address,
    /// Accounts handed over, in the callee's order.
    pub accounts: &'a [CallAccount],
    /// The callee's instruction data.
    pub data: &'a [u8],
}

/// An instruction of the running transaction, as introspection returns it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedCall {
    /// Program the instruction runs.
    pub program_id: Address,
    /// Accounts it lists.
    pub accounts: Vec<CallAccount>,
    /// Its data.
    pub data: Vec<u8>,
}
