//! Means and their standard errors.

use super::Level;
use crate::math::{normal_quantile, tan};

/// A mean over groups of samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The mean.
    pub value: f64,
    /// Standard deviation of the mean; infinite when there are fewer than two groups.
    pub standard_error: f64,
    /// Number of groups that are independent of each other.
    pub groups: usize,
}

/// Two ends between which a figure lies at some confidence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Estimate {
    /// The interval at `confidence`, by Student's distribution: few groups know their own spread
    /// badly.
    pub fn interval(&self, confidence: Level) -> Interval {
        if self.groups < 2 {
            return Interval { low: f64::NEG_INFINITY, high: f64::INFINITY };
        }
        let reach = student_quantile(0.5 + 0.5 * confidence.share(), self.groups - 1);
        let half_width = reach * self.standard_error;
        Interval { low: self.value - half_width, high: self.value + half_width }
    }

    /// How many standard errors the estimate lies above `expected`.
    pub fn deviations_from(&self, expected: f64) -> f64 {
        let gap = self.value - expected;
        if gap == 0.0 { 0.0 } else { gap / self.standard_error }
    }
}

impl Interval {
    /// Whether a number lies between the ends, ends included.
    pub fn contains(&self, number: f64) -> bool {
        (self.low..=self.high).contains(&number)
    }
}

/// Mean of `values`, of which each run of `group` hangs together; a last run that is not full is
/// left out. Not a number when no run is full.
pub fn mean(values: &[f64], group: usize) -> Estimate {
    let runs = values.chunks_exact(group.max(1));
    let means = runs.map(|run| run.iter().sum::<f64>() / run.len() as f64);
    // Welford's sums: squares of the values themselves would cancel when the spread is small.
    let (mut groups, mut value, mut squares) = (0_usize, 0.0, 0.0);
    for mean in means {
        groups += 1;
        let before = mean - value;
        value += before / groups as f64;
        squares += before * (mean - value);
    }
    match groups {
        0 => Estimate { value: f64::NAN, standard_error: f64::INFINITY, groups },
        1 => Estimate { value, standard_error: f64::INFINITY, groups },
        _ => {
            let n = groups as f64;
            Estimate { value, standard_error: (squares / (n - 1.0) / n).sqrt(), groups }
        }
    }
}

/// Quantile of Student's distribution: exact for one and two degrees of freedom, else the
/// Cornish-Fisher expansion, which is within one percent at three and 0.1 % from six on.
fn student_quantile(p: f64, freedom: usize) -> f64 {
    match freedom {
        1 => tan(std::f64::consts::PI * (p - 0.5)),
        2 => (2.0 * p - 1.0) * (2.0 / (4.0 * p * (1.0 - p))).sqrt(),
        _ => {
            let (z, n) = (normal_quantile(p), freedom as f64);
            let square = z * z;
            let first = z * (square + 1.0) / 4.0;
            let second = z * ((5.0 * square + 16.0) * square + 3.0) / 96.0;
            let third = z * (((3.0 * square + 19.0) * square + 17.0) * square - 15.0) / 384.0;
            z + (first + (second + third / n) / n) / n
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn student_quantiles_are_those_of_the_tables() {
        let table = [(1, 12.706, 1e-3), (2, 4.303, 1e-3), (3, 3.182, 1e-2), (6, 2.447, 1e-3)];
        for (freedom, expected, relative) in table.into_iter().chain([(30, 2.042, 3e-4)]) {
            let found = student_quantile(0.975, freedom);
            assert!((found / expected - 1.0).abs() < relative, "{freedom}: {found}");
        }
    }
}
