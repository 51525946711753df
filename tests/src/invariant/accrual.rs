//! Interest: what it grows by, who gets it, and what vests.

use cofferdam_host::Address;
use cofferdam_lending_interface::{
    math::loss::LossSplit,
    state::{LossPolicy, RateModel, Reserve},
    units::RAY,
};

use super::{Step, Verdict, books::OVERFLOW};
use crate::{
    scene::worth::{available_down, debt_of_all, fine},
    wide::{mul_div_down, mul_div_up},
};

const BPS: u128 = 10_000;
const YEAR_S: u128 = 31_536_000;
/// Bounds of a rate on target, a year: 0.1 % and 200 %.
const ON_TARGET: (u128, u128) = (RAY / 1_000, 2 * RAY);
/// How many times the rate on target the adaptive curve reaches at its ends, as divisor and
/// factor.
const STEEPNESS: u128 = 4;
/// The most a debt grows to, in 10⁻⁹ units; beyond it a reserve charges nothing more.
const DEBT_MAX: u128 = 1 << 125;
/// Where an index stops, in units of 10⁻²⁷: a billion times the first one.
const INDEX_MAX: u128 = RAY * 1_000_000_000;
/// By how much the program's exponential may be too high, near one: 3·10⁻²⁵ of it.
const EXPONENTIAL: u128 = 1_000;
/// How long what came back to the suppliers takes to count.
const VESTING_S: i64 = 7 * 86_400;

pub(super) fn accrual_is_monotone(step: &Step<'_>) -> Verdict {
    for (address, before, after) in step.moved() {
        let (index, then) =
            ((before.index, after.index), (before.accrued_at_s, after.accrued_at_s));
        if index.1 < index.0 {
            return Err(format!("index of {address} fell from {} to {}", index.0, index.1));
        }
        if then.1 < then.0 || then.1 > step.after.now_s {
            return Err(format!("{address} accrued until {}, then until {}", then.0, then.1));
        }
        if index.0 != index.1 && then.0 == then.1 {
            return Err(format!("index of {address} rose while no time passed"));
        }
        if !has_grown(before.losses, after.losses) || !has_grown(before.recovered, after.recovered)
        {
            return Err(format!("recorded losses or recoveries of {address} shrank"));
        }
    }
    Ok(())
}

fn has_grown(before: LossSplit, after: LossSplit) -> bool {
    before.recognised <= after.recognised
        && before.fees <= after.fees
        && before.insurance <= after.insurance
        && before.suppliers <= after.suppliers
        && before.deficit <= after.deficit
}

pub(super) fn rate_at_target_is_sane(step: &Step<'_>) -> Verdict {
    for (address, before, after) in step.moved() {
        let rate = (before.rate_at_target, after.rate_at_target);
        if rate.1 != rate.0 && !(ON_TARGET.0..=ON_TARGET.1).contains(&rate.1) {
            return Err(format!("rate on target of {address} is {}", rate.1));
        }
        if rate.1 != rate.0 && before.accrued_at_s == after.accrued_at_s {
            return Err(format!("rate on target of {address} moved while no time passed"));
        }
    }
    Ok(())
}

/// Of interest the protocol takes its factor, to the last fraction, and first of all for a
/// deficit.
pub(super) fn interest_is_shared(step: &Step<'_>) -> Verdict {
    for (address, before, _) in step.moved() {
        let Some(after) = step.before.accrued.get(&address) else { continue };
        if before.accrued_at_s == after.accrued_at_s {
            continue;
        }
        let debt = |reserve| debt_of_all(reserve).ok_or(OVERFLOW);
        let interest = debt(after)?.checked_sub(debt(before)?).ok_or("debt shrank over time")?;
        let factor = u128::from(before.config.reserve_factor.get());
        let earned = mul_div_down(interest, factor, BPS).ok_or(OVERFLOW)?;
        let got = |then: u128, now: u128| now.wrapping_sub(then);
        let fees = got(before.fees.get(), after.fees.get());
        let fund = got(before.insurance.get(), after.insurance.get());
        let covered = got(before.covered.get(), after.covered.get());
        if earned != fees.wrapping_add(fund).wrapping_add(covered)
            || covered != earned.min(before.deficit.get())
        {
            return Err(format!(
                "of {interest} interest {address} gave {fees} to fees, {fund} to the fund and \
                 {covered} to the deficit, {earned} was due"
            ));
        }
    }
    Ok(())
}

/// `1 + x ≤ index′ ÷ index ≤ 1 + x + x²`, `x` being rate times time: the two sides of `eˣ` up to
/// one. Beyond one, and for a rate that moves on the way, the weaker bounds of the extreme rates.
pub(super) fn index_grows_by_the_rate(step: &Step<'_>) -> Verdict {
    for (address, before, _) in step.moved() {
        let Some(after) = step.before.accrued.get(&address) else { continue };
        let elapsed_s = u128::try_from(after.accrued_at_s - before.accrued_at_s).unwrap_or(0);
        if before.debt_shares.is_zero() || elapsed_s == 0 {
            if before.index != after.index {
                return Err(format!("index of {address} moved without debt or time"));
            }
            continue;
        }
        let (least, most) = rates(before).ok_or(OVERFLOW)?;
        let times = |rate| mul_div_down(rate, elapsed_s, YEAR_S).ok_or(OVERFLOW);
        within(&address, before, after, (times(least)?, times(most)? + 1))?;
    }
    Ok(())
}

fn within(address: &Address, before: &Reserve, after: &Reserve, x: (u128, u128)) -> Verdict {
    let debt = debt_of_all(after).ok_or(OVERFLOW)?;
    let low = mul_div_down(before.index.get(), RAY + x.0, RAY)
        .map_or(INDEX_MAX, |low| low.min(INDEX_MAX));
    // At the end of what a debt may be nothing more is charged.
    let stopped = debt > DEBT_MAX / 4;
    let wrong = |what| {
        let (then, now) = (before.index, after.index);
        Err(format!("index of {address} went from {then} to {now}, {what} by {x:?} (RAY)"))
    };
    if !stopped && after.index.get() < low {
        return wrong("too little");
    }
    if x.1 > RAY {
        return Ok(());
    }
    let square = mul_div_up(x.1, x.1, RAY).ok_or(OVERFLOW)?;
    let high = mul_div_up(before.index.get(), RAY + x.1 + square + EXPONENTIAL, RAY);
    if high.is_some_and(|high| after.index.get() > high.saturating_add(1)) {
        return wrong("too much");
    }
    Ok(())
}

/// The least and the most a reserve charges a year until it changes.
fn rates(reserve: &Reserve) -> Option<(u128, u128)> {
    match reserve.config.rate_model {
        RateModel::Adaptive => Some((ON_TARGET.0 / STEEPNESS, ON_TARGET.1 * STEEPNESS)),
        RateModel::Curve => {
            let rate = curve_rate(reserve, utilisation(reserve)?)?;
            // Both rounded down on the way: one part of 10²⁷ each.
            Some((rate.saturating_sub(2), rate + 2))
        }
    }
}

fn utilisation(reserve: &Reserve) -> Option<u128> {
    let receivable = reserve.config.loss_policy == LossPolicy::Receivable;
    let deficit = if receivable { reserve.deficit.get() } else { 0 };
    let lent = debt_of_all(reserve)?.checked_add(deficit)?;
    let all = lent.checked_add(fine(available_down(reserve)?))?;
    if lent == 0 { Some(0) } else { mul_div_down(lent, RAY, all) }
}

fn curve_rate(reserve: &Reserve, utilisation: u128) -> Option<u128> {
    let curve = &reserve.config.curve;
    let points = curve.points.get(..usize::from(curve.len))?;
    let ray = |bps: u32| u128::from(bps) * (RAY / BPS);
    let pairs = points.windows(2).map(|pair| {
        let (from, to) = (pair[0], pair[1]);
        let (start, end) = (ray(from.utilisation.get()), ray(to.utilisation.get()));
        (start, end, ray(from.rate.get()), ray(to.rate.get()))
    });
    let mut found = pairs.filter(|(_, end, ..)| utilisation <= *end);
    let (start, end, low, high) = found.next()?;
    Some(low + mul_div_down(high - low, utilisation.checked_sub(start)?, end - start)?)
}

/// What vests falls by time alone and evenly, and rises by what comes back alone.
pub(super) fn vesting_is_even(step: &Step<'_>) -> Verdict {
    for (address, before, after) in step.moved() {
        let Some(now) = step.before.accrued.get(&address) else { continue };
        let rest_s = u128::try_from(before.vesting_until_s - now.accrued_at_s).unwrap_or(0);
        let all_s = u128::try_from(before.vesting_until_s - before.accrued_at_s).unwrap_or(0);
        let (held, left) = (before.vesting.get(), now.vesting.get());
        // Rounded down is what has vested, so what is left is rounded up.
        let due = if rest_s == 0 { Some(0) } else { mul_div_up(held, rest_s, all_s.max(rest_s)) };
        if Some(left) != due {
            return Err(format!("{left} of {held} vest in {address}, {due:?} should"));
        }
        if after.vesting_until_s > step.after.now_s + VESTING_S && !after.vesting.is_zero() {
            return Err(format!("what vests in {address} does until {}", after.vesting_until_s));
        }
        let back = after.recovered.suppliers.get().wrapping_sub(before.recovered.suppliers.get());
        if after.vesting.get() > left.wrapping_add(back) {
            return Err(format!("{} vest in {address}, {back} came back", after.vesting));
        }
    }
    Ok(())
}
