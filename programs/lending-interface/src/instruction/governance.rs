//! Who runs a pool, what it still allows, and changes that have to wait.

use borsh::{BorshDeserialize, BorshSerialize};
use cofferdam_host::Address;

use super::accounts::accounts;
use crate::state::{Mode, PoolConfig, ReserveConfig};

/// Replaces a pool's own parameters at once. A change that raises risk has to be queued instead.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct UpdatePool {
    /// The new parameters.
    pub config: PoolConfig,
}

accounts! {
    /// Accounts of [`UpdatePool`] and [`ProposeAdmin`].
    PoolAdminAccounts {
        /// The pool's admin.
        admin: signer,
        /// The pool.
        pool: writable,
    }
}

/// Proposes the next admin, who has to accept.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ProposeAdmin {
    /// The next admin; zero takes a proposal back.
    pub admin: Address,
}

/// Accepts to be a pool's admin.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct AcceptAdmin {}

accounts! {
    /// Accounts of [`AcceptAdmin`].
    AcceptAdminAccounts {
        /// Who was proposed.
        proposed: signer,
        /// The pool.
        pool: writable,
    }
}

/// Sets the mode of a whole pool.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct SetPoolMode {
    /// The mode.
    pub mode: Mode,
}

accounts! {
    /// Accounts of [`SetPoolMode`].
    SetPoolModeAccounts {
        /// The pool's admin, or its guardian.
        authority: signer,
        /// The pool.
        pool: writable,
    }
}

/// Sets the mode of one reserve.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct SetReserveMode {
    /// The mode.
    pub mode: Mode,
}

accounts! {
    /// Accounts of [`SetReserveMode`].
    SetReserveModeAccounts {
        /// The pool's admin, or its guardian.
        authority: signer,
        /// The pool.
        pool: readonly,
        /// The reserve.
        reserve: writable,
    }
}

/// Lets a change to a reserve begin to wait.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct QueueReserveChange {
    /// The reserve's next parameters. They may not lower the threshold: that never has to wait.
    pub config: ReserveConfig,
    /// Bump of the change's address.
    pub bump: u8,
}

accounts! {
    /// Accounts of [`QueueReserveChange`]. The reserve's next second feed may follow as the one
    /// remaining account.
    QueueReserveChangeAccounts {
        /// Pays the rent.
        payer: payer,
        /// The pool's admin.
        admin: signer,
        /// The pool.
        pool: readonly,
        /// The reserve.
        reserve: readonly,
        /// The reserve's next feed.
        feed: readonly,
        /// The new change.
        change: writable,
        /// System program.
        system_program: readonly,
    }
}

/// Applies a reserve's change once it has waited.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ApplyReserveChange {}

accounts! {
    /// Accounts of [`ApplyReserveChange`].
    ApplyReserveChangeAccounts {
        /// The pool's admin.
        admin: signer,
        /// The pool.
        pool: readonly,
        /// The reserve.
        reserve: writable,
        /// The change, which is closed.
        change: writable,
        /// Receives the rent: who paid it.
        payer: writable,
    }
}

/// Withdraws a reserve's change.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CancelReserveChange {}

/// Withdraws a pool's change.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CancelPoolChange {}

accounts! {
    /// Accounts of [`CancelReserveChange`] and [`CancelPoolChange`].
    CancelChangeAccounts {
        /// The pool's admin, or its guardian.
        authority: signer,
        /// The pool.
        pool: readonly,
        /// The change, which is closed.
        change: writable,
        /// Receives the rent: who paid it.
        payer: writable,
    }
}

/// Lets a change to a pool's parameters begin to wait.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct QueuePoolChange {
    /// The pool's next parameters.
    pub config: PoolConfig,
    /// Bump of the change's address.
    pub bump: u8,
}

accounts! {
    /// Accounts of [`QueuePoolChange`].
    QueuePoolChangeAccounts {
        /// Pays the rent.
        payer: payer,
        /// The pool's admin.
        admin: signer,
        /// The pool.
        pool: readonly,
        /// The new change.
        change: writable,
        /// System program.
        system_program: readonly,
    }
}

/// Applies a pool's change once it has waited.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ApplyPoolChange {}

accounts! {
    /// Accounts of [`ApplyPoolChange`].
    ApplyPoolChangeAccounts {
        /// The pool's admin.
        admin: signer,
        /// The pool.
        pool: writable,
        /// The change, which is closed.
        change: writable,
        /// Receives the rent: who paid it.
        payer: writable,
    }
}
