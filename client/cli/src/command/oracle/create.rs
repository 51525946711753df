use cofferdam_sdk::interface::state::FeedConfig;
use cofferdam_sdk::{Signer, address, instruction as build};

use crate::{
    desk::Desk,
    fault::Fault,
    names,
    options::{At, By},
};

/// Make a price feed; the signer publishes to it.
///
/// Example: cofferdam oracle create ETH --as admin
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Its symbol, at most 16 bytes.
    symbol: String,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    at: At,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let mut desk = Desk::open(&args.at)?;
    let (key, symbol) = (desk.signer(&args.by.who)?, names::bytes("symbol", &args.symbol)?);
    let authority = key.pubkey();
    let create = build::create_feed(&authority, &authority, symbol, FeedConfig::single(authority));
    let done = desk.act(&args.by, &[&key], vec![create])?;
    let (feed, _) = address::feed(&authority, &symbol);
    let headline = format!("made feed {}", args.symbol);
    desk.tell(&done, |sheet| sheet.detail("feed", feed), &headline);
    Ok(())
}
