use cofferdam_lending_interface::{
    LendingError,
    event::Liquidated,
    units::{Shares, WAD, Wad},
};
use cofferdam_tests::world::World;

use crate::common::*;

/// Alice's 60,000 dollars of debt and 50 ether, with ether at `dollars`.
fn at(dollars: u128) -> World {
    let mut world = indebted();
    price(&mut world, Weth, dollars);
    world
}

/// At 1,450 the limit is 58,000 and the health factor 0.967: half may be repaid. 30,000 buy
/// 32,400 of ether, 22.344827586; the bonus in it is 1.655172413, a tenth of it the protocol's.
#[test]
fn pays_the_bonus() {
    let mut world = at(1_450);
    let receipt = moves(
        &mut world,
        Liquidator,
        |world| {
            world.liquidate((Harbour, Alice), (Usdc, Weth), Amount(ALL), Amount(22_179_310_344))
        },
        [
            ("liquidator USDC", -30_000_000_000),
            ("liquidator WETH", 22_179_310_344),
            ("harbour USDC vault", 30_000_000_000),
            ("harbour USDC cash", 30_000_000_000),
            ("harbour USDC debt shares", -30_000_000_000_000_000_000),
            ("alice@harbour USDC debt", -30_000_000_000_000_000_000),
            ("harbour WETH vault", -22_179_310_344),
            ("harbour WETH cash", -22_179_310_344),
            ("harbour WETH fees", 165_517_242_000_000_000),
            ("harbour WETH supply shares", -22_344_827_586_000_000),
            ("alice@harbour WETH supply", -22_344_827_586_000_000),
        ],
    );
    let expected = Liquidated {
        position: world.position_address(Harbour, Alice),
        liquidator: world.person(Liquidator),
        debt_reserve: reserve(&world, Harbour, Usdc),
        collateral_reserve: reserve(&world, Harbour, Weth),
        repaid: Usdc.whole(30_000),
        seized: Amount(22_344_827_586),
        protocol_fee: Amount(165_517_242),
        bonus: Wad(WAD / 100 * 8),
        shares_out: Shares::ZERO,
    };
    assert_eq!(event::<Liquidated>(&receipt), expected);
}

/// At 1,400 the health factor is 0.933: all of the debt may be repaid, for 64,800 of ether.
#[test]
fn closes_in_full_when_health_is_low() {
    let mut world = at(1_400);
    let _receipt = moves(
        &mut world,
        Liquidator,
        |world| world.liquidate((Harbour, Alice), (Usdc, Weth), Amount(ALL), Amount(0)),
        [
            ("liquidator USDC", -60_000_000_000),
            ("liquidator WETH", 45_942_857_142),
            ("harbour USDC vault", 60_000_000_000),
            ("harbour USDC cash", 60_000_000_000),
            ("harbour USDC debt shares", -60_000_000_000_000_000_000),
            ("alice@harbour USDC debt", -60_000_000_000_000_000_000),
            ("harbour WETH vault", -45_942_857_142),
            ("harbour WETH cash", -45_942_857_142),
            ("harbour WETH fees", 342_857_143_000_000_000),
            ("harbour WETH supply shares", -46_285_714_285_000_000),
            ("alice@harbour WETH supply", -46_285_714_285_000_000),
        ],
    );
}

/// At 1,230 collateral is worth 61,500: the surplus of 2.5 % is all the bonus there is, and the
/// last of the debt takes the last of the ether.
#[test]
fn bonus_is_capped_by_the_surplus() {
    let mut world = at(1_230);
    let receipt = moves(
        &mut world,
        Liquidator,
        |world| world.liquidate((Harbour, Alice), (Usdc, Weth), Amount(ALL), Amount(0)),
        [
            ("liquidator USDC", -60_000_000_000),
            ("liquidator WETH", 49_878_048_780),
            ("harbour USDC vault", 60_000_000_000),
            ("harbour USDC cash", 60_000_000_000),
            ("harbour USDC debt shares", -60_000_000_000_000_000_000),
            ("alice@harbour USDC debt", -60_000_000_000_000_000_000),
            ("harbour WETH vault", -49_878_048_780),
            ("harbour WETH cash", -49_878_048_780),
            ("harbour WETH fees", 121_951_220_000_000_000),
            ("harbour WETH supply shares", -50_000_000_000_000_000),
            ("alice@harbour WETH supply", -50_000_000_000_000_000),
        ],
    );
    assert_eq!(event::<Liquidated>(&receipt).bonus, Wad(WAD / 1_000 * 25));
}

/// At 1,000 all ether is worth 50,000; with a bonus of 1 % it goes for 49,504.950496 dollars.
#[test]
fn an_insolvent_position_goes_at_the_small_bonus() {
    let mut world = at(1_000);
    let receipt =
        receipt_of(world.liquidate((Harbour, Alice), (Usdc, Weth), Amount(ALL), Amount(0)));
    let event = event::<Liquidated>(&receipt);
    assert_eq!(event.bonus, Wad(WAD / 100));
    assert_eq!((event.repaid, event.seized), (Amount(49_504_950_496), Weth.whole(50)));
    // 50 ether less 49.504950496 of principal leave 0.495049504 of bonus.
    assert_eq!(event.protocol_fee, Amount(49_504_951));
}

#[test]
fn refuses_a_healthy_position() {
    // At 1,500 the limit is exactly the debt.
    refuses(&at(1_500), Liquidator, LendingError::NotLiquidatable, |world| {
        world.liquidate((Harbour, Alice), (Usdc, Weth), Amount(ALL), Amount(0))
    });
}

#[test]
fn refusals() {
    let world = at(1_450);
    let alice = (Harbour, Alice);
    refuses(&world, Liquidator, LendingError::SlippageExceeded, |world| {
        world.liquidate(alice, (Usdc, Weth), Amount(ALL), Amount(22_179_310_345))
    });
    refuses(&world, Liquidator, LendingError::NoDebt, |world| {
        world.liquidate(alice, (Dai, Weth), Amount(ALL), Amount(0))
    });
    refuses(&world, Liquidator, LendingError::NoCollateral, |world| {
        world.liquidate(alice, (Usdc, Dai), Amount(ALL), Amount(0))
    });
    refuses(&world, Liquidator, LendingError::AmountTooSmall, |world| {
        world.liquidate(alice, (Usdc, Weth), Amount(0), Amount(0))
    });
    refuses(&world, Liquidator, LendingError::DuplicateAccount, |world| {
        world.liquidate(alice, (Usdc, Usdc), Amount(ALL), Amount(0))
    });
}

#[test]
fn refuses_when_the_collateral_is_lent_out() {
    let mut world = indebted();
    done(world.deposit(Bob, Harbour, Usdc, Usdc.whole(200_000)));
    done(world.borrow(Bob, Harbour, Weth, Weth.whole(49)));
    price(&mut world, Weth, 1_400);
    refuses(&world, Liquidator, LendingError::InsufficientCash, |world| {
        world.liquidate((Harbour, Alice), (Usdc, Weth), Amount(ALL), Amount(0))
    });
    // What is there can be had.
    done(world.liquidate((Harbour, Alice), (Usdc, Weth), Usdc.whole(1_000), Amount(0)));
}
