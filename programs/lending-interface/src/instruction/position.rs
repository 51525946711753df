//! What an owner does with a position.

use borsh::{BorshDeserialize, BorshSerialize};

use super::accounts::accounts;
use crate::units::{Amount, Shares};

/// Opens a position.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct OpenPosition {
    /// Number of the position among its owner's.
    pub index: u16,
    /// Bump of the position's address.
    pub bump: u8,
}

accounts! {
    /// Accounts of [`OpenPosition`].
    OpenPositionAccounts {
        /// Pays the rent.
        payer: payer,
        /// The owner.
        owner: signer,
        /// The pool.
        pool: readonly,
        /// The new position.
        position: writable,
        /// System program.
        system_program: readonly,
    }
}

/// Supplies tokens, which become collateral.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Deposit {
    /// Native units to supply.
    pub amount: Amount,
}

accounts! {
    /// Accounts of [`Deposit`].
    DepositAccounts {
        /// Owner of the position and of `source`.
        owner: signer,
        /// The pool.
        pool: readonly,
        /// The reserve.
        reserve: writable,
        /// The position.
        position: writable,
        /// Token account that pays.
        source: writable,
        /// The reserve's vault.
        vault: writable,
        /// SPL Token program.
        token_program: readonly,
    }
}

/// Takes supply back. With debt in the position, the remaining accounts are needed and prices
/// must be fresh; without, neither.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Withdraw {
    /// Native units to take, or [`super::ALL`].
    pub amount: Amount,
}

/// Borrows against the position's collateral; takes remaining accounts.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Borrow {
    /// Native units to borrow.
    pub amount: Amount,
}

accounts! {
    /// Accounts of [`Withdraw`] and of [`Borrow`]: both let tokens out to the position's owner.
    OutflowAccounts {
        /// Owner of the position.
        owner: signer,
        /// The pool.
        pool: readonly,
        /// The reserve.
        reserve: writable,
        /// The reserve's feed.
        feed: readonly,
        /// The position.
        position: writable,
        /// The reserve's vault.
        vault: writable,
        /// Token account that receives.
        destination: writable,
        /// SPL Token program.
        token_program: readonly,
    }
}

/// Pays debt back, on anybody's behalf.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Repay {
    /// Native units to repay; at most what is owed is taken, so [`super::ALL`] clears the debt.
    pub amount: Amount,
}

accounts! {
    /// Accounts of [`Repay`].
    RepayAccounts {
        /// Owner of `source`.
        payer: signer,
        /// The pool.
        pool: readonly,
        /// The reserve.
        reserve: writable,
        /// The position.
        position: writable,
        /// Token account that pays.
        source: writable,
        /// The reserve's vault.
        vault: writable,
        /// SPL Token program.
        token_program: readonly,
    }
}

/// Announces a withdrawal, in place of what was announced before; zero stays.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct GiveNotice {
    /// Supply shares that will leave.
    pub shares: Shares,
}

accounts! {
    /// Accounts of [`GiveNotice`].
    GiveNoticeAccounts {
        /// Owner of the position.
        owner: signer,
        /// The pool.
        pool: readonly,
        /// The reserve.
        reserve: readonly,
        /// The position.
        position: writable,
    }
}
