//! Loans that live within one transaction.

use borsh::{BorshDeserialize, BorshSerialize};

use super::accounts::accounts;
use crate::units::Amount;

/// Lends tokens that a [`FlashRepay`] of the same reserve, later in the same transaction, brings
/// back with the fee.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct FlashBorrow {
    /// Native units to lend.
    pub amount: Amount,
}

accounts! {
    /// Accounts of [`FlashBorrow`].
    FlashBorrowAccounts {
        /// Who borrows.
        borrower: signer,
        /// The pool.
        pool: readonly,
        /// The reserve.
        reserve: writable,
        /// The reserve's vault.
        vault: writable,
        /// Token account that receives.
        destination: writable,
        /// SPL Token program.
        token_program: readonly,
        /// Sysvar by which a program reads the other instructions of its transaction.
        instructions: readonly,
    }
}

/// Pays a reserve's flash loan back, with its fee.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct FlashRepay {}

accounts! {
    /// Accounts of [`FlashRepay`].
    FlashRepayAccounts {
        /// Owner of `source`.
        payer: signer,
        /// The pool.
        pool: readonly,
        /// The reserve.
        reserve: writable,
        /// Token account that pays.
        source: writable,
        /// The reserve's vault.
        vault: writable,
        /// SPL Token program.
        token_program: readonly,
    }
}
