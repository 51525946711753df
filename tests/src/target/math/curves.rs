//! What money costs: exponentials, rates, interest.

use cofferdam_lending_interface::{
    LendingError,
    math::{
        adaptive::{AdaptiveTerms, Distance},
        exp::{exp_down, exp_neg_down, exp_up, exp2_neg_down},
        flash::{flash_fee_up, protocol_part_down},
        interest::{
            CURVE_POINTS_MAX, RATE_MAX, RateCurve, SECONDS_PER_YEAR, compound_up, fee_down,
            utilisation_down,
        },
    },
    units::{Amount, Bps, Fine, Index, RAY},
};

use super::{
    bps,
    exact::{Got, Round, down, equal, exact, just_above, just_below, rays, same, up},
    short,
};
use crate::auditor::{
    number::Q,
    series::{Span, exp, exp_neg, halved},
};

/// The longest time that is looked at: beyond 300 years every curve has arrived.
const TIME_MAX_S: u128 = 10_000_000_000;

pub(super) fn run([a, b, c, d, e, f]: [u128; 6]) {
    straight(a, [bps(b), bps(c), bps(d)], bps(e));
    flash(short(a), bps(b), bps(c));
    used(c, d);
    // An exact exponential takes longer than all the rest, so that a case has one kind of them.
    match (a ^ b ^ c ^ d ^ e ^ f) % 4 {
        0 => exponentials(a % (28 * RAY), b % (70 * RAY)),
        1 => halving(short(c), bps(d)),
        2 => interest(a, b, e),
        _ => adaptive(&terms(a, b, c), (d, e), f),
    }
}

fn exponentials(x: u128, decay: u128) {
    let truth = exp(&rays(x));
    match (exp_down(x), exp_up(x)) {
        (Ok(low), Ok(high)) => {
            just_below("exp_down", low, &truth, 3, 1);
            just_above("exp_up", high, &truth, 3, 1);
        }
        failed => {
            let fits = truth.high < Q::ratio(u128::MAX - (u128::MAX >> 80), RAY);
            assert!(!fits, "e^{x} fits, and there is {failed:?}");
        }
    }
    let decay_got = exp_neg_down(decay).expect("it lies between 0 and 1");
    match decay <= 64 * RAY {
        true => just_below("exp_neg_down", decay_got, &exp_neg(&rays(decay)), 3, 1),
        false => equal("exp_neg_down", &decay_got, &0),
    }
}

fn halving(elapsed: u64, half_life: u32) {
    let got = exp2_neg_down(elapsed, half_life);
    match half_life {
        0 => equal("exp2_neg_down", &got, &Err(LendingError::MathOverflow)),
        _ => {
            let got = got.expect("it lies between 0 and 1");
            just_below("exp2_neg_down", got, &halved(elapsed, half_life), 4, 1);
        }
    }
}

fn interest(index: u128, rate: u128, time: u128) {
    let time = u64::try_from(time % TIME_MAX_S).unwrap_or_default();
    let got = compound_up(Index(index), rate, time);
    let exponent = up(rate, u128::from(time), SECONDS_PER_YEAR);
    match exponent.ok().filter(|exponent| *exponent < 26 * RAY) {
        Some(exponent) if got.is_ok() => {
            // The true exponent is less than one unit below the one rounded up.
            let (least, most) = (exp(&rays(exponent.saturating_sub(1))), exp(&rays(exponent)));
            let true_span = Span { low: least.low, high: most.high };
            let grown =
                Span { low: rays(index) * true_span.low, high: rays(index) * true_span.high };
            just_above("compound_up", got.map_or(0, Index::get), &grown, 3, 2 + index / RAY);
        }
        Some(exponent) => {
            let grown = rays(index) * exp(&rays(exponent)).high;
            let most = Q::ratio(u128::MAX - (u128::MAX >> 80), RAY);
            assert!(grown >= most, "index {index} fits after e^{exponent}");
        }
        None => {}
    }
}

fn used(debt: u128, available: u128) {
    let used = utilisation_down(Fine(debt), Fine(available));
    let all = debt.checked_add(available).ok_or(LendingError::MathOverflow);
    let truth = if debt == 0 { Ok(0) } else { all.and_then(|all| down(debt, RAY, all)) };
    equal("utilisation_down", &used, &truth);
}

/// A curve of three points, and a rate on it by the straight line between two of them.
fn straight(utilisation: u128, rates: [u32; 3], knee: u32) {
    let mut rates = rates.map(|rate| rate % (RATE_MAX.get() + 1));
    rates.sort_unstable();
    let knee = 1 + knee % 9_999;
    let points = [(0, rates[0]), (knee, rates[1]), (10_000, rates[2])];
    let curve = RateCurve::new(&points).expect("it rises");
    assert!(points.len() <= CURVE_POINTS_MAX && curve.is_valid());
    let utilisation = utilisation % (RAY + RAY / 8);
    let got = curve.rate_down(utilisation);
    let ray = |bps: u32| u128::from(bps) * (RAY / 10_000);
    let line = |(from, low): (u32, u32), (to, high): (u32, u32)| {
        let climbed = down(ray(high) - ray(low), utilisation - ray(from), ray(to) - ray(from));
        climbed.map(|climbed| ray(low) + climbed)
    };
    let truth = match utilisation {
        over if over > RAY => Err(LendingError::InvalidConfig),
        first if first <= ray(knee) => line(points[0], points[1]),
        _ => line(points[1], points[2]),
    };
    equal("RateCurve::rate_down", &got, &truth);
}

fn flash(lent: u64, fee: u32, factor: u32) {
    let got = flash_fee_up(Amount(lent), Bps(fee));
    let truth = up(u128::from(lent), u128::from(fee), 10_000)
        .and_then(|fee| u64::try_from(fee).map_err(|_| LendingError::MathOverflow));
    equal("flash_fee_up", &got, &truth.map(Amount));
    let part = protocol_part_down(Amount(lent), Bps(factor)).map(Fine::get);
    let truth = exact(&[lent.into(), 1_000_000_000, factor.into()], &[10_000], Round::Down);
    same("protocol_part_down", part, &truth);
    let fee = fee_down(Fine(lent.into()), Bps(factor)).map(Fine::get);
    same("fee_down", fee, &exact(&[lent.into(), factor.into()], &[10_000], Round::Down));
}

/// Terms in the documented ranges, no further apart than an exponential reaches.
fn terms(a: u128, b: u128, c: u128) -> AdaptiveTerms {
    let rate_min = 1 + a % RAY;
    let rate_max = rate_min + b % (rate_min.saturating_mul(1_000_000_000).min(1_000 * RAY));
    AdaptiveTerms {
        target_utilisation: 1 + c % (RAY - 1),
        steepness: RAY + b % (100 * RAY),
        speed: c % (1_000 * RAY),
        rate_initial: rate_min + (rate_max - rate_min) / 2,
        rate_min,
        rate_max,
    }
}

fn adaptive(terms: &AdaptiveTerms, (rate, utilisation): (u128, u128), time: u128) {
    assert!(terms.is_valid(), "{terms:?}");
    let utilisation = utilisation % (RAY + 1);
    let time = u64::try_from(time % TIME_MAX_S).unwrap_or_default();
    let start = match rate {
        0 => terms.rate_initial,
        rate => rate.max(terms.rate_min).min(terms.rate_max),
    };
    equal("on_target", &terms.on_target(rate), &start);
    let distance = away(terms, utilisation);
    equal("distance_down", &terms.distance_down(utilisation), &distance);
    let distance = distance.expect("it is between 0 and 1");
    let now = curve(terms, start, distance);
    equal("curve_down", &terms.curve_down(start, distance), &now);
    equal("AdaptiveTerms::rate_down", &terms.rate_down(rate, utilisation), &now);
    let adapted = terms.adapt_down(rate, utilisation, time).expect("rates are below 10⁹");
    if rate == 0 {
        equal("adapt_down at first", &(Ok(adapted.average), adapted.rate_at_target), &(now, start));
        return;
    }
    let (end, end_most) = moved(terms, start, distance, (time, 1));
    let (middle, middle_most) = moved(terms, start, distance, (time, 2));
    let reached = adapted.rate_at_target;
    assert!((end..=end_most).contains(&reached), "{reached} is not in {end}..={end_most}");
    let averages = [(middle, end), (middle_most, end_most)]
        .map(|(middle, end)| curve(terms, (start + 2 * middle + end) / 4, distance));
    let (least, most) = (averages[0].expect("it fits"), averages[1].expect("it fits"));
    let got = adapted.average;
    assert!((least..=most).contains(&got), "average {got} is not in {least}..={most}");
}

fn away(terms: &AdaptiveTerms, utilisation: u128) -> Got<Distance> {
    let target = terms.target_utilisation;
    if utilisation <= target {
        down(target - utilisation, RAY, target).map(Distance::Below)
    } else {
        down(utilisation - target, RAY, RAY - target).map(Distance::Above)
    }
}

fn curve(terms: &AdaptiveTerms, rate: u128, distance: Distance) -> Got {
    let multiple = match distance {
        Distance::Above(far) => RAY + down(terms.steepness - RAY, far, RAY)?,
        Distance::Below(far) => RAY - down(RAY - down(RAY, RAY, terms.steepness)?, far, RAY)?,
    };
    down(multiple, rate, RAY)
}

/// Least and most of the rate on target after a part of the time.
fn moved(
    terms: &AdaptiveTerms,
    start: u128,
    distance: Distance,
    (time, part): (u64, u128),
) -> (u128, u128) {
    let (Distance::Above(far) | Distance::Below(far)) = distance;
    let exponent = down(terms.speed, far, RAY).and_then(|s| down(s, time.into(), SECONDS_PER_YEAR));
    let exponent = exponent.map_or(64 * RAY, |all| (all / part).min(64 * RAY));
    let factor = match distance {
        Distance::Above(_) => exp(&rays(exponent)),
        Distance::Below(_) => exp_neg(&rays(exponent)),
    };
    let clamp = |rate: u128| rate.max(terms.rate_min).min(terms.rate_max);
    let most = rays(start) * factor.high;
    let least = rays(start) * factor.low * Q::ratio(10_u128.pow(25) - 3, 10_u128.pow(25));
    let steps = |rate: Q| {
        let bound = rays(terms.rate_max);
        if rate > bound { terms.rate_max } else { rate.raw(crate::auditor::number::Grain::Ray) }
    };
    // The factor is cut off by a unit at most, and what it makes of the start by another.
    (clamp(steps(least).saturating_sub(2 + start / RAY)), clamp(steps(most)))
}
