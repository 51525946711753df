//! `cofferdam borrow`.

use cofferdam_sdk::{human, interface::event::Borrowed};

use super::{
    factor,
    own::{Own, OwnArgs},
};
use crate::{desk::Desk, fault::Fault, quantity::Quantity};

/// Borrow against the signer's position: a number of tokens, or the `max` it allows.
///
/// Example: cofferdam borrow 1500 USD --as bob
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    own: OwnArgs,
}

pub(crate) fn run(Args { own: args }: &Args) -> Result<(), Fault> {
    let mut desk = Desk::open(&args.at)?;
    let Own { key, market, position, mint } = args.read(&desk)?;
    let decimals = market.reserve_of(&mint)?.state.decimals;
    let tokens = match args.much.amount {
        Quantity::Max => human::tokens(market.max_borrow(&position, &mint)?, decimals),
        number => number.tokens("borrow")?,
    };
    let mut instructions = desk.wallet(&key, &mint);
    instructions.push(market.borrow(&position, &mint, tokens)?);
    let done = desk.act(&args.by, &[&key], instructions)?;
    let event: Borrowed = done.event()?;
    let amount = human::tokens(event.amount, decimals);
    let mut headline = format!("borrowed {amount} {}", args.much.token);
    if done.entry.is_some() {
        let after = desk.client.position(&position.address)?;
        let health = desk.client.market(&market.address)?.health(&after)?;
        headline += &format!(", health factor {}", factor(health.factor));
    }
    desk.tell(&done, |sheet| sheet.detail("amount", amount), &headline);
    Ok(())
}
