//! What an admin does: parameters and modes.

use cofferdam_lending_interface::{
    math::ramp::RAMP_MIN_S,
    state::{Mode, PoolConfig, ReserveConfig},
    units::{Amount, Bps, Value, WAD},
};
use cofferdam_sdk::instruction as build;

use super::{
    Action, Verb,
    build::{Built, Resolved, number},
};
use crate::world::{Actor, Asset, base_config};

impl Resolved<'_> {
    pub(super) fn admin_verb(&self) -> Built {
        let admin = self.world.person(Actor::Admin);
        let (config, action) = (config(self.action), self.action);
        let (pool, reserve) = (self.world.pool(action.pool), self.keys.reserve);
        let instruction = match action.verb {
            Verb::UpdateReserve => {
                build::update_reserve(&admin, &pool, &reserve, config, self.ramp_s(&config))
            }
            Verb::AddReserve => {
                let assets = (&self.keys.mint, &self.keys.feed);
                build::add_reserve(&admin, &admin, &pool, assets, config)
            }
            Verb::UpdatePool => build::update_pool(&admin, &pool, pool_config(action)),
            Verb::SetMode if action.other == Asset::Weth => {
                // A pool that is killed would leave nothing to find.
                build::set_pool_mode(&admin, &pool, mode(action).min(Mode::Frozen))
            }
            Verb::SetMode => build::set_reserve_mode(&admin, &pool, &reserve, mode(action)),
            _ => build::create_pool(&admin, &admin, number(b'P', action), PoolConfig::default()),
        };
        Built { instruction, signer: Actor::Admin, figures: self.place() }
    }

    /// As short a ramp as there may be for a threshold that falls, now and then too short a one.
    fn ramp_s(&self, config: &ReserveConfig) -> u32 {
        let accrued = self.scene.accrued.get(&self.keys.reserve);
        let falls = accrued.is_some_and(|reserve| {
            config.liquidation_threshold < reserve.liquidation_threshold()
                && config.liquidation_threshold != reserve.config.liquidation_threshold
        });
        let long = if self.action.seconds == 3_599 { 3_599 } else { RAMP_MIN_S };
        if falls { long.max(self.action.seconds) } else { 0 }
    }
}

/// Parameters an admin may set: the usual ones, tighter, looser, unusable as collateral, capped,
/// and one set that is refused.
fn config(action: &Action) -> ReserveConfig {
    let base = base_config();
    let share = |part: u64| Amount(action.asset.funding().get() / part);
    match action.seconds {
        12 => ReserveConfig { reserve_factor: Bps(5_000), target_health: Bps(11_000), ..base },
        600 | 86_400 => ReserveConfig {
            collateral_factor: Bps(6_500),
            liquidation_threshold: Bps(7_000),
            ..base
        },
        3_599 => ReserveConfig { collateral_factor: Bps(9_000), ..base },
        2_592_000 => {
            ReserveConfig { collateral_factor: Bps(0), liquidation_threshold: Bps(0), ..base }
        }
        31_536_000 => ReserveConfig {
            supply_cap: share(50),
            borrow_cap: share(100),
            max_utilisation: Bps(8_000),
            ..base
        },
        _ => base,
    }
}

/// Parameters of a pool: none, a grace and a least position, out of range. A timelock would
/// end an admin's part in the run.
fn pool_config(action: &Action) -> PoolConfig {
    let base = PoolConfig::default();
    match action.seconds {
        600 | 3_601 | 86_400 => {
            PoolConfig { grace_s: 3_600, min_position_value: Value(100 * WAD), ..base }
        }
        3_599 => PoolConfig { grace_s: PoolConfig::GRACE_MAX_S + 1, ..base },
        _ => base,
    }
}

const fn mode(action: &Action) -> Mode {
    match action.seconds {
        600 | 86_400 => Mode::ReduceOnly,
        3_599 | 2_592_000 => Mode::Frozen,
        31_536_000 => Mode::Killed,
        _ => Mode::Active,
    }
}
