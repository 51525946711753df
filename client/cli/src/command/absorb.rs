//! `cofferdam absorb`.

use cofferdam_sdk::{LossView, Market, interface::event::BadDebtAbsorbed};

use crate::{
    desk::Desk,
    fault::Fault,
    options::{At, By, InPool},
};

/// Recognise a position's bad debt and see who pays it, by the reserve's policy: usually fees, then
/// insurance, then suppliers.
/// Anybody may sign; nobody gains by it.
///
/// Example: cofferdam absorb bob --as carol
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The position, as OWNER, OWNER:NUMBER or address.
    position: String,
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
    let position = desk.position(&market, &args.position)?;
    let done = desk.act(&args.by, &[&key], vec![market.absorb_bad_debt(&position)])?;
    let events: Vec<BadDebtAbsorbed> = done.receipt.events().collect();
    let rows = events.iter().filter_map(|event| row(&desk, &market, event)).collect();
    let columns = ["token", "bad_debt", "fees", "insurance", "suppliers", "deficit"];
    let headline = format!("recognised bad debt of {}; who paid:", args.position);
    desk.tell(&done, |sheet| sheet.list("losses", &columns, rows), &headline);
    Ok(())
}

fn row(desk: &Desk, market: &Market, event: &BadDebtAbsorbed) -> Option<Vec<String>> {
    let view = market.reserves.iter().find(|view| view.keys.reserve == event.reserve)?;
    let loss = LossView::of(&event.loss, view.state.decimals);
    let amounts = [loss.recognised, loss.fees, loss.insurance, loss.suppliers, loss.deficit];
    let token = desk.symbol(&view.keys.mint);
    Some([token].into_iter().chain(amounts.map(|amount| amount.to_string())).collect())
}
