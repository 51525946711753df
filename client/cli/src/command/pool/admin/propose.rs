use cofferdam_sdk::{Address, Signer, instruction as build};

use crate::{
    desk::Desk,
    fault::Fault,
    options::{At, By, InPool},
};

/// Propose a pool's next admin, who has to accept; without a name a proposal is taken back. The
/// admin signs.
///
/// Example: cofferdam pool admin propose bob --as admin
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The next admin, by name or address.
    next: Option<String>,
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
    let next = args.next.as_ref().map(|name| desk.person(name)).transpose()?;
    let name = desk.pool_name(&market);
    let headline = match &args.next {
        Some(next) => format!("proposed {next} as admin of pool {name}"),
        None => format!("nobody is proposed as admin of pool {name}"),
    };
    let next: Address = next.unwrap_or_default();
    let propose = build::propose_admin(&key.pubkey(), &market.address, &next);
    let done = desk.act(&args.by, &[&key], vec![propose])?;
    desk.tell(&done, |sheet| sheet.detail("proposed", next), &headline);
    Ok(())
}
