//! A price that is looked at once a step: no closed form, but a recursion of integrals that is
//! exact to six digits. It says by how much the discrete correction of [`Passage`] is off.

use super::Passage;
use crate::math::{ln, normal_cdf, normal_density};

/// What a position that is looked at once a step comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Monitored {
    /// Probability that one of the looks finds it at its limit or past it.
    pub probability: f64,
    /// Mean of how far past it then is, in logarithms of the price.
    pub mean_log_overshoot: f64,
    /// Mean of `loss` of how far past it is, zero where it is never found there.
    pub expected_loss: f64,
}

/// Nodes in one standard deviation of a step.
const NODES: u16 = 10;
/// Nodes in one standard deviation where a loss is integrated, which bends more than a density.
const FINE: u16 = 40;
/// Standard deviations of a step beyond which nothing moves.
const REACH: u16 = 7;
/// Standard deviations of the whole way beyond which nothing comes back.
const FAR: f64 = 5.0;

/// Looks at a position `steps` times, evenly spaced; `loss` of the logarithm of its overshoot is
/// what it costs to be found there.
///
/// The density of the logarithm of the price above the limit is carried from look to look by the
/// trapezium rule with Gregory's corrections at the limit, of fourth order.
pub fn monitored(passage: &Passage, steps: u32, loss: impl Fn(f64) -> f64) -> Monitored {
    let deviation = passage.volatility * (passage.years / f64::from(steps)).sqrt();
    // Everything is counted in standard deviations of a step from here on.
    let (drift, start) = (-0.5 * deviation, ln(passage.lltv / passage.ltv) / deviation);
    let furthest = start + FAR * f64::from(steps).sqrt();
    let count = (0_u32..).take_while(|node| at(*node) < furthest).count();
    let nodes: Vec<f64> = (0_u32..).map(at).take(count).collect();
    let mut alive: Vec<f64> = nodes.iter().map(|x| normal_density(x - start - drift)).collect();
    let reach = usize::from(NODES * REACH);
    let kernel = kernel(drift);
    let ends: Vec<[f64; 3]> =
        nodes.iter().take(reach + 1).map(|x| ended(x + drift, deviation, &loss)).collect();
    let mut sums = ended(start + drift, deviation, &loss);
    for _ in 1..steps {
        weigh(&mut alive, NODES);
        for (mass, end) in alive.iter().zip(&ends) {
            (0..3).for_each(|figure| sums[figure] += mass * end[figure]);
        }
        alive = moved(&alive, &kernel, reach);
    }
    let [probability, overshoot, expected_loss] = sums;
    Monitored {
        probability,
        mean_log_overshoot: overshoot * deviation / probability,
        expected_loss,
    }
}

fn at(node: u32) -> f64 {
    f64::from(node) / f64::from(NODES)
}

/// Chance of ending a step below zero that starts with mean `mean`; mean distance below; mean loss.
fn ended(mean: f64, deviation: f64, loss: &impl Fn(f64) -> f64) -> [f64; 3] {
    let chance = normal_cdf(-mean);
    let mut density: Vec<f64> = (0..=u32::from(2 * FINE * REACH))
        .map(|node| f64::from(node) / f64::from(FINE))
        .map(|past| normal_density(-past - mean) * loss(past * deviation))
        .collect();
    weigh(&mut density, FINE);
    [chance, normal_density(mean) - mean * chance, density.iter().sum()]
}

/// Densities at the nodes become masses.
fn weigh(density: &mut [f64], nodes: u16) {
    for (value, weight) in density.iter_mut().zip([3.0 / 8.0, 7.0 / 6.0, 23.0 / 24.0]) {
        *value *= weight;
    }
    density.iter_mut().for_each(|value| *value /= f64::from(nodes));
}

/// Densities of a step over the distances from `-reach` to `reach` nodes.
fn kernel(drift: f64) -> Vec<f64> {
    let most = u32::from(NODES * REACH);
    let down = (1..=most).rev().map(|node| -at(node));
    down.chain((0..=most).map(at)).map(|distance| normal_density(distance - drift)).collect()
}

fn moved(masses: &[f64], kernel: &[f64], reach: usize) -> Vec<f64> {
    let arrive = |to: usize| -> f64 {
        let (from, end) = (to.saturating_sub(reach), (to + reach + 1).min(masses.len()));
        // The distance from the first of these nodes is the largest.
        let first = to + reach - (end - 1);
        let steps = kernel[first..].iter().zip(masses[from..end].iter().rev());
        steps.map(|(density, mass)| density * mass).sum()
    };
    (0..masses.len()).map(arrive).collect()
}
