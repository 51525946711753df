use cofferdam_sdk::{Signer, human, interface::event::InsuranceFunded};

use crate::{
    desk::Desk,
    fault::Fault,
    options::{At, By, HowMuch, InPool},
};

/// Pay into a reserve's insurance fund. It cannot be taken back.
///
/// Example: cofferdam insurance fund 100 USD --as alice
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
    let tokens = args.much.amount.tokens("insurance fund")?;
    let fund = market.fund_insurance(&key.pubkey(), &mint, tokens)?;
    let done = desk.act(&args.by, &[&key], vec![fund])?;
    let event: InsuranceFunded = done.event()?;
    let amount = human::tokens(event.amount, market.reserve_of(&mint)?.state.decimals);
    let headline = format!("paid {amount} {} into the insurance", args.much.token);
    desk.tell(&done, |sheet| sheet.detail("amount", amount), &headline);
    Ok(())
}
