//! The most that can be borrowed or withdrawn succeeds, and one unit more does not.

use cofferdam_sdk::{
    Decimal,
    interface::{LendingError, units::Amount},
};
use proptest::prelude::*;

use crate::world::{Asset, Who, World};

fn tokens(amount: Amount) -> Decimal {
    cofferdam_sdk::human::tokens(amount, 9)
}

fn one_more(amount: Amount) -> Decimal {
    tokens(Amount(amount.get() + 1))
}

/// Sends Bob's loan in a fork; nothing of it stays.
fn try_borrow(world: &World, usd: Decimal) -> Result<(), Option<LendingError>> {
    let mut fork = world.clone();
    let (market, position, key) = (fork.market(), fork.position(Who::Bob), fork.key(Who::Bob));
    let borrow = market.borrow(&position, &fork.mint(Asset::Usd), usd).unwrap();
    fork.send(&key, [borrow]).map(drop).map_err(|error| error.lending())
}

fn try_withdraw(
    world: &World,
    (who, asset): (Who, Asset),
    amount: Decimal,
) -> Result<(), Option<LendingError>> {
    let mut fork = world.clone();
    let (market, position, key) = (fork.market(), fork.position(who), fork.key(who));
    let withdraw = market.withdraw(&position, &fork.mint(asset), amount).unwrap();
    fork.send(&key, [withdraw]).map(drop).map_err(|error| error.lending())
}

fn check_borrow(world: &World) {
    let (market, usd) = (world.market(), world.mint(Asset::Usd));
    let most = market.max_borrow(&world.position(Who::Bob), &usd).unwrap();
    if !most.is_zero() {
        assert_eq!(try_borrow(world, tokens(most)), Ok(()), "{most}");
    }
    let refused = try_borrow(world, one_more(most)).unwrap_err();
    let expected = [LendingError::BorrowLimitExceeded, LendingError::InsufficientCash];
    assert!(expected.map(Some).contains(&refused), "{most} + 1: {refused:?}");
}

fn check_withdraw(world: &World, who: Who, asset: Asset) {
    let (market, mint) = (world.market(), world.mint(asset));
    let most = market.max_withdraw(&world.position(who), &mint).unwrap();
    if !most.is_zero() {
        assert_eq!(try_withdraw(world, (who, asset), tokens(most)), Ok(()), "{most}");
    }
    let refused = try_withdraw(world, (who, asset), one_more(most)).unwrap_err();
    let expected = [
        LendingError::BorrowLimitExceeded,
        LendingError::InsufficientCash,
        LendingError::InsufficientSupply,
    ];
    assert!(expected.map(Some).contains(&refused), "{most} + 1: {refused:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_most_succeeds_and_one_more_does_not(
        supplied in 1_000_i64..90_000,
        collateral in 1_i64..900,
        share in 0_i64..100,
        elapsed_s in 0_u64..40_000_000,
        eth_cents in 9_000_i64..60_000,
        usd_cents in 90_i64..110,
    ) {
        let mut world = World::new();
        world.deposit(Who::Alice, Asset::Usd, supplied);
        world.deposit(Who::Bob, Asset::Eth, collateral);
        let most = (collateral * 150).min(supplied);
        if most * share / 100 > 0 {
            world.borrow(Who::Bob, Asset::Usd, most * share / 100);
        }
        world.warp(elapsed_s);
        world.publish(Asset::Eth, eth_cents);
        world.publish(Asset::Usd, usd_cents);
        check_borrow(&world);
        check_withdraw(&world, Who::Bob, Asset::Eth);
        check_withdraw(&world, Who::Alice, Asset::Usd);
    }
}

#[test]
fn limits_of_a_known_position() {
    let world = World::with_loan(10_000, 10, 500);
    let (market, bob) = (world.market(), world.position(Who::Bob));
    let (eth, usd) = (world.mint(Asset::Eth), world.mint(Asset::Usd));
    // 10 ETH at 200 dollars, of which 75 % may be borrowed: 1,500, less the 500 owed.
    assert_eq!(tokens(market.max_borrow(&bob, &usd).unwrap()), Decimal::from(1_000));
    // 500 dollars need 500 / 150 = 3.333333334 ETH; the shares of what stays are rounded against
    // the owner, which costs a unit.
    let free = tokens(market.max_withdraw(&bob, &eth).unwrap());
    assert_eq!(free, Decimal::new(6_666_666_666, 9));
    let alice = world.position(Who::Alice);
    assert_eq!(tokens(market.max_withdraw(&alice, &usd).unwrap()), Decimal::from(9_500));
    assert_eq!(market.max_borrow(&alice, &eth).map(tokens).unwrap(), Decimal::from(10));
}

#[test]
fn without_collateral_nothing_and_with_a_stale_price_an_error() {
    let mut world = World::with_loan(10_000, 10, 500);
    let usd = world.mint(Asset::Usd);
    let alice = world.position(Who::Alice);
    let same = world.market().max_borrow(&alice, &usd).unwrap_err();
    assert_eq!(same.lending(), Some(LendingError::SameReserve));
    world.warp(3_601);
    let stale = world.market().max_borrow(&world.position(Who::Bob), &usd).unwrap_err();
    assert_eq!(stale.lending(), Some(LendingError::PriceStale));
    // Who owes nothing can leave while the oracle is dead.
    let free = world.market().max_withdraw(&alice, &usd).unwrap();
    assert_eq!(try_withdraw(&world, (Who::Alice, Asset::Usd), tokens(free)), Ok(()));
}
