use cofferdam_sdk::{Signer, address, human, instruction as build, interface::event::Staked};

use crate::{
    desk::Desk,
    fault::Fault,
    options::{At, By, HowMuch, InPool},
};

/// Stake tokens in a reserve's insurance fund: they earn its part of interest and fees and pay for
/// bad debt before suppliers do. Opens the stake if there is none yet.
///
/// Example: cofferdam insurance stake 100 USD --as alice
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
    let (owner, mint) = (key.pubkey(), desk.mint(&args.much.token)?);
    let view = market.reserve_of(&mint)?;
    let tokens = args.much.amount.tokens("insurance stake")?;
    let mut instructions = Vec::with_capacity(2);
    let at = address::stake(&view.keys.reserve, &owner).0;
    if desk.ledger().account(&at).is_none() {
        instructions.push(build::open_stake(&owner, &owner, &view.keys));
    }
    instructions.push(market.stake_insurance(&owner, &mint, tokens)?);
    let done = desk.act(&args.by, &[&key], instructions)?;
    let event: Staked = done.event()?;
    let amount = human::tokens(event.amount, view.state.decimals);
    let headline = format!("staked {amount} {} in the insurance", args.much.token);
    desk.tell(&done, |sheet| sheet.detail("amount", amount), &headline);
    Ok(())
}
