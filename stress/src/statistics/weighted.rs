//! Quantiles of paths that carry weights.

/// The least value up to which at least `level` of the weight lies; values are in rising order.
pub fn weighted_quantile(values: &[(i128, f64)], level: f64) -> Option<i128> {
    let total: f64 = values.iter().map(|(_, weight)| weight).sum();
    // A share of a sum of ones need not be whole in floating point.
    let wanted = level * total * (1.0 - 1e-12);
    let mut seen = 0.0;
    for (value, weight) in values {
        seen += weight;
        if seen >= wanted {
            return Some(*value);
        }
    }
    values.last().map(|(value, _)| *value)
}
