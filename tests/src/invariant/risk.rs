//! Health, and prices where they are needed.

use cofferdam_host::Address;
use cofferdam_lending_interface::state::{PriceFeed, Reserve};

use super::{Step, Verdict, beat::Beat, books::OVERFLOW, told::Told};
use crate::{
    scene::{
        Books, Scene,
        worth::{last, threshold_bps},
    },
    wide::product_at_most,
};

/// How long a feed has to be silent before the collateral it prices counts as unpriceable: 7 days.
pub(super) const UNPRICEABLE_AFTER_S: i64 = 7 * 86_400;

pub(super) fn within_limit_after_taking(step: &Step<'_>) -> Verdict {
    for (beat, position) in takers(step) {
        let health = beat.after.strict_health(&position).ok_or(OVERFLOW)?;
        if health.debt_weighted > health.borrow_limit {
            return Err(format!(
                "{position} owes {} with a limit of {}",
                health.debt_weighted, health.borrow_limit
            ));
        }
    }
    Ok(())
}

/// A loan or a withdrawal leaves no debt that nobody would liquidate.
pub(super) fn no_dust_after_taking(step: &Step<'_>) -> Verdict {
    for (beat, position) in takers(step) {
        let debt = beat.after.strict_health(&position).ok_or(OVERFLOW)?.debt;
        let pool = &beat.after.positions[&position].pool;
        let least = beat.after.pools[pool].config.min_position_value;
        if debt < least {
            return Err(format!("{position} owes {debt}, at least {least} is asked for"));
        }
    }
    Ok(())
}

/// Who still owes what was written off takes nothing out.
pub(super) fn no_claim_when_taking(step: &Step<'_>) -> Verdict {
    for beat in step.beats() {
        let Some(position) = beat.told.taker() else { continue };
        let held = beat.before.positions.get(&position).ok_or("the position is missing")?;
        if held.used().any(|entry| !entry.claim.is_zero()) {
            return Err(format!("{position} took something out and owes a claim"));
        }
    }
    Ok(())
}

/// Only a price, a parameter or a loss brings down whoever stood above the limit. Time has no
/// transaction, so it brings nobody down here.
///
/// Positions that did not change themselves are looked at only where a share's price fell, an
/// index rose or a term changed: at the same shares, prices and terms nobody is worth less.
pub(super) fn only_price_time_or_settings_endanger(step: &Step<'_>) -> Verdict {
    if step.delta.time {
        return Ok(());
    }
    for beat in step.beats() {
        // Forfeit collateral is part of a loss.
        let lost = matches!(beat.told, Told::BadDebtAbsorbed(_) | Told::CollateralSeized(_));
        if beat.told.changes_terms() || lost {
            continue;
        }
        for address in endangered(step, &beat) {
            let health = |scene: &Scene| scene.health(&address);
            let (Some(then), Some(now)) = (health(beat.before), health(beat.after)) else {
                continue;
            };
            // Between a repayment and what of it goes back to a loss the books hold both.
            let back = matches!(beat.told, Told::LossRecovered(_));
            let start = step.before.health(&address);
            if back && start.is_none_or(|health| health.is_liquidatable()) {
                continue;
            }
            // Between a repayment and what of it goes back to a loss the books hold both.
            let back = matches!(beat.told, Told::LossRecovered(_));
            let start = step.before.health(&address);
            if back && start.is_none_or(|health| health.is_liquidatable()) {
                continue;
            }
            if !then.is_liquidatable() && now.is_liquidatable() {
                return Err(format!("{:?} made {address} liquidatable: {now:?}", beat.told));
            }
        }
    }
    Ok(())
}

fn endangered(step: &Step<'_>, beat: &Beat<'_>) -> Vec<Address> {
    let mut found: Vec<Address> = step.delta.positions.iter().map(|c| c.address).collect();
    for changed in &step.delta.reserves {
        let address = &changed.address;
        let sides = (beat.before.accrued.get(address), beat.after.accrued.get(address));
        let (Some(before), Some(after)) = sides else { continue };
        let prices = [beat.before, beat.after].map(|scene| {
            let books = scene.accrued.books(address);
            books.and_then(Books::price)
        });
        if is_worse(prices, before, after) {
            let uses = |(_, position): &(_, &cofferdam_lending_interface::state::Position)| {
                position.used().any(|entry| entry.reserve == *address)
            };
            let users = beat.after.positions.iter().filter(uses);
            found.extend(users.map(|(address, _)| *address));
        }
    }
    found
}

fn is_worse(prices: [Option<(u128, u128)>; 2], before: &Reserve, after: &Reserve) -> bool {
    let terms = |reserve: &Reserve| (reserve.index, reserve.config, reserve.ramp, reserve.feed);
    let fell = match prices {
        [Some((assets, shares)), Some((now, shares_now))] => {
            !product_at_most((assets, shares_now), (now, shares))
        }
        _ => true,
    };
    fell || terms(before) != terms(after)
}

/// At the last prices, without any doubt: a limit that a program computes wrongly shows here.
pub(super) fn the_unhealthy_take_nothing(step: &Step<'_>) -> Verdict {
    for (beat, position) in takers(step) {
        let health = beat.after.health(&position).ok_or(OVERFLOW)?;
        if health.is_liquidatable() {
            return Err(format!("{position} took something out and stands at {health:?}"));
        }
    }
    Ok(())
}

pub(super) fn prices_are_fresh_where_needed(step: &Step<'_>) -> Verdict {
    for beat in step.beats() {
        if let Told::Liquidated(event) = beat.told {
            is_fresh(&beat, &event.position, &event.debt_reserve)?;
            is_fresh(&beat, &event.position, &event.collateral_reserve)?;
        }
    }
    for (beat, address) in takers(step) {
        // Who owes nothing may leave whatever the oracle does.
        for entry in beat.after.positions[&address].used() {
            is_fresh(&beat, &address, &entry.reserve)?;
            is_sure(&beat, &address, &entry.reserve)?;
        }
    }
    absorbed_at_sure_prices(step)
}

/// A loss is recognised at sure prices, but for collateral that nobody has priced for a week.
fn absorbed_at_sure_prices(step: &Step<'_>) -> Verdict {
    let told = step.beats.told();
    let liquidated = |position: &Address| {
        told.iter().any(|told| matches!(told, Told::Liquidated(e) if e.position == *position))
    };
    for beat in step.beats() {
        let Told::BadDebtAbsorbed(event) = beat.told else { continue };
        for entry in beat.before.positions[&event.position].used() {
            let feed = feed(beat.before, &entry.reserve)?;
            let silent_s = beat.before.now_s.saturating_sub(feed.observed_at_s);
            let dead = silent_s > UNPRICEABLE_AFTER_S && !entry.supply.is_zero();
            // A claim alone has no value that a price could change.
            if dead || (entry.supply.is_zero() && entry.debt.is_zero()) {
                continue;
            }
            // What a liquidation leaves is settled at the prices that let it happen.
            if !liquidated(&event.position) {
                is_fresh(&beat, &event.position, &entry.reserve)?;
                is_sure(&beat, &event.position, &entry.reserve)?;
            }
        }
    }
    Ok(())
}

/// Whether the price of a reserve stands up to every check.
pub(super) fn stands(beat: &Beat<'_>, position: &Address, reserve: &Address) -> bool {
    is_fresh(beat, position, reserve).and_then(|()| is_sure(beat, position, reserve)).is_ok()
}

fn is_fresh(beat: &Beat<'_>, position: &Address, address: &Address) -> Verdict {
    let reserve = &beat.before.reserves[address];
    let feed = feed(beat.before, address)?;
    let age_s = beat.before.now_s.saturating_sub(feed.observed_at_s);
    if feed.price.is_zero() || age_s > i64::from(reserve.config.max_price_age_s) {
        return Err(format!(
            "{position} was served with price {} of {}, {age_s} s old",
            feed.price, reserve.feed
        ));
    }
    Ok(())
}

/// The price was as certain, and as close to its average and to a second feed, as the reserve asks.
fn is_sure(beat: &Beat<'_>, position: &Address, address: &Address) -> Verdict {
    let reserve = &beat.before.reserves[address];
    let (feed, config) = (feed(beat.before, address)?, &reserve.config);
    let average = feed.ema_at(beat.before.now_s).map_err(|error| error.to_string())?.get();
    let price = feed.price.get();
    let within = |part: u128, whole: u128, bps: u32| {
        product_at_most((part, 10_000), (whole, u128::from(bps)))
    };
    let close =
        |other: u128| within(price.abs_diff(other), price.max(other), config.max_divergence.get());
    let second = beat.before.feeds.get(&reserve.second_feed);
    let speaks = |feed: &PriceFeed| {
        let age_s = beat.before.now_s.saturating_sub(feed.observed_at_s);
        !feed.price.is_zero() && age_s <= i64::from(config.max_price_age_s)
    };
    let agrees = !reserve.has_second_feed()
        || second.is_some_and(|feed| speaks(feed) && close(feed.price.get()));
    if !within(feed.confidence.get(), price, config.max_confidence.get())
        || !close(average)
        || !agrees
    {
        return Err(format!(
            "{position} was served with price {price} ± {} of {}, on average {average}, by the \
             second feed {:?}",
            feed.confidence,
            reserve.feed,
            second.map(|feed| feed.price)
        ));
    }
    Ok(())
}

fn feed<'a>(scene: &'a Scene, reserve: &Address) -> Result<&'a PriceFeed, String> {
    let feed = scene.reserves.get(reserve).and_then(|reserve| scene.feeds.get(&reserve.feed));
    feed.ok_or_else(|| format!("the feed of {reserve} is missing"))
}

/// Whoever took value out and owed something afterwards, with the moment of it.
pub(super) fn takers<'a>(step: &'a Step<'_>) -> impl Iterator<Item = (Beat<'a>, Address)> {
    step.beats().filter_map(|beat| {
        let position = beat.told.taker()?;
        let owes = beat.after.positions.get(&position)?.has_debt();
        owes.then_some((beat, position))
    })
}

/// A term in force of a reserve's collateral, in basis points.
pub(super) fn threshold(scene: &Scene, reserve: &Reserve) -> u32 {
    threshold_bps(reserve, scene.now_s)
}

/// The last price of a reserve's asset and its decimals.
pub(super) fn quote(scene: &Scene, address: &Address) -> Result<(u128, u8), String> {
    let feed = feed(scene, address)?;
    Ok((last(feed), scene.reserves[address].decimals))
}
