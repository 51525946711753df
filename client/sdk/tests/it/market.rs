//! What a market tells: rates, health, quotes.

use cofferdam_sdk::{Decimal, MarketPrices, interface::LendingError};

use rust_decimal::RoundingStrategy;

use crate::world::{Asset, Who, World};

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[test]
fn rates_of_a_half_used_reserve() {
    let world = World::with_loan(10_000, 100, 4_500);
    let market = world.market();
    let view = market.reserve_of(&world.mint(Asset::Usd)).unwrap();
    assert_eq!(view.utilisation().unwrap(), decimal("0.45"));
    // Half way to the kink at 90 %, where the rate is 4 %.
    assert_eq!(view.borrow_rate().unwrap(), decimal("0.02"));
    // 2 % on 45 % of the supply, of which the protocol keeps a tenth.
    assert_eq!(view.supply_rate().unwrap(), decimal("0.0081"));
    // e^0.02 − 1 and e^0.0081 − 1.
    assert_eq!(view.borrow_apy().unwrap().round_dp(15), decimal("0.020201340026756"));
    assert_eq!(view.supply_apy().unwrap().round_dp(15), decimal("0.008132893753152"));
}

#[test]
fn an_apy_comes_true() {
    let mut world = World::with_loan(10_000, 100, 4_500);
    let usd = world.mint(Asset::Usd);
    let before = world.market();
    let apy = before.reserve_of(&usd).unwrap().borrow_apy().unwrap();
    world.warp(31_536_000);
    let owed = world.market().reserve_of(&usd).unwrap().state.debt().unwrap();
    let owed = cofferdam_sdk::human::tokens(owed.units_down().unwrap(), 9);
    let expected = Decimal::from(4_500) * (Decimal::ONE + apy);
    assert_eq!(owed, expected.round_dp_with_strategy(9, RoundingStrategy::ToZero));
}

#[test]
fn health_and_its_limits() {
    let world = World::with_loan(10_000, 10, 1_000);
    let health = world.market().health(&world.position(Who::Bob)).unwrap();
    assert_eq!(health.collateral, decimal("2000"));
    assert_eq!(health.borrow_limit, decimal("1500"));
    assert_eq!(health.liquidation_limit, decimal("1600"));
    assert_eq!(health.debt, decimal("1000"));
    assert_eq!(health.borrow_left, decimal("500"));
    assert_eq!(health.factor, Some(decimal("1.6")));
    assert!(!health.liquidatable);
}

#[test]
fn at_the_liquidation_price_it_is_safe_and_a_cent_below_it_is_not() {
    let mut world = World::with_loan(10_000, 10, 1_000);
    let (eth, bob) = (world.mint(Asset::Eth), world.position(Who::Bob));
    let price = world.market().liquidation_price(&bob, &eth).unwrap();
    assert_eq!(price, Some(decimal("125")));
    world.publish(Asset::Eth, 12_500);
    assert!(!world.market().health(&bob).unwrap().liquidatable);
    world.publish(Asset::Eth, 12_499);
    assert!(world.market().health(&bob).unwrap().liquidatable);
}

#[test]
fn a_quote_tells_what_a_liquidator_earns() {
    let mut world = World::with_loan(10_000, 10, 1_500);
    let (eth, usd) = (world.mint(Asset::Eth), world.mint(Asset::Usd));
    let prices = |collateral| MarketPrices { debt: Decimal::ONE, collateral: decimal(collateral) };
    let quote = |world: &World, price| {
        let bob = world.position(Who::Bob);
        world.market().quote_liquidation(
            &bob,
            (&usd, &eth),
            Some(decimal("90")),
            None,
            prices(price),
        )
    };
    let healthy = quote(&world, "180").unwrap_err();
    assert_eq!(healthy.lending(), Some(LendingError::NotLiquidatable));
    world.publish(Asset::Eth, 18_000);
    let even = quote(&world, "180").unwrap();
    // Health 0.96 is four fifths of the way to 0.95: the bonus is 2 % and 4.8. 90 dollars buy
    // 0.5 ETH, with it 0.534; the protocol keeps a tenth of 0.034.
    assert_eq!(even.repay, decimal("90"));
    assert_eq!((even.seize, even.protocol_fee), (decimal("0.534"), decimal("0.0034")));
    assert_eq!((even.receive, even.bonus), (decimal("0.5306"), decimal("0.068")));
    assert_eq!(even.profit, decimal("5.508"));
    // Where ETH trades lower than the oracle says, the same liquidation loses money.
    assert_eq!(quote(&world, "160").unwrap().profit, decimal("-5.104"));
}
