//! `cofferdam repay`.

use cofferdam_sdk::{
    Signer, human, instruction as build,
    interface::{event::Repaid, instruction::ALL, units::Amount},
};

use crate::{
    desk::Desk,
    fault::Fault,
    options::{At, By, HowMuch, InPool},
    quantity::Quantity,
};

/// Repay debt: a number of tokens, or `all` that is owed; never more than that is taken.
///
/// Example: cofferdam repay all USD --as bob
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    much: HowMuch,
    /// Whose debt, as OWNER, OWNER:NUMBER or address [default: the signer's].
    #[arg(long)]
    position: Option<String>,
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
    let (payer, mint) = (key.pubkey(), desk.mint(&args.much.token)?);
    let name = args.position.clone().unwrap_or_else(|| payer.to_string());
    let position = desk.position(&market, &name)?;
    let view = market.reserve_of(&mint)?;
    let repay = match args.much.amount {
        Quantity::All => build::repay(&payer, &position.address, &view.keys, Amount(ALL)),
        number => market.repay(&payer, &position, &mint, number.tokens("repay")?)?,
    };
    let done = desk.act(&args.by, &[&key], vec![repay])?;
    let event: Repaid = done.event()?;
    let amount = human::tokens(event.amount, view.state.decimals);
    let headline = format!("repaid {amount} {}", args.much.token);
    desk.tell(&done, |sheet| sheet.detail("amount", amount), &headline);
    Ok(())
}
