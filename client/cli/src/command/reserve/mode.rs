use cofferdam_sdk::{Signer, instruction as build};

use crate::{
    desk::Desk,
    fault::Fault,
    options::{At, By, InPool, ModeName},
};

/// Set what a reserve still lets people do; the pool's admin signs, or its guardian to make it
/// stricter.
///
/// Example: cofferdam reserve mode ETH reduce-only --as admin
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The token, by symbol or address of its mint.
    token: String,
    /// The mode.
    #[arg(value_enum)]
    mode: ModeName,
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
    let market = desk.market(&args.pool)?;
    let view = market.reserve_of(&mint)?;
    let (mode, before, reserve) = (args.mode.into(), view.state.mode, view.keys.reserve);
    let set = build::set_reserve_mode(&key.pubkey(), &market.address, &reserve, mode);
    let done = desk.act(&args.by, &[&key], vec![set])?;
    let headline = format!("reserve {} is {mode:?}, it was {before:?}", args.token);
    desk.tell(&done, |sheet| sheet.detail("reserve", reserve), &headline);
    Ok(())
}
