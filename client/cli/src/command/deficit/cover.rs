use cofferdam_sdk::{Signer, human, interface::event::DeficitCovered};

use crate::{
    desk::Desk,
    fault::Fault,
    options::{At, By, HowMuch, InPool},
};

/// Pay a reserve's deficit down: a number of tokens, or `all` of it. It cannot be taken back.
///
/// Example: cofferdam deficit cover all USD --as admin
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
    let tokens = args.much.amount.tokens_or_all("deficit cover")?;
    let cover = market.cover_deficit(&key.pubkey(), &mint, tokens)?;
    let done = desk.act(&args.by, &[&key], vec![cover])?;
    let event: DeficitCovered = done.event()?;
    let decimals = market.reserve_of(&mint)?.state.decimals;
    let units = [event.amount.units_down(), event.left.units_up()];
    let [paid, left] = units.map(|units| units.map(|units| human::tokens(units, decimals)));
    let (paid, left) = (paid.map_err(|e| Fault::failed(&e))?, left.map_err(|e| Fault::failed(&e))?);
    let headline = format!("covered {paid} {} of the deficit, {left} are left", args.much.token);
    desk.tell(&done, |sheet| sheet.detail("amount", paid).detail("left", left), &headline);
    Ok(())
}
