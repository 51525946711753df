use cofferdam_ledger::Receipt;
use cofferdam_lending_interface::state::{Mode, PoolConfig, ReserveConfig};
use cofferdam_sdk::{Address, ClientError, instruction as build};

use super::{Actor, Asset, PoolId, World};

type Sent = Result<Receipt, ClientError>;

/// What those who run a pool do.
impl World {
    /// Replaces a reserve's parameters; a threshold that falls does so over `ramp_s`.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn ramp_reserve(
        &mut self,
        authority: Actor,
        (pool, asset): (PoolId, Asset),
        config: ReserveConfig,
        ramp_s: u32,
    ) -> Sent {
        let (person, keys) = (self.person(authority), self.keys(pool, asset));
        let update = build::update_reserve(&person, &keys.pool, &keys.reserve, config, ramp_s);
        self.send(&[authority], &[update])
    }

    /// Replaces a pool's own parameters, as the admin.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn update_pool(&mut self, pool: PoolId, config: PoolConfig) -> Sent {
        let update = build::update_pool(&self.person(Actor::Admin), &self.pool(pool), config);
        self.send(&[Actor::Admin], &[update])
    }

    /// Sets a pool's mode.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn set_pool_mode(&mut self, authority: Actor, pool: PoolId, mode: Mode) -> Sent {
        let set = build::set_pool_mode(&self.person(authority), &self.pool(pool), mode);
        self.send(&[authority], &[set])
    }

    /// Sets a reserve's mode.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn set_reserve_mode(
        &mut self,
        authority: Actor,
        (pool, asset): (PoolId, Asset),
        mode: Mode,
    ) -> Sent {
        let keys = self.keys(pool, asset);
        let person = self.person(authority);
        let set = build::set_reserve_mode(&person, &keys.pool, &keys.reserve, mode);
        self.send(&[authority], &[set])
    }

    /// Lets a change to a reserve begin to wait, with its next second feed or the zero address;
    /// the admin signs and pays.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn queue_reserve_change(
        &mut self,
        (pool, asset): (PoolId, Asset),
        config: ReserveConfig,
        (feed, second_feed): (Address, Address),
    ) -> Sent {
        let (admin, keys) = (self.person(Actor::Admin), self.keys(pool, asset));
        let target = (&keys.pool, &keys.reserve);
        let feeds = (&feed, &second_feed);
        let queue = build::queue_reserve_change(&admin, &admin, target, feeds, config);
        self.send(&[Actor::Admin], &[queue])
    }

    /// Applies a reserve's change, as the admin, who paid for it.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn apply_reserve_change(&mut self, pool: PoolId, asset: Asset) -> Sent {
        let (admin, keys) = (self.person(Actor::Admin), self.keys(pool, asset));
        let apply = build::apply_reserve_change(&admin, (&keys.pool, &keys.reserve), &admin);
        self.send(&[Actor::Admin], &[apply])
    }

    /// Withdraws a reserve's change, which the admin paid for.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn cancel_reserve_change(
        &mut self,
        authority: Actor,
        (pool, asset): (PoolId, Asset),
    ) -> Sent {
        let (person, admin) = (self.person(authority), self.person(Actor::Admin));
        let keys = self.keys(pool, asset);
        let cancel = build::cancel_reserve_change(&person, (&keys.pool, &keys.reserve), &admin);
        self.send(&[authority], &[cancel])
    }

    /// Lets a change to a pool's parameters begin to wait; the admin signs and pays.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn queue_pool_change(&mut self, pool: PoolId, config: PoolConfig) -> Sent {
        let admin = self.person(Actor::Admin);
        let queue = build::queue_pool_change(&admin, &admin, &self.pool(pool), config);
        self.send(&[Actor::Admin], &[queue])
    }

    /// Applies a pool's change, as the admin, who paid for it.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn apply_pool_change(&mut self, pool: PoolId) -> Sent {
        let admin = self.person(Actor::Admin);
        let apply = build::apply_pool_change(&admin, &self.pool(pool), &admin);
        self.send(&[Actor::Admin], &[apply])
    }

    /// Withdraws a pool's change, which the admin paid for.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn cancel_pool_change(&mut self, authority: Actor, pool: PoolId) -> Sent {
        let (person, admin) = (self.person(authority), self.person(Actor::Admin));
        let cancel = build::cancel_pool_change(&person, &self.pool(pool), &admin);
        self.send(&[authority], &[cancel])
    }
}
