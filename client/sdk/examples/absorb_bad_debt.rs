//! Bad debt, who pays for it, and what the collateral still recovers. `cargo run -p cofferdam-sdk --example absorb_bad_debt`

use cofferdam_sdk::{ClientError, Decimal, LossView, Signer, local::Sandbox};

/// What the loss was to cost, what it cost, and a supply share before and after.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) preview: LossView,
    pub(crate) losses: LossView,
    pub(crate) share_price: [Decimal; 2],
}

pub(crate) fn main() -> Result<(), ClientError> {
    let Outcome { preview, losses, share_price: [before, after] } = play()?;
    println!("preview: {} USD of bad debt", preview.recognised);
    println!(
        "recognised {}: fees paid {}, insurance {}, suppliers {}",
        losses.recognised, losses.fees, losses.insurance, losses.suppliers
    );
    println!("supply share {before} before, {after} after");
    Ok(())
}

pub(crate) fn play() -> Result<Outcome, ClientError> {
    let mut sandbox = Sandbox::new(7)?;
    let (pool, eth, usd) = (sandbox.pool, sandbox.eth, sandbox.usd);
    let (alice, bob) = (sandbox.person("alice")?, sandbox.person("bob")?);
    let (savings, loan) = (sandbox.open_position(&alice)?, sandbox.open_position(&bob)?);
    let client = &mut sandbox.client;

    // Alice lends 10,000 dollars and insures the reserve with 100; Bob borrows 1,500 on 10 ETH.
    let market = client.market(&pool)?;
    let supply = market.deposit(&savings, &usd, Decimal::from(10_000))?;
    let insure = market.fund_insurance(&alice.pubkey(), &usd, Decimal::from(100))?;
    let _ = client.tx().push(supply).push(insure).sign([&alice]).send()?;
    let collateral = market.deposit(&loan, &eth, Decimal::from(10))?;
    let _ = client.tx().push(collateral).sign([&bob]).send()?;
    let loan = client.position(&loan.address)?;
    let borrow = client.market(&pool)?.borrow(&loan, &usd, Decimal::from(1_500))?;
    let _ = client.tx().push(borrow).sign([&bob]).send()?;

    // ETH halves before anybody can act: 10 ETH recover less than what is owed.
    sandbox.publish("ETH", Decimal::from(100))?;
    let client = &mut sandbox.client;
    let (market, loan) = (client.market(&pool)?, client.position(&loan.address)?);
    let before = market.reserve_of(&usd)?.share_price()?;
    let (_, preview) = market.preview_losses(&loan)?.remove(0);
    // Anybody may recognise the loss; whoever does pays the fee and gains nothing.
    let absorb = market.absorb_bad_debt(&loan);
    let _ = client.tx().push(absorb).sign([&bob]).send()?;

    let market = client.market(&pool)?;
    let reserve = market.reserve_of(&usd)?;
    Ok(Outcome { preview, losses: reserve.losses(), share_price: [before, reserve.share_price()?] })
}
