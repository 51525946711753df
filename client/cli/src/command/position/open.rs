use cofferdam_sdk::{Signer, address, instruction as build};

use crate::{
    desk::Desk,
    fault::Fault,
    options::{At, By, InPool},
};

/// Open a position of the signer.
///
/// Example: cofferdam position open --as bob
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Its number among the owner's.
    #[arg(long, default_value_t = 0)]
    number: u16,
    #[command(flatten)]
    pool: InPool,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    at: At,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let mut desk = Desk::open(&args.at)?;
    let (key, pool) = (desk.signer(&args.by.who)?, desk.pool(&args.pool)?);
    let owner = key.pubkey();
    let open = build::open_position(&owner, &owner, &pool, args.number);
    let done = desk.act(&args.by, &[&key], vec![open])?;
    let (position, _) = address::position(&pool, &owner, args.number);
    let headline = format!("opened position {}", args.number);
    desk.tell(&done, |sheet| sheet.detail("position", position), &headline);
    Ok(())
}
