use cofferdam_sdk::{Signer, instruction as build, interface::event::ChangeQueued};

use crate::{
    command::pool::PoolConfigArgs,
    desk::Desk,
    fault::Fault,
    options::{At, By, InPool},
};

/// Let a change of a pool's own parameters begin to wait; its admin signs.
///
/// Example: cofferdam change queue-pool --timelock-s 0 --as admin
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
    let admin = key.pubkey();
    let queue = build::queue_pool_change(&admin, &admin, &market.address, config);
    let name = desk.pool_name(&market);
    let done = desk.act(&args.by, &[&key], vec![queue])?;
    let ready_at_s = done.event::<ChangeQueued>()?.ready_at_s;
    let headline = format!("a change of pool {name} waits until {ready_at_s}");
    desk.tell(&done, |sheet| sheet.detail("ready_at_s", ready_at_s), &headline);
    Ok(())
}
