use cofferdam_sdk::{Signer, instruction as build};

use super::config::PoolConfigArgs;
use crate::{
    desk::Desk,
    fault::Fault,
    options::{At, By, InPool},
};

/// Change a pool's own parameters at once; its admin signs. What raises risk in a pool with a
/// timelock has to be queued instead.
///
/// Example: cofferdam pool update --timelock-s 86400 --guardian gwen --as admin
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    config: PoolConfigArgs,
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
    let config = args.config.over(&desk, market.pool.config)?;
    let update = build::update_pool(&key.pubkey(), &market.address, config);
    let headline = format!("updated pool {}", desk.pool_name(&market));
    let done = desk.act(&args.by, &[&key], vec![update])?;
    desk.tell(&done, |sheet| sheet.detail("pool", market.address), &headline);
    Ok(())
}
