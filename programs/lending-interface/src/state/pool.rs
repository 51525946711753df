use borsh::{BorshDeserialize, BorshSerialize};
use cofferdam_host::Address;

use super::{Authority, Mode};
use crate::{error::LendingError, units::Value};

/// Most reserves a pool may have.
pub const RESERVES_MAX: usize = 16;

/// Least time between the end of a grace and the next: a day. An admin who freezes and thaws in
/// turn cannot put liquidations off for ever.
pub const GRACE_REST_S: u32 = 86_400;

/// A pool's own parameters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct PoolConfig {
    /// Who may reduce risk besides the admin; zero for nobody.
    pub guardian: Address,
    /// How long a change that raises risk waits.
    pub timelock_s: u32,
    /// Notice a supplier gives before withdrawing; zero for none.
    pub withdrawal_notice_s: u32,
    /// How long after a thaw only positions at the full-close level may be liquidated.
    pub grace_s: u32,
    /// Least value of debt a position may be left with by a loan, a withdrawal or a liquidation,
    /// and least value of collateral a liquidation may leave: smaller ones nobody would liquidate.
    pub min_position_value: Value,
}

impl PoolConfig {
    /// Longest timelock: 30 days.
    pub const TIMELOCK_MAX_S: u32 = 30 * 86_400;
    /// Longest notice: 14 days.
    pub const NOTICE_MAX_S: u32 = 14 * 86_400;
    /// Longest grace: 4 hours.
    pub const GRACE_MAX_S: u32 = 4 * 3_600;
    /// Highest minimum position: 10,000.
    pub const MIN_POSITION_MAX: Value = Value(10_000 * crate::units::WAD);

    /// The first parameter out of range, as a sentence with the range; `None` when all are fine.
    #[must_use]
    pub fn fault(&self) -> Option<&'static str> {
        let checks = [
            (self.timelock_s <= Self::TIMELOCK_MAX_S, "timelock_s must be at most 2592000"),
            (
                self.withdrawal_notice_s <= Self::NOTICE_MAX_S,
                "withdrawal_notice_s must be at most 1209600",
            ),
            (self.grace_s <= Self::GRACE_MAX_S, "grace_s must be at most 14400"),
            (
                self.min_position_value <= Self::MIN_POSITION_MAX,
                "min_position_value must be at most 10000 (USD)",
            ),
        ];
        checks.into_iter().find(|(fine, _)| !fine).map(|(_, range)| range)
    }
}

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
    /// Who was proposed as the next admin and has to accept; zero for nobody.
    pub pending_admin: Address,
    /// What the pool still lets people do.
    pub mode: Mode,
    /// Until when the grace after a thaw runs, unix time.
    pub grace_until_s: i64,
    /// The pool's own parameters.
    pub config: PoolConfig,
    /// Reserves in use.
    pub reserve_count: u8,
    /// The reserves, in order of creation; those from `reserve_count` on are zero.
    pub reserves: [Address; RESERVES_MAX],
}

/// What those who use a [`Pool`] need of it: all but its names, its admins and the list of its
/// reserves, each of which says itself whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolHead {
    /// What the pool still lets people do.
    pub mode: Mode,
    /// Until when the grace after a thaw runs, unix time.
    pub grace_until_s: i64,
    /// The pool's own parameters.
    pub config: PoolConfig,
}

impl Pool {
    /// A pool that was just created.
    #[must_use]
    pub fn new(bump: u8, creator: Address, name: [u8; 32], config: PoolConfig) -> Self {
        Self {
            bump,
            creator,
            name,
            admin: creator,
            pending_admin: Address::default(),
            mode: Mode::Active,
            grace_until_s: 0,
            config,
            reserve_count: 0,
            reserves: [Address::default(); RESERVES_MAX],
        }
    }

    /// The reserves in use.
    #[must_use]
    pub fn reserves(&self) -> &[Address] {
        self.reserves.get(..usize::from(self.reserve_count)).unwrap_or(&[])
    }

    /// The role of `signer`, if any. Nobody has a role by the zero address.
    #[must_use]
    pub fn role_of(&self, signer: &Address) -> Option<Authority> {
        if *signer == Address::default() {
            return None;
        }
        let guards = *signer == self.config.guardian;
        let admins = *signer == self.admin;
        admins.then_some(Authority::Admin).or_else(|| guards.then_some(Authority::Guardian))
    }

    /// Changes the mode at `now_s`. Leaving frozen begins a grace, because nobody could add
    /// collateral before; see [`GRACE_REST_S`] for how often.
    ///
    /// # Errors
    /// [`LendingError::ModeChangeForbidden`].
    pub fn set_mode(
        &mut self,
        next: Mode,
        authority: Authority,
        now_s: i64,
    ) -> Result<(), LendingError> {
        if !self.mode.may_become(next, authority) {
            return Err(LendingError::ModeChangeForbidden);
        }
        let thaws = self.mode == Mode::Frozen && next < Mode::Frozen;
        let rested_s = i128::from(now_s) - i128::from(self.grace_until_s);
        if thaws && rested_s >= i128::from(GRACE_REST_S) {
            let until_s = now_s.checked_add(i64::from(self.config.grace_s));
            self.grace_until_s = until_s.ok_or(LendingError::MathOverflow)?;
        }
        self.mode = next;
        Ok(())
    }

    /// What those who use the pool need of it.
    #[must_use]
    pub fn head(&self) -> PoolHead {
        self.into()
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

impl PoolHead {
    /// Whether the grace after a thaw runs at `now_s`.
    #[must_use]
    pub const fn is_in_grace(&self, now_s: i64) -> bool {
        now_s < self.grace_until_s
    }
}
