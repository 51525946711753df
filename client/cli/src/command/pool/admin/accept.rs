use cofferdam_sdk::{Signer, instruction as build};

use crate::{
    desk::Desk,
    fault::Fault,
    options::{At, By, InPool},
};

/// Accept to be a pool's admin; whoever was proposed signs.
///
/// Example: cofferdam pool admin accept --as bob
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
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
    let (admin, before) = (key.pubkey(), market.pool.admin);
    let accept = build::accept_admin(&admin, &market.address);
    let headline = format!("took over pool {}", desk.pool_name(&market));
    let done = desk.act(&args.by, &[&key], vec![accept])?;
    desk.tell(&done, |sheet| sheet.detail("admin", admin).detail("before", before), &headline);
    Ok(())
}
