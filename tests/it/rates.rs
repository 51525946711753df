//! What a loan costs, by the program: the adaptive curve in a reserve's books.

use std::collections::BTreeMap;

use cofferdam_lending_interface::{
    state::{RateModel, ReserveConfig},
    units::{Bps, RAY},
};
use cofferdam_tests::{
    scene::Scene,
    world::{Options, World, base_config},
};

use crate::common::*;

const FIVE_DAYS_S: u64 = 432_000;

fn adaptive() -> ReserveConfig {
    ReserveConfig { rate_model: RateModel::Adaptive, ..base_config() }
}

/// Dave lends 100,000 dollars at the adaptive rate; Alice borrows all of them.
fn fully_lent() -> World {
    let configs = BTreeMap::from([((Harbour, Usdc), adaptive())]);
    let mut world = World::new(&Options { configs, ..options() });
    done(world.deposit(Dave, Harbour, Usdc, Usdc.whole(100_000)));
    done(world.deposit(Alice, Harbour, Weth, Weth.whole(100)));
    done(world.borrow(Alice, Harbour, Usdc, Usdc.whole(100_000)));
    world
}

/// Accrues without moving a token.
fn touch(world: &mut World, config: ReserveConfig) {
    done(world.update_reserve(Harbour, Usdc, config));
}

/// The first second costs four times the initial 4 % and starts the curve:
/// 100,000 · (e^(16 %·1 s) − 1) = 0.000507356673027 of interest. In the next five days at full
/// utilisation the rate on target climbs to 4 %·e^(50·5/365), and the debt pays the average of
/// 23.2018728168886…%: 318.339503220168317 of interest, of which a tenth is the protocol's: 31,833,950,322,016,831.
#[test]
fn the_adaptive_rate_climbs_and_is_charged() {
    let mut world = fully_lent();
    world.advance(1);
    touch(&mut world, adaptive());
    let first = world.reserve(Harbour, Usdc);
    assert_eq!(first.rate_at_target, RAY / 100 * 4);
    // A tenth of it, 50,735,667,302, of which the insurance fund has a fifth.
    assert_eq!((first.fees.get(), first.insurance.get()), (40_588_533_842, 10_147_133_460));

    world.advance(FIVE_DAYS_S);
    let mut later = world.clone();
    touch(&mut later, adaptive());
    let index = later.reserve(Harbour, Usdc).index.get();
    // e^(16 %·1 s) · e^(23.2018728168886… %·5 days), and what two roundings up add to it.
    let exact = 1_003_183_400_105_768_413_442_445_623;
    assert!((exact..=exact + 600).contains(&index), "{index}");
    let _receipt = moves(
        &mut world,
        Admin,
        |world| world.update_reserve(Harbour, Usdc, adaptive()),
        [
            ("harbour USDC fees", 25_467_160_257_613_465),
            ("harbour USDC fund shares", 6_366_789_801_670),
            ("harbour USDC insurance", 6_366_790_064_403_366),
            ("harbour USDC index", i128::try_from(index - first.index.get()).expect("small")),
        ],
    );
    let on_target = 79_345_438_616_281_750_966_915_860;
    let moved = world.reserve(Harbour, Usdc).rate_at_target;
    assert!(moved.abs_diff(on_target) <= 100, "{moved}");
}

/// The old model pays up to the change, and the new one begins at its initial rate.
#[test]
fn a_change_of_model_accrues_first() {
    let mut world = indebted();
    world.advance(86_400);
    let by_curve = Scene::of(&world).accrued[&reserve(&world, Harbour, Usdc)].clone();
    touch(&mut world, adaptive());
    let changed = world.reserve(Harbour, Usdc);
    assert_eq!((changed.index, changed.fees), (by_curve.index, by_curve.fees));
    assert_eq!(changed.rate_at_target, 0);
    world.advance(1);
    touch(&mut world, base_config());
    assert_eq!(world.reserve(Harbour, Usdc).rate_at_target, RAY / 100 * 4);
}

/// Nobody moves the rate by asking often, nor by borrowing and repaying within one slot.
#[test]
fn the_rate_stands_still_while_time_does() {
    let mut world = fully_lent();
    world.advance(60);
    touch(&mut world, adaptive());
    let before = world.reserve(Harbour, Usdc);
    done(world.repay(Alice, (Harbour, Alice), Usdc, Usdc.whole(90_000)));
    touch(&mut world, adaptive());
    let after = world.reserve(Harbour, Usdc);
    assert_eq!((after.rate_at_target, after.index), (before.rate_at_target, before.index));
    assert_eq!((after.fees, after.accrued_at_s), (before.fees, before.accrued_at_s));
}

/// A thousand years alone at the highest rate: the books stop growing. The debt is then beyond what
/// any token account holds, and still the borrower repays and the supplier withdraws. (Of a fund
/// that earned a part of it, all that comes back would be the fund's first.)
#[test]
fn a_reserve_left_alone_is_not_locked() {
    let config = ReserveConfig { insurance_share: Bps(0), ..adaptive() };
    let mut world = fully_lent();
    touch(&mut world, config);
    for _ in 0..10 {
        world.advance(100 * 31_536_000);
        touch(&mut world, config);
    }
    let stopped = world.reserve(Harbour, Usdc);
    assert_eq!(stopped.index, cofferdam_lending_interface::units::Index::CEILING);
    assert_eq!(stopped.rate_at_target, 2 * RAY);
    done(world.repay(Alice, (Harbour, Alice), Usdc, Usdc.whole(1_000)));
    done(world.withdraw(Dave, Harbour, Usdc, Usdc.whole(1_000)));
}
