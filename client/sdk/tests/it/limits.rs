//! The most that can be borrowed or withdrawn succeeds, and one unit more does not.

use cofferdam_sdk::{
    Decimal, Signer, instruction as build,
    interface::{
        LendingError,
        state::{PoolConfig, ReserveConfig},
        units::{Amount, Bps, Value, WAD},
    },
};
use proptest::prelude::*;

use crate::world::{Asset, Who, World, key};

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
    let expected = [
        LendingError::BorrowLimitExceeded,
        LendingError::InsufficientCash,
        LendingError::BorrowCapExceeded,
        LendingError::UtilisationTooHigh,
        LendingError::OutflowLimitExceeded,
        LendingError::PositionTooSmall,
    ];
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
        LendingError::OutflowLimitExceeded,
        LendingError::PositionTooSmall,
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

/// Sets what the reserve of the dollar and the pool allow.
fn restrict(world: &mut World, change: impl FnOnce(&mut ReserveConfig), least: u128) {
    let (admin, market) = (key("admin"), world.market());
    let view = market.reserve_of(&world.mint(Asset::Usd)).unwrap();
    let mut config = view.state.config;
    change(&mut config);
    let pool = PoolConfig { min_position_value: Value(least * WAD), ..market.pool.config };
    let (by, address) = (admin.pubkey(), world.pool);
    let instructions = [
        build::update_reserve(&by, &address, &view.keys.reserve, config, 0),
        build::update_pool(&by, &address, pool),
    ];
    let _receipt = world.send(&admin, instructions).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_most_respects_every_limit(
        cap in 100_i64..2_000,
        outflow in 0_u64..900,
        utilisation in 500_u32..=10_000,
        least in 0_u128..1_500,
        elapsed_s in 0_u64..10_000,
        owed in 0_i64..500,
    ) {
        let mut world = World::new();
        world.deposit(Who::Alice, Asset::Usd, 4_000);
        world.deposit(Who::Bob, Asset::Eth, 10);
        restrict(&mut world, |config| {
            config.borrow_cap = Amount(u64::try_from(cap).unwrap() * 1_000_000_000);
            config.outflow_hour_max = Amount(outflow * 1_000_000_000);
            config.max_utilisation = Bps(utilisation);
        }, 0);
        let bob = world.position(Who::Bob);
        let most = world.market().max_borrow(&bob, &world.mint(Asset::Usd)).unwrap();
        let first = tokens(most).trunc().min(Decimal::from(owed));
        if first > Decimal::ZERO {
            let market = world.market();
            let borrow = market.borrow(&bob, &world.mint(Asset::Usd), first).unwrap();
            world.act(Who::Bob, borrow);
        }
        restrict(&mut world, |_| (), least);
        world.warp(elapsed_s);
        world.publish(Asset::Eth, 20_000);
        world.publish(Asset::Usd, 100);
        check_borrow(&world);
        check_withdraw(&world, Who::Bob, Asset::Eth);
        check_withdraw(&world, Who::Alice, Asset::Usd);
    }
}

#[test]
fn rooms_of_a_known_reserve() {
    let mut world = World::with_loan(10_000, 10, 500);
    let room = |world: &World| {
        let market = world.market();
        let view = market.reserve_of(&world.mint(Asset::Usd)).unwrap();
        let whole = |room: Option<Decimal>| room.map(|tokens| tokens.to_string());
        [view.supply_room(), view.borrow_room(), view.outflow_room()]
            .map(|room| whole(room.unwrap()))
    };
    assert_eq!(room(&world), [None, None, None]);
    restrict(
        &mut world,
        |config| {
            config.supply_cap = Amount(12_000_000_000_000);
            config.borrow_cap = Amount(600_000_000_000);
            config.outflow_hour_max = Amount(70_000_000_000);
        },
        0,
    );
    let known = |rooms: [&str; 3]| rooms.map(|room| Some(room.to_owned()));
    assert_eq!(room(&world), known(["2000", "100", "70"]));
    world.borrow(Who::Bob, Asset::Usd, 30);
    world.deposit(Who::Alice, Asset::Usd, 5);
    assert_eq!(room(&world), known(["1995", "70", "45"]));
    let (usd, bob) = (world.mint(Asset::Usd), world.position(Who::Bob));
    assert_eq!(world.market().max_borrow(&bob, &usd).map(tokens).unwrap(), Decimal::from(45));
}

/// A smaller loan would be too small, a larger one too large for the collateral.
#[test]
fn between_too_small_and_too_much() {
    let mut world = World::with_loan(10_000, 10, 500);
    let (usd, eth) = (world.mint(Asset::Usd), world.mint(Asset::Eth));
    let most = |world: &World| world.market().max_borrow(&world.position(Who::Bob), &usd).unwrap();
    restrict(&mut world, |_| (), 1_400);
    assert_eq!(tokens(most(&world)), Decimal::from(1_000), "1,500 is enough");
    let free = world.market().max_withdraw(&world.position(Who::Bob), &eth).unwrap();
    assert_eq!(free, Amount::ZERO, "500 owed is too little to take collateral out");
    restrict(&mut world, |_| (), 1_501);
    assert_eq!(most(&world), Amount::ZERO, "no loan is large enough and small enough");
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
