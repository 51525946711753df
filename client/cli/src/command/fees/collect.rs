use cofferdam_sdk::{
    Signer, human, instruction as build,
    interface::{event::FeesCollected, instruction::ALL, units::Amount},
};

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
    let view = market.reserve_of(&mint)?;
    let amount = match args.much.amount {
        Quantity::All => Amount(ALL),
        number => {
            let tokens = number.tokens("fees collect")?;
            human::amount("fees", tokens, view.state.decimals).map_err(|e| Fault::input(&e))?
        }
    };
    // In the signer's name and not in the admin's, so that a stranger hears from the program why.
    let mut instructions = desk.wallet(&key, &mint);
    instructions.push(build::collect_fees(&key.pubkey(), &view.keys, amount));
    let done = desk.act(&args.by, &[&key], instructions)?;
    let event: FeesCollected = done.event()?;
    let amount = human::tokens(event.amount, view.state.decimals);
    let headline = format!("collected {amount} {}", args.much.token);
    desk.tell(&done, |sheet| sheet.detail("amount", amount), &headline);
    Ok(())
}
