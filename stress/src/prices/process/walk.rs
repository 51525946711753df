//! From noise to the logarithm of a price.

use super::heston::Stepper;
use super::{Heston, Model, OrnsteinUhlenbeck, Process};
use crate::math::{exp, expm1, ln};
use crate::prices::MicroUsd;

/// What moves one asset.
pub(super) struct Noise {
    /// One standard normal number a step, correlated with other assets'.
    pub(super) normals: Vec<f64>,
    /// Sum of the jumps of each step.
    pub(super) jumps: Vec<f64>,
    /// One uniform number a step for the asset's variance, if it has one.
    pub(super) variance_ranks: Vec<f64>,
}

impl Model {
    /// The logarithm of price over opening price after each step.
    pub(super) fn walk(&self, step_years: f64, noise: &Noise) -> Vec<f64> {
        match *self.process() {
            Process::Heston(process) => heston(process, step_years, noise),
            Process::OrnsteinUhlenbeck(process) => {
                pegged(&process, self.opening(), step_years, &noise.normals)
            }
            Process::Gbm(process) => {
                diffuse(process.drift_per_year, process.volatility, step_years, noise)
            }
            Process::Merton(process) => {
                diffuse(self.rest(process.drift_per_year), process.volatility, step_years, noise)
            }
            Process::Kou(process) => {
                diffuse(self.rest(process.drift_per_year), process.volatility, step_years, noise)
            }
        }
    }

    /// The drift that jumps leave to the rest of the process.
    fn rest(&self, drift_per_year: f64) -> f64 {
        drift_per_year - self.process().jumps().map_or(0.0, |jumps| jumps.growth_per_year())
    }
}

/// Exact for any length of a step.
fn diffuse(drift_per_year: f64, volatility: f64, step_years: f64, noise: &Noise) -> Vec<f64> {
    let drift = (drift_per_year - 0.5 * volatility * volatility) * step_years;
    let spread = volatility * step_years.sqrt();
    let mut log = 0.0;
    let moves = noise.normals.iter().zip(&noise.jumps);
    let after = |(z, jump): (&f64, &f64)| {
        log += drift + spread * z + jump;
        log
    };
    moves.map(after).collect()
}

/// Exact for any length of a step.
fn pegged(
    process: &OrnsteinUhlenbeck,
    opening: MicroUsd,
    step_years: f64,
    normals: &[f64],
) -> Vec<f64> {
    let OrnsteinUhlenbeck { peg, reversion_per_year, volatility } = *process;
    let left = exp(-reversion_per_year * step_years);
    let gone = -expm1(-2.0 * reversion_per_year * step_years);
    let spread = volatility * (gone / (2.0 * reversion_per_year)).sqrt();
    let start = ln(opening.0 as f64 / peg.0 as f64);
    let mut off_peg = start;
    let after = |z: &f64| {
        off_peg = off_peg * left + spread * z;
        off_peg - start
    };
    normals.iter().map(after).collect()
}

fn heston(process: Heston, step_years: f64, noise: &Noise) -> Vec<f64> {
    let stepper = Stepper::new(process, step_years);
    let (mut variance, mut log) = (process.variance, 0.0);
    let after = |(z, rank): (&f64, &f64)| {
        let (next, moved) = stepper.step(variance, *rank, *z);
        variance = next;
        log += moved;
        log
    };
    noise.normals.iter().zip(&noise.variance_ranks).map(after).collect()
}
