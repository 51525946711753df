use cofferdam_sdk::{ClientError, ReserveView, human};

use crate::{
    desk::Desk,
    fault::Fault,
    options::{At, InPool},
};

/// Show what stands before the suppliers in each reserve, and what it paid so far.
///
/// Example: cofferdam insurance show
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pool: InPool,
    #[command(flatten)]
    at: At,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let desk = Desk::read(&args.at)?;
    let market = desk.market(&args.pool)?;
    let rows = market.reserves.iter().map(|view| row(&desk, view));
    let rows = rows.collect::<Result<_, _>>()?;
    let columns = ["token", "fees", "insurance", "losses", "paid_by_insurance", "deficit"];
    desk.list("insurance", &columns, rows);
    Ok(())
}

fn row(desk: &Desk, view: &ReserveView) -> Result<Vec<String>, ClientError> {
    let state = &view.state;
    let read =
        || Ok([state.fees.units_down()?, state.insurance.units_down()?, state.deficit.units_up()?]);
    let funds = read().map_err(ClientError::Preview)?;
    let [fees, insurance, deficit] = funds.map(|amount| human::tokens(amount, state.decimals));
    let losses = view.losses();
    let amounts = [fees, insurance, losses.recognised, losses.insurance, deficit];
    let token = desk.symbol(&view.keys.mint);
    Ok([token].into_iter().chain(amounts.map(|amount| amount.to_string())).collect())
}
