use cofferdam_lending_interface::{
    LendingError, event::ReserveUpdated, state::ReserveConfig, units::Bps,
};
use cofferdam_sdk::instruction as build;
use cofferdam_tests::{scene::Scene, world::base_config};

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
    let receipt =
        moves(&mut world, Admin, |world| world.update_reserve(Harbour, Weth, tighter()), []);
    let mut expected = before.clone();
    expected.config = tighter();
    assert_eq!(world.reserve(Harbour, Weth), expected);
    let (reserve, after) = (reserve(&world, Harbour, Weth), tighter());
    let expected = ReserveUpdated { reserve, before: before.config, after };
    assert_eq!(event::<ReserveUpdated>(&receipt), expected);
}

#[test]
fn takes_effect_on_health_at_once() {
    let mut world = indebted();
    let position = world.position_address(Harbour, Alice);
    assert!(!Scene::of(&world).health(&position).expect("priced").is_liquidatable());
    done(world.update_reserve(Harbour, Weth, tighter()));
    assert!(Scene::of(&world).health(&position).expect("priced").is_liquidatable());
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
