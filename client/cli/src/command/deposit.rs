//! `cofferdam deposit`.

use cofferdam_sdk::{human, interface::event::Deposited};

use super::own::{Own, OwnArgs};
use crate::{desk::Desk, fault::Fault};

/// Supply tokens to the signer's position; they earn interest and are collateral.
///
/// Example: cofferdam deposit 10 ETH --as bob
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    own: OwnArgs,
}

pub(crate) fn run(Args { own: args }: &Args) -> Result<(), Fault> {
    let mut desk = Desk::open(&args.at)?;
    let Own { key, market, position, mint } = args.read(&desk)?;
    let tokens = args.much.amount.tokens("deposit")?;
    let deposit = market.deposit(&position, &mint, tokens)?;
    let done = desk.act(&args.by, &[&key], vec![deposit])?;
    let event: Deposited = done.event()?;
    let amount = human::tokens(event.amount, market.reserve_of(&mint)?.state.decimals);
    let headline = format!("deposited {amount} {}", args.much.token);
    desk.tell(&done, |sheet| sheet.detail("amount", amount), &headline);
    Ok(())
}
