//! One step of Heston's process.
//!
//! The quadratic-exponential scheme with martingale correction (Andersen, Journal of Computational
//! Finance 11, 2008). It matches mean and variance of the next variance exactly, never makes it
//! negative and never cuts it off, which is where simpler schemes get their bias.

use super::Heston;
use crate::math::{expm1, ln, normal_quantile};

/// Where the two shapes of the next variance change over; any value from 1 to 2 will do.
const CHANGE_OVER: f64 = 1.5;

/// The constants of a step of fixed length.
#[derive(Debug)]
pub(super) struct Stepper {
    process: Heston,
    years: f64,
    /// Share of a deviation of the variance that is left after the step.
    left: f64,
    /// Noise that the variance now, and the long variance, add to the next.
    noise: [f64; 2],
    /// Weights of the variance before and after in the price's logarithm: mean and noise.
    mean: [f64; 2],
    spread: f64,
}

/// Distribution of the next variance.
enum Next {
    /// `scale · (centre + normal)²`.
    Square { scale: f64, centre: f64 },
    /// Zero with probability `none`, else exponential.
    Exponential { none: f64, rate: f64 },
}

impl Stepper {
    pub(super) fn new(process: Heston, years: f64) -> Self {
        let Heston { reversion_per_year: k, vol_of_variance: xi, correlation: rho, .. } = process;
        let gone = -expm1(-k * years);
        let slope = 0.5 * years * (k * rho / xi - 0.5);
        Self {
            process,
            years,
            left: 1.0 - gone,
            noise: [xi * xi * (1.0 - gone) * gone / k, xi * xi * gone * gone / (2.0 * k)],
            mean: [slope - rho / xi, slope + rho / xi],
            spread: 0.5 * years * (1.0 - rho * rho),
        }
    }

    /// The next variance, and how far the price's logarithm moves: `rank` is a uniform draw for
    /// the variance, `z` a normal one for the price.
    pub(super) fn step(&self, variance: f64, rank: f64, z: f64) -> (f64, f64) {
        let next = self.next(variance);
        let after = next.at(rank);
        let [before_weight, after_weight] = self.mean;
        let moved = self.process.drift_per_year * self.years
            + self.correction(&next, variance)
            + before_weight * variance
            + after_weight * after
            + (self.spread * (variance + after)).sqrt() * z;
        (after, moved)
    }

    fn next(&self, variance: f64) -> Next {
        let long = self.process.long_variance;
        let mean = long + (variance - long) * self.left;
        let spread = self.noise[0] * variance + self.noise[1] * long;
        let ratio = spread / (mean * mean);
        if ratio <= CHANGE_OVER {
            let r = 2.0 / ratio;
            let centre_squared = r - 1.0 + (r * (r - 1.0)).sqrt();
            return Next::Square {
                scale: mean / (1.0 + centre_squared),
                centre: centre_squared.sqrt(),
            };
        }
        let none = (ratio - 1.0) / (ratio + 1.0);
        Next::Exponential { none, rate: (1.0 - none) / mean }
    }

    /// What makes the mean of the price exact. Where no finite mean exists (a strong positive
    /// correlation and a long step) the uncorrected constant stands in.
    fn correction(&self, next: &Next, variance: f64) -> f64 {
        let a = self.mean[1] + 0.5 * self.spread;
        let before = (self.mean[0] + 0.5 * self.spread) * variance;
        match next.log_mean_exp(a) {
            Some(log_mean) => -log_mean - before,
            None => {
                let Heston {
                    reversion_per_year: k,
                    long_variance,
                    vol_of_variance: xi,
                    correlation,
                    ..
                } = self.process;
                -correlation * k * long_variance / xi * self.years
            }
        }
    }
}

impl Next {
    fn at(&self, rank: f64) -> f64 {
        match *self {
            Self::Square { scale, centre } => {
                let root = centre + normal_quantile(rank);
                scale * root * root
            }
            Self::Exponential { none, .. } if rank <= none => 0.0,
            Self::Exponential { none, rate } => ln((1.0 - none) / (1.0 - rank)) / rate,
        }
    }

    /// `ln E[exp(a · next)]`, when it is finite.
    fn log_mean_exp(&self, a: f64) -> Option<f64> {
        match *self {
            Self::Square { scale, centre } => {
                let room = 1.0 - 2.0 * a * scale;
                (room > 0.0).then(|| a * scale * centre * centre / room - 0.5 * ln(room))
            }
            Self::Exponential { none, rate } => {
                (a < rate).then(|| ln(none + rate * (1.0 - none) / (rate - a)))
            }
        }
    }
}
