use cofferdam_sdk::interface::state::PoolConfig;
use cofferdam_sdk::{Signer, address, instruction as build};

use super::config::PoolConfigArgs;
use crate::{
    desk::Desk,
    fault::Fault,
    names,
    options::{At, By},
};

/// Make a pool; the signer becomes its admin.
///
/// Example: cofferdam pool create main --as admin
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Its name, at most 32 bytes.
    name: String,
    #[command(flatten)]
    config: PoolConfigArgs,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    at: At,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let mut desk = Desk::open(&args.at)?;
    let (key, name) = (desk.signer(&args.by.who)?, names::bytes("name", &args.name)?);
    let (admin, config) = (key.pubkey(), args.config.over(&desk, PoolConfig::default())?);
    let create = build::create_pool(&admin, &admin, name, config);
    let done = desk.act(&args.by, &[&key], vec![create])?;
    let (pool, _) = address::pool(&admin, &name);
    let headline = format!("made pool {}", args.name);
    desk.tell(&done, |sheet| sheet.detail("pool", pool), &headline);
    Ok(())
}
