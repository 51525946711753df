//! Liquidations: whose, how much, at what price, and in which order.

use cofferdam_host::Address;
use cofferdam_lending_interface::{
    event::Liquidated,
    math::health::Health,
    state::{Reserve, ReserveConfig},
    units::{Amount, WAD},
};

use super::{
    Step, Verdict,
    beat::Beat,
    books::OVERFLOW,
    risk::{quote, threshold},
    told::Told,
};
use crate::{
    scene::{
        Books, Scene,
        worth::{debt_up, fine, value_down, value_up},
    },
    wide::{mul_div_down, mul_div_up, product_at_most},
};

const BPS: u128 = 10_000;
/// Share of a debt above which a close takes all of it: 90 %.
const FULL_CLOSE_BPS: u128 = 9_000;

/// A liquidation with what it started from.
struct Case<'a> {
    beat: Beat<'a>,
    event: &'a Liquidated,
    health: Health,
    debt: &'a ReserveConfig,
    collateral: &'a ReserveConfig,
}

fn cases<'a>(step: &'a Step<'_>) -> impl Iterator<Item = Result<Case<'a>, String>> {
    step.beats().filter_map(|beat| match beat.told {
        Told::Liquidated(event) => Some(case(beat, event)),
        _ => None,
    })
}

fn case<'a>(beat: Beat<'a>, event: &'a Liquidated) -> Result<Case<'a>, String> {
    let config = |address: &Address| {
        let reserve = beat.before.reserves.get(address);
        reserve.map(|reserve| &reserve.config).ok_or("a reserve is missing")
    };
    Ok(Case {
        health: beat.before.health(&event.position).ok_or(OVERFLOW)?,
        debt: config(&event.debt_reserve)?,
        collateral: config(&event.collateral_reserve)?,
        beat,
        event,
    })
}

impl Case<'_> {
    /// Native units of debt that are left, rounded up.
    fn owed(&self, scene: &Scene) -> Option<u128> {
        let shares = scene.positions.get(&self.event.position)?;
        let shares = shares.entry(&self.event.debt_reserve).debt;
        debt_up(shares.get(), scene.accrued.get(&self.event.debt_reserve)?)
    }

    /// What of the collateral is left, in 10⁻⁹ units.
    fn held(&self, scene: &Scene) -> Option<u128> {
        let shares = scene.positions.get(&self.event.position)?;
        let shares = shares.entry(&self.event.collateral_reserve).supply;
        Books::of(scene.accrued.get(&self.event.collateral_reserve)?)?.claim_down(shares.get())
    }

    /// Value of one native unit of a reserve's asset, rounded up.
    fn unit(&self, reserve: &Address) -> Result<u128, String> {
        let (price, decimals) = quote(self.beat.before, reserve)?;
        value_up(fine(1), price, decimals).ok_or_else(|| OVERFLOW.into())
    }

    fn least(&self) -> u128 {
        let pool = self.beat.before.positions.get(&self.event.position).map(|p| p.pool);
        let pool = pool.and_then(|pool| self.beat.before.pools.get(&pool));
        pool.map_or(0, |pool| pool.config.min_position_value.get())
    }

    /// Whether the health factor is at most `bps`.
    fn is_at_most(&self, bps: u32) -> bool {
        let Health { liquidation_limit, debt_weighted, .. } = self.health;
        product_at_most((liquidation_limit.get(), BPS), (debt_weighted.get(), u128::from(bps)))
    }
}

pub(super) fn only_unhealthy_are_liquidated(step: &Step<'_>) -> Verdict {
    for case in cases(step) {
        let Case { event, health, .. } = case?;
        if !health.is_liquidatable() {
            return Err(format!("{} was liquidated at {health:?}", event.position));
        }
    }
    Ok(())
}

/// `debt' ÷ collateral' ≤ debt ÷ collateral`, with one native unit of each side for rounding.
pub(super) fn liquidation_improves(step: &Step<'_>) -> Verdict {
    for case in cases(step) {
        let case = case?;
        let (then, event) = (case.health, case.event);
        let now = case.beat.after.health(&event.position).ok_or(OVERFLOW)?;
        if then.collateral < then.debt {
            continue;
        }
        let slack = case.unit(&event.collateral_reserve)?;
        let debt = now.debt.get().saturating_sub(case.unit(&event.debt_reserve)?);
        let after = (debt, then.collateral.get());
        if !product_at_most(after, (then.debt.get(), now.collateral.get() + slack)) {
            return Err(format!("{} went from {then:?} to {now:?}", event.position));
        }
    }
    Ok(())
}

/// A liquidator never gets more than the protocol's terms: what was repaid plus the bonus, and the
/// bonus is within its range; while collateral covers the debt, within the surplus too.
pub(super) fn liquidator_is_paid_in_terms(step: &Step<'_>) -> Verdict {
    for case in cases(step) {
        let case = case?;
        let (event, health) = (case.event, case.health);
        let payout = event.seized.get().saturating_sub(event.protocol_fee.get());
        let bonus = event.bonus.get();
        let value = |reserve: &Address, units: u64| {
            let (price, decimals) = quote(case.beat.before, reserve)?;
            value_up(fine(units), price, decimals).ok_or_else(|| OVERFLOW.to_owned())
        };
        let repaid = value(&event.debt_reserve, event.repaid.get())?;
        let most = mul_div_up(repaid, WAD + bonus, WAD).ok_or(OVERFLOW)?;
        let got = value(&event.collateral_reserve, payout)?;
        if got > most + 1 {
            let repaid = event.repaid;
            return Err(format!("liquidator got {got} for {repaid} repaid, at most {most}"));
        }
        let bps = |bps: u32| u128::from(bps) * (WAD / BPS);
        let insolvent = health.collateral < health.debt;
        let top = if insolvent {
            case.collateral.insolvent_bonus
        } else {
            case.collateral.liquidation_bonus_max
        };
        let surplus = health.collateral.get().saturating_sub(health.debt.get());
        let covered = insolvent || product_at_most((bonus, health.debt.get()), (surplus, WAD));
        if bonus > bps(top.get()) || !covered {
            return Err(format!("a bonus of {bonus} (10⁻¹⁸) for {} at {health:?}", event.position));
        }
    }
    Ok(())
}

/// A close takes what restores the target health and no more, unless the position is near
/// insolvency, small, or would be left small.
pub(super) fn close_stops_at_the_target(step: &Step<'_>) -> Verdict {
    for case in cases(step) {
        let case = case?;
        let Case { beat, event, debt, collateral, .. } = &case;
        let (price, decimals) = quote(beat.before, &event.debt_reserve)?;
        let owed = case.owed(beat.before).ok_or(OVERFLOW)?;
        let owed_value = value_up(owed, price, decimals).ok_or(OVERFLOW)?;
        let repaid = value_down(fine(event.repaid.get()), price, decimals).ok_or(OVERFLOW)?;
        let whole = case.is_at_most(debt.full_close_health.get()) || owed_value < case.least();
        // Above that share of the debt all of it is taken; one unit for its own rounding.
        let unit = case.unit(&event.debt_reserve)?;
        let most = mul_div_down(owed_value, FULL_CLOSE_BPS, BPS).ok_or(OVERFLOW)?;
        let gone = case.owed(beat.after) == Some(0) || case.held(beat.after) == Some(0);
        if whole || gone || repaid + unit >= most {
            continue;
        }
        // The target may be passed by a unit of what was repaid, for the limit is rounded up, and
        // by one of the collateral, which may be worth more than all of that.
        let now = beat.after.health(&event.position).ok_or(OVERFLOW)?;
        let factor = u128::from(debt.borrow_factor.get()).max(BPS);
        let slack = (unit + case.unit(&event.collateral_reserve)?) * 2 * factor / BPS;
        let target = u128::from(collateral.target_health.get());
        let limit = now.liquidation_limit.get().saturating_sub(slack);
        let weighted = now.debt_weighted.get() + slack;
        if !product_at_most((limit, BPS), (weighted, target)) {
            return Err(format!("{} was taken from {:?} to {now:?}", event.position, case.health));
        }
    }
    Ok(())
}

/// Nothing too small to be liquidated is left on either side.
pub(super) fn no_dust_after_liquidation(step: &Step<'_>) -> Verdict {
    for case in cases(step) {
        let case = case?;
        let (beat, event) = (case.beat, case.event);
        let (owed, held) = (case.owed(beat.after), case.held(beat.after));
        let (owed, held) = (owed.ok_or(OVERFLOW)?, held.ok_or(OVERFLOW)?);
        if owed == 0 || held == 0 {
            continue;
        }
        let worth = |reserve: &Address, fine: u128| {
            let (price, decimals) = quote(beat.before, reserve)?;
            value_up(fine, price, decimals).ok_or_else(|| OVERFLOW.to_owned())
        };
        let debt = worth(&event.debt_reserve, owed)?;
        let collateral = worth(&event.collateral_reserve, held)?;
        // A unit of each: shares are rounded against the position.
        let slack = case.unit(&event.debt_reserve)? + case.unit(&event.collateral_reserve)?;
        if debt.min(collateral) + slack < case.least() {
            let position = event.position;
            return Err(format!("{position} keeps {collateral} against {debt}, which is dust"));
        }
    }
    Ok(())
}

/// The protocol's part of a bonus is its share, rounded up, at least a unit and at most the bonus.
pub(super) fn protocol_takes_its_share(step: &Step<'_>) -> Verdict {
    for case in cases(step) {
        let Case { event, collateral, .. } = case?;
        let seized = u128::from(event.seized.get());
        let principal = mul_div_up(seized, WAD, WAD + event.bonus.get()).ok_or(OVERFLOW)?;
        let bonus = seized.saturating_sub(principal);
        let share = u128::from(collateral.liquidation_protocol_fee.get());
        let due = mul_div_up(bonus, share, BPS).ok_or(OVERFLOW)?.max(1).min(bonus);
        if u128::from(event.protocol_fee.get()) != due {
            let fee = event.protocol_fee;
            return Err(format!("of a bonus of {bonus} units the protocol took {fee}, not {due}"));
        }
    }
    Ok(())
}

/// The collateral that counts for least goes first, as long as it has a price and is worth a
/// liquidation.
pub(super) fn weakest_collateral_goes_first(step: &Step<'_>) -> Verdict {
    for case in cases(step) {
        let case = case?;
        let (scene, event) = (case.beat.before, case.event);
        let taken = scene.accrued.get(&event.collateral_reserve).ok_or(OVERFLOW)?;
        let taken = threshold(scene, taken);
        for entry in scene.positions[&event.position].used() {
            if entry.supply.is_zero() || entry.reserve == event.collateral_reserve {
                continue;
            }
            let reserve = scene.accrued.get(&entry.reserve).ok_or(OVERFLOW)?;
            let weaker = threshold(scene, reserve) < taken && has_price(scene, reserve);
            let worth = worth(scene, &entry.reserve, entry.supply.get())?;
            if weaker && worth >= case.least().max(WAD) {
                let (first, then) = (entry.reserve, event.collateral_reserve);
                return Err(format!("{first} comes before {then} in {}", event.position));
            }
        }
    }
    Ok(())
}

fn has_price(scene: &Scene, reserve: &Reserve) -> bool {
    let age_s = i64::from(reserve.config.max_price_age_s);
    let fresh = |feed: &cofferdam_lending_interface::state::PriceFeed| {
        !feed.price.is_zero() && scene.now_s.saturating_sub(feed.observed_at_s) <= age_s
    };
    scene.feeds.get(&reserve.feed).is_some_and(fresh)
}

fn worth(scene: &Scene, reserve: &Address, shares: u128) -> Result<u128, String> {
    let (price, decimals) = quote(scene, reserve)?;
    let tokens = scene.accrued.get(reserve).and_then(Books::of);
    let tokens = tokens.and_then(|books| books.claim_down(shares)).ok_or(OVERFLOW)?;
    value_down(tokens, price, decimals).ok_or_else(|| OVERFLOW.into())
}

/// While the grace after a thaw runs, only positions at the full-close level are liquidated.
pub(super) fn grace_is_kept(step: &Step<'_>) -> Verdict {
    for case in cases(step) {
        let case = case?;
        let scene = case.beat.before;
        let pool = &scene.pools[&scene.positions[&case.event.position].pool];
        // A factor is rounded down when it is compared, so half a millionth above counts as at.
        let at_level = case.is_at_most(case.debt.full_close_health.get()) || {
            let Health { liquidation_limit, debt_weighted, .. } = case.health;
            let factor = mul_div_down(liquidation_limit.get(), WAD, debt_weighted.get().max(1));
            let level = u128::from(case.debt.full_close_health.get()) * (WAD / BPS);
            factor.is_some_and(|factor| factor <= level)
        };
        if scene.now_s < pool.grace_until_s && !at_level {
            let (position, until_s) = (case.event.position, pool.grace_until_s);
            return Err(format!("{position} was liquidated in a grace until {until_s}"));
        }
    }
    Ok(())
}

/// What is repaid clears at most that much of a debt, and what is seized costs at least as many
/// shares as it is worth.
pub(super) fn liquidation_rounds_for_the_reserve(step: &Step<'_>) -> Verdict {
    for case in cases(step) {
        let case = case?;
        let (before, after) = (case.owed(case.beat.before), case.owed(case.beat.after));
        let (before, after) = (before.ok_or(OVERFLOW)?, after.ok_or(OVERFLOW)?);
        let cleared = before.saturating_sub(after);
        let Amount(repaid) = case.event.repaid;
        if cleared > fine(repaid) + 1 {
            return Err(format!("{repaid} repaid cleared {cleared} (units × 10⁹) of debt"));
        }
        let (held, left) = (case.held(case.beat.before), case.held(case.beat.after));
        let lost = held.ok_or(OVERFLOW)?.saturating_sub(left.ok_or(OVERFLOW)?);
        let payout = case.event.seized.get().saturating_sub(case.event.protocol_fee.get());
        if fine(payout) > lost.saturating_add(fine(1)) {
            return Err(format!("{payout} units were paid for {lost} (units × 10⁹) of collateral"));
        }
    }
    Ok(())
}
