//! The delayed liquidation under stochastic variance.

use num_complex::Complex64;

use super::{BadDebt, Terms};
use crate::math::ln;
use crate::prices::process::Heston;

/// Nodes of the integral; doubling them changes the figures below the twelfth digit.
const NODES: u32 = 4_000;
/// End of the integral, in standard deviations of the mean variance over the delay.
const FURTHEST: f64 = 60.0;

/// Chance and mean of the bad debt of a liquidation `delay_years` late when the variance is
/// Heston's, by numerical inversion of the characteristic function (Heston, Review of Financial
/// Studies 6, 1993, in the form of Albrecher and others that has no branch cut to cross).
///
/// Both variances must be above zero, and a volatility of variance below about 1e-3 loses digits to
/// cancellation. For comparison only: complex functions are the platform's, so the last digits may differ
/// between machines. No price depends on them.
pub fn heston(terms: Terms, process: &Heston, delay_years: f64) -> BadDebt {
    let start = terms.cover();
    let log_start = ln(start);
    let phi = |u: Complex64| characteristic(process, delay_years, u);
    let least_variance = process.variance.min(process.long_variance);
    let furthest = FURTHEST / (least_variance * delay_years).sqrt();
    let below = |shift: f64| {
        // Probability that the value ends below 1, in the measure that `shift` weighs.
        let integrand = |u: f64| {
            let u = Complex64::new(u, 0.0);
            let weight = phi(u - Complex64::i() * shift) / phi(-Complex64::i() * shift);
            ((Complex64::i() * u * log_start).exp() * weight / (Complex64::i() * u)).re
        };
        0.5 - midpoint(furthest, integrand) / std::f64::consts::PI
    };
    let probability = below(0.0);
    BadDebt { probability, expected: probability - start * below(1.0) }
}

/// `E[exp(i u ln(S / S₀))]` for a price without drift.
fn characteristic(process: &Heston, years: f64, u: Complex64) -> Complex64 {
    let Heston {
        variance, long_variance, reversion_per_year, vol_of_variance, correlation, ..
    } = *process;
    let (i, xi) = (Complex64::i(), vol_of_variance);
    let b = reversion_per_year - correlation * xi * i * u;
    let d = (b * b + xi * xi * (i * u + u * u)).sqrt();
    let g = (b - d) / (b + d);
    let decay = (-d * years).exp();
    let log = ((1.0 - g * decay) / (1.0 - g)).ln();
    let mean = reversion_per_year * long_variance / (xi * xi) * ((b - d) * years - 2.0 * log);
    let spot = variance / (xi * xi) * (b - d) * (1.0 - decay) / (1.0 - g * decay);
    (mean + spot).exp()
}

/// Midpoint rule: the integrand has no value at zero.
fn midpoint(furthest: f64, integrand: impl Fn(f64) -> f64) -> f64 {
    let width = furthest / f64::from(NODES);
    (0..NODES).map(|node| integrand((f64::from(node) + 0.5) * width)).sum::<f64>() * width
}
