//! `cofferdam withdraw`.

use cofferdam_sdk::{human, interface::event::Withdrawn};

use super::own::{Own, OwnArgs};
use crate::{desk::Desk, fault::Fault, quantity::Quantity};

/// Take supply back: a number of tokens, `all` of the supply, or the `max` that health and cash
/// allow.
///
/// Example: cofferdam withdraw max ETH --as bob
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    own: OwnArgs,
}

pub(crate) fn run(Args { own: args }: &Args) -> Result<(), Fault> {
    let mut desk = Desk::open(&args.at)?;
    let Own { key, market, position, mint } = args.read(&desk)?;
    let decimals = market.reserve_of(&mint)?.state.decimals;
    let withdraw = match args.much.amount {
        Quantity::Tokens(tokens) => market.withdraw(&position, &mint, tokens)?,
        Quantity::All => market.withdraw_all(&position, &mint)?,
        Quantity::Max => {
            let most = market.max_withdraw(&position, &mint)?;
            market.withdraw(&position, &mint, human::tokens(most, decimals))?
        }
    };
    let mut instructions = desk.wallet(&key, &mint);
    instructions.push(withdraw);
    let done = desk.act(&args.by, &[&key], instructions)?;
    let event: Withdrawn = done.event()?;
    let amount = human::tokens(event.amount, decimals);
    let headline = format!("withdrew {amount} {}", args.much.token);
    desk.tell(&done, |sheet| sheet.detail("amount", amount), &headline);
    Ok(())
}
