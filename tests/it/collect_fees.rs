use cofferdam_lending_interface::{LendingError, event::FeesCollected};
use cofferdam_sdk::instruction as build;
use cofferdam_tests::world::World;

use crate::common::*;

/// A reserve with fees of 293.837574185195232 dollars: see `repay::interest_is_continuous`.
fn with_fees() -> World {
    let mut world = fresh();
    done(world.deposit(Dave, Harbour, Usdc, Usdc.whole(100_000)));
    done(world.deposit(Alice, Harbour, Weth, Weth.whole(100)));
    done(world.borrow(Alice, Harbour, Usdc, Usdc.whole(90_000)));
    world.advance(31_536_000);
    done(world.repay(Alice, (Harbour, Alice), Usdc, Amount(ALL)));
    world
}

#[test]
fn everything_means_whole_units() {
    let mut world = with_fees();
    let receipt = moves(
        &mut world,
        Admin,
        |world| world.collect_fees(Harbour, Usdc, Amount(ALL)),
        [
            ("admin USDC", 293_837_574),
            ("harbour USDC vault", -293_837_574),
            ("harbour USDC cash", -293_837_574),
            ("harbour USDC fees", -293_837_574_000_000_000),
        ],
    );
    let expected =
        FeesCollected { reserve: reserve(&world, Harbour, Usdc), amount: Amount(293_837_574) };
    assert_eq!(event::<FeesCollected>(&receipt), expected);
    refuses(&world, Admin, LendingError::AmountTooSmall, |world| {
        world.collect_fees(Harbour, Usdc, Amount(ALL))
    });
}

#[test]
fn a_part_leaves_the_rest() {
    let mut world = with_fees();
    let _receipt = moves(
        &mut world,
        Admin,
        |world| world.collect_fees(Harbour, Usdc, Amount(300)),
        [
            ("admin USDC", 300),
            ("harbour USDC vault", -300),
            ("harbour USDC cash", -300),
            ("harbour USDC fees", -300_000_000_000),
        ],
    );
}

#[test]
fn refusals() {
    let world = with_fees();
    refuses(&world, Admin, LendingError::InsufficientCash, |world| {
        world.collect_fees(Harbour, Usdc, Amount(293_837_575))
    });
    refuses(&world, Admin, LendingError::AmountTooSmall, |world| {
        world.collect_fees(Harbour, Usdc, Amount(0))
    });
    refuses(&world, Mallory, LendingError::WrongAuthority, |world| {
        let keys = world.keys(Harbour, Usdc);
        let collect = build::collect_fees(&world.person(Mallory), &keys, Amount(1));
        world.send(&[Mallory], &[collect])
    });
}
