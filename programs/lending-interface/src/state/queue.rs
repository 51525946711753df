use borsh::{BorshDeserialize, BorshSerialize};
use cofferdam_host::Address;

use super::{PoolConfig, ReserveConfig};
use crate::{error::LendingError, zoo};

/// How long a queued change may be applied once it is ready: 14 days. A change that everybody has
/// forgotten must not take effect all of a sudden.
pub const CHANGE_LIFE_S: u32 = 14 * 86_400;

/// Refuses a change that is not to be applied at `now_s`, from when it is ready.
///
/// # Errors
/// [`LendingError::ChangeNotReady`] before; [`LendingError::ChangeExpired`] once
/// [`CHANGE_LIFE_S`] have passed since.
pub fn require_ready(ready_at_s: i64, now_s: i64) -> Result<(), LendingError> {
    if zoo!(now_s < ready_at_s; TimelockSkipped => false) {
        return Err(LendingError::ChangeNotReady);
    }
    let since_s = i128::from(now_s) - i128::from(ready_at_s);
    if since_s > i128::from(CHANGE_LIFE_S) { Err(LendingError::ChangeExpired) } else { Ok(()) }
}

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
