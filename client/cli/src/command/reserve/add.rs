use cofferdam_sdk::{Signer, address, instruction as build, local::Sandbox};

use super::config::ConfigArgs;
use crate::{
    desk::Desk,
    fault::Fault,
    options::{At, By, InPool},
};

/// Add an asset to a pool; its admin signs. Parameters start from 75 % to borrow, liquidation
/// from 80 % with a bonus of 8 %, prices up to an hour old.
///
/// Example: cofferdam reserve add ETH --collateral-factor-bps 7000 --as admin
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The token, by symbol or address of its mint.
    token: String,
    /// Its feed, by symbol or address [default: the token's symbol].
    #[arg(long)]
    feed: Option<String>,
    /// A second feed, by symbol or address, that the first is compared with.
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
    let (admin, pool) = (key.pubkey(), desk.pool(&args.pool)?);
    let feed = desk.feed(args.feed.as_ref().unwrap_or(&args.token), &admin)?;
    let decimals = desk.decimals(&mint).unwrap_or_default();
    let config = args.config.over(Sandbox::config()?, decimals)?;
    let second = args.second_feed.as_ref().map(|name| desk.feed(name, &admin)).transpose()?;
    let add = match second {
        None => build::add_reserve(&admin, &admin, &pool, (&mint, &feed), config),
        Some(second) => {
            let assets = (&mint, &feed, &second);
            build::add_reserve_with_second_feed(&admin, &admin, &pool, assets, config)
        }
    };
    let done = desk.act(&args.by, &[&key], vec![add])?;
    let (reserve, _) = address::reserve(&pool, &mint);
    let headline = format!("added reserve {}", args.token);
    desk.tell(&done, |sheet| sheet.detail("reserve", reserve).detail("feed", feed), &headline);
    Ok(())
}
