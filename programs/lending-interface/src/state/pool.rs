use borsh::{BorshDeserialize, BorshSerialize};
use cofferdam_host::Address;

use crate::error::LendingError;

/// Most reserves a pool may have.
pub const RESERVES_MAX: usize = 16;

/// A pool: reserves that may lose together, and nobody else with them.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Pool {
    /// Bump of the pool's address.
    pub bump: u8,
    /// Who created it; part of its address.
    pub creator: Address,
    /// Name, zero-padded ASCII; part of its address.
    pub name: [u8; 32],
    /// Who may add and change reserves and collect fees.
    pub admin: Address,
    /// Reserves in use.
    pub reserve_count: u8,
    /// The reserves, in order of creation; those from `reserve_count` on are zero.
    pub reserves: [Address; RESERVES_MAX],
}

impl Pool {
    /// The reserves in use.
    #[must_use]
    pub fn reserves(&self) -> &[Address] {
        self.reserves.get(..usize::from(self.reserve_count)).unwrap_or(&[])
    }

    /// Adds a reserve.
    ///
    /// # Errors
    /// [`LendingError::PoolFull`].
    pub fn push_reserve(&mut self, reserve: Address) -> Result<(), LendingError> {
        let slot =
            self.reserves.get_mut(usize::from(self.reserve_count)).ok_or(LendingError::PoolFull)?;
        *slot = reserve;
        self.reserve_count += 1;
        Ok(())
    }
}
