//! Shares of paths.

use super::{Interval, Level};
use crate::math::normal_quantile;

/// Interval for a probability of which `successes` of `trials` independent cases were seen
/// (Wilson, Journal of the American Statistical Association 22, 1927). Unlike the mean and its
/// standard error it says something when nothing, or only one thing, was ever seen.
pub fn wilson(successes: u64, trials: u64, confidence: Level) -> Interval {
    if trials == 0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    let z = normal_quantile(0.5 + 0.5 * confidence.share());
    let (n, seen) = (trials as f64, successes as f64 / trials as f64);
    let weight = 1.0 + z * z / n;
    let centre = (seen + 0.5 * z * z / n) / weight;
    let spread = seen * (1.0 - seen) / n + 0.25 * z * z / (n * n);
    let half_width = z * spread.sqrt() / weight;
    Interval { low: (centre - half_width).max(0.0), high: (centre + half_width).min(1.0) }
}
