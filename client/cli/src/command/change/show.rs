use cofferdam_sdk::{ReserveView, interface::state::require_ready};

use crate::{
    desk::Desk,
    fault::Fault,
    options::{At, InPool},
    sheet::Sheet,
};

/// Show which changes of a pool wait, and until when.
///
/// Example: cofferdam change show
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
    let row = |target: String, ready_at_s: i64| {
        let state = match require_ready(ready_at_s, market.now_s) {
            Ok(()) => "ready".into(),
            Err(error) => error.name().to_owned(),
        };
        vec![target, ready_at_s.to_string(), state]
    };
    let reserve = |view: &ReserveView| {
        let change = desk.client.reserve_change(&view.keys.reserve).ok()?;
        Some(row(format!("reserve {}", desk.symbol(&view.keys.mint)), change.ready_at_s))
    };
    let pool = desk.client.pool_change(&market.address).ok();
    let pool =
        pool.map(|change| row(format!("pool {}", desk.pool_name(&market)), change.ready_at_s));
    let rows = pool.into_iter().chain(market.reserves.iter().filter_map(reserve)).collect();
    desk.show(&Sheet::default().list("changes", &["target", "ready_at_s", "state"], rows));
    Ok(())
}
