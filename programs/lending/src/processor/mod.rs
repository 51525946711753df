//! One verb, one file.

pub(crate) mod absorb_bad_debt;
pub(crate) mod accept_admin;
pub(crate) mod add_reserve;
pub(crate) mod apply_pool_change;
pub(crate) mod apply_reserve_change;
pub(crate) mod borrow;
pub(crate) mod cancel_pool_change;
pub(crate) mod cancel_reserve_change;
pub(crate) mod collect_fees;
mod config;
pub(crate) mod cover_deficit;
pub(crate) mod create_feed;
pub(crate) mod create_pool;
pub(crate) mod deposit;
pub(crate) mod flash_borrow;
pub(crate) mod flash_repay;
pub(crate) mod fund_insurance;
pub(crate) mod give_notice;
pub(crate) mod liquidate;
pub(crate) mod open_position;
pub(crate) mod open_stake;
mod outflow;
pub(crate) mod propose_admin;
pub(crate) mod publish_price;
pub(crate) mod queue_pool_change;
pub(crate) mod queue_reserve_change;
pub(crate) mod repay;
pub(crate) mod set_pool_mode;
pub(crate) mod set_reserve_mode;
pub(crate) mod stake_insurance;
pub(crate) mod start_cooldown;
pub(crate) mod unstake_insurance;
pub(crate) mod update_pool;
pub(crate) mod update_reserve;
pub(crate) mod withdraw;

use cofferdam_host::{Event, Host, ProgramResult, with_encoded_event};

/// Records an event.
fn emit<H: Host, E: Event>(host: &mut H, event: &E) -> ProgramResult {
    with_encoded_event(event, |bytes| host.emit(bytes))
}
