//! Joining a reserve's insurance fund and leaving it.

use borsh::{BorshDeserialize, BorshSerialize};

use super::accounts::accounts;
use crate::units::{Amount, Shares};

/// Opens a stake in a reserve's insurance fund.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct OpenStake {
    /// Bump of the stake's address.
    pub bump: u8,
}

accounts! {
    /// Accounts of [`OpenStake`].
    OpenStakeAccounts {
        /// Pays the rent.
        payer: payer,
        /// The owner.
        owner: signer,
        /// The pool.
        pool: readonly,
        /// The reserve.
        reserve: readonly,
        /// The new stake.
        stake: writable,
        /// System program.
        system_program: readonly,
    }
}

/// Adds to a stake.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct StakeInsurance {
    /// Native units to stake.
    pub amount: Amount,
}

accounts! {
    /// Accounts of [`StakeInsurance`].
    StakeInsuranceAccounts {
        /// Owner of the stake and of `source`.
        owner: signer,
        /// The pool.
        pool: readonly,
        /// The reserve.
        reserve: writable,
        /// The stake.
        stake: writable,
        /// Token account that pays.
        source: writable,
        /// The reserve's vault.
        vault: writable,
        /// SPL Token program.
        token_program: readonly,
    }
}

/// Lets shares of a stake begin to cool down, in place of what was cooling before; zero stays.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct StartCooldown {
    /// Shares that will leave.
    pub shares: Shares,
}

accounts! {
    /// Accounts of [`StartCooldown`].
    StartCooldownAccounts {
        /// Owner of the stake.
        owner: signer,
        /// The pool.
        pool: readonly,
        /// The reserve.
        reserve: readonly,
        /// The stake.
        stake: writable,
    }
}

/// Takes shares out that have cooled down.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct UnstakeInsurance {
    /// Shares to take out.
    pub shares: Shares,
}

accounts! {
    /// Accounts of [`UnstakeInsurance`].
    UnstakeInsuranceAccounts {
        /// Owner of the stake.
        owner: signer,
        /// The pool.
        pool: readonly,
        /// The reserve.
        reserve: writable,
        /// The stake.
        stake: writable,
        /// The reserve's vault.
        vault: writable,
        /// Token account that receives.
        destination: writable,
        /// SPL Token program.
        token_program: readonly,
    }
}
