use cofferdam_sdk::{Signer, instruction as build};

use super::target::{Target, TargetArgs};
use crate::{
    desk::Desk,
    fault::Fault,
    options::{At, By},
};

/// Withdraw a change; the pool's admin signs, or its guardian.
///
/// Example: cofferdam change cancel ETH --as admin
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    target: TargetArgs,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    at: At,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let mut desk = Desk::open(&args.at)?;
    let key = desk.signer(&args.by.who)?;
    let Target { market, reserve, payer, name } = args.target.read(&desk)?;
    let (by, pool) = (key.pubkey(), market.address);
    let instruction = match &reserve {
        Some(reserve) => build::cancel_reserve_change(&by, (&pool, reserve), &payer),
        None => build::cancel_pool_change(&by, &pool, &payer),
    };
    let done = desk.act(&args.by, &[&key], vec![instruction])?;
    let headline = format!("withdrew the change of {name}");
    desk.tell(&done, |sheet| sheet.detail("pool", pool), &headline);
    Ok(())
}
