//! Prices, parameters and what is created. No money moves by these, so what an event does not tell
//! is taken from where the transaction ended.

use cofferdam_host::Address;
use cofferdam_lending_interface::{
    event::{ModeChanged, PricePublished, ReserveAdded, ReserveUpdated},
    state::{Pool, PriceFeed, Reserve},
};

use super::apply::Applied;
use crate::scene::Scene;

/// The price that stood until now enters the average first.
pub(super) fn publish(state: &mut Scene, end: &Scene, event: &PricePublished) -> Applied {
    let feed = state.feeds.get(&event.feed).or_else(|| end.feeds.get(&event.feed));
    let feed = feed.ok_or("no such feed")?;
    let ema = feed.ema_at(state.now_s).map_err(|_| "the average leaves its range")?;
    let (price, ended) = (event.price, end.feeds.get(&event.feed).ok_or("the feed is gone")?);
    let next = PriceFeed {
        price,
        confidence: event.confidence,
        ema: if ema.is_zero() { price } else { ema },
        ema_at_s: feed.ema_at_s.max(state.now_s),
        observed_at_s: event.observed_at_s,
        published_slot: ended.published_slot,
        sequence: event.sequence,
        quotes: ended.quotes,
        ..feed.clone()
    };
    state.write_feed(event.feed, next);
    Ok(())
}

pub(super) fn reconfigure(state: &mut Scene, end: &Scene, event: &ReserveUpdated) -> Applied {
    let reserve = state.accrued.get(&event.reserve).ok_or("no such reserve")?;
    let ramp = end.accrued.get(&event.reserve).ok_or("the reserve is gone")?.ramp;
    let next = Reserve { config: event.after, ramp, ..reserve.clone() };
    state.write_reserve(event.reserve, next);
    Ok(())
}

pub(super) fn change_feeds(state: &mut Scene, end: &Scene, address: &Address) -> Applied {
    let reserve = state.accrued.get(address).ok_or("no such reserve")?;
    let last = end.accrued.get(address).ok_or("the reserve is gone")?;
    let (feed, second_feed) = (last.feed, last.second_feed);
    let next = Reserve { feed, second_feed, ..reserve.clone() };
    state.write_reserve(*address, next);
    Ok(())
}

pub(super) fn create_pool(state: &mut Scene, end: &Scene, address: &Address) -> Applied {
    let pool = end.pools.get(address).ok_or("the pool is gone")?;
    let fresh = Pool::new(pool.bump, pool.creator, pool.name, pool.config);
    state.write_pool(*address, fresh);
    Ok(())
}

pub(super) fn with_pool(
    state: &mut Scene,
    address: &Address,
    change: impl FnOnce(&mut Pool),
) -> Applied {
    let mut pool = state.pools.get(address).ok_or("no such pool")?.clone();
    change(&mut pool);
    state.write_pool(*address, pool);
    Ok(())
}

pub(super) fn set_mode(state: &mut Scene, end: &Scene, event: &ModeChanged) -> Applied {
    if let Some(reserve) = state.accrued.get(&event.target) {
        let next = Reserve { mode: event.after, ..reserve.clone() };
        state.write_reserve(event.target, next);
        return Ok(());
    }
    let grace_until_s = end.pools.get(&event.target).map(|pool| pool.grace_until_s);
    let grace_until_s = grace_until_s.ok_or("nothing has that mode")?;
    with_pool(state, &event.target, |pool| {
        (pool.mode, pool.grace_until_s) = (event.after, grace_until_s);
    })
}

/// A reserve begins with nothing in it.
pub(super) fn add(state: &mut Scene, end: &Scene, event: &ReserveAdded) -> Applied {
    let mut listed = Ok(());
    with_pool(state, &event.pool, |pool| listed = pool.push_reserve(event.reserve))?;
    listed.map_err(|_| "the pool is full")?;
    let Reserve { bump, vault_bump, pool, mint, vault, feed, second_feed, decimals, .. } =
        end.reserves.get(&event.reserve).ok_or("the reserve is gone")?.clone();
    let origin = cofferdam_lending_interface::state::ReserveOrigin {
        bump,
        vault_bump,
        pool,
        mint,
        decimals,
        vault,
        feed,
        second_feed,
    };
    state.write_reserve(event.reserve, Reserve::new(origin, event.config, state.now_s));
    Ok(())
}

pub(super) fn open(state: &mut Scene, end: &Scene, address: &Address) -> Applied {
    let mut position = end.positions.get(address).ok_or("the position is gone")?.clone();
    position.entries = Default::default();
    state.write_position(*address, position);
    Ok(())
}

pub(super) fn open_stake(state: &mut Scene, end: &Scene, address: &Address) -> Applied {
    use cofferdam_lending_interface::units::Shares;

    let mut stake = end.stakes.get(address).ok_or("the stake is gone")?.clone();
    (stake.shares, stake.cooling, stake.cooling_from_s) = (Shares::ZERO, Shares::ZERO, 0);
    stake.epoch = state.reserves.get(&stake.reserve).map_or(0, |r| r.insurance_epoch);
    state.write_stake(*address, stake);
    Ok(())
}

pub(super) fn create_feed(state: &mut Scene, end: &Scene, address: &Address) -> Applied {
    let PriceFeed { bump, authority, symbol, config, .. } =
        end.feeds.get(address).ok_or("the feed is gone")?.clone();
    state.write_feed(*address, PriceFeed::new(bump, authority, symbol, config));
    Ok(())
}
