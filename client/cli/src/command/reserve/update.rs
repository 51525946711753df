use cofferdam_sdk::{Signer, instruction as build};

use super::config::ConfigArgs;
use crate::{
    desk::Desk,
    fault::Fault,
    options::{At, By, InPool},
};

/// Change a reserve's risk parameters at once; the pool's admin signs, or its guardian to reduce
/// risk. What raises risk in a pool with a timelock has to be queued instead.
///
/// Example: cofferdam reserve update ETH --liquidation-bonus-max-bps 500 --as admin
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The token, by symbol or address of its mint.
    token: String,
    #[command(flatten)]
    config: ConfigArgs,
    /// Time over which a lower liquidation threshold is reached, at least a day.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    ramp_s: u32,
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
    let config = args.config.over(view.state.config, view.state.decimals)?;
    let (admin, reserve) = (key.pubkey(), view.keys.reserve);
    let update = build::update_reserve(&admin, &market.address, &reserve, config, args.ramp_s);
    let done = desk.act(&args.by, &[&key], vec![update])?;
    let headline = format!("updated reserve {}", args.token);
    desk.tell(&done, |sheet| sheet.detail("reserve", reserve), &headline);
    Ok(())
}
