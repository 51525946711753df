//! What may happen at which price: fresh, too old, unknown.

use cofferdam_lending_interface::{LendingError, units::Price};
use cofferdam_tests::world::World;

use crate::common::*;

/// The world with debts, a price of ether that is too old.
fn stale() -> World {
    let mut world = indebted();
    world.advance(3_601);
    done(world.publish(Usdc, dollars(1)));
    world
}

/// The same with an unknown price of ether.
fn unknown() -> World {
    let mut world = indebted();
    done(world.publish(Weth, Price(0)));
    world
}

#[test]
fn matrix() {
    for (world, error) in
        [(stale(), LendingError::PriceStale), (unknown(), LendingError::PriceZero)]
    {
        refuses(&world, Alice, error, |w| w.borrow(Alice, Harbour, Usdc, Amount(1)));
        refuses(&world, Alice, error, |w| w.withdraw(Alice, Harbour, Weth, Amount(1)));
        refuses(&world, Liquidator, error, |w| {
            w.liquidate((Harbour, Alice), (Usdc, Weth), Amount(ALL), Amount(0))
        });
        refuses(&world, Liquidator, error, |w| w.absorb(Harbour, Alice));
        never_stopped(world);
    }
}

/// Supplying, repaying and leaving without debt need no price.
fn never_stopped(mut world: World) {
    done(world.deposit(Alice, Harbour, Weth, Amount(1)));
    done(world.deposit(Bob, Harbour, Weth, Amount(1)));
    done(world.withdraw(Bob, Harbour, Weth, Amount(ALL)));
    done(world.withdraw(Dave, Harbour, Usdc, Amount(1)));
    done(world.repay(Alice, (Harbour, Alice), Usdc, Amount(ALL)));
    done(world.withdraw(Alice, Harbour, Weth, Amount(ALL)));
}

#[test]
fn a_price_is_good_up_to_its_last_second() {
    let mut world = indebted();
    world.advance(3_600);
    done(world.borrow(Alice, Harbour, Usdc, Amount(1)));
    world.advance(1);
    refuses(&world, Alice, LendingError::PriceStale, |w| w.borrow(Alice, Harbour, Usdc, Amount(1)));
}

/// A dead feed of dust collateral must not make its owner immune: liquidation needs the prices of
/// the two reserves it moves between, and takes the others at their last price.
#[test]
fn a_dead_feed_of_other_collateral_blocks_no_liquidation() {
    let mut world = indebted();
    done(world.deposit(Alice, Harbour, Dai, Amount(1)));
    world.advance(3_601);
    done(world.publish(Usdc, dollars(1)));
    price(&mut world, Weth, 1_400);
    refuses(&world, Alice, LendingError::PriceStale, |w| {
        w.withdraw(Alice, Harbour, Weth, Amount(1))
    });
    done(world.liquidate((Harbour, Alice), (Usdc, Weth), Amount(ALL), Amount(0)));
}
