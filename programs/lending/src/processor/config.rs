//! What the instructions that change parameters share.

use cofferdam_host::{Address, Host, ProgramError, ProgramResult};
use cofferdam_lending_interface::{
    LendingError,
    event::{FeedsChanged, PoolUpdated, ReserveUpdated},
    state::{Pool, PoolConfig, Reserve, ReserveConfig},
};

use super::emit;
use crate::{
    load::{Loaded, now_s},
    refuse::{planned, refuse, require},
};

/// Refuses parameters of a reserve out of their range.
pub(super) fn require_config<H: Host>(host: &mut H, config: &ReserveConfig) -> ProgramResult {
    require_none(host, LendingError::InvalidConfig, config.fault())
}

/// Refuses parameters of a pool out of their range.
pub(super) fn require_pool_config<H: Host>(host: &mut H, config: &PoolConfig) -> ProgramResult {
    require_none(host, LendingError::InvalidConfig, config.fault())
}

/// Refuses with what speaks against it, if anything does.
pub(super) fn require_none<H: Host>(
    host: &mut H,
    error: LendingError,
    objection: Option<&'static str>,
) -> ProgramResult {
    match objection {
        None => Ok(()),
        Some(text) => Err(refuse(host, error, format_args!("{text}"))),
    }
}

/// When a change that is queued now may be applied.
pub(super) fn ready_at_s<H: Host>(host: &mut H, pool: &Pool) -> Result<i64, ProgramError> {
    let ready_at_s = now_s(host)?.checked_add(i64::from(pool.config.timelock_s));
    Ok(ready_at_s.ok_or(LendingError::MathOverflow)?)
}

/// Refuses a change of another pool or another target than the one at hand.
pub(super) fn require_target<H: Host>(
    host: &mut H,
    (change_pool, change_target): (Address, Address),
    (pool, target): (Address, Address),
) -> ProgramResult {
    require!(
        host,
        change_pool == pool,
        WrongPool,
        "the change is of pool {change_pool}, not {pool}"
    );
    require!(
        host,
        change_target == target,
        WrongAddress,
        "the change is of {change_target}, not of {target}"
    );
    Ok(())
}

/// Replaces a reserve's parameters, and its feeds when others are given.
pub(super) fn reconfigure<H: Host>(
    host: &mut H,
    reserve: &mut Loaded<Reserve>,
    (config, ramp_s): (ReserveConfig, u32),
    (feed, second_feed): (Address, Address),
) -> ProgramResult {
    require_config(host, &config)?;
    let (address, before, after) = (reserve.address, reserve.state.config, config);
    let holds = reserve.state.liquidation_threshold();
    let next = config.liquidation_threshold;
    let detail =
        format_args!("threshold of reserve {address} from {holds} to {next} bps within {ramp_s} s");
    planned(host, reserve.state.reconfigure(config, ramp_s), detail)?;
    let feeds = (reserve.state.feed, reserve.state.second_feed);
    (reserve.state.feed, reserve.state.second_feed) = (feed, second_feed);
    reserve.store(host)?;

    emit(host, &ReserveUpdated { reserve: address, before, after })?;
    if feeds == (feed, second_feed) {
        return Ok(());
    }
    emit(host, &FeedsChanged { reserve: address, feed, second_feed })
}

/// Replaces a pool's parameters.
pub(super) fn reconfigure_pool<H: Host>(
    host: &mut H,
    pool: &mut Loaded<Pool>,
    config: PoolConfig,
) -> ProgramResult {
    require_pool_config(host, &config)?;
    let (before, after) = (pool.state.config, config);
    pool.state.config = config;
    pool.store(host)?;
    emit(host, &PoolUpdated { pool: pool.address, before, after })
}
