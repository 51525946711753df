//! One verb, one file.

pub(crate) mod absorb_bad_debt;
pub(crate) mod add_reserve;
pub(crate) mod borrow;
pub(crate) mod collect_fees;
pub(crate) mod create_feed;
pub(crate) mod create_pool;
pub(crate) mod deposit;
pub(crate) mod fund_insurance;
pub(crate) mod liquidate;
pub(crate) mod open_position;
mod outflow;
pub(crate) mod publish_price;
pub(crate) mod repay;
pub(crate) mod update_reserve;
pub(crate) mod withdraw;

use cofferdam_host::{Event, Host, ProgramResult, with_encoded_event};

/// Records an event.
fn emit<H: Host, E: Event>(host: &mut H, event: &E) -> ProgramResult {
    with_encoded_event(event, |bytes| host.emit(bytes))
}
