//! What a person types: every refusal names the field.

use cofferdam_sdk::{Decimal, MarketPrices, Signer};

use crate::world::{Asset, Who, World};

#[test]
fn every_builder_names_the_field_it_refuses() {
    let world = World::with_loan(10_000, 10, 500);
    let (market, bob, key) = (world.market(), world.position(Who::Bob), world.key(Who::Bob));
    let (eth, usd) = (world.mint(Asset::Eth), world.mint(Asset::Usd));
    let (minus, fine) = (Decimal::from(-1), Decimal::new(1, 10));
    let huge = Decimal::from(100_000_000_000_i64);
    let all = Some(minus);
    let prices = MarketPrices { debt: Decimal::ONE, collateral: minus };
    let rows = [
        ("deposit is -1", market.deposit(&bob, &eth, minus).map(drop)),
        ("withdrawal is 0.0000000001", market.withdraw(&bob, &eth, fine).map(drop)),
        ("loan is 100000000000", market.borrow(&bob, &usd, huge).map(drop)),
        ("repayment is -1", market.repay(&key.pubkey(), &bob, &usd, minus).map(drop)),
        (
            "least collateral is -1",
            market
                .liquidate(&key.pubkey(), &bob, (&usd, Decimal::ONE), (&eth, minus), None)
                .map(drop),
        ),
        ("insurance payment is -1", market.fund_insurance(&key.pubkey(), &usd, minus).map(drop)),
        ("fees is -1", market.collect_fees(&usd, all).map(drop)),
        (
            "market price of the collateral is -1",
            market.quote_liquidation(&bob, (&usd, &eth), None, None, prices).map(drop),
        ),
    ];
    for (expected, result) in rows {
        let text = result.unwrap_err().to_string();
        assert!(text.starts_with(expected), "{text}");
    }
}
