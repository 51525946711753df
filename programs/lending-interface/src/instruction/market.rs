//! Creating and running a pool.

use borsh::{BorshDeserialize, BorshSerialize};

use super::accounts::accounts;
use crate::{
    state::{PoolConfig, ReserveConfig},
    units::Amount,
};

/// Creates a pool.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CreatePool {
    /// Name, zero-padded ASCII.
    pub name: [u8; 32],
    /// Bump of the pool's address.
    pub bump: u8,
    /// The pool's own parameters.
    pub config: PoolConfig,
}

accounts! {
    /// Accounts of [`CreatePool`].
    CreatePoolAccounts {
        /// Pays the rent.
        payer: payer,
        /// Creator and first admin.
        admin: signer,
        /// The new pool.
        pool: writable,
        /// System program.
        system_program: readonly,
    }
}

/// Adds a reserve to a pool. A second feed may follow as the one remaining account. In a pool with
/// a timelock a reserve begins with collateral factor and threshold zero.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct AddReserve {
    /// Risk parameters.
    pub config: ReserveConfig,
    /// Bump of the reserve's address.
    pub bump: u8,
    /// Bump of the vault's address.
    pub vault_bump: u8,
}

accounts! {
    /// Accounts of [`AddReserve`].
    AddReserveAccounts {
        /// Pays the rent.
        payer: payer,
        /// The pool's admin.
        admin: signer,
        /// The pool.
        pool: writable,
        /// The asset.
        mint: readonly,
        /// Its price feed.
        feed: readonly,
        /// The new reserve.
        reserve: writable,
        /// The new vault.
        vault: writable,
        /// SPL Token program.
        token_program: readonly,
        /// System program.
        system_program: readonly,
    }
}

/// Replaces a reserve's risk parameters at once; interest up to now accrues under the old ones.
/// In a pool with a timelock a change that raises risk has to be queued instead.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct UpdateReserve {
    /// The new parameters.
    pub config: ReserveConfig,
    /// Time over which the liquidation threshold falls to its new value; zero if it does not fall.
    pub ramp_s: u32,
}

accounts! {
    /// Accounts of [`UpdateReserve`].
    UpdateReserveAccounts {
        /// The pool's admin, or its guardian.
        authority: signer,
        /// The pool.
        pool: readonly,
        /// The reserve.
        reserve: writable,
    }
}

/// Pays into a reserve's insurance fund.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct FundInsurance {
    /// Native units to pay.
    pub amount: Amount,
}

accounts! {
    /// Accounts of [`FundInsurance`].
    FundInsuranceAccounts {
        /// Owner of `source`.
        funder: signer,
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

/// Pays accrued fees out to the admin.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CollectFees {
    /// Native units to collect, or [`super::ALL`] for whatever is accrued and in cash.
    pub amount: Amount,
}

accounts! {
    /// Accounts of [`CollectFees`].
    CollectFeesAccounts {
        /// The pool's admin.
        admin: signer,
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
    }
}

/// Pays a reserve's deficit down, on anybody's behalf; at most the deficit is taken.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CoverDeficit {
    /// Native units to pay, or [`super::ALL`].
    pub amount: Amount,
}

accounts! {
    /// Accounts of [`CoverDeficit`].
    CoverDeficitAccounts {
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
