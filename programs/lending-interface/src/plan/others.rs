use core::fmt;

use cofferdam_host::Address;

use crate::{
    error::LendingError,
    state::{Position, Reserve, Stake},
    units::{DebtShares, Shares},
};

/// Shares of a reserve that nobody at hand holds. An instruction leaves them as they are: the
/// reserve's totals move by what its positions move, and by nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Others {
    supply: Shares,
    debt: DebtShares,
}

impl fmt::Display for Others {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} shares and {} debt shares", self.supply, self.debt)
    }
}

impl Others {
    /// What the reserve at `address` has beyond `positions`.
    ///
    /// # Errors
    /// [`LendingError::SharesMismatch`] when the positions hold more than there is.
    pub fn of<'a>(
        address: &Address,
        reserve: &Reserve,
        positions: impl IntoIterator<Item = &'a Position>,
    ) -> Result<Self, LendingError> {
        let mut others = Self { supply: reserve.supply_shares, debt: reserve.debt_shares };
        for position in positions {
            let entry = position.entry(address);
            others = others.less(entry.supply, entry.debt).ok_or(LendingError::SharesMismatch)?;
        }
        Ok(others)
    }

    fn less(self, supply: Shares, debt: DebtShares) -> Option<Self> {
        Some(Self { supply: self.supply.minus(supply).ok()?, debt: self.debt.minus(debt).ok()? })
    }

    /// Refuses when they are not what they were `before`.
    ///
    /// # Errors
    /// [`LendingError::SharesMismatch`].
    pub fn require_as(self, before: Self) -> Result<(), LendingError> {
        if self == before { Ok(()) } else { Err(LendingError::SharesMismatch) }
    }
}

/// Shares of a reserve's insurance fund that stakes other than this one hold, in its epoch.
///
/// # Errors
/// [`LendingError::SharesMismatch`] when the stake holds more than there is.
pub fn staked_by_others(reserve: &Reserve, stake: &Stake) -> Result<Shares, LendingError> {
    let current = stake.epoch == reserve.insurance_epoch;
    let own = if current { stake.shares } else { Shares::ZERO };
    reserve.insurance_staked.minus(own).map_err(|_| LendingError::SharesMismatch)
}
