use cofferdam_sdk::{Market, PositionView};

use crate::{
    command::factor,
    desk::Desk,
    fault::Fault,
    options::{At, InPool},
};

/// List a pool's positions, the least healthy first.
///
/// Example: cofferdam position list
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
    let mut positions = desk.client.positions(&market.address);
    // Without debt there is no factor; such positions come last.
    positions.sort_by_cached_key(|position| {
        let factor = market.health(position).ok().and_then(|health| health.factor);
        (factor.is_none(), factor)
    });
    let rows = positions.iter().map(|position| row(&market, position)).collect();
    let columns = ["health", "collateral", "debt", "number", "owner", "address"];
    desk.list("positions", &columns, rows);
    Ok(())
}

fn row(market: &Market, position: &PositionView) -> Vec<String> {
    let (owner, at) = (position.state.owner.to_string(), position.address.to_string());
    let number = position.state.index.to_string();
    match market.health(position) {
        Ok(health) => {
            let (collateral, debt) = (health.collateral.round_dp(2), health.debt.round_dp(2));
            let health = factor(health.factor);
            vec![health, collateral.to_string(), debt.to_string(), number, owner, at]
        }
        // A stale price hides the values, not the position.
        Err(error) => {
            let error = error.lending().map_or("unknown", |error| error.name());
            vec![error.to_owned(), "-".into(), "-".into(), number, owner, at]
        }
    }
}
