//! A scene that follows its world is the one read from nothing, and its figures are the
//! program's.

use std::sync::LazyLock;

use cofferdam_lending_interface::{
    math::{health::Health, oracle::Valuation},
    plan,
};
use cofferdam_tests::{
    action::{Action, Record, any_record},
    scene::Scene,
    world::{Options, World},
};
use proptest::{prelude::*, test_runner::TestRunner};

use crate::prop::config;

static WORLD: LazyLock<World> = LazyLock::new(|| World::lively(&Options::fast()));

fn check(world: &mut World, records: &[Record]) -> Result<(), TestCaseError> {
    let mut scene = Scene::of(world);
    for record in records {
        let action = Action::from(*record);
        let before = scene.clone();
        let _outcome = world.run_on(&scene, &action);
        let changes = scene.ledger.diff(world.ledger());
        let _delta = scene.follow(world, &changes);
        let fresh = Scene::of(world);
        prop_assert_eq!(scene.difference(&fresh), None, "after {:?}", action);
        // The clone it came from must not move with it.
        prop_assert_eq!(before.ledger.diff(&scene.ledger), changes);
        figures_are_the_programs(&scene)?;
    }
    Ok(())
}

/// Health and insolvency by the checks' own arithmetic, against the program's.
fn figures_are_the_programs(scene: &Scene) -> Result<(), TestCaseError> {
    let market = scene.any_age();
    for (address, position) in &scene.positions {
        let health = |valuation| plan::health(position, &market, valuation).ok();
        let (last, strict): (Option<Health>, Option<Health>) =
            (health(Valuation::Last), health(Valuation::Strict));
        prop_assert_eq!(scene.health(address), last);
        prop_assert_eq!(scene.strict_health(address), strict);
        let dust = scene.pools[&position.pool].config.min_position_value;
        let insolvent = plan::absorb(position, &market, dust).is_ok();
        prop_assert_eq!(scene.is_insolvent(address), insolvent, "{}", address);
    }
    Ok(())
}

#[test]
fn followed_is_read_from_nothing() {
    let mut runner = TestRunner::new(ProptestConfig { cases: 32, ..config() });
    let sequences = prop::collection::vec(any_record(), 1..=60);
    let result = runner.run(&sequences, |records| check(&mut WORLD.clone(), &records));
    if let Err(error) = result {
        panic!("{error}");
    }
}
