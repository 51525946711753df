//! Which collateral goes first, what may be left, and what a debt counts for.

use std::collections::BTreeMap;

use cofferdam_lending_interface::{
    LendingError,
    event::Liquidated,
    state::{PoolConfig, ReserveConfig},
    units::{Bps, Value, WAD},
};
use cofferdam_tests::world::{Options, World};

use crate::common::*;

const CAROL: (cofferdam_tests::world::PoolId, cofferdam_tests::world::Actor) = (Harbour, Carol);

/// Carol owes 50,000 dollars against 20 ether and `dai` DAI, which counts for 70 % where ether
/// counts for 80. Ether fell to 1,000.
fn two_collaterals(dai: Amount) -> World {
    let weak = ReserveConfig {
        collateral_factor: Bps(6_000),
        liquidation_threshold: Bps(7_000),
        ..ReserveConfig::default()
    };
    let configs = BTreeMap::from([((Harbour, Dai), weak)]);
    let mut world = World::new(&Options { configs, ..options() });
    done(world.deposit(Dave, Harbour, Usdc, Usdc.whole(200_000)));
    done(world.deposit(Carol, Harbour, Weth, Weth.whole(20)));
    done(world.deposit(Carol, Harbour, Dai, dai));
    done(world.borrow(Carol, Harbour, Usdc, Usdc.whole(30_000)));
    price(&mut world, Weth, 1_000);
    world
}

#[test]
fn the_lowest_threshold_goes_first() {
    // 20,000 of ether and 10,000 DAI: 16,000 and 7,000 of limit against 30,000.
    let world = two_collaterals(Dai.whole(10_000));
    refuses(&world, Liquidator, LendingError::WrongCollateralOrder, |world| {
        world.liquidate(CAROL, (Usdc, Weth), Amount(ALL), Amount(0))
    });
    let mut world = world.clone();
    // Nothing of the DAI is left, and the ether's turn comes.
    let receipt = receipt_of(world.liquidate(CAROL, (Usdc, Dai), Amount(ALL), Amount(0)));
    assert_eq!(event::<Liquidated>(&receipt).seized, Dai.whole(10_000));
    done(world.liquidate(CAROL, (Usdc, Weth), Amount(ALL), Amount(0)));
}

#[test]
fn the_refusal_names_what_goes_first() {
    let mut world = two_collaterals(Dai.whole(10_000));
    let result = world.liquidate(CAROL, (Usdc, Weth), Amount(ALL), Amount(0));
    let text = format!("{:?}", result.expect_err("the order is wrong"));
    assert!(text.contains(&reserve(&world, Harbour, Dai).to_string()), "{text}");
}

#[test]
fn a_collateral_without_a_fresh_price_is_skipped() {
    let mut world = two_collaterals(Dai.whole(10_000));
    world.advance(3_601);
    for asset in [Weth, Usdc] {
        let last = world.price_feed(asset).price;
        done(world.publish(asset, last));
    }
    refuses(&world, Liquidator, LendingError::PriceStale, |world| {
        world.liquidate(CAROL, (Usdc, Dai), Amount(ALL), Amount(0))
    });
    done(world.liquidate(CAROL, (Usdc, Weth), Amount(ALL), Amount(0)));
}

/// A dollar is worth the order, a billionth less is a crumb.
#[test]
fn crumbs_come_in_any_order() {
    let worth_it = two_collaterals(Dai.whole(1));
    refuses(&worth_it, Liquidator, LendingError::WrongCollateralOrder, |world| {
        world.liquidate(CAROL, (Usdc, Weth), Amount(ALL), Amount(0))
    });
    let mut crumb = two_collaterals(Amount(999_999_999));
    done(crumb.liquidate(CAROL, (Usdc, Weth), Amount(ALL), Amount(0)));
}

/// The pool's least position is what makes a crumb, when that is more.
#[test]
fn the_least_position_is_the_largest_crumb() {
    let mut world = two_collaterals(Dai.whole(99));
    least(&mut world, 100);
    done(world.liquidate(CAROL, (Usdc, Weth), Amount(ALL), Amount(0)));
}

/// Alice at 1,400 may be repaid in full. With a least position of 100 dollars nobody leaves 99.99.
#[test]
fn no_dust_of_debt_is_left() {
    let mut world = indebted();
    price(&mut world, Weth, 1_400);
    least(&mut world, 100);
    refuses(&world, Liquidator, LendingError::PositionTooSmall, |world| {
        world.liquidate((Harbour, Alice), (Usdc, Weth), Amount(59_900_000_001), Amount(0))
    });
    let mut partly = world.clone();
    done(partly.liquidate((Harbour, Alice), (Usdc, Weth), Usdc.whole(59_900), Amount(0)));
    // Asking for more than is owed is asking for all.
    done(world.liquidate((Harbour, Alice), (Usdc, Weth), Amount(60_000_000_001), Amount(0)));
    assert!(!world.position(Harbour, Alice).state.has_debt());
}

/// At 1,000 all of the ether goes for 49,504.950496 dollars at most; what leaves some of it has to
/// leave 100 dollars of it.
#[test]
fn no_dust_of_collateral_is_left() {
    let mut world = indebted();
    price(&mut world, Weth, 1_000);
    least(&mut world, 100);
    // 49,405.940595 × 1.01 take 49.9 ether and leave 100 dollars; a unit more takes a unit more.
    refuses(&world, Liquidator, LendingError::PositionTooSmall, |world| {
        world.liquidate((Harbour, Alice), (Usdc, Weth), Amount(49_405_940_596), Amount(0))
    });
    let mut partly = world.clone();
    done(partly.liquidate((Harbour, Alice), (Usdc, Weth), Amount(49_405_940_595), Amount(0)));
    // With all of it the debt that it does not pay for is a loss, and recognised at once.
    done(world.liquidate((Harbour, Alice), (Usdc, Weth), Amount(49_504_950_496), Amount(0)));
    let left = world.position(Harbour, Alice).state;
    assert!(left.entry(&reserve(&world, Harbour, Weth)).supply.is_zero());
    let owing = left.entry(&reserve(&world, Harbour, Usdc));
    assert_eq!((owing.debt.get(), owing.claim), (0, Amount(10_495_049_504).fine()));
}

/// A dollar owed at factor 1.25 counts for 1.25: 50 ether at 2,000 let 75,000 be borrowed, which
/// is 60,000 of them, and at 1,875 the limit of 75,000 is reached.
#[test]
fn the_borrow_factor_weighs_debt() {
    let heavy = ReserveConfig { borrow_factor: Bps(12_500), ..ReserveConfig::default() };
    let configs = BTreeMap::from([((Harbour, Usdc), heavy)]);
    let mut world = World::new(&Options { configs, ..options() });
    done(world.deposit(Dave, Harbour, Usdc, Usdc.whole(200_000)));
    done(world.deposit(Alice, Harbour, Weth, Weth.whole(50)));
    refuses(&world, Alice, LendingError::BorrowLimitExceeded, |world| {
        world.borrow(Alice, Harbour, Usdc, Amount(60_000_000_001))
    });
    let most = world.market(Harbour).max_borrow(&world.position(Harbour, Alice), &world.mint(Usdc));
    assert_eq!(most.expect("priced"), Usdc.whole(60_000));
    done(world.borrow(Alice, Harbour, Usdc, Usdc.whole(60_000)));
    price(&mut world, Weth, 1_875);
    refuses(&world, Liquidator, LendingError::NotLiquidatable, |world| {
        world.liquidate((Harbour, Alice), (Usdc, Weth), Amount(ALL), Amount(0))
    });
    price(&mut world, Weth, 1_874);
    done(world.liquidate((Harbour, Alice), (Usdc, Weth), Amount(ALL), Amount(0)));
}

/// The preview is the program's own plan: it refuses what the program refuses, and tells what is
/// paid in shares.
#[test]
fn previews_follow_the_rules() {
    let world = two_collaterals(Dai.whole(10_000));
    let (market, carol) = (world.market(Harbour), world.position(Harbour, Carol));
    let [weth, dai, usdc] = [Weth, Dai, Usdc].map(|asset| world.mint(asset));
    let preview =
        |collateral| market.preview_liquidation(&carol, (&usdc, collateral), Amount(ALL), None);
    let wrong = preview(&weth).expect_err("the order is wrong").lending();
    assert_eq!(wrong, Some(LendingError::WrongCollateralOrder));
    let plan = preview(&dai).expect("comes first");
    let mut after = world.clone();
    let receipt = receipt_of(after.liquidate(CAROL, (Usdc, Dai), Amount(ALL), Amount(0)));
    let event = event::<Liquidated>(&receipt);
    assert_eq!((event.repaid, event.seized), (plan.repay.amount, plan.seize.amount));
    assert_eq!((event.protocol_fee, event.bonus), (plan.protocol_fee, plan.bonus));
}

fn least(world: &mut World, dollars: u128) {
    let min_position_value = Value(dollars * WAD);
    done(world.update_pool(Harbour, PoolConfig { min_position_value, ..PoolConfig::default() }));
}
