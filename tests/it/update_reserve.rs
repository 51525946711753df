use cofferdam_lending_interface::{
    LendingError,
    event::ReserveUpdated,
    math::ramp::{RAMP_MAX_S, RAMP_MIN_S, ThresholdRamp},
    state::{PoolConfig, ReserveConfig},
    units::Bps,
};
use cofferdam_sdk::instruction as build;
use cofferdam_tests::{
    scene::Scene,
    world::{World, base_config},
};

use crate::{add_reserve::faulty, common::*};

fn tighter() -> ReserveConfig {
    ReserveConfig {
        collateral_factor: Bps(5_000),
        liquidation_threshold: Bps(5_500),
        ..base_config()
    }
}

#[test]
fn replaces_the_parameters_and_nothing_else() {
    let mut world = indebted();
    let before = world.reserve(Harbour, Weth);
    let ramp =
        |world: &mut World| world.ramp_reserve(Admin, (Harbour, Weth), tighter(), 2 * RAMP_MIN_S);
    let receipt = moves(&mut world, Admin, ramp, []);
    let mut expected = before.clone();
    expected.config = tighter();
    let (start_s, end_s) = (world.now_s(), world.now_s() + 2 * 86_400);
    expected.ramp = ThresholdRamp { from: Bps(8_000), start_s, end_s };
    assert_eq!(world.reserve(Harbour, Weth), expected);
    let (reserve, after) = (reserve(&world, Harbour, Weth), tighter());
    let expected = ReserveUpdated { reserve, before: before.config, after };
    assert_eq!(event::<ReserveUpdated>(&receipt), expected);
}

/// 60,000 owed against 50 ether at 2,000: liquidatable once the threshold is below 60 %. It falls
/// from 80 % to 55 % within a day, so it is at 60 % after 69,120 s.
#[test]
fn the_limit_falls_at_once_and_the_threshold_slowly() {
    let mut world = indebted();
    let position = world.position_address(Harbour, Alice);
    done(world.ramp_reserve(Admin, (Harbour, Weth), tighter(), RAMP_MIN_S));
    let health = |world: &World| Scene::of(world).health(&position).expect("priced");
    assert!(!health(&world).is_within_borrow_limit());
    refuses(&world, Alice, LendingError::BorrowLimitExceeded, |world| {
        world.withdraw(Alice, Harbour, Weth, Amount(1))
    });
    let liquidate = |world: &mut World| {
        world.liquidate((Harbour, Alice), (Usdc, Weth), Usdc.whole(1_000), Amount(0))
    };
    world.advance(68_000);
    done(world.refresh());
    refuses(&world, Liquidator, LendingError::NotLiquidatable, liquidate);
    world.advance(1_500);
    done(world.refresh());
    assert!(health(&world).is_liquidatable());
    done(liquidate(&mut world));
}

#[test]
fn a_threshold_falls_within_a_day_or_more() {
    let world = indebted();
    for ramp_s in [0, RAMP_MIN_S - 1] {
        refuses(&world, Admin, LendingError::RampTooShort, |world| {
            world.ramp_reserve(Admin, (Harbour, Weth), tighter(), ramp_s)
        });
    }
    refuses(&world, Admin, LendingError::InvalidConfig, |world| {
        world.ramp_reserve(Admin, (Harbour, Weth), tighter(), RAMP_MAX_S + 1)
    });
    refuses(&world, Admin, LendingError::InvalidConfig, |world| {
        world.ramp_reserve(Admin, (Harbour, Weth), base_config(), RAMP_MIN_S)
    });
    for ramp_s in [RAMP_MIN_S, RAMP_MAX_S] {
        done(world.clone().ramp_reserve(Admin, (Harbour, Weth), tighter(), ramp_s));
    }
}

#[test]
fn the_guardian_reduces_risk_and_nothing_else() {
    let mut world = governed();
    let looser = ReserveConfig { supply_cap: Amount(1), ..base_config() };
    done(world.ramp_reserve(Bob, (Harbour, Dai), looser, 0));
    refuses(&world, Bob, LendingError::WrongAuthority, |world| {
        world.ramp_reserve(Bob, (Harbour, Dai), base_config(), 0)
    });
    refuses(&world, Admin, LendingError::TimelockRequired, |world| {
        world.ramp_reserve(Admin, (Harbour, Dai), base_config(), 0)
    });
    done(world.ramp_reserve(Bob, (Harbour, Weth), tighter(), RAMP_MIN_S));
    // In a pool without a timelock only the admin may raise risk at once.
    let guardian = world.person(Bob);
    let mut open = indebted();
    done(open.update_pool(Harbour, PoolConfig { guardian, ..PoolConfig::default() }));
    let riskier = ReserveConfig { collateral_factor: Bps(7_600), ..base_config() };
    refuses(&open, Bob, LendingError::WrongAuthority, |world| {
        world.ramp_reserve(Bob, (Harbour, Weth), riskier, 0)
    });
    done(open.ramp_reserve(Admin, (Harbour, Weth), riskier, 0));
}

/// Lowering the target by a hair with a long ramp would hold the threshold up.
#[test]
fn a_running_ramp_is_not_slowed_down() {
    let mut world = governed();
    done(world.ramp_reserve(Admin, (Harbour, Weth), tighter(), RAMP_MIN_S));
    world.advance(43_200);
    let hair = ReserveConfig { liquidation_threshold: Bps(5_499), ..tighter() };
    refuses(&world, Admin, LendingError::TimelockRequired, |world| {
        world.ramp_reserve(Admin, (Harbour, Weth), hair, RAMP_MAX_S)
    });
    refuses(&world, Bob, LendingError::WrongAuthority, |world| {
        world.ramp_reserve(Bob, (Harbour, Weth), hair, RAMP_MAX_S)
    });
    // From 6,750 to 2,499 in a day is faster than to 5,500 in half of it.
    let fast = ReserveConfig {
        collateral_factor: Bps(2_000),
        liquidation_threshold: Bps(2_499),
        ..tighter()
    };
    done(world.ramp_reserve(Bob, (Harbour, Weth), fast, RAMP_MIN_S));
    assert_eq!(world.reserve(Harbour, Weth).ramp.from, Bps(6_750));
}

/// Interest up to the change is the old curve's.
#[test]
fn accrues_under_the_old_parameters() {
    let mut world = indebted();
    world.advance(86_400);
    let accrued = Scene::of(&world).accrued[&reserve(&world, Harbour, Usdc)].clone();
    let config = ReserveConfig { reserve_factor: Bps(5_000), ..base_config() };
    done(world.update_reserve(Harbour, Usdc, config));
    let after = world.reserve(Harbour, Usdc);
    assert_eq!((after.index, after.fees), (accrued.index, accrued.fees));
    assert_eq!(after.accrued_at_s, world.now_s());
}

#[test]
fn refusals() {
    let world = indebted();
    for (what, config) in faulty() {
        println!("{what}");
        refuses(&world, Admin, LendingError::InvalidConfig, |world| {
            world.update_reserve(Harbour, Weth, config)
        });
    }
    refuses(&world, Mallory, LendingError::WrongAuthority, |world| {
        let keys = world.keys(Harbour, Weth);
        let mallory = world.person(Mallory);
        let update = build::update_reserve(&mallory, &keys.pool, &keys.reserve, tighter(), 0);
        world.send(&[Mallory], &[update])
    });
}
