use cofferdam_sdk::{ClientError, ReserveView, human, interface::state::Pool};

use crate::{
    command::percent,
    desk::Desk,
    fault::Fault,
    options::{At, InPool},
    sheet::Sheet,
};

/// Show a pool's reserves.
///
/// Example: cofferdam pool show main
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The pool, by name or address; not needed while there is only one.
    #[arg(value_name = "POOL")]
    pool: Option<String>,
    #[command(flatten)]
    at: At,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let desk = Desk::read(&args.at)?;
    let market = desk.market(&InPool { pool: args.pool.clone() })?;
    let rows = market.reserves.iter().map(|view| row(&desk, view));
    let rows = rows.collect::<Result<_, _>>()?;
    let columns =
        ["token", "price", "supplied", "borrowed", "available", "utilisation", "insurance"];
    let sheet = Sheet::default()
        .field("pool", desk.pool_name(&market))
        .detail("address", market.address)
        .detail("admin", market.pool.admin);
    let sheet = parameters(sheet, &market.pool);
    desk.show(&sheet.list("reserves", &columns, rows));
    Ok(())
}

fn parameters(sheet: Sheet, pool: &Pool) -> Sheet {
    let config = &pool.config;
    sheet
        .field("mode", format!("{:?}", pool.mode))
        .detail("pending_admin", pool.pending_admin)
        .detail("guardian", config.guardian)
        .detail("grace_until_s", pool.grace_until_s)
        .field("timelock_s", config.timelock_s)
        .field("withdrawal_notice_s", config.withdrawal_notice_s)
        .field("grace_s", config.grace_s)
        .field("min_position_usd", human::value(config.min_position_value))
}

fn row(desk: &Desk, view: &ReserveView) -> Result<Vec<String>, Fault> {
    let (state, decimals) = (&view.state, view.state.decimals);
    let read = || {
        let supplied = state.supply()?.assets.units_down()?;
        let borrowed = state.debt()?.units_down()?;
        Ok([supplied, borrowed, state.available()?, state.insurance.units_down()?])
    };
    let amounts = read().map_err(ClientError::Preview)?;
    let [supplied, borrowed, available, insurance] =
        amounts.map(|amount| human::tokens(amount, decimals).to_string());
    let utilisation = percent(view.utilisation()?);
    let price = human::price_of(view.feed.price).to_string();
    let token = desk.symbol(&view.keys.mint);
    Ok(vec![token, price, supplied, borrowed, available, utilisation, insurance])
}
