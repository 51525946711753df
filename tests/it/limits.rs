//! Caps, utilisation, outflow windows and the least position, as transactions.

use cofferdam_lending_interface::{
    LendingError,
    state::{PoolConfig, ReserveConfig},
    units::{Bps, Value, WAD},
};
use cofferdam_tests::world::{World, base_config};

use crate::common::*;

/// 200,000 dollars supplied, 60,000 owed, with other parameters of the dollar.
fn limited(change: impl FnOnce(&mut ReserveConfig)) -> World {
    let mut world = indebted();
    let mut config = base_config();
    change(&mut config);
    done(world.update_reserve(Harbour, Usdc, config));
    world
}

#[test]
fn the_supply_cap_holds_deposits_only() {
    let mut world = limited(|config| config.supply_cap = Usdc.whole(200_100));
    refuses(&world, Bob, LendingError::SupplyCapExceeded, |world| {
        world.deposit(Bob, Harbour, Usdc, Amount(100_000_001))
    });
    done(world.deposit(Bob, Harbour, Usdc, Amount(100_000_000)));
    done(world.withdraw(Bob, Harbour, Usdc, Amount(ALL)));
    let mut lowered = limited(|config| config.supply_cap = Amount(0));
    done(lowered.withdraw(Dave, Harbour, Usdc, Usdc.whole(1)));
    done(lowered.repay(Alice, (Harbour, Alice), Usdc, Usdc.whole(1)));
}

#[test]
fn the_borrow_cap_holds_loans_only() {
    let mut world = limited(|config| config.borrow_cap = Usdc.whole(60_100));
    refuses(&world, Alice, LendingError::BorrowCapExceeded, |world| {
        world.borrow(Alice, Harbour, Usdc, Amount(100_000_001))
    });
    done(world.borrow(Alice, Harbour, Usdc, Amount(100_000_000)));
    done(world.withdraw(Dave, Harbour, Usdc, Usdc.whole(1)));
}

#[test]
fn the_highest_utilisation_holds_loans_only() {
    // 35 % of 200,000 are 70,000.
    let mut world = limited(|config| config.max_utilisation = Bps(3_500));
    refuses(&world, Alice, LendingError::UtilisationTooHigh, |world| {
        world.borrow(Alice, Harbour, Usdc, Amount(10_000_000_001))
    });
    done(world.borrow(Alice, Harbour, Usdc, Usdc.whole(10_000)));
    done(world.withdraw(Dave, Harbour, Usdc, Usdc.whole(100_000)));
}

#[test]
fn an_hour_lets_out_what_its_limit_says() {
    let mut world = limited(|config| config.outflow_hour_max = Usdc.whole(10_000));
    done(world.borrow(Alice, Harbour, Usdc, Usdc.whole(4_000)));
    done(world.withdraw(Dave, Harbour, Usdc, Usdc.whole(6_000)));
    refuses(&world, Alice, LendingError::OutflowLimitExceeded, |world| {
        world.borrow(Alice, Harbour, Usdc, Amount(1))
    });
    refuses(&world, Dave, LendingError::OutflowLimitExceeded, |world| {
        world.withdraw(Dave, Harbour, Usdc, Amount(1))
    });
    // Half an hour into the next one half of it has worn off.
    world.advance(5_400);
    done(world.refresh());
    refuses(&world, Dave, LendingError::OutflowLimitExceeded, |world| {
        world.withdraw(Dave, Harbour, Usdc, Amount(5_000_000_001))
    });
    done(world.withdraw(Dave, Harbour, Usdc, Usdc.whole(5_000)));
}

/// Whoever pays in and takes out in a circle uses nothing up.
#[test]
fn nobody_uses_the_limit_up_for_the_others() {
    let mut world = limited(|config| config.outflow_hour_max = Usdc.whole(1_000));
    for _ in 0..3 {
        done(world.deposit(Mallory, Harbour, Usdc, Usdc.whole(100_000)));
        done(world.withdraw(Mallory, Harbour, Usdc, Usdc.whole(100_000)));
        done(world.borrow(Alice, Harbour, Usdc, Usdc.whole(900)));
        done(world.repay(Alice, (Harbour, Alice), Usdc, Usdc.whole(900)));
    }
    done(world.withdraw(Dave, Harbour, Usdc, Usdc.whole(1_000)));
    refuses(&world, Dave, LendingError::OutflowLimitExceeded, |world| {
        world.withdraw(Dave, Harbour, Usdc, Amount(1))
    });
}

/// The windows slow suppliers down, too: what leaves by withdrawal may be stolen shares as well as
/// somebody's savings. However much others took just before, a window later the whole limit is
/// open again, so so many windows and one more are the longest that anybody waits.
#[test]
fn a_supplier_has_left_when_the_windows_have_passed_that_the_supply_takes() {
    let mut world = limited(|config| {
        config.outflow_hour_max = Usdc.whole(10_000);
        config.outflow_day_max = Usdc.whole(50_000);
    });
    done(world.repay(Alice, (Harbour, Alice), Usdc, Amount(ALL)));
    done(world.deposit(Carol, Harbour, Usdc, Usdc.whole(100_000)));
    // No interest, so that exactly 200,000 are Dave's, and 60,000 that came in have worn off.
    world.advance(3 * 86_400);
    for _ in 0..5 {
        done(world.withdraw(Carol, Harbour, Usdc, Usdc.whole(10_000)));
        world.advance(2 * 3_600);
    }
    let mut hours = 0;
    while !world
        .position(Harbour, Dave)
        .state
        .entry(&world.keys(Harbour, Usdc).reserve)
        .supply
        .is_zero()
    {
        let (market, dave) = (world.market(Harbour), world.position(Harbour, Dave));
        let most = market.max_withdraw(&dave, &world.mint(Usdc)).expect("it can be told");
        if !most.is_zero() {
            done(world.withdraw(Dave, Harbour, Usdc, most));
        }
        world.advance(3_600);
        hours += 1;
    }
    // Four days for four times the day's limit, and one more for what Carol took.
    assert!((60..=120).contains(&hours), "{hours}");
}

/// A limit on what leaves the collateral's reserve stands in no liquidator's way.
#[test]
fn liquidations_and_repayments_are_never_limited() {
    let mut world = indebted();
    let none = ReserveConfig {
        outflow_hour_max: Amount(0),
        outflow_day_max: Amount(0),
        supply_cap: Amount(0),
        borrow_cap: Amount(0),
        max_utilisation: Bps(1),
        ..base_config()
    };
    done(world.update_reserve(Harbour, Usdc, none));
    done(world.update_reserve(Harbour, Weth, none));
    refuses(&world, Dave, LendingError::OutflowLimitExceeded, |world| {
        world.withdraw(Dave, Harbour, Usdc, Amount(1))
    });
    done(world.repay(Bob, (Harbour, Alice), Usdc, Usdc.whole(10)));
    price(&mut world, Weth, 1_400);
    done(world.liquidate((Harbour, Alice), (Usdc, Weth), Usdc.whole(10_000), Amount(0)));
    done(world.repay(Alice, (Harbour, Alice), Usdc, Amount(ALL)));
}

/// With a least position of 500 dollars and a dollar price of one.
#[test]
fn nobody_is_left_with_a_debt_too_small_to_liquidate() {
    let mut world = indebted();
    let least = PoolConfig { min_position_value: Value(500 * WAD), ..PoolConfig::default() };
    done(world.update_pool(Harbour, least));
    done(world.deposit(Bob, Harbour, Weth, Weth.whole(1)));
    refuses(&world, Bob, LendingError::PositionTooSmall, |world| {
        world.borrow(Bob, Harbour, Usdc, Amount(499_999_999))
    });
    done(world.borrow(Bob, Harbour, Usdc, Usdc.whole(500)));
    done(world.withdraw(Bob, Harbour, Weth, Amount(1)));
    done(world.repay(Bob, (Harbour, Bob), Usdc, Amount(1)));
    refuses(&world, Bob, LendingError::PositionTooSmall, |world| {
        world.withdraw(Bob, Harbour, Weth, Amount(1))
    });
    done(world.repay(Bob, (Harbour, Bob), Usdc, Amount(ALL)));
    done(world.withdraw(Bob, Harbour, Weth, Amount(ALL)));
}
