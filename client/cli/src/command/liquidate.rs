//! `cofferdam liquidate`.

use cofferdam_sdk::{
    Address, Decimal, Market, MarketPrices, PositionView, Signer, address, human,
    instruction as build,
    interface::{
        event::Liquidated,
        instruction::{ALL, Liquidate},
        units::Amount,
    },
};

use crate::{
    desk::Desk,
    fault::Fault,
    options::{At, By, InPool},
};

/// Repay an unhealthy position's debt for its collateral and a bonus.
///
/// Example: cofferdam liquidate bob --debt USD --collateral ETH --repay 500 --as carol
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The position, as OWNER, OWNER:NUMBER or address.
    position: String,
    /// Token to repay, by symbol or address of its mint.
    #[arg(long, value_name = "TOKEN")]
    debt: String,
    /// Token to receive, by symbol or address of its mint.
    #[arg(long, value_name = "TOKEN")]
    collateral: String,
    /// Most to repay, in whole tokens [default: as much as the program allows].
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    repay: Option<Decimal>,
    /// Least to receive, in whole tokens; below it nothing happens.
    #[arg(long, value_name = "AMOUNT", default_value = "0", allow_negative_numbers = true)]
    receive: Decimal,
    #[command(flatten)]
    pool: InPool,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    at: At,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let mut desk = Desk::open(&args.at)?;
    let (key, market) = (desk.signer(&args.by.who)?, desk.market(&args.pool)?);
    let position = desk.position(&market, &args.position)?;
    let (debt, collateral) = (desk.mint(&args.debt)?, desk.mint(&args.collateral)?);
    let (owed, taken) = (market.reserve_of(&debt)?, market.reserve_of(&collateral)?);
    let number = |field, tokens, decimals| {
        human::amount(field, tokens, decimals).map_err(|e| Fault::input(&e))
    };
    let repay_max = match args.repay {
        Some(tokens) => number("repay", tokens, owed.state.decimals)?,
        None => Amount(ALL),
    };
    let collateral_min = number("receive", args.receive, taken.state.decimals)?;
    // At the feeds' own prices: what it earns elsewhere is for the liquidator to know.
    let prices = MarketPrices {
        debt: human::price_of(owed.feed.price),
        collateral: human::price_of(taken.feed.price),
    };
    // Somebody with a position in the pool can be paid in its shares when the vault is short.
    let receiver = own_position(&desk, &market, &key.pubkey());
    let quote = market.quote_liquidation(
        &position,
        (&debt, &collateral),
        args.repay,
        receiver.as_ref(),
        prices,
    )?;
    let (by, at) = (key.pubkey(), position.address);
    let (others, terms) =
        (market.used_by(&position.state), Liquidate { repay_max, collateral_min });
    let mut instructions = desk.wallet(&key, &collateral);
    let receiver = receiver.map(|receiver| receiver.address);
    let sides = (&owed.keys, &taken.keys);
    instructions.push(build::liquidate(&by, &at, sides, receiver.as_ref(), &others, terms));
    let done = desk.act(&args.by, &[&key], instructions)?;
    let event: Liquidated = done.event()?;
    let repaid = human::tokens(event.repaid, owed.state.decimals);
    let seized = human::tokens(event.seized, taken.state.decimals);
    let fee = human::tokens(event.protocol_fee, taken.state.decimals);
    let headline = format!(
        "repaid {repaid} {} for {} {}{}, worth {} more at the feeds' prices",
        args.debt,
        seized - fee,
        args.collateral,
        if event.shares_out.is_zero() { "" } else { " of supply" },
        quote.profit.round_dp(2).normalize()
    );
    let sheet = |sheet: crate::sheet::Sheet| {
        sheet.detail("repaid", repaid).detail("seized", seized).detail("protocol_fee", fee)
    };
    desk.tell(&done, sheet, &headline);
    Ok(())
}

/// The liquidator's first position in the pool, if there is one.
fn own_position(desk: &Desk, market: &Market, owner: &Address) -> Option<PositionView> {
    let address = address::position(&market.address, owner, 0).0;
    desk.client.position(&address).ok()
}
