use cofferdam_sdk::{ClientError, Market, ReserveView, StakeView, interface::state::Stake};

use crate::{
    desk::Desk,
    fault::Fault,
    options::{At, InPool},
};

/// List the stakes in a pool's insurance funds, in whole tokens at this moment.
///
/// Example: cofferdam insurance stakes
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
    let mut rows = Vec::new();
    for view in &market.reserves {
        for stake in desk.client.stakes(&view.keys.reserve) {
            rows.push(row(&desk, &market, view, &stake)?);
        }
    }
    let columns = ["token", "staked", "cooling", "ready_at_s", "owner"];
    desk.list("stakes", &columns, rows);
    Ok(())
}

fn row(
    desk: &Desk,
    market: &Market,
    view: &ReserveView,
    stake: &Stake,
) -> Result<Vec<String>, ClientError> {
    let StakeView { tokens, cooling, ready_at_s } = market.stake_view(stake, &view.keys.mint)?;
    let ready_at_s = ready_at_s.map_or_else(|| "-".into(), |at_s| at_s.to_string());
    let (token, owner) = (desk.symbol(&view.keys.mint), stake.owner.to_string());
    Ok(vec![token, tokens.to_string(), cooling.to_string(), ready_at_s, owner])
}
