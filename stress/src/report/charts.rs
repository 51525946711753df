//! The charts of the page, each drawn wide and narrow.

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::number;
use super::svg::{Chart, NARROW, Range, Size, WIDE};
use crate::outcome::{HealthDistribution, NativeAmount, Timeline, TimelinePoint};
use crate::scenario::Congestion;

const HOUR_S: i128 = 3_600;
const DAY_S: i128 = 24 * HOUR_S;

/// Distances of time labels, of which the first that leaves few enough is taken.
const TIME_STEPS_S: [i128; 12] = [
    60,
    600,
    HOUR_S,
    3 * HOUR_S,
    6 * HOUR_S,
    12 * HOUR_S,
    DAY_S,
    2 * DAY_S,
    7 * DAY_S,
    30 * DAY_S,
    90 * DAY_S,
    365 * DAY_S,
];

/// Price on the market and price on the chain, with the congestion window shaded.
pub(super) fn prices(timeline: &Timeline, congestion: Option<&Congestion>) -> String {
    let title = format!("{} price in US dollars: market and oracle", timeline.collateral);
    both(|size| {
        let market = thinned(&timeline.points, size, |point| point.price.0.into());
        let oracle = thinned(&timeline.points, size, |point| point.oracle_price.0.into());
        let y = Range::of(market.iter().chain(&oracle).map(|(_, price)| *price));
        let mut chart = Chart::new(&title, size, time(timeline), y.rounded(size.labels_y));
        shade(&mut chart, congestion);
        chart.y_axis(|micros| Decimal::from_i128_with_scale(micros, 6).normalize().to_string());
        time_axis(&mut chart, timeline, size);
        chart.steps("line-market", &market);
        chart.steps("line-oracle", &oracle);
        chart.finish()
    })
}

/// Bad debt since the start, stacked by payer in the order in which they pay.
pub(super) fn bad_debt(timeline: &Timeline, congestion: Option<&Congestion>) -> String {
    let title = format!("Bad debt in {} since the start, by payer", timeline.debt);
    both(|size| {
        let stack = |payers: fn(&TimelinePoint) -> u128| {
            thinned(&timeline.points, size, |point| signed(payers(point)))
        };
        let none = stack(|_| 0);
        let fees = stack(|point| point.bad_debt.fees.0);
        let insurance = stack(|point| point.bad_debt.fees.0 + point.bad_debt.insurance.0);
        let suppliers = stack(|point| {
            let paid = &point.bad_debt;
            paid.fees.0 + paid.insurance.0 + paid.suppliers.0
        });
        let all = stack(|point| {
            let paid = &point.bad_debt;
            paid.fees.0 + paid.insurance.0 + paid.suppliers.0 + paid.deficit.0
        });
        let y = Range::of(all.iter().map(|(_, debt)| *debt)).up_from_zero(size.labels_y);
        let mut chart = Chart::new(&title, size, time(timeline), y);
        shade(&mut chart, congestion);
        chart.area("area-deficit", &all, &suppliers);
        chart.area("area-suppliers", &suppliers, &insurance);
        chart.area("area-insurance", &insurance, &fees);
        chart.area("area-fees", &fees, &none);
        chart.y_axis(|units| short(units, timeline.debt_decimals));
        time_axis(&mut chart, timeline, size);
        chart.finish()
    })
}

/// Positions waiting for a liquidator.
pub(super) fn waiting(timeline: &Timeline, congestion: Option<&Congestion>) -> String {
    let title = "Positions that may be liquidated and wait for it";
    both(|size| {
        let waiting = thinned(&timeline.points, size, |point| point.liquidatable.into());
        let none: Vec<_> = waiting.iter().map(|(at, _)| (*at, 0)).collect();
        let y = Range::of(waiting.iter().map(|(_, count)| *count)).up_from_zero(size.labels_y);
        let mut chart = Chart::new(title, size, time(timeline), y);
        shade(&mut chart, congestion);
        chart.area("area-waiting", &waiting, &none);
        chart.y_axis(|count| count.to_string());
        time_axis(&mut chart, timeline, size);
        chart.finish()
    })
}

/// How many positions have which health, before and after, side by side in each bin.
pub(super) fn health(distribution: &HealthDistribution) -> String {
    // Ten places a bin leave a gap between neighbours.
    const BIN: i128 = 10;
    let title = "Positions by health factor, before and after";
    let bins = (0..).step_by(10).zip(distribution.before.iter().zip(&distribution.after));
    let bins: Vec<(i128, i128, i128)> = bins
        .map(|(left, (before, after))| (left, i128::from(*before), i128::from(*after)))
        .collect();
    both(|size| {
        let x = Range::of([0, signed(bins.len() as u128) * BIN]);
        let tallest = bins.iter().map(|(_, before, after)| *before.max(after));
        let y = Range::of(tallest).up_from_zero(size.labels_y);
        let mut chart = Chart::new(title, size, x, y);
        chart.y_axis(|count| count.to_string());
        for (left, before, after) in &bins {
            chart.bar("bar-before", (left + 1, 0), (left + 5, *before));
            chart.bar("bar-after", (left + 5, 0), (left + 9, *after));
        }
        chart.mark("mark", 10 * BIN);
        chart.x_axis(5 * BIN, |place| {
            Decimal::from_i128_with_scale(place, 2).normalize().to_string()
        });
        chart.finish()
    })
}

/// The chart in both sizes; the page shows one.
pub(super) fn both(draw: impl Fn(Size) -> String) -> String {
    draw(WIDE) + &draw(NARROW)
}

fn time(timeline: &Timeline) -> Range {
    Range::of(timeline.points.iter().map(|point| point.unix_s.into()))
}

pub(super) fn shade(chart: &mut Chart, congestion: Option<&Congestion>) {
    if let Some(window) = congestion {
        chart.band("congestion", window.from.unix_s().into(), window.until.unix_s().into());
    }
}

fn time_axis(chart: &mut Chart, timeline: &Timeline, size: Size) {
    let [first, .., last] = &timeline.points[..] else { return };
    time_axis_over(chart, i128::from(last.unix_s - first.unix_s), size);
}

/// Labels of a time axis over so many seconds.
pub(super) fn time_axis_over(chart: &mut Chart, span_s: i128, size: Size) {
    let fits = |step: &&i128| span_s <= **step * size.labels_x;
    let step = TIME_STEPS_S.iter().find(fits).copied().unwrap_or(span_s);
    chart.x_axis(step, time_label);
}

/// The day at midnight, the hour otherwise.
fn time_label(unix_s: i128) -> String {
    let time = i64::try_from(unix_s).ok().and_then(|unix_s| Timestamp::from_second(unix_s).ok());
    let format = if unix_s % DAY_S == 0 { "%-d %b" } else { "%H:%M" };
    time.map(|time| time.strftime(format).to_string()).unwrap_or_default()
}

/// At most the lowest and the highest point of each two pixels, so that no spike is lost, and
/// always the first and the last.
fn thinned(
    points: &[TimelinePoint],
    size: Size,
    value: impl Fn(&TimelinePoint) -> i128,
) -> Vec<(i128, i128)> {
    let columns = usize::try_from(size.width / 2).unwrap_or(1);
    let points: Vec<_> = points.iter().map(|point| (point.unix_s.into(), value(point))).collect();
    let mut kept = Vec::new();
    for column in points.chunks(points.len().div_ceil(columns).max(1)) {
        let lowest = column.iter().min_by_key(|(_, value)| *value);
        let highest = column.iter().max_by_key(|(_, value)| *value);
        kept.extend([column.first(), lowest, highest, column.last()].into_iter().flatten());
    }
    kept.sort_unstable();
    kept.dedup();
    kept
}

/// Tokens in thousands, millions or billions: `1.5M`.
fn short(units: i128, decimals: u8) -> String {
    let tokens = u128::try_from(units).ok().and_then(|units| NativeAmount(units).tokens(decimals));
    tokens.map_or_else(|| units.to_string(), number::short)
}

fn signed(value: u128) -> i128 {
    i128::try_from(value).unwrap_or(i128::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::PayerTotals;
    use crate::prices::MicroUsd;

    #[test]
    fn thinning_keeps_ends_and_spikes() {
        let point = |unix_s: i64| TimelinePoint {
            unix_s,
            price: MicroUsd(if unix_s == 4_321 { 1 } else { 100 }),
            oracle_price: MicroUsd(100),
            bad_debt: PayerTotals::default(),
            liquidatable: 0,
        };
        let points: Vec<_> = (0..10_000).map(point).collect();
        let kept = thinned(&points, NARROW, |point| point.price.0.into());
        assert!(kept.len() < 4 * 180, "{} points", kept.len());
        assert_eq!((kept.first(), kept.last()), (Some(&(0, 100)), Some(&(9_999, 100))));
        assert!(kept.contains(&(4_321, 1)));
    }

    #[test]
    fn large_amounts_are_short() {
        assert_eq!(short(1_500_000_000_000_000, 9), "1.5M");
        assert_eq!(short(250_000_000, 3), "250k");
        assert_eq!(short(0, 9), "0");
        assert_eq!(short(5, 1), "0.5");
    }

    #[test]
    fn midnight_is_labelled_with_its_day() {
        assert_eq!(time_label(1_583_971_200), "12 Mar");
        assert_eq!(time_label(1_583_971_200 + 36_000), "10:00");
    }
}
