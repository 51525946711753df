use borsh::{BorshDeserialize, BorshSerialize};
use cofferdam_host::Address;

use super::{PoolConfig, ReserveConfig};

/// A change to a reserve that raises its risk, on its way through the timelock.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct QueuedReserveChange {
    /// Bump of the change's address.
    pub bump: u8,
    /// The pool.
    pub pool: Address,
    /// The reserve.
    pub reserve: Address,
    /// From when on it may be applied, unix time.
    pub ready_at_s: i64,
    /// Who paid the rent and gets it back.
    pub payer: Address,
    /// The reserve's next parameters.
    pub config: ReserveConfig,
    /// The reserve's next feed.
    pub feed: Address,
    /// The reserve's next second feed; zero for none.
    pub second_feed: Address,
}

/// A change to a pool's parameters that raises its risk, on its way through the timelock.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct QueuedPoolChange {
    /// Bump of the change's address.
    pub bump: u8,
    /// The pool.
    pub pool: Address,
    /// From when on it may be applied, unix time.
    pub ready_at_s: i64,
    /// Who paid the rent and gets it back.
    pub payer: Address,
    /// The pool's next parameters.
    pub config: PoolConfig,
}
