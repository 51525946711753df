use cofferdam_sdk::{Signer, instruction as build};

use crate::{
    desk::Desk,
    fault::Fault,
    options::{At, By, InPool, ModeName},
};

/// Set what a pool still lets people do; its admin signs, or its guardian to make it stricter.
///
/// Example: cofferdam pool mode frozen --as admin
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
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
    let (key, market) = (desk.signer(&args.by.who)?, desk.market(&args.pool)?);
    let (mode, before) = (args.mode.into(), market.pool.mode);
    let set = build::set_pool_mode(&key.pubkey(), &market.address, mode);
    let headline = format!("pool {} is {mode:?}, it was {before:?}", desk.pool_name(&market));
    let done = desk.act(&args.by, &[&key], vec![set])?;
    desk.tell(&done, |sheet| sheet.detail("pool", market.address), &headline);
    Ok(())
}
