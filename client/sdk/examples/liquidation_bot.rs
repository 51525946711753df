//! A liquidator: scans positions, picks what pays, submits. `cargo run -p cofferdam-sdk --example liquidation_bot`

use cofferdam_sdk::{
    Address, Client, ClientError, Decimal, Keypair, LiquidationQuote, Market, MarketPrices,
    PositionView, Signer, ledger::Ledger, local::Sandbox,
};

pub(crate) fn main() -> Result<(), ClientError> {
    for (name, LiquidationQuote { repay, receive, profit, .. }) in play()? {
        println!("{name}: repaid {repay} USD, received {receive} ETH, earned {profit:.2} USD");
    }
    Ok(())
}

/// Four borrowers, a fall of a fifth, and a bot that wants ten dollars for a liquidation.
pub(crate) fn play() -> Result<Vec<(&'static str, LiquidationQuote)>, ClientError> {
    let mut sandbox = Sandbox::new(7)?;
    let (pool, eth, usd) = (sandbox.pool, sandbox.eth, sandbox.usd);
    let (lender, keeper) = (sandbox.person("lender")?, sandbox.person("keeper")?);
    let savings = sandbox.open_position(&lender)?;
    let supply = sandbox.client.market(&pool)?.deposit(&savings, &usd, Decimal::from(50_000))?;
    let _ = sandbox.client.tx().push(supply).sign([&lender]).send()?;
    let mut borrowers = Vec::new();
    for (name, loan) in [("ann", 800), ("ben", 1_350), ("cid", 1_490), ("dot", 20)] {
        let (key, collateral) = (sandbox.person(name)?, if loan == 20 { "0.14" } else { "10" });
        let position = sandbox.open_position(&key)?;
        let market = sandbox.client.market(&pool)?;
        let tokens = collateral.parse().unwrap_or_default();
        let deposit = market.deposit(&position, &eth, tokens)?;
        let _ = sandbox.client.tx().push(deposit).sign([&key]).send()?;
        let position = sandbox.client.position(&position.address)?;
        let borrow = sandbox.client.market(&pool)?.borrow(&position, &usd, Decimal::from(loan))?;
        let _ = sandbox.client.tx().push(borrow).sign([&key]).send()?;
        borrowers.push((position.address, name));
    }

    sandbox.publish("ETH", Decimal::from(160))?;
    let prices = MarketPrices { debt: Decimal::ONE, collateral: Decimal::from(159) };
    let mut done = Vec::new();
    while let Some((position, quote)) = best(&sandbox.client, &pool, (&usd, &eth), prices)? {
        let market = sandbox.client.market(&pool)?;
        submit(&mut sandbox.client, (&market, &keeper), &position, (&usd, &eth), &quote)?;
        let name = borrowers.iter().find(|(address, _)| *address == position.address);
        done.push((name.map_or("", |(_, name)| *name), quote));
    }
    Ok(done)
}

/// The liquidation that earns most, if one earns ten dollars or more.
fn best(
    client: &Client<Ledger>,
    pool: &Address,
    sides: (&Address, &Address),
    prices: MarketPrices,
) -> Result<Option<(PositionView, LiquidationQuote)>, ClientError> {
    let market = client.market(pool)?;
    let quotes = client.positions(pool).into_iter().filter_map(|position| {
        // Healthy positions, and those without such a debt, answer an error: nothing to do there.
        let quote = market.quote_liquidation(&position, sides, None, None, prices).ok()?;
        (quote.profit >= Decimal::TEN).then_some((position, quote))
    });
    Ok(quotes.max_by_key(|(_, quote)| quote.profit))
}

fn submit(
    client: &mut Client<Ledger>,
    (market, keeper): (&Market, &Keypair),
    position: &PositionView,
    (usd, eth): (&Address, &Address),
    quote: &LiquidationQuote,
) -> Result<(), ClientError> {
    // If somebody is faster, the minimum makes the transaction fail instead of paying too much.
    let (repay, least) = ((usd, quote.repay), (eth, quote.receive));
    let liquidate = market.liquidate(&keeper.pubkey(), position, repay, least, None)?;
    let _ = client.tx().push(liquidate).sign([keeper]).send()?;
    Ok(())
}
