//! Quantiles of independent samples, by order statistics.

use super::Level;
use crate::math::{exp, lgamma, ln, ln_1p};

/// Positions, from 0, in a sorted list of independent samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ranks {
    /// The quantile.
    pub point: usize,
    /// A sample that is below the true quantile at the given confidence, if there is one.
    pub low: Option<usize>,
    /// A sample that is above it, if there is one.
    pub high: Option<usize>,
}

/// A quantile, or the mean beyond one, and what it lies between. An end that is `None` is beyond all
/// samples: there are too few of them for this level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantile<T> {
    /// The smallest sample that is not exceeded with the level's probability.
    pub value: T,
    /// Lower end of the interval.
    pub low: Option<T>,
    /// Upper end of the interval.
    pub high: Option<T>,
}

impl Ranks {
    /// Ranks of the quantile at `level` among `count` samples; `None` without samples.
    ///
    /// The number of samples below the true quantile is binomial whatever their distribution, so
    /// the ends hold without any assumption but independence.
    pub fn new(count: usize, level: Level, confidence: Level) -> Option<Self> {
        let point = level.count_up(count).checked_sub(1)?;
        let miss = 0.5 * confidence.tail();
        let (below, above) = (quantile_down(count, level, miss), quantile_up(count, level, miss));
        Some(Self { point, low: below.checked_sub(1), high: Some(above).filter(|at| *at < count) })
    }
}

/// The quantile at `level` of independent samples in rising order; `None` without samples.
pub fn quantile<T: Copy>(sorted: &[T], level: Level, confidence: Level) -> Option<Quantile<T>> {
    let Ranks { point, low, high } = Ranks::new(sorted.len(), level, confidence)?;
    let at = |rank: Option<usize>| rank.map(|rank| sorted[rank]);
    Some(Quantile { value: sorted[point], low: at(low), high: at(high) })
}

/// The largest `k` such that fewer than `k` of `count` samples lie below the quantile with a
/// probability of `miss` at most.
fn quantile_down(count: usize, level: Level, miss: f64) -> usize {
    let mut sum = 0.0;
    for (below, probability) in binomial(count, level) {
        sum += probability;
        if sum > miss {
            return below;
        }
    }
    count
}

/// The smallest `k` such that more than `k` lie below it with a probability of `miss` at most.
fn quantile_up(count: usize, level: Level, miss: f64) -> usize {
    let mut sum = 0.0;
    for (below, probability) in binomial(count, level) {
        sum += probability;
        if sum >= 1.0 - miss {
            return below;
        }
    }
    count
}

/// Numbers of samples below the quantile and their probabilities, from where they begin to count.
fn binomial(count: usize, level: Level) -> impl Iterator<Item = (usize, f64)> {
    let (p, n) = (level.share(), count as f64);
    // Twelve deviations below the mean the rest is under 1e-30 and no confidence notices it.
    let room = 12.0 * (n * p * (1.0 - p)).sqrt() + 12.0;
    let mut start = level.count_up(count);
    let mut left = room;
    while start > 0 && left > 0.0 {
        start -= 1;
        left -= 1.0;
    }
    let k = start as f64;
    let choose = lgamma(n + 1.0) - lgamma(k + 1.0) - lgamma(n - k + 1.0);
    let first = exp(choose + k * ln(p) + (n - k) * ln_1p(-p));
    let next = move |&(below, probability): &(usize, f64)| {
        let ratio = (count - below) as f64 / (below + 1) as f64 * p / (1.0 - p);
        (below < count).then_some((below + 1, probability * ratio))
    };
    std::iter::successors(Some((start, first)), next)
}
