//! Quantiles of things of which one path has several, or none.

use std::collections::BTreeMap;

use super::{Level, Quantile, mean};
use crate::math::normal_quantile;

/// What one path has: values and how often each.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cluster {
    /// Likelihood weight of the path; 1 for one drawn as it is in truth.
    pub weight: f64,
    /// Each value and how many there are of it.
    pub counts: BTreeMap<u32, u64>,
}

/// The quantile at `level` over the values of all paths, each with its path's weight; `None` when
/// no path that has a weight has a value. Each run of `group` paths hangs together.
///
/// The interval is Woodruff's (Journal of the American Statistical Association 47, 1952): the share
/// of values up to the quantile is moved by its own error, and the values there are the ends. The
/// error is over paths, since values of one path hang together, and never taken for smaller than
/// that of as many independent values as there are groups of paths with one: values that are all
/// the same have no spread of their own, and are still few. An end beyond all values is `None`.
pub fn clustered_quantile(
    clusters: &[Cluster],
    group: usize,
    level: Level,
    confidence: Level,
) -> Option<Quantile<u32>> {
    let group = group.max(1);
    let clusters = &clusters[..clusters.len() - clusters.len() % group];
    let pooled = pooled(clusters);
    let total: f64 = pooled.values().sum();
    if total <= 0.0 {
        return None;
    }
    let share = level.share();
    let value = reached(&pooled, share * total)?;
    let reach = normal_quantile(0.5 + 0.5 * confidence.share());
    let least = reach * (share * (1.0 - share) / effective(clusters, group)).sqrt();
    let error = share_error(clusters, group, value, level, confidence) / total;
    let error = error.max(least);
    let end = |share: f64| {
        (share > 0.0 && share < 1.0).then(|| reached(&pooled, share * total)).flatten()
    };
    Some(Quantile { value, low: end(share - error), high: end(share + error) })
}

/// Weight of each value.
fn pooled(clusters: &[Cluster]) -> BTreeMap<u32, f64> {
    let mut pooled = BTreeMap::new();
    for Cluster { weight, counts } in clusters.iter().filter(|cluster| cluster.weight > 0.0) {
        for (value, count) in counts {
            *pooled.entry(*value).or_insert(0.0) += weight * *count as f64;
        }
    }
    pooled
}

/// The least value with at least `wanted` of the weight up to it.
fn reached(pooled: &BTreeMap<u32, f64>, wanted: f64) -> Option<u32> {
    let mut seen = 0.0;
    for (value, weight) in pooled {
        seen += weight;
        // A share of a sum of ones need not be whole in floating point.
        if seen >= wanted * (1.0 - 1e-12) {
            return Some(*value);
        }
    }
    pooled.keys().next_back().copied()
}

/// Half the interval of the weight up to `value`, for a total that varies along with it.
fn share_error(
    clusters: &[Cluster],
    group: usize,
    value: u32,
    level: Level,
    confidence: Level,
) -> f64 {
    let residual = |Cluster { weight, counts }: &Cluster| {
        let all: u64 = counts.values().sum();
        let up_to: u64 = counts.range(..=value).map(|(_, count)| count).sum();
        weight * (up_to as f64 - level.share() * all as f64)
    };
    let residuals: Vec<f64> = clusters.iter().map(residual).collect();
    let residual = mean(&residuals, group);
    (residual.interval(confidence).high - residual.value) * clusters.len() as f64
}

/// How many groups of paths without weights, each with a value, would say as much (Kish).
fn effective(clusters: &[Cluster], group: usize) -> f64 {
    let weights = || clusters.iter().filter(|cluster| !cluster.counts.is_empty()).map(|c| c.weight);
    let (sum, squares): (f64, f64) = (weights().sum(), weights().map(|w| w * w).sum());
    sum * sum / squares / group as f64
}
