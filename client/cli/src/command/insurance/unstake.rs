use cofferdam_sdk::{Signer, human, interface::event::Unstaked};

use super::cooldown::stake_of;
use crate::{
    desk::Desk,
    fault::Fault,
    options::{At, By, HowMuch, InPool},
};

/// Take a stake out that has cooled down: a number of tokens, or `all` of it.
///
/// Example: cofferdam insurance unstake all USD --as alice
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
    let stake = stake_of(&desk, &market, &key.pubkey(), &mint)?;
    let tokens = args.much.amount.tokens_or_all("insurance unstake")?;
    let mut instructions = desk.wallet(&key, &mint);
    instructions.push(market.unstake_insurance(&stake, &mint, tokens)?);
    let done = desk.act(&args.by, &[&key], instructions)?;
    let event: Unstaked = done.event()?;
    let amount = human::tokens(event.amount, market.reserve_of(&mint)?.state.decimals);
    let headline = format!("took {amount} {} out of the insurance", args.much.token);
    desk.tell(&done, |sheet| sheet.detail("amount", amount), &headline);
    Ok(())
}
