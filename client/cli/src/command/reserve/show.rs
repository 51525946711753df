use cofferdam_sdk::{ClientError, Decimal, ReserveView, human};

use crate::{
    command::percent,
    desk::Desk,
    fault::Fault,
    options::{At, InPool},
    quantity::Cap,
    sheet::Sheet,
};

/// Show a reserve: what is in it, its rates, who paid its losses, its parameters.
///
/// Example: cofferdam reserve show USD
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The token, by symbol or address of its mint.
    token: String,
    #[command(flatten)]
    pool: InPool,
    #[command(flatten)]
    at: At,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let desk = Desk::read(&args.at)?;
    let (market, mint) = (desk.market(&args.pool)?, desk.mint(&args.token)?);
    let view = market.reserve_of(&mint)?;
    let sheet = Sheet::default()
        .field("token", &args.token)
        .detail("reserve", view.keys.reserve)
        .detail("vault", view.keys.vault)
        .detail("feed", view.keys.feed)
        .field("mode", format!("{:?}", view.state.mode))
        .field("price", human::price_of(view.feed.price));
    let sheet = losses(rates(rooms(amounts(sheet, view)?, view)?, view)?, view);
    desk.show(&parameters(sheet, view));
    Ok(())
}

fn amounts(sheet: Sheet, view: &ReserveView) -> Result<Sheet, ClientError> {
    let state = &view.state;
    let read = || {
        let supplied = state.supply()?.assets.units_down()?;
        let (fees, insurance) = (state.fees.units_down()?, state.insurance.units_down()?);
        Ok([supplied, state.debt()?.units_down()?, state.available()?, fees, insurance])
    };
    let [supplied, borrowed, available, fees, insurance] =
        read().map_err(ClientError::Preview)?.map(|amount| human::tokens(amount, state.decimals));
    Ok(sheet
        .field("supplied", supplied)
        .field("borrowed", borrowed)
        .field("available", available)
        .field("fees", fees)
        .field("insurance", insurance))
}

/// What the limits leave room for.
fn rooms(sheet: Sheet, view: &ReserveView) -> Result<Sheet, ClientError> {
    let room = |room: Option<Decimal>| room.map_or("no limit".into(), |room| room.to_string());
    Ok(sheet
        .field("supply_room", room(view.supply_room()?))
        .field("borrow_room", room(view.borrow_room()?))
        .field("outflow_room", room(view.outflow_room()?)))
}

fn rates(sheet: Sheet, view: &ReserveView) -> Result<Sheet, ClientError> {
    let sheet = sheet.field("utilisation", percent(view.utilisation()?));
    let sheet = match view.rate_at_target() {
        None => sheet.field("rate_model", "curve"),
        Some(rate) => sheet.field("rate_model", "adaptive").field("rate_at_target", percent(rate)),
    };
    Ok(sheet
        .field("borrow_apy", percent(view.borrow_apy()?))
        .field("supply_apy", percent(view.supply_apy()?))
        .field("share_price", view.share_price()?))
}

fn losses(sheet: Sheet, view: &ReserveView) -> Sheet {
    let losses = view.losses();
    sheet
        .field("losses", losses.recognised)
        .field("losses_paid_by_fees", losses.fees)
        .field("losses_paid_by_insurance", losses.insurance)
        .field("losses_paid_by_suppliers", losses.suppliers)
}

fn parameters(sheet: Sheet, view: &ReserveView) -> Sheet {
    let config = &view.state.config;
    let cap = |limit| Cap::text(limit, view.state.decimals);
    sheet
        .field("collateral_factor_bps", config.collateral_factor)
        .field("liquidation_threshold_bps", config.liquidation_threshold)
        .field("liquidation_threshold_now_bps", view.state.liquidation_threshold())
        .field("borrow_factor_bps", config.borrow_factor)
        .field("target_health_bps", config.target_health)
        .field("full_close_health_bps", config.full_close_health)
        .field("liquidation_bonus_min_bps", config.liquidation_bonus_min)
        .field("liquidation_bonus_max_bps", config.liquidation_bonus_max)
        .field("insolvent_bonus_bps", config.insolvent_bonus)
        .field("liquidation_protocol_fee_bps", config.liquidation_protocol_fee)
        .field("reserve_factor_bps", config.reserve_factor)
        .field("insurance_share_bps", config.insurance_share)
        .field("supply_cap", cap(config.supply_cap))
        .field("borrow_cap", cap(config.borrow_cap))
        .field("outflow_hour_max", cap(config.outflow_hour_max))
        .field("outflow_day_max", cap(config.outflow_day_max))
        .field("max_utilisation_bps", config.max_utilisation)
        .field("max_confidence_bps", config.max_confidence)
        .field("max_divergence_bps", config.max_divergence)
        .field("flash_fee_bps", config.flash_fee)
        .field("max_price_age_s", config.max_price_age_s)
}
