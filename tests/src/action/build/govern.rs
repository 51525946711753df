//! What those do who run a pool: parameters, modes, changes that wait, and the next admin.

use cofferdam_host::{Address, decode_account};
use cofferdam_lending_interface::{
    math::ramp::RAMP_MIN_S,
    state::{Mode, PoolConfig, QueuedPoolChange, QueuedReserveChange, ReserveConfig},
    units::Bps,
};
use cofferdam_sdk::{Instruction, instruction as build};

use super::{Built, Resolved, config, number};
use crate::{
    action::{Figures, Verb},
    world::Actor,
};

impl Resolved<'_> {
    pub(super) fn admin_verb(&self) -> Built {
        let (admin, keys) = (self.admin(), self.keys());
        let (person, way) = (self.world.person(admin), self.action.way);
        let config = self.next_reserve();
        let instruction = match self.action.verb {
            Verb::UpdateReserve => {
                let authority = self.authority();
                let (person, ramp_s) = (self.world.person(authority), self.ramp_s(&config));
                let update =
                    build::update_reserve(&person, &keys.pool, &keys.reserve, config, ramp_s);
                return self.built(update, authority, self.way());
            }
            Verb::AddReserve => self.add_reserve(&person, self.first_reserve(config)),
            Verb::UpdatePool => build::update_pool(&person, &keys.pool, self.next_pool()),
            _ => build::create_pool(
                &person,
                &person,
                if self.is_odd() { [0; 32] } else { number(b'P', way) },
                config::pool(PoolConfig::default(), way),
            ),
        };
        self.built(instruction, admin, self.way())
    }

    /// In a pool with a timelock a reserve begins without any value as collateral.
    fn first_reserve(&self, config: ReserveConfig) -> ReserveConfig {
        let pool = self.scene.pools.get(&self.world.pool(self.pool));
        let locked = pool.is_some_and(|pool| pool.config.timelock_s > 0);
        if !locked || self.is_odd() {
            return config;
        }
        ReserveConfig { collateral_factor: Bps(0), liquidation_threshold: Bps(0), ..config }
    }

    fn add_reserve(&self, admin: &Address, config: ReserveConfig) -> Instruction {
        let keys = self.keys();
        match self.world.second_feed(self.asset) {
            None => build::add_reserve(admin, admin, &keys.pool, (&keys.mint, &keys.feed), config),
            Some(second) => {
                let assets = (&keys.mint, &keys.feed, &second);
                build::add_reserve_with_second_feed(admin, admin, &keys.pool, assets, config)
            }
        }
    }

    /// A pool's mode or a reserve's; by the guardian in a quarter of the ways. A pool is frozen
    /// and thawed at once in another quarter, so that a grace begins.
    pub(super) fn set_mode(&self) -> Built {
        let (authority, keys, way) = (self.authority(), self.keys(), self.action.way);
        let person = self.world.person(authority);
        if self.action.verb == Verb::SetReserveMode {
            let set = build::set_reserve_mode(&person, &keys.pool, &keys.reserve, mode(way));
            return self.built(set, authority, self.way());
        }
        if (128..192).contains(&way) {
            let (instructions, signer) = (self.thaw().into(), self.admin());
            return Built { instructions, signer, figures: self.way() };
        }
        // A pool that is killed would leave nothing to find.
        let set = build::set_pool_mode(&person, &keys.pool, mode(way).min(Mode::Frozen));
        self.built(set, authority, self.way())
    }

    /// Proposes the next admin, the publisher or the admin of old, or nobody; or accepts.
    pub(super) fn hand_over(&self) -> Built {
        let pool = self.world.pool(self.pool);
        if self.action.verb == Verb::ProposeAdmin {
            let admin = self.admin();
            let next = match self.action.way % 4 {
                0 | 1 => self.world.person(Actor::Publisher),
                2 => self.world.person(Actor::Admin),
                _ => Address::default(),
            };
            let propose = build::propose_admin(&self.world.person(admin), &pool, &next);
            return self.built(propose, admin, self.way());
        }
        let pending = self.scene.pools.get(&pool).map(|pool| pool.pending_admin);
        let proposed = pending.and_then(|pending| self.world.actor(&pending));
        let signer = proposed.unwrap_or(Actor::Publisher);
        let person = self.world.person(signer);
        let accept = build::accept_admin(&person, &pool);
        if proposed.is_some() || self.action.way % 2 == 1 {
            return self.built(accept, signer, Figures::None);
        }
        // Nobody was proposed, so somebody is first.
        let propose = build::propose_admin(&self.world.person(self.admin()), &pool, &person);
        Built { instructions: vec![propose, accept], signer, figures: Figures::None }
    }

    /// Freezes and thaws the pool at once, which begins a grace.
    pub(super) fn thaw(&self) -> [Instruction; 2] {
        let (person, pool) = (self.world.person(self.admin()), self.world.pool(self.pool));
        [Mode::Frozen, Mode::Active].map(|mode| build::set_pool_mode(&person, &pool, mode))
    }

    pub(super) fn queue(&self) -> Built {
        let (admin, keys) = (self.admin(), self.keys());
        let person = self.world.person(admin);
        let instruction = if self.action.verb == Verb::QueuePoolChange {
            build::queue_pool_change(&person, &person, &keys.pool, self.next_pool())
        } else {
            let (feed, second) = self.next_feeds();
            let target = (&keys.pool, &keys.reserve);
            let config = self.next_reserve();
            build::queue_reserve_change(&person, &person, target, (&feed, &second), config)
        };
        self.built(instruction, admin, self.way())
    }

    /// The feeds it has; in some ways with the asset's second feed or without it, or the same
    /// one twice.
    fn next_feeds(&self) -> (Address, Address) {
        let keys = self.keys();
        let (none, now) = (Address::default(), keys.second_feed.unwrap_or_default());
        match self.action.way / 64 {
            0 | 1 => (keys.feed, now),
            2 => (keys.feed, self.world.second_feed(self.asset).unwrap_or(none)),
            _ if self.is_odd() => (keys.feed, keys.feed),
            _ => (keys.feed, none),
        }
    }

    /// Applies the change that waits, or withdraws it; the rent goes back to who paid it.
    pub(super) fn settle_change(&self) -> Built {
        let keys = self.keys();
        let (pool, reserve) = (&keys.pool, &keys.reserve);
        let of_pool = matches!(self.action.verb, Verb::ApplyPoolChange | Verb::CancelPoolChange);
        let payer = self.payer_of_change(if of_pool { pool } else { reserve });
        let applies = matches!(self.action.verb, Verb::ApplyPoolChange | Verb::ApplyReserveChange);
        let signer = if applies { self.admin() } else { self.authority() };
        let person = self.world.person(signer);
        let instruction = match self.action.verb {
            Verb::ApplyPoolChange => build::apply_pool_change(&person, pool, &payer),
            Verb::CancelPoolChange => build::cancel_pool_change(&person, pool, &payer),
            Verb::ApplyReserveChange => {
                build::apply_reserve_change(&person, (pool, reserve), &payer)
            }
            _ => build::cancel_reserve_change(&person, (pool, reserve), &payer),
        };
        self.built(instruction, signer, Figures::None)
    }

    /// Who paid for the change that waits for a pool or a reserve; the admin where none does.
    fn payer_of_change(&self, target: &Address) -> Address {
        let account = self.scene.ledger.account(&self.world.change_address(target));
        let payer = account.and_then(|account| {
            let of_reserve = decode_account::<QueuedReserveChange>(&account.data);
            let of_pool = || decode_account::<QueuedPoolChange>(&account.data);
            of_reserve.map(|change| change.payer).or_else(|_| of_pool().map(|c| c.payer)).ok()
        });
        payer.unwrap_or_else(|| self.world.person(self.admin()))
    }

    /// The guardian in a quarter of the ways, where there is one; otherwise the admin.
    fn authority(&self) -> Actor {
        let pool = self.scene.pools.get(&self.world.pool(self.pool));
        let guardian = pool.and_then(|pool| self.world.actor(&pool.config.guardian));
        guardian.filter(|_| self.action.way % 4 == 3).unwrap_or_else(|| self.admin())
    }

    fn next_reserve(&self) -> ReserveConfig {
        let now = self.reserve().map(|reserve| reserve.config);
        config::reserve(now, self.action.way, self.asset)
    }

    fn next_pool(&self) -> PoolConfig {
        let pool = self.scene.pools.get(&self.world.pool(self.pool));
        let now = pool.map(|pool| pool.config).unwrap_or_default();
        config::pool(now, self.action.way)
    }

    /// As short a ramp as there may be for a threshold that falls, now and then too short a one.
    fn ramp_s(&self, config: &ReserveConfig) -> u32 {
        let falls = self.reserve().is_some_and(|reserve| {
            config.liquidation_threshold < reserve.liquidation_threshold()
                && config.liquidation_threshold != reserve.config.liquidation_threshold
        });
        let long = if self.action.way % 16 == 5 { RAMP_MIN_S - 1 } else { RAMP_MIN_S };
        if falls { long } else { 0 }
    }

    fn way(&self) -> Figures {
        Figures::Number(self.action.way.into())
    }
}

const fn mode(way: u8) -> Mode {
    match way % 16 {
        0..6 => Mode::Active,
        6..10 => Mode::ReduceOnly,
        10..15 => Mode::Frozen,
        _ => Mode::Killed,
    }
}
