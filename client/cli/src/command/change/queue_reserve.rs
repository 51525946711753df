use cofferdam_sdk::{Address, Signer, instruction as build, interface::event::ChangeQueued};

use crate::{
    command::reserve::ConfigArgs,
    desk::Desk,
    fault::Fault,
    options::{At, By, InPool},
};

/// Let a change of a reserve's parameters or feeds begin to wait; the pool's admin signs.
///
/// Example: cofferdam change queue-reserve ETH --collateral-factor-bps 7800 --as admin
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The token, by symbol or address of its mint.
    token: String,
    /// Its next feed, by symbol or address [default: the one it has].
    #[arg(long)]
    feed: Option<String>,
    /// Its next second feed, by symbol or address, or `none` [default: the one it has].
    #[arg(long)]
    second_feed: Option<String>,
    #[command(flatten)]
    config: ConfigArgs,
    #[command(flatten)]
    pool: InPool,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    at: At,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let mut desk = Desk::open(&args.at)?;
    let (key, mint) = (desk.signer(&args.by.who)?, desk.mint(&args.token)?);
    let (admin, market) = (key.pubkey(), desk.market(&args.pool)?);
    let view = market.reserve_of(&mint)?;
    let config = args.config.over(view.state.config, view.state.decimals)?;
    let feed = feed(&desk, args.feed.as_ref(), view.state.feed, &admin)?;
    let second_feed =
        feed_or_none(&desk, args.second_feed.as_ref(), view.state.second_feed, &admin)?;
    let (target, feeds) = ((&market.address, &view.keys.reserve), (&feed, &second_feed));
    let queue = build::queue_reserve_change(&admin, &admin, target, feeds, config);
    let done = desk.act(&args.by, &[&key], vec![queue])?;
    let ready_at_s = done.event::<ChangeQueued>()?.ready_at_s;
    let headline = format!("a change of reserve {} waits until {ready_at_s}", args.token);
    desk.tell(&done, |sheet| sheet.detail("ready_at_s", ready_at_s), &headline);
    Ok(())
}

fn feed(
    desk: &Desk,
    given: Option<&String>,
    now: Address,
    signer: &Address,
) -> Result<Address, Fault> {
    given.map_or(Ok(now), |name| desk.feed(name, signer))
}

fn feed_or_none(
    desk: &Desk,
    given: Option<&String>,
    now: Address,
    signer: &Address,
) -> Result<Address, Fault> {
    match given {
        Some(name) if name == "none" => Ok(Address::default()),
        given => feed(desk, given, now, signer),
    }
}
