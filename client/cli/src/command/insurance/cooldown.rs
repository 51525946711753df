use cofferdam_sdk::{
    Address, Market, Signer, address,
    interface::{event::CooldownStarted, state::Stake},
};

use crate::{
    desk::Desk,
    fault::Fault,
    options::{At, By, HowMuch, InPool},
};

/// Let a stake begin to cool down: a number of tokens, or `all` of it; 0 stops it. After ten days
/// it may leave, within two.
///
/// Example: cofferdam insurance cooldown all USD --as alice
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
    let tokens = args.much.amount.tokens_or_all("insurance cooldown")?;
    let cool = market.start_cooldown(&stake, &mint, tokens)?;
    let done = desk.act(&args.by, &[&key], vec![cool])?;
    let event: CooldownStarted = done.event()?;
    let headline = format!(
        "{} shares of the {} insurance cool down; they may leave from {} (unix time)",
        event.shares, args.much.token, event.ready_at_s
    );
    desk.tell(&done, |sheet| sheet.detail("ready_at_s", event.ready_at_s), &headline);
    Ok(())
}

/// The stake of `owner` in the insurance of `mint`.
pub(super) fn stake_of(
    desk: &Desk,
    market: &Market,
    owner: &Address,
    mint: &Address,
) -> Result<Stake, Fault> {
    let at = address::stake(&market.reserve_of(mint)?.keys.reserve, owner).0;
    let stake = desk.client.stake(&at);
    stake.map_err(|error| Fault::input(&error).with("cofferdam insurance stake"))
}
