//! Deposit, borrow, crash, liquidate, absorb: who pays? `cargo run -p cofferdam-sdk --example quickstart`

use cofferdam_sdk::{ClientError, Decimal, Signer, local::Sandbox};

pub(crate) fn main() -> Result<(), ClientError> {
    // A ledger with one pool: ETH at 200 dollars, USD at 1, and three people with tokens.
    let mut sandbox = Sandbox::new(7)?;
    let (pool, eth, usd) = (sandbox.pool, sandbox.eth, sandbox.usd);
    let [alice, bob, carol] =
        [sandbox.person("alice")?, sandbox.person("bob")?, sandbox.person("carol")?];
    let dollars = |n: i64| Decimal::from(n);

    // Alice supplies dollars and some insurance; Bob borrows them against his ETH.
    let savings = sandbox.open_position(&alice)?;
    let loan = sandbox.open_position(&bob)?;
    let client = &mut sandbox.client;
    let market = client.market(&pool)?;
    let supply = market.deposit(&savings, &usd, dollars(10_000))?;
    let insure = market.fund_insurance(&alice.pubkey(), &usd, dollars(100))?;
    let _ = client.tx().push(supply).push(insure).sign([&alice]).send()?;
    let collateral = market.deposit(&loan, &eth, dollars(10))?;
    let _ = client.tx().push(collateral).sign([&bob]).send()?;
    let loan = client.position(&loan.address)?;
    let borrow = client.market(&pool)?.borrow(&loan, &usd, dollars(1_500))?;
    let _ = client.tx().push(borrow).sign([&bob]).send()?;
    println!(
        "health factor {:?}",
        client.market(&pool)?.health(&client.position(&loan.address)?)?.factor
    );

    // ETH falls by 40 % at once. Bad debt is recognised, and what is left pays to liquidate.
    sandbox.publish("ETH", dollars(120))?;
    let client = &mut sandbox.client;
    let (market, loan) = (client.market(&pool)?, client.position(&loan.address)?);
    let absorb = market.absorb_bad_debt(&loan);
    let all = (&usd, dollars(1_500));
    let liquidate = market.liquidate(&carol.pubkey(), &loan, all, (&eth, dollars(9)), None)?;
    let _ = client.tx().push(absorb).push(liquidate).sign([&carol]).send()?;

    let loss = client.market(&pool)?.reserve_of(&usd)?.losses();
    println!(
        "bad debt {}: fees paid {}, insurance {}, suppliers {}",
        loss.recognised, loss.fees, loss.insurance, loss.suppliers
    );
    Ok(())
}
