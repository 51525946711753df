//! The pictures of many paths, each drawn wide and narrow.

use rust_decimal::Decimal;

use super::view::{Fan, PoolView, whole};
use crate::outcome::HealthDistribution;
use crate::report::charts::{both, shade, time_axis_over};
use crate::report::number;
use crate::report::svg::{Chart, Range, Ribbon, Size, rows};
use crate::scenario::Congestion;
use crate::statistics::Cluster;

type Points = [(i128, i128)];

/// A mark on a histogram: its class, its place, and the interval around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub(super) class: &'static str,
    pub(super) at: i128,
    pub(super) between: Option<(i128, i128)>,
}

/// Market price as a fan with the oracle's median and outer quantiles over it.
pub(super) fn price(pool: &PoolView<'_>, symbol: &str, window: Option<&Congestion>) -> String {
    let title = format!("{symbol} price in US dollars over all paths: market and oracle");
    let every = [&pool.price, &pool.oracle].into_iter().flat_map(Fan::values);
    let range = Range::of(every);
    both(|size| {
        let mut chart = course(&title, size, &pool.price, range.rounded(size.labels_y), window);
        chart.y_axis(|micros| Decimal::from_i128_with_scale(micros, 6).normalize().to_string());
        fan(&mut chart, "fan-market", &pool.price);
        chart.lines("line-market", &pool.price.levels[2]);
        chart.lines("line-oracle", &pool.oracle.levels[2]);
        for outer in [&pool.oracle.levels[0], &pool.oracle.levels[4]] {
            chart.lines("line-oracle dashed", outer);
        }
        chart.finish()
    })
}

/// Mean bad debt so far, stacked by payer in the order in which they pay.
pub(super) fn bad_debt(pool: &PoolView<'_>, window: Option<&Congestion>) -> String {
    const CLASSES: [&str; 5] =
        ["area-fees", "area-insurance", "area-suppliers", "area-deficit", "area-uncollected"];
    let title = "Mean bad debt since the start, by payer";
    let floor: Vec<_> = pool.bad_debt[0].iter().map(|(at, _)| (*at, 0)).collect();
    let mut tops = vec![floor];
    for layer in &pool.bad_debt {
        let below = tops.last().cloned().unwrap_or_default();
        let stacked = below.iter().zip(layer).map(|((at, below), (_, paid))| (*at, below + paid));
        tops.push(stacked.collect());
    }
    let all = tops.last().cloned().unwrap_or_default();
    both(|size| {
        let range = Range::of(all.iter().map(|(_, debt)| *debt)).up_from_zero(size.labels_y);
        let mut chart = Chart::new(title, size, places(&all), range);
        shade(&mut chart, window);
        for (class, pair) in CLASSES.iter().zip(tops.windows(2)) {
            chart.ribbon(class, Ribbon { upper: &pair[1], lower: &pair[0] });
        }
        chart.y_axis(number::short_dollars);
        time_axis(&mut chart, &all, size);
        chart.finish()
    })
}

/// Positions that wait, with the most of any path over them: a queue of a few paths is below every
/// quantile.
pub(super) fn waiting(pool: &PoolView<'_>, window: Option<&Congestion>) -> String {
    let (title, waiting) = ("Positions that may be liquidated and wait for it", &pool.waiting);
    both(|size| {
        let most = waiting.most.iter().map(|(_, count)| *count);
        let range = Range::of(most).up_from_zero(size.labels_y);
        let mut chart = course(title, size, waiting, range, window);
        chart.y_axis(|count| count.to_string());
        fan(&mut chart, "fan-waiting", waiting);
        chart.lines("line-waiting", &waiting.levels[2]);
        chart.lines("line-waiting dashed", &waiting.most);
        chart.finish()
    })
}

/// The insurance fund.
pub(super) fn insurance(pool: &PoolView<'_>, window: Option<&Congestion>) -> String {
    let (title, fund) = ("Insurance fund over all paths", &pool.insurance);
    both(|size| {
        let range = Range::of(fund.values()).up_from_zero(size.labels_y);
        let mut chart = course(title, size, fund, range, window);
        chart.y_axis(number::short_dollars);
        fan(&mut chart, "fan-insurance", fund);
        chart.lines("line-insurance", &fund.levels[2]);
        chart.finish()
    })
}

/// The share of paths on which something happened by then, in millionths.
pub(super) fn share(title: &str, points: &Points, class: &str) -> String {
    both(|size| {
        let range = Range::of(points.iter().map(|(_, share)| *share)).up_from_zero(size.labels_y);
        let mut chart = Chart::new(title, size, places(points), range);
        chart.y_axis(number::percent);
        chart.lines(class, points);
        time_axis(&mut chart, points, size);
        chart.finish()
    })
}

/// Weight of the paths that ended where, in equal bins, with marks; all beyond `highest` in the last
/// bin.
pub(super) fn histogram(title: &str, bins: &Bins, class: &str, marks: &[Mark]) -> String {
    both(|size| {
        let x = Range::of([bins.lowest, bins.lowest + bins.width * bins.count()]);
        let y = Range::of(bins.micro_paths.iter().copied());
        let y = y.up_from_zero(size.labels_y);
        let mut chart = Chart::new(title, size, x, y);
        chart.y_axis(|micros| Decimal::from_i128_with_scale(micros, 6).normalize().to_string());
        for mark in marks {
            if let Some((low, high)) = mark.between {
                chart.band(&format!("{} between", mark.class), low, high);
            }
        }
        for (height, bin) in bins.micro_paths.iter().zip(0..) {
            let left = bins.lowest + bins.width * bin;
            let gap = bins.width / 12;
            chart.bar(class, (left + gap, 0), (left + bins.width - gap, *height));
        }
        for mark in marks {
            chart.mark(mark.class, mark.at);
        }
        // Every so many bins a label, so that labels stand at bounds of bins.
        let step = (bins.count() / size.labels_x.min(6) + 1).max(1);
        chart.x_axis_from(bins.lowest, bins.width * step, number::short_dollars);
        chart.finish()
    })
}

/// Equal bins.
#[derive(Debug, Clone)]
pub(super) struct Bins {
    pub(super) lowest: i128,
    pub(super) width: i128,
    /// Weight of the paths, in millionths of a path that is drawn as it is in truth: tilted paths
    /// of a tail weigh far less than one.
    pub(super) micro_paths: Vec<i128>,
}

impl Bins {
    /// At most about `count` bins of a round width from `least` to `highest`; values beyond go into
    /// the first and the last.
    pub(super) fn of(values: &[(i128, f64)], (least, highest): (i128, i128), count: i128) -> Self {
        let span = (highest - least).max(1);
        let width = crate::report::svg::tick_step(span, count);
        let lowest = least.div_euclid(width) * width;
        let bins = ((highest - lowest) / width + 1).max(1);
        let mut weights = vec![0.0; usize::try_from(bins).unwrap_or(1)];
        for (value, weight) in values {
            let bin = (value - lowest).div_euclid(width).clamp(0, bins - 1);
            weights[usize::try_from(bin).unwrap_or(0)] += weight;
        }
        let micro_paths = weights.into_iter().map(|weight| whole((weight * 1e6).round()));
        Self { lowest, width, micro_paths: micro_paths.collect() }
    }

    fn count(&self) -> i128 {
        i128::try_from(self.micro_paths.len()).unwrap_or(1)
    }
}

/// How long liquidations took.
pub(super) fn delays(delays: &[Cluster]) -> String {
    const BOUNDS: [(u32, &str); 10] = [
        (0, "at once"),
        (60, "to 1 min"),
        (300, "to 5 min"),
        (900, "to 15 min"),
        (3_600, "to 1 h"),
        (10_800, "to 3 h"),
        (21_600, "to 6 h"),
        (43_200, "to 12 h"),
        (86_400, "to 1 day"),
        (u32::MAX, "longer"),
    ];
    let within = |lower: u32, upper: u32| {
        let counts = |cluster: &Cluster| {
            let counts = cluster.counts.range(lower..=upper).map(|(_, count)| *count);
            counts.sum::<u64>() as f64 * cluster.weight
        };
        delays.iter().map(counts).sum::<f64>()
    };
    let total = within(0, u32::MAX);
    let (mut lower, mut bars) = (0, Vec::new());
    for (upper, name) in BOUNDS {
        let share = whole((within(lower, upper) / total * 1e6).floor());
        bars.push((name.to_owned(), share.unsigned_abs(), number::percent(share)));
        lower = upper.saturating_add(1);
    }
    both(|size| rows("Delay from liquidatable to liquidated", size, "bar-delay", &bars))
}

/// Positions by health over all paths, before and after.
pub(super) fn health(pool: &PoolView<'_>) -> String {
    const BIN: i128 = 10;
    let title = "Positions by health factor, before and after, all paths together";
    let bins = pool.health_before.iter().zip(&pool.health_after).zip(0..);
    let bins: Vec<_> = bins.map(|((before, after), bin)| (bin * BIN, *before, *after)).collect();
    both(|size| {
        let x = Range::of([0, HealthDistribution::BINS as i128 * BIN]);
        let y = Range::of(bins.iter().map(|(_, before, after)| *before.max(after)));
        let mut chart = Chart::new(title, size, x, y.up_from_zero(size.labels_y));
        chart.y_axis(|count| number::short(Decimal::from(count)));
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

impl Fan {
    fn values(&self) -> impl Iterator<Item = i128> {
        self.levels.iter().flatten().map(|(_, value)| *value)
    }
}

fn course(title: &str, size: Size, fan: &Fan, y: Range, window: Option<&Congestion>) -> Chart {
    let mut chart = Chart::new(title, size, places(&fan.levels[2]), y);
    shade(&mut chart, window);
    time_axis(&mut chart, &fan.levels[2], size);
    chart
}

fn fan(chart: &mut Chart, class: &str, fan: &Fan) {
    for (outer, inner) in [(0, 4), (1, 3)] {
        chart.ribbon(class, Ribbon { upper: &fan.levels[inner], lower: &fan.levels[outer] });
    }
}

fn places(points: &Points) -> Range {
    Range::of(points.iter().map(|(at, _)| *at))
}

fn time_axis(chart: &mut Chart, points: &Points, size: Size) {
    if let [(first, _), .., (last, _)] = points {
        time_axis_over(chart, last - first, size);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_a_bin_and_the_last_takes_what_is_beyond() {
        let bins = Bins::of(&[0, 1, 19, 20, 95, 1_000].map(|value| (value, 1.0)), (0, 100), 5);
        assert_eq!((bins.lowest, bins.width), (0, 20));
        assert_eq!(bins.micro_paths, [3, 1, 0, 0, 1, 1].map(|paths| paths * 1_000_000));
        let losses = Bins::of(&[(-30, 1.0), (10, 0.001)], (-30, 10), 4);
        assert_eq!((losses.lowest, losses.width), (-30, 10));
        assert_eq!(losses.micro_paths, [1_000_000, 0, 0, 0, 1_000]);
    }

    #[test]
    fn bins_of_nothing_can_be_drawn() {
        let bins = Bins::of(&[], (0, 0), 40);
        assert_eq!(bins.micro_paths, [0]);
        assert!(histogram("t", &bins, "bar", &[]).contains("<svg"));
    }
}
