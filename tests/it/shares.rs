//! Shares that a reserve's total lacks: what moves shares notices.

use cofferdam_lending_interface::{
    LendingError,
    units::{DebtShares, Shares},
};
use cofferdam_tests::world::World;

use crate::common::{
    Alice, Amount, Dave, Harbour, Liquidator, Usdc, Weth, done, indebted, price, refuses, rewrite,
};

const MISMATCH: LendingError = LendingError::SharesMismatch;

/// Dave has a stake; Alice is beyond what her ether covers.
fn failing() -> World {
    let mut world = indebted();
    done(world.open_stake(Dave, Harbour, Usdc));
    done(world.stake(Dave, Harbour, Usdc, Usdc.whole(5)));
    price(&mut world, Weth, 1_000);
    world
}

/// Whoever holds more than the total can do nothing with any of it.
#[test]
fn a_reserve_short_of_its_shares_moves_nothing() {
    let whole = failing();
    let one = Amount(2);
    let mut world = whole.clone();
    rewrite(&mut world, (Harbour, Usdc), |reserve| {
        reserve.supply_shares = reserve.supply_shares.minus(Shares(1)).expect("has some");
    });
    refuses(&world, Dave, MISMATCH, |world| world.deposit(Dave, Harbour, Usdc, one));
    refuses(&world, Dave, MISMATCH, |world| world.withdraw(Dave, Harbour, Usdc, one));
    let mut world = whole.clone();
    rewrite(&mut world, (Harbour, Usdc), |reserve| {
        reserve.debt_shares = reserve.debt_shares.minus(DebtShares(1)).expect("has some");
    });
    refuses(&world, Alice, MISMATCH, |world| world.borrow(Alice, Harbour, Usdc, one));
    refuses(&world, Dave, MISMATCH, |world| world.repay(Dave, (Harbour, Alice), Usdc, one));
    let sides = (Usdc, Weth);
    refuses(&world, Liquidator, MISMATCH, |world| {
        world.liquidate((Harbour, Alice), sides, Usdc.whole(10_000), Amount(0))
    });
    refuses(&world, Liquidator, MISMATCH, |world| world.absorb(Harbour, Alice));
    let mut world = whole;
    rewrite(&mut world, (Harbour, Usdc), |reserve| {
        reserve.insurance_staked = reserve.insurance_staked.minus(Shares(1)).expect("has some");
    });
    refuses(&world, Dave, MISMATCH, |world| world.stake(Dave, Harbour, Usdc, one));
}

/// A collateral that the liquidated position holds more of than there is.
#[test]
fn a_collateral_short_of_its_shares_is_not_seized() {
    let mut world = failing();
    rewrite(&mut world, (Harbour, Weth), |reserve| {
        reserve.supply_shares = reserve.supply_shares.minus(Shares(1)).expect("has some");
    });
    refuses(&world, Liquidator, MISMATCH, |world| {
        world.liquidate((Harbour, Alice), (Usdc, Weth), Usdc.whole(10_000), Amount(0))
    });
}
