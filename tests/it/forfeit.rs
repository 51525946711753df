//! Collateral that goes to the insurance fund with bad debt: dust, and what nobody can price.

use std::sync::LazyLock;

use cofferdam_lending_interface::{
    LendingError,
    event::{BadDebtAbsorbed, CollateralSeized, Liquidated},
    state::PoolConfig,
    units::{Fine, Price, Shares, Value, WAD},
};
use cofferdam_tests::world::{Options, World};

use crate::common::*;

const DAY_S: u64 = 86_400;

/// A pool in which nothing below 100 dollars is worth a liquidation.
static WORLD: LazyLock<World> = LazyLock::new(|| {
    let pool = PoolConfig { min_position_value: Value(100 * WAD), ..PoolConfig::default() };
    World::new(&Options { pool, ..options() })
});

/// Alice owes 600 dollars against half an ether.
fn small() -> World {
    let mut world = WORLD.clone();
    done(world.deposit(Dave, Harbour, Usdc, Usdc.whole(200_000)));
    done(world.deposit(Alice, Harbour, Weth, Amount(500_000_000)));
    done(world.borrow(Alice, Harbour, Usdc, Usdc.whole(600)));
    world
}

/// At ten dollars for a day, then at 400: the average makes five dollars of what is worth 200. That
/// is doubt about how much is recovered, and no dust that anybody may take from the borrower.
#[test]
fn a_wick_makes_no_dust() {
    let mut world = small();
    price(&mut world, Weth, 10);
    world.advance(DAY_S);
    done(world.refresh());
    price(&mut world, Weth, 400);
    let receipt = receipt_of(world.absorb(Harbour, Alice));
    assert_eq!(receipt.events::<CollateralSeized>().count(), 0);
    let position = world.position(Harbour, Alice).state;
    let held = position.entry(&reserve(&world, Harbour, Weth)).supply;
    assert_eq!(held, Shares(500_000_000_000_000));
    let lost = event::<BadDebtAbsorbed>(&receipt).loss.recognised;
    assert!(lost < Usdc.whole(600).fine() && lost > Usdc.whole(590).fine(), "{lost}");
}

/// At 150 the half ether is worth 75 dollars: nobody would take it.
#[test]
fn dust_goes_to_the_insurance_of_its_reserve() {
    let mut world = small();
    price(&mut world, Weth, 150);
    let receipt = moves(
        &mut world,
        Liquidator,
        |world| world.absorb(Harbour, Alice),
        [
            ("harbour USDC debt shares", -600_000_000_000_000_000),
            ("alice@harbour USDC debt", -600_000_000_000_000_000),
            ("harbour USDC lost", 600_000_000_000_000_000),
            ("alice@harbour USDC claim", 600_000_000_000_000_000),
            ("alice@harbour WETH supply", -500_000_000_000_000),
            ("harbour WETH supply shares", -500_000_000_000_000),
            ("harbour WETH insurance", 500_000_000_000_000_000),
            ("harbour WETH fund shares", 500_000_000_000_000),
        ],
    );
    let expected = CollateralSeized {
        position: world.position_address(Harbour, Alice),
        reserve: reserve(&world, Harbour, Weth),
        shares: Shares(500_000_000_000_000),
        amount: Fine(500_000_000_000_000_000),
    };
    assert_eq!(event::<CollateralSeized>(&receipt), expected);
    assert_eq!(event::<BadDebtAbsorbed>(&receipt).loss.recognised, Usdc.whole(600).fine());
}

/// One dollar above the least value nothing is seized, and what it recovers stays owed.
#[test]
fn what_is_worth_a_liquidation_stays() {
    for (ether, dust) in [(200, false), (199, true)] {
        let mut world = small();
        price(&mut world, Weth, ether);
        let receipt = receipt_of(world.absorb(Harbour, Alice));
        assert_eq!(receipt.events::<CollateralSeized>().count() == 1, dust, "{ether}");
        assert_eq!(world.position(Harbour, Alice).state.has_debt(), !dust);
    }
}

/// Collateral of little value is no reason to take it: the debt has to be bad.
#[test]
fn small_positions_in_good_health_are_left_alone() {
    let mut world = small();
    done(world.repay(Alice, (Harbour, Alice), Usdc, Usdc.whole(550)));
    // 75 dollars against 50.
    price(&mut world, Weth, 150);
    refuses(&world, Liquidator, LendingError::NoBadDebt, |w| w.absorb(Harbour, Alice));
}

/// Alice owes 700 dollars against 1,000 of another stablecoin and a thousandth of an ether.
fn with_dead_feed() -> World {
    let mut world = WORLD.clone();
    done(world.deposit(Dave, Harbour, Usdc, Usdc.whole(200_000)));
    done(world.deposit(Alice, Harbour, Dai, Dai.whole(1_000)));
    done(world.deposit(Alice, Harbour, Weth, Amount(1_000_000)));
    done(world.borrow(Alice, Harbour, Usdc, Usdc.whole(700)));
    world
}

/// Time passes, and only the stablecoins still have a price.
fn silence(world: &mut World, seconds: u64) {
    world.advance(seconds);
    done(world.publish(Usdc, dollars(1)));
    done(world.publish(Dai, Price(WAD / 2)));
}

/// A unit of an asset whose feed has died cannot keep a position from being settled.
#[test]
fn unpriceable_collateral_does_not_keep_a_loss_off_the_books() {
    let mut world = with_dead_feed();
    silence(&mut world, 7 * DAY_S);
    refuses(&world, Liquidator, LendingError::PriceStale, |w| w.absorb(Harbour, Alice));
    world.advance(1);
    let receipt = receipt_of(world.absorb(Harbour, Alice));
    let seized = event::<CollateralSeized>(&receipt);
    assert_eq!(seized.reserve, reserve(&world, Harbour, Weth));
    assert_eq!(seized.amount, Amount(1_000_000).fine());
    let state = world.position(Harbour, Alice).state;
    assert_eq!(state.entry(&reserve(&world, Harbour, Weth)).supply, Shares(0));
    assert!(!state.entry(&reserve(&world, Harbour, Dai)).supply.is_zero(), "it has a price");
    // 500 ÷ 1.08 stay owed, not 500 ÷ 1.08 and what the ether was worth.
    let left = world.position(Harbour, Alice).state.entry(&reserve(&world, Harbour, Usdc));
    assert_eq!(
        world.reserve(Harbour, Usdc).debt().expect("it fits").get() / 1_000_000_000_000_000,
        462
    );
    assert!(!left.claim.is_zero());
}

/// Nobody can use a dead feed to take good collateral: as long as its last price covers the debt,
/// the owner has a month to repay, for which no price is needed.
#[test]
fn a_dead_feed_takes_no_good_collateral() {
    let mut world = small();
    world.advance(8 * DAY_S);
    done(world.publish(Usdc, dollars(1)));
    refuses(&world, Liquidator, LendingError::NoBadDebt, |w| w.absorb(Harbour, Alice));
    world.advance(22 * DAY_S);
    done(world.publish(Usdc, dollars(1)));
    refuses(&world, Liquidator, LendingError::NoBadDebt, |w| w.absorb(Harbour, Alice));
    let mut saved = world.clone();
    done(saved.repay(Alice, (Harbour, Alice), Usdc, Amount(ALL)));
    done(saved.withdraw(Alice, Harbour, Weth, Amount(ALL)));

    // After that a price nobody vouches for protects nobody.
    world.advance(1);
    let receipt = receipt_of(world.absorb(Harbour, Alice));
    assert_eq!(receipt.events::<CollateralSeized>().count(), 1);
}

/// Where the price was withdrawn, the average up to then protects as long.
#[test]
fn a_withdrawn_price_takes_no_good_collateral_either() {
    let mut world = small();
    done(world.publish(Weth, Price::ZERO));
    for (seconds, error) in [(0, LendingError::PriceZero), (30 * DAY_S, LendingError::NoBadDebt)] {
        world.advance(seconds);
        done(world.publish(Usdc, dollars(1)));
        refuses(&world, Liquidator, error, |w| w.absorb(Harbour, Alice));
    }
    world.advance(1);
    let receipt = receipt_of(world.absorb(Harbour, Alice));
    assert_eq!(receipt.events::<CollateralSeized>().count(), 1);
}

/// What is forfeit is the protocol's: nobody can stake to have a part in it.
#[test]
fn nobody_gains_by_what_is_forfeit() {
    let mut world = small();
    done(world.open_stake(Bob, Harbour, Weth));
    done(world.stake(Bob, Harbour, Weth, Weth.whole(1)));
    price(&mut world, Weth, 150);
    done(world.absorb(Harbour, Alice));
    let reserve = world.reserve(Harbour, Weth);
    let stake = world.stake_state(Bob, Harbour, Weth);
    assert_eq!(reserve.insurance, Fine(1_500_000_000_000_000_000));
    assert_eq!(reserve.fund().assets_down(stake.shares), Ok(Weth.whole(1).fine()));
}

/// Without debt a feed may be dead for as long as it likes.
#[test]
fn who_owes_nothing_loses_nothing() {
    let mut world = WORLD.clone();
    done(world.deposit(Alice, Harbour, Weth, Weth.whole(1)));
    world.advance(400 * DAY_S);
    refuses(&world, Liquidator, LendingError::NoBadDebt, |w| w.absorb(Harbour, Alice));
}

/// What a liquidation leaves uncovered is recognised by it.
#[test]
fn a_liquidation_recognises_what_it_leaves() {
    let mut world = indebted();
    price(&mut world, Weth, 1_000);
    let all = Usdc.whole(60_000);
    let receipt = receipt_of(world.liquidate((Harbour, Alice), (Usdc, Weth), all, Amount(0)));
    let repaid = event::<Liquidated>(&receipt).repaid;
    let loss = event::<BadDebtAbsorbed>(&receipt).loss;
    assert_eq!(repaid.fine().get() + loss.recognised.get(), all.fine().get());
    assert!(!world.position(Harbour, Alice).state.has_debt());
    refuses(&world, Liquidator, LendingError::NoBadDebt, |w| w.absorb(Harbour, Alice));
}

/// Alice owes 30,000 of each stablecoin against 50 ether, which crash to 1,000.
fn two_bad_debts() -> World {
    let mut world = fresh();
    for asset in [Usdc, Dai] {
        done(world.deposit(Dave, Harbour, asset, asset.whole(200_000)));
    }
    done(world.deposit(Alice, Harbour, Weth, Weth.whole(50)));
    done(world.borrow(Alice, Harbour, Usdc, Usdc.whole(30_000)));
    done(world.borrow(Alice, Harbour, Dai, Dai.whole(30_000)));
    price(&mut world, Weth, 1_000);
    world
}

/// A reserve that was passed read-only stays as it is, and the liquidation goes through; anybody
/// has the loss recognised afterwards.
#[test]
fn a_liquidation_never_fails_for_a_recognition() {
    let mut world = two_bad_debts();
    let args = ((Harbour, Alice), (Usdc, Weth), Usdc.whole(10_000));
    let mut seize = world.liquidation(Liquidator, args.0, args.1, args.2, None);
    let dai = reserve(&world, Harbour, Dai);
    let other = seize.accounts.iter_mut().find(|account| account.pubkey == dai);
    other.expect("the other debt's reserve is passed").is_writable = false;
    let receipt = receipt_of(world.send(&[Liquidator], &[seize]));
    assert_eq!(receipt.events::<BadDebtAbsorbed>().count(), 0);
    let receipt = receipt_of(world.absorb(Harbour, Alice));
    assert_eq!(receipt.events::<BadDebtAbsorbed>().count(), 2);
    nothing_is_left_but_rounding(world);
}

/// A cut leaves less than a share of each debt, and a share of dollars with six decimals is a
/// thousand of a stablecoin with nine.
fn nothing_is_left_but_rounding(mut world: World) {
    if let Ok(receipt) = world.absorb(Harbour, Alice) {
        let lost = receipt.events::<BadDebtAbsorbed>().map(|event| event.loss.recognised.get());
        assert!(lost.sum::<u128>() <= 1_000, "bad debt is left");
    }
}

/// What the SDK builds recognises the loss in every reserve it falls on, of which the liquidation
/// itself moves only one.
#[test]
fn a_liquidation_recognises_every_debt() {
    let mut world = two_bad_debts();
    let part = Usdc.whole(10_000);
    let receipt = receipt_of(world.liquidate((Harbour, Alice), (Usdc, Weth), part, Amount(0)));
    let mut lost: Vec<_> = receipt.events::<BadDebtAbsorbed>().map(|loss| loss.reserve).collect();
    lost.sort();
    let mut expected = [Usdc, Dai].map(|asset| reserve(&world, Harbour, asset)).to_vec();
    expected.sort();
    assert_eq!(lost, expected);
    nothing_is_left_but_rounding(world);
}
