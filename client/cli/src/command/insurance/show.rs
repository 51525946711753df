use cofferdam_sdk::{ClientError, Market, ReserveView, StakeView, human};

use crate::{
    desk::Desk,
    fault::Fault,
    options::{At, InPool},
    sheet::Sheet,
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
    let sheet = Sheet::default().list("insurance", &columns, rows);
    let stakes = stakes(&desk, &market)?;
    let columns = ["token", "staked", "cooling", "ready_at_s", "owner"];
    let some = !stakes.is_empty();
    desk.show(&if some { sheet.list("stakes", &columns, stakes) } else { sheet });
    Ok(())
}

fn stakes(desk: &Desk, market: &Market) -> Result<Vec<Vec<String>>, ClientError> {
    let mut rows = Vec::new();
    for view in &market.reserves {
        for stake in desk.client.stakes(&view.keys.reserve) {
            let StakeView { tokens, cooling, ready_at_s } =
                market.stake_view(&stake, &view.keys.mint)?;
            let ready_at_s = ready_at_s.map_or("-".into(), |at_s| at_s.to_string());
            let token = desk.symbol(&view.keys.mint);
            let (tokens, cooling) = (tokens.to_string(), cooling.to_string());
            rows.push(vec![token, tokens, cooling, ready_at_s, stake.owner.to_string()]);
        }
    }
    Ok(rows)
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
