//! Replaces a reserve's risk parameters. Loading accrues, so interest up to now is the old
//! curve's.

use cofferdam_host::{Host, ProgramResult};
use cofferdam_lending_interface::{
    LendingError,
    instruction::{UpdateReserve, UpdateReserveAccounts},
    state::Authority,
    zoo,
};

use super::config::{reconfigure, require_config, require_none};
use crate::{
    load::{pool_for_authority, reserve},
    refuse::planned,
};

const SLOTS: UpdateReserveAccounts<usize> = UpdateReserveAccounts::SLOTS;

pub(crate) fn process<H: Host>(host: &mut H, args: &UpdateReserve) -> ProgramResult {
    let governed = pool_for_authority(host, SLOTS.pool, SLOTS.authority)?;
    let pool = governed.pool;
    let mut reserve = reserve(host, SLOTS.reserve, &pool.address)?;
    require_config(host, &args.config)?;
    let raised = reserve.state.risk_raised_by(&args.config, args.ramp_s);
    let (holds, next) = (reserve.state.liquidation_threshold(), args.config.liquidation_threshold);
    let detail = format_args!("threshold from {holds} to {next} bps within {} s", args.ramp_s);
    let raised = planned(host, raised, detail)?;
    match governed.authority {
        Authority::Guardian if zoo!(false; GuardianRaises => true) => {}
        Authority::Guardian => require_none(host, LendingError::WrongAuthority, raised)?,
        // Otherwise nobody could leave before the change they would leave for.
        Authority::Admin if pool.state.config.timelock_s > 0 => {
            require_none(host, LendingError::TimelockRequired, raised)?;
        }
        Authority::Admin => {}
    }

    let feeds = (reserve.state.feed, reserve.state.second_feed);
    reconfigure(host, &mut reserve, (args.config, args.ramp_s), feeds)
}
