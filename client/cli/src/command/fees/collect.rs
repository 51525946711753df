use cofferdam_sdk::{human, interface::event::FeesCollected};

use crate::{
    desk::Desk,
    fault::Fault,
    options::{At, By, HowMuch, InPool},
    quantity::Quantity,
};

/// Pay accrued fees out to the pool's admin, who signs: a number of tokens, or `all` that is
/// accrued and in cash.
///
/// Example: cofferdam fees collect all USD --as admin
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    much: HowMuch,
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
    let mint = desk.mint(&args.much.token)?;
    let tokens = match args.much.amount {
        Quantity::All => None,
        number => Some(number.tokens("fees collect")?),
    };
    let mut instructions = desk.wallet(&key, &mint);
    instructions.push(market.collect_fees(&mint, tokens)?);
    let done = desk.act(&args.by, &[&key], instructions)?;
    let event: FeesCollected = done.event()?;
    let amount = human::tokens(event.amount, market.reserve_of(&mint)?.state.decimals);
    let headline = format!("collected {amount} {}", args.much.token);
    desk.tell(&done, |sheet| sheet.detail("amount", amount), &headline);
    Ok(())
}
