//! `cofferdam airdrop`.

use cofferdam_sdk::{Decimal, human};

use crate::{
    desk::Desk,
    fault::Fault,
    options::{At, Keep},
    sheet::Sheet,
};

/// Decimals of SOL: a lamport is a billionth.
const SOL_DECIMALS: u8 = 9;

/// Give somebody SOL out of nothing, for fees and rent.
///
/// Example: cofferdam airdrop alice 10
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Who gets it, by name or address.
    who: String,
    /// How much, in SOL.
    #[arg(allow_negative_numbers = true)]
    amount: Decimal,
    #[command(flatten)]
    keep: Keep,
    #[command(flatten)]
    at: At,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let mut desk = Desk::open(&args.at)?;
    let to = desk.person(&args.who)?;
    let lamports =
        human::amount("airdrop", args.amount, SOL_DECIMALS).map_err(|e| Fault::input(&e))?;
    let backend = desk.client.backend_mut();
    backend.cheat().airdrop(&to, lamports.get()).map_err(|error| Fault::input(&error))?;
    let mode = args.keep.mode();
    desk.keep(mode)?;
    let headline = format!("{} has {} SOL more", args.who, args.amount.normalize());
    let sheet = Sheet::said(mode.said(&headline))
        .detail("address", to)
        .detail("lamports", desk.ledger().lamports(&to));
    desk.show(&sheet);
    Ok(())
}
