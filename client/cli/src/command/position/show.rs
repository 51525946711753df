use cofferdam_sdk::{
    ClientError, Market, PositionView, ReserveView, human, interface::LendingError,
};

use crate::{
    command::factor,
    desk::Desk,
    fault::Fault,
    options::{At, InPool},
    sheet::Sheet,
};

/// Show what a position supplies and owes, its health, and how far the prices may fall.
///
/// Example: cofferdam position show bob
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The position, as OWNER, OWNER:NUMBER or address.
    position: String,
    #[command(flatten)]
    pool: InPool,
    #[command(flatten)]
    at: At,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let desk = Desk::read(&args.at)?;
    let market = desk.market(&args.pool)?;
    let position = desk.position(&market, &args.position)?;
    let sheet = Sheet::default()
        .field("position", position.address)
        .detail("owner", position.state.owner)
        .detail("number", position.state.index);
    let sheet = with_health(sheet, &market, &position)?;
    let used =
        |view: &&ReserveView| position.state.used().any(|entry| entry.reserve == view.keys.reserve);
    let views = market.reserves.iter().filter(used);
    let rows = views.map(|view| row(&desk, &market, (&position, view)));
    let rows = rows.collect::<Result<_, _>>()?;
    let columns = [
        "token",
        "supplied",
        "owed",
        "written_off",
        "liquidation_price",
        "max_withdraw",
        "max_borrow",
    ];
    desk.show(&sheet.list("stakes", &columns, rows));
    Ok(())
}

fn with_health(
    sheet: Sheet,
    market: &Market,
    position: &PositionView,
) -> Result<Sheet, ClientError> {
    match market.health(position) {
        Ok(health) => Ok(sheet
            .field("health", factor(health.factor))
            .field("collateral", health.collateral)
            .field("debt", health.debt)
            .field("borrow_limit", health.borrow_limit)
            .field("liquidation_limit", health.liquidation_limit)),
        // The stakes are worth showing while a price is stale.
        Err(ClientError::Preview(error)) => Ok(sheet.field("health", error.name())),
        Err(error) => Err(error),
    }
}

fn row(
    desk: &Desk,
    market: &Market,
    (position, view): (&PositionView, &ReserveView),
) -> Result<Vec<String>, ClientError> {
    let (entry, decimals) = (position.state.entry(&view.keys.reserve), view.state.decimals);
    let read = || -> Result<_, LendingError> {
        let supplied = view.state.supply()?.assets_down(entry.supply)?.units_down()?;
        let debt = cofferdam_sdk::interface::math::shares::debt_up(entry.debt, view.state.index)?;
        Ok([supplied, debt.units_up()?, entry.claim.units_up()?])
    };
    let amounts = read().map_err(ClientError::Preview)?;
    let [supplied, owed, written_off] =
        amounts.map(|amount| human::tokens(amount, decimals).to_string());
    let mint = &view.keys.mint;
    let price = market.liquidation_price(position, mint).ok().flatten();
    let price = price.map_or("-".into(), |price| price.round_dp(6).normalize().to_string());
    // Where a verb does not apply, such as borrowing what one supplies, there is no limit to show.
    let limit = |limit: Result<_, ClientError>| {
        limit.map_or("-".into(), |amount| human::tokens(amount, decimals).to_string())
    };
    let most = limit(market.max_withdraw(position, mint));
    let loan = limit(market.max_borrow(position, mint));
    Ok(vec![desk.symbol(mint), supplied, owed, written_off, price, most, loan])
}
