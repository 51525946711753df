//! Random parameters, in range for the most part.

use cofferdam_lending_interface::{
    math::interest::RateCurve,
    state::{LossPolicy, Mode, PoolConfig, RateModel, ReserveConfig},
    units::{Amount, Bps, Value, WAD},
};
use cofferdam_sdk::Address;
use cofferdam_tests::world::{Actor, base_config};

use super::wild::{Dice, Setting};

pub(super) fn mode(dice: &mut Dice) -> Mode {
    dice.pick(&[Mode::Active, Mode::Active, Mode::Active, Mode::ReduceOnly, Mode::Frozen])
}

pub(super) fn pool_config(at: &Setting<'_>, dice: &mut Dice) -> PoolConfig {
    PoolConfig {
        guardian: dice.pick(&[Address::default(), at.person(Actor::Bob), at.person(Actor::Bob)]),
        timelock_s: dice.pick(&[0, 0, 0, 3_600, 3_000_000]),
        withdrawal_notice_s: dice.pick(&[0, 0, 0, 3_600]),
        grace_s: dice.pick(&[0, 3_600, 14_400, 14_401]),
        min_position_value: Value(dice.pick(&[0, WAD, 100 * WAD, 1_000 * WAD])),
    }
}

/// The parameters that hold, but for one or two.
pub(super) fn reserve_config(at: &Setting<'_>, dice: &mut Dice) -> ReserveConfig {
    let reserve = at.world.client().reserve(&at.keys.reserve);
    let mut config = reserve.map_or_else(|_| base_config(), |reserve| reserve.config);
    for _ in 0..1 + dice.below(2) {
        change(&mut config, dice);
    }
    config
}

fn change(config: &mut ReserveConfig, dice: &mut Dice) {
    let limit = |dice: &mut Dice| Amount(dice.pick(&[u64::MAX, u64::MAX, 1 << 38, 1 << 45]));
    match dice.below(22) {
        0 => config.collateral_factor = Bps(dice.small(8_000)),
        1 => config.liquidation_threshold = Bps(7_600 + dice.small(1_700)),
        2 => config.liquidation_threshold = Bps(dice.pick(&[7_700, 8_000, 8_200])),
        3 => config.borrow_factor = Bps(9_990 + dice.small(3_000)),
        4 => config.target_health = Bps(9_999 + dice.small(2_000)),
        5 => config.full_close_health = Bps(dice.small(10_001)),
        6 => config.liquidation_bonus_min = Bps(dice.small(900)),
        7 => config.liquidation_bonus_max = Bps(dice.small(2_600)),
        8 => config.insolvent_bonus = Bps(dice.small(900)),
        9 => config.liquidation_protocol_fee = Bps(dice.pick(&[0, 1, 500, 5_000, 5_001])),
        10 => config.reserve_factor = Bps(dice.small(5_100)),
        11 => config.insurance_share = Bps(dice.small(10_100)),
        12 => config.supply_cap = limit(dice),
        13 => config.borrow_cap = limit(dice),
        14 => config.max_utilisation = Bps(5_000 + dice.small(5_002)),
        15 => config.outflow_hour_max = limit(dice),
        16 => config.outflow_day_max = limit(dice),
        17 => config.max_divergence = Bps(dice.small(10_001)),
        18 => config.flash_fee = Bps(dice.small(102)),
        19 => config.loss_policy = dice.pick(&LossPolicy::ALL),
        20 => config.rate_model = dice.pick(&[RateModel::Curve, RateModel::Adaptive]),
        _ => {
            let kink = 1 + dice.small(9_999);
            let curve = RateCurve::new(&[(0, 10), (kink, 500), (10_000, 30_000)]);
            config.curve = curve.unwrap_or(RateCurve::DEFAULT);
        }
    }
}
