use cofferdam_lending_interface::{
    LendingError,
    event::{BadDebtAbsorbed, Liquidated},
    units::{DebtShares, Shares, WAD, Wad},
};
use cofferdam_tests::world::{Actor, World};

use crate::common::*;

/// Alice's 60,000 dollars of debt and 50 ether, with ether at `dollars`.
fn at(dollars: u128) -> World {
    let mut world = indebted();
    price(&mut world, Weth, dollars);
    world
}

/// At 1,450 the limit is 58,000 and the health factor 0.967, two thirds of the way to 0.95: the
/// bonus is 2 % and two thirds of the 6 % more. Health 1.05 takes
/// (1.05 × 60,000 − 58,000) ÷ (1.05 − 0.8 × 1.06) = 24,752.475247…, which buy 26,237.62 of ether,
/// 18.094912939. The bonus in it is 1.024240355; a tenth of it is the protocol's, a fifth of that
/// the insurance fund's.
#[test]
fn restores_the_target_and_pays_the_bonus() {
    let mut world = at(1_450);
    let receipt = moves(
        &mut world,
        Liquidator,
        |world| {
            world.liquidate((Harbour, Alice), (Usdc, Weth), Amount(ALL), Amount(17_992_488_903))
        },
        [
            ("liquidator USDC", -24_752_475_248),
            ("liquidator WETH", 17_992_488_903),
            ("harbour USDC vault", 24_752_475_248),
            ("harbour USDC cash", 24_752_475_248),
            ("harbour USDC debt shares", -24_752_475_248_000_000_000),
            ("alice@harbour USDC debt", -24_752_475_248_000_000_000),
            ("harbour WETH vault", -17_992_488_903),
            ("harbour WETH cash", -17_992_488_903),
            ("harbour WETH fees", 81_939_228_800_000_000),
            ("harbour WETH insurance", 20_484_807_200_000_000),
            ("harbour WETH fund shares", 20_484_807_200_000),
            ("harbour WETH supply shares", -18_094_912_939_000_000),
            ("alice@harbour WETH supply", -18_094_912_939_000_000),
        ],
    );
    let expected = Liquidated {
        position: world.position_address(Harbour, Alice),
        liquidator: world.person(Liquidator),
        debt_reserve: reserve(&world, Harbour, Usdc),
        collateral_reserve: reserve(&world, Harbour, Weth),
        repaid: Amount(24_752_475_248),
        seized: Amount(18_094_912_939),
        protocol_fee: Amount(102_424_036),
        bonus: Wad(WAD / 100 * 6),
        shares_out: Shares::ZERO,
    };
    assert_eq!(event::<Liquidated>(&receipt), expected);
    // 35,247.524752 owed, 46,262.376238 of ether, of which 80 % are 1.05 times the debt.
    let position = world.position(Harbour, Alice);
    let health = world.market(Harbour).health(&position).expect("priced");
    assert_eq!(
        health.factor.map(|factor| factor.round_dp(9).to_string()),
        Some("1.050000000".into())
    );
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
            ("harbour WETH fees", 274_285_714_400_000_000),
            ("harbour WETH insurance", 68_571_428_600_000_000),
            ("harbour WETH fund shares", 68_571_428_600_000),
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
            ("harbour WETH fees", 97_560_976_000_000_000),
            ("harbour WETH insurance", 24_390_244_000_000_000),
            ("harbour WETH fund shares", 24_390_244_000_000),
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

/// The 10,495.049504 dollars that are left are a loss in the same transaction, and a claim.
#[test]
fn what_the_last_collateral_does_not_pay_is_recognised() {
    let mut world = at(1_000);
    let receipt =
        receipt_of(world.liquidate((Harbour, Alice), (Usdc, Weth), Amount(ALL), Amount(0)));
    let event = event::<BadDebtAbsorbed>(&receipt);
    let entry = world.position(Harbour, Alice).state.entry(&event.reserve);
    assert_eq!((entry.debt, entry.claim), (DebtShares(0), event.loss.recognised));
    assert_eq!(event.loss.recognised, Amount(10_495_049_504).fine());
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
        world.liquidate(alice, (Usdc, Weth), Amount(ALL), Amount(17_992_488_904))
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

/// Bob has borrowed all but one of Alice's 50 ether. Her debt is worth 46.285714285 of them at
/// 1,400, for the payout of 45.942857142 there is no cash.
fn lent_out() -> World {
    let mut world = indebted();
    done(world.deposit(Bob, Harbour, Usdc, Usdc.whole(200_000)));
    done(world.borrow(Bob, Harbour, Weth, Weth.whole(49)));
    price(&mut world, Weth, 1_400);
    world
}

/// Dave is paid in shares: all of the seized ones but those of the fee become his.
#[test]
fn a_reserve_without_cash_pays_in_shares() {
    let mut world = lent_out();
    let receipt = moves(
        &mut world,
        Dave,
        |world| {
            let alice = (Harbour, Alice);
            let paid = world.liquidation(Dave, alice, (Usdc, Weth), Amount(ALL), Some(Dave));
            world.send(&[Dave], &[paid])
        },
        [
            ("dave USDC", -60_000_000_000),
            ("harbour USDC vault", 60_000_000_000),
            ("harbour USDC cash", 60_000_000_000),
            ("harbour USDC debt shares", -60_000_000_000_000_000_000),
            ("alice@harbour USDC debt", -60_000_000_000_000_000_000),
            ("harbour WETH fees", 274_285_714_400_000_000),
            ("harbour WETH insurance", 68_571_428_600_000_000),
            ("harbour WETH fund shares", 68_571_428_600_000),
            ("harbour WETH supply shares", -342_857_143_000_000),
            ("alice@harbour WETH supply", -46_285_714_285_000_000),
            ("dave@harbour WETH supply", 45_942_857_142_000_000),
        ],
    );
    assert_eq!(event::<Liquidated>(&receipt).shares_out, Shares(45_942_857_142_000_000));
}

#[test]
fn previews_tell_what_is_paid_in_shares() {
    let mut world = lent_out();
    let [usdc, weth] = [Usdc, Weth].map(|asset| world.mint(asset));
    let market = world.market(Harbour);
    let preview = |receiver: Option<Actor>| {
        let receiver = receiver.map(|owner| world.position(Harbour, owner));
        let alice = world.position(Harbour, Alice);
        market.preview_liquidation(&alice, (&usdc, &weth), Amount(ALL), receiver.as_ref())
    };
    let refusal = |receiver| preview(receiver).expect_err("cannot be paid").lending();
    assert_eq!(refusal(None), Some(LendingError::InsufficientCash));
    assert_eq!(refusal(Some(Bob)), Some(LendingError::SameReserve));
    let plan = preview(Some(Dave)).expect("paid in shares");
    let paid = world.liquidation(Dave, (Harbour, Alice), (Usdc, Weth), Amount(ALL), Some(Dave));
    let receipt = receipt_of(world.send(&[Dave], &[paid]));
    assert_eq!(event::<Liquidated>(&receipt).shares_out, plan.shares_out);
}

/// Who can be paid in tokens is, whatever position is named.
#[test]
fn shares_are_paid_for_lack_of_cash_only() {
    let mut world = lent_out();
    let alice = (Harbour, Alice);
    let some = world.liquidation(Dave, alice, (Usdc, Weth), Usdc.whole(1_000), Some(Dave));
    let receipt = receipt_of(world.send(&[Dave], &[some]));
    assert_eq!(event::<Liquidated>(&receipt).shares_out, Shares::ZERO);
    assert!(
        world.position(Harbour, Dave).state.entry(&reserve(&world, Harbour, Weth)).supply.is_zero()
    );
}

#[test]
fn shares_go_to_a_position_of_the_liquidators_that_may_hold_them() {
    let world = lent_out();
    let refused = |by, receiver, error| {
        refuses(&world, by, error, |world| {
            let alice = (Harbour, Alice);
            let paid = world.liquidation(by, alice, (Usdc, Weth), Amount(ALL), receiver);
            world.send(&[by], &[paid])
        });
    };
    // None at all, and the liquidated position in its place, which means none.
    refused(Dave, None, LendingError::InsufficientCash);
    refused(Alice, Some(Alice), LendingError::InsufficientCash);
    // Somebody else's.
    refused(Dave, Some(Carol), LendingError::WrongAuthority);
    // One that owes ether.
    refused(Bob, Some(Bob), LendingError::SameReserve);
    // What is there can be had without any.
    let mut world = world.clone();
    done(world.liquidate((Harbour, Alice), (Usdc, Weth), Usdc.whole(1_000), Amount(0)));
}
