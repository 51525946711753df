use cofferdam_sdk::{Signer, token};

use crate::{
    desk::Desk,
    fault::Fault,
    options::{At, By},
};

/// Make the signer's account of a token. Other verbs do it by themselves where the signer
/// receives; this is for whoever only a file's key can sign for.
///
/// Example: cofferdam token account ETH --keypair me.json
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The token, by symbol or address of its mint.
    token: String,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    at: At,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let mut desk = Desk::open(&args.at)?;
    let (key, mint) = (desk.signer(&args.by.who)?, desk.mint(&args.token)?);
    let create = desk.wallet(&key, &mint);
    if create.is_empty() {
        return Err(Fault::Input(format!("there is an account of {} already", args.token)));
    }
    let done = desk.act(&args.by, &[&key], create)?;
    let address = token::account_address(&key.pubkey(), &mint);
    let headline = format!("made an account of {}", args.token);
    desk.tell(&done, |sheet| sheet.detail("account", address), &headline);
    Ok(())
}
