//! What entries add up to, kept by differences.
//!
//! Sums wrap round at 2¹²⁸: what is added is taken off again, so the difference of two sums is
//! exact whatever happened between, and a sum that a corrupted account carries past the end is
//! still not the total it is compared with.

use std::{collections::BTreeMap, sync::Arc};

use cofferdam_host::{Address, cpi::TokenAccount};
use cofferdam_lending_interface::state::{Position, Stake};

use super::{Delta, Table};

/// What entries add up to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sums {
    /// By reserve, whether or not there is one; a sum of nothing is left out.
    pub reserves: Table<ReserveSums>,
    /// Shares of stakes, by reserve and epoch of its fund; as above.
    pub stakes: Arc<BTreeMap<(Address, u32), u128>>,
    /// Tokens of all accounts, by mint; as above.
    pub held: Table<u128>,
}

/// What the entries of one reserve add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReserveSums {
    /// Supply shares of all positions.
    pub supply: u128,
    /// Debt shares of all positions.
    pub debt: u128,
    /// Claims against all positions, in 10⁻⁹ units.
    pub claim: u128,
}

/// Whether something is added or taken off.
#[derive(Clone, Copy)]
enum Sign {
    Plus,
    Minus,
}

impl Sign {
    const fn apply(self, sum: u128, part: u128) -> u128 {
        match self {
            Self::Plus => sum.wrapping_add(part),
            Self::Minus => sum.wrapping_sub(part),
        }
    }
}

impl Sums {
    /// What the entries of a reserve add up to.
    #[must_use]
    pub fn of(&self, reserve: &Address) -> ReserveSums {
        self.reserves.get(reserve).copied().unwrap_or_default()
    }

    /// Shares of the stakes in one epoch of a reserve's fund.
    #[must_use]
    pub fn staked(&self, reserve: &Address, epoch: u32) -> u128 {
        self.stakes.get(&(*reserve, epoch)).copied().unwrap_or_default()
    }

    pub(super) fn follow(&mut self, delta: &Delta) {
        for changed in &delta.positions {
            self.count_position(changed.before.as_deref(), Sign::Minus);
            self.count_position(changed.after.as_deref(), Sign::Plus);
        }
        for changed in &delta.tokens {
            self.count_tokens(changed.before.as_deref(), Sign::Minus);
            self.count_tokens(changed.after.as_deref(), Sign::Plus);
        }
        for changed in &delta.stakes {
            self.count_stake(changed.before.as_deref(), Sign::Minus);
            self.count_stake(changed.after.as_deref(), Sign::Plus);
        }
    }

    fn count_position(&mut self, position: Option<&Position>, sign: Sign) {
        for entry in position.into_iter().flat_map(Position::used) {
            let sums = self.of(&entry.reserve);
            let sums = ReserveSums {
                supply: sign.apply(sums.supply, entry.supply.get()),
                debt: sign.apply(sums.debt, entry.debt.get()),
                claim: sign.apply(sums.claim, entry.claim.get()),
            };
            let kept = (sums != ReserveSums::default()).then(|| Arc::new(sums));
            let _previous = self.reserves.set(entry.reserve, kept);
        }
    }

    fn count_tokens(&mut self, account: Option<&TokenAccount>, sign: Sign) {
        let Some(account) = account else { return };
        let held = self.held.get(&account.mint).copied().unwrap_or_default();
        let held = sign.apply(held, u128::from(account.amount));
        let _previous = self.held.set(account.mint, (held > 0).then(|| Arc::new(held)));
    }

    fn count_stake(&mut self, stake: Option<&Stake>, sign: Sign) {
        let Some(stake) = stake else { return };
        let key = (stake.reserve, stake.epoch);
        let sum = sign.apply(self.staked(&key.0, key.1), stake.shares.get());
        let stakes = Arc::make_mut(&mut self.stakes);
        let _previous = if sum > 0 { stakes.insert(key, sum) } else { stakes.remove(&key) };
    }
}
