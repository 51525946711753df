//! Parameters that those who run a pool may choose from.

use std::sync::LazyLock;

use cofferdam_lending_interface::{
    math::interest::RateCurve,
    state::{LossPolicy, PoolConfig, RateModel, ReserveConfig},
    units::{Amount, Bps, Value, WAD},
};

use crate::world::{Asset, base_config};

/// Other curves than the usual one: flat, steep, and with as many corners as there may be.
static CURVES: LazyLock<[RateCurve; 3]> = LazyLock::new(|| {
    let corners: [(u32, u32); 8] = std::array::from_fn(|at| {
        let at = u32::try_from(at).unwrap_or_default();
        (if at == 7 { 10_000 } else { at * 1_400 }, at * at * 100)
    });
    let curve = |points: &[(u32, u32)]| RateCurve::new(points).unwrap_or(RateCurve::DEFAULT);
    [
        curve(&[(0, 300), (10_000, 300)]),
        curve(&[(0, 0), (8_000, 1_000), (10_000, 1_000_000)]),
        curve(&corners),
    ]
});

/// Parameters of a reserve, by the way of the action. Even ways begin from what the reserve has
/// now and change one thing; odd ones begin from the usual parameters.
pub(super) fn reserve(now: Option<ReserveConfig>, way: u8, asset: Asset) -> ReserveConfig {
    let base = if way.is_multiple_of(2) { now.unwrap_or_else(base_config) } else { base_config() };
    let share = |part: u64| Amount(asset.funding().get() / part);
    match way / 2 % 32 {
        1 => ReserveConfig { reserve_factor: Bps(5_000), target_health: Bps(11_000), ..base },
        2 | 3 => threshold(base, 6_500, 7_000),
        4 => threshold(base, 8_000, 8_500),
        5 => ReserveConfig { collateral_factor: Bps(9_000), ..base },
        6 => threshold(base, 0, 0),
        7 => ReserveConfig { supply_cap: share(50), ..base },
        8 => ReserveConfig { borrow_cap: share(100), ..base },
        9 => ReserveConfig { max_utilisation: Bps(8_000), ..base },
        10 => ReserveConfig { outflow_hour_max: share(20), outflow_day_max: share(10), ..base },
        11..17 => {
            let policy = LossPolicy::ALL[usize::from(way / 2 % 32 - 11)];
            ReserveConfig { loss_policy: policy, ..base }
        }
        17 => ReserveConfig { rate_model: RateModel::Adaptive, ..base },
        18..21 => {
            let curve = CURVES[usize::from(way / 2 % 32 - 18)];
            ReserveConfig { rate_model: RateModel::Curve, curve, ..base }
        }
        21 => ReserveConfig { borrow_factor: Bps(12_500), ..base },
        22 => ReserveConfig { max_divergence: Bps(1_000), max_confidence: Bps(100), ..base },
        23 => ReserveConfig { max_price_age_s: 600, ..base },
        24 => ReserveConfig { full_close_health: Bps(0), target_health: Bps(10_000), ..base },
        25 => ReserveConfig { liquidation_bonus_max: Bps(1_500), ..base },
        26 => ReserveConfig { insurance_share: Bps::ONE, flash_fee: Bps(100), ..base },
        27 => ReserveConfig { flash_fee: Bps(0), reserve_factor: Bps(0), ..base },
        28 => ReserveConfig { liquidation_bonus_max: Bps(2_600), ..base },
        29 => ReserveConfig { curve: RateCurve { len: 1, ..base.curve }, ..base },
        _ => base,
    }
}

fn threshold(base: ReserveConfig, borrow: u32, liquidate: u32) -> ReserveConfig {
    let (collateral_factor, liquidation_threshold) = (Bps(borrow), Bps(liquidate));
    ReserveConfig { collateral_factor, liquidation_threshold, ..base }
}

/// Parameters of a pool, from those it has now. A notice is rare: nobody could leave quickly in
/// most runs otherwise.
pub(super) fn pool(now: PoolConfig, way: u8) -> PoolConfig {
    match way % 16 {
        1 | 2 => PoolConfig { grace_s: 3_600, ..now },
        3 => PoolConfig { grace_s: 0, ..now },
        4 | 5 => PoolConfig { min_position_value: Value(100 * WAD), ..now },
        6 => PoolConfig { min_position_value: Value::ZERO, ..now },
        7 => PoolConfig { withdrawal_notice_s: 3 * 86_400, ..now },
        8 | 9 => PoolConfig { withdrawal_notice_s: 0, ..now },
        10 if way >= 128 => PoolConfig { timelock_s: 86_400, ..now },
        11 => PoolConfig { timelock_s: 0, ..now },
        12 => PoolConfig { grace_s: PoolConfig::GRACE_MAX_S + 1, ..now },
        13 => PoolConfig { timelock_s: PoolConfig::TIMELOCK_MAX_S + 1, ..now },
        _ => now,
    }
}
