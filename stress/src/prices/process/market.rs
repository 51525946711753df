//! Assets that move together.

use super::draw::{Draw, Uniforms};
use super::jump::{Event, Jumps, arrivals};
use super::walk::Noise;
use super::{Correlation, CorrelationError, Model};
use crate::math::{exp, ln, years};
use crate::prices::{Grid, MicroUsd, PricePath};

/// Models of assets, and how they depend on each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Market {
    assets: Vec<(String, Model)>,
    correlation: Correlation,
    common_jump_share: f64,
    tilt: Option<Tilt>,
}

/// Importance sampling: paths are drawn where losses are, and weighted by how much rarer they are
/// in truth. A mean over `weight · value` stays what it was, with less noise in the tail.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tilt {
    /// Position of the asset whose price is pushed.
    pub asset: usize,
    /// How far its noise over the whole path is shifted, in standard deviations; below zero for
    /// a fall. The noises of other assets move by their correlation with it.
    pub shift: f64,
    /// How many times as often it jumps, common jumps included; 1 for as often as in truth.
    pub jump_multiple: f64,
}

/// A market that cannot be drawn.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MarketError {
    /// Correlations that cannot be.
    #[error(transparent)]
    Correlation(#[from] CorrelationError),
    /// A share that is none.
    #[error("{0} is not within 0 to 1")]
    CommonJumps(f64),
    /// A tilt of an asset that is not there.
    #[error("asset {asset} is none of {count}")]
    NoAsset {
        /// Position of the asset.
        asset: usize,
        /// Number of assets.
        count: usize,
    },
    /// A tilt whose weights would be useless.
    #[error("{key}: {found} is not within {low} to {high}")]
    Tilt {
        /// The parameter.
        key: &'static str,
        /// Its value.
        found: f64,
        /// Lowest allowed.
        low: f64,
        /// Highest allowed.
        high: f64,
    },
}

/// A drawn price above `u64::MAX` millionths of a dollar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the price of {symbol} at step {step} is too large for millionths of a dollar; lower its drift, its volatility or its jumps"
)]
pub struct TooLarge {
    /// Symbol of the asset.
    pub symbol: String,
    /// The step.
    pub step: usize,
}

/// One path of every asset.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Symbol and path, in the order of the market.
    pub paths: Vec<(String, PricePath)>,
    /// Likelihood weight of the path; 1 without a tilt.
    pub weight: f64,
}

/// The logarithms of price over opening price, not yet rounded to a price.
#[derive(Debug, Clone, PartialEq)]
pub struct Walks {
    /// One list an asset, one number a step; the opening is not among them.
    pub logs: Vec<Vec<f64>>,
    /// Likelihood weight of the path; 1 without a tilt.
    pub weight: f64,
}

const SHIFT_MAX: f64 = 20.0;
const JUMP_MULTIPLE_MAX: f64 = 1_000.0;

impl Market {
    /// Assets that have nothing to do with each other.
    pub fn new(assets: Vec<(String, Model)>) -> Self {
        let correlation = Correlation::independent(assets.len());
        Self { assets, correlation, common_jump_share: 0.0, tilt: None }
    }

    /// The same assets with the correlations of `pairs`, by position. They are those of the
    /// normal noise: Heston's price follows a part of its own variance's noise, so its correlation
    /// with other assets is that times `√(1 - correlation²)`.
    ///
    /// # Errors
    /// Correlations that cannot be.
    pub fn correlated(self, pairs: &[(usize, usize, f64)]) -> Result<Self, MarketError> {
        Ok(Self { correlation: Correlation::new(self.assets.len(), pairs)?, ..self })
    }

    /// The same assets with common jumps: of the jumps of the asset that jumps least often, this
    /// share happens to all that jump at once, and is as bad, in rank, for each of them. How often
    /// and how far a single asset jumps stays what its model says.
    ///
    /// # Errors
    /// A share outside 0 to 1.
    pub fn with_common_jumps(self, share: f64) -> Result<Self, MarketError> {
        if !(0.0..=1.0).contains(&share) {
            return Err(MarketError::CommonJumps(share));
        }
        Ok(Self { common_jump_share: share, ..self })
    }

    /// The same market drawn where the tilt says, with weights that make up for it.
    ///
    /// # Errors
    /// An asset that is not there, or a tilt so strong that one path would outweigh all others.
    pub fn tilted(self, tilt: Tilt) -> Result<Self, MarketError> {
        let (asset, count) = (tilt.asset, self.assets.len());
        if asset >= count {
            return Err(MarketError::NoAsset { asset, count });
        }
        tilt_within("shift", tilt.shift, -SHIFT_MAX, SHIFT_MAX)?;
        let least = JUMP_MULTIPLE_MAX.recip();
        tilt_within("jump_multiple", tilt.jump_multiple, least, JUMP_MULTIPLE_MAX)?;
        Ok(Self { tilt: Some(tilt), ..self })
    }

    /// Symbols and models, in order.
    pub fn assets(&self) -> &[(String, Model)] {
        &self.assets
    }

    /// One price a step for every asset: the opening at the first step of `grid`, then the nearest
    /// millionth of a dollar, but never zero: a feed has no smaller price.
    ///
    /// # Errors
    /// A price above `u64::MAX` millionths of a dollar.
    pub fn sample(&self, grid: &Grid, draw: &Draw) -> Result<Sample, TooLarge> {
        let steps = grid.steps.saturating_sub(1);
        let walks = self.walks(steps, years(f64::from(grid.step_s)), draw);
        let mut paths = Vec::with_capacity(self.assets.len());
        for ((symbol, model), logs) in self.assets.iter().zip(&walks.logs) {
            let too_large = |step| TooLarge { symbol: symbol.clone(), step };
            let prices = prices(model.opening(), logs).map_err(too_large)?;
            let path = PricePath::new(*grid, prices).expect("one price for each step of the grid");
            paths.push((symbol.clone(), path));
        }
        Ok(Sample { paths, weight: walks.weight })
    }

    /// The logarithms after each of `steps` steps of `step_years`.
    pub fn walks(&self, steps: usize, step_years: f64, draw: &Draw) -> Walks {
        let (normals, noise_log_weight) = self.normals(steps, draw);
        let (jumps, jump_log_weight) = self.jumps(steps, step_years, draw);
        let noises = normals.into_iter().zip(jumps);
        let walk = |((symbol, model), (normals, jumps)): (&(String, Model), _)| {
            let ranks = |mut stream: Uniforms| (0..steps).map(|_| stream.uniform()).collect();
            let has_variance = model.process().has_variance();
            let stream = has_variance.then(|| draw.uniforms("price variance", symbol));
            let variance_ranks = stream.map(ranks).unwrap_or_default();
            model.walk(step_years, &Noise { normals, jumps, variance_ranks })
        };
        let logs = self.assets.iter().zip(noises).map(walk).collect();
        Walks { logs, weight: exp(noise_log_weight + jump_log_weight) }
    }

    /// Correlated normal noise, shifted, and the logarithm of the shift's weight.
    fn normals(&self, steps: usize, draw: &Draw) -> (Vec<Vec<f64>>, f64) {
        let count = self.assets.len();
        let noise = |(position, (symbol, _)): (usize, &(String, Model))| {
            draw.normals(symbol, position, count, steps)
        };
        let mut independent: Vec<Vec<f64>> = self.assets.iter().enumerate().map(noise).collect();
        let mut log_weight = 0.0;
        if let Some(tilt) = self.tilt.filter(|tilt| steps > 0 && tilt.shift != 0.0) {
            let each = tilt.shift / (steps as f64).sqrt();
            for (noise, shift) in
                independent.iter_mut().zip(self.correlation.shift(tilt.asset, each))
            {
                // The density in truth over the density drawn from, both normal.
                let sum: f64 = noise.iter().sum();
                log_weight -= shift * sum + 0.5 * shift * shift * steps as f64;
                noise.iter_mut().for_each(|z| *z += shift);
            }
        }
        (self.correlation.mix(&independent), log_weight)
    }

    /// The sum of the jumps of every step of every asset, and the logarithm of their weight.
    fn jumps(&self, steps: usize, step_years: f64, draw: &Draw) -> (Vec<Vec<f64>>, f64) {
        let laws: Vec<_> = self.assets.iter().map(|(_, model)| model.process().jumps()).collect();
        let least = laws.iter().flatten().map(|jumps| jumps.per_year).fold(f64::INFINITY, f64::min);
        let common = if least.is_finite() { least * self.common_jump_share } else { 0.0 };
        let window = Window { steps, step_years };
        let tilted = |asset| self.tilt.is_some_and(|tilt: Tilt| tilt.asset == asset);
        let tilted_jumps =
            laws.iter().enumerate().any(|(asset, law)| tilted(asset) && law.is_some());
        let (shared, mut log_weight) =
            self.events(draw, "common jumps", "", common, tilted_jumps, &window);
        let mut sums = vec![vec![0.0; steps]; laws.len()];
        for (asset, law) in laws.iter().enumerate() {
            let Some(law) = law else { continue };
            let (symbol, own) = (&self.assets[asset].0, law.per_year - common);
            let (events, weight) =
                self.events(draw, "own jumps", symbol, own, tilted(asset), &window);
            log_weight += weight;
            add(&mut sums[asset], law, &shared);
            add(&mut sums[asset], law, &events);
        }
        (sums, log_weight)
    }

    /// The events of one stream, and the logarithm of their weight.
    fn events(
        &self,
        draw: &Draw,
        purpose: &str,
        symbol: &str,
        per_year: f64,
        tilted: bool,
        window: &Window,
    ) -> (Vec<Event>, f64) {
        if per_year <= 0.0 {
            return (Vec::new(), 0.0);
        }
        let multiple = self.tilt.filter(|_| tilted).map_or(1.0, |tilt| tilt.jump_multiple);
        let mut uniforms = draw.uniforms(purpose, symbol);
        let drawn = per_year * multiple;
        let events = arrivals(&mut uniforms, drawn, window.steps, window.step_years);
        // Poisson in truth over Poisson drawn from: the number of events tells them apart.
        let extra = (drawn - per_year) * window.step_years * window.steps as f64;
        let log_weight = extra - events.len() as f64 * ln(multiple);
        (events, log_weight)
    }
}

struct Window {
    steps: usize,
    step_years: f64,
}

fn add(sums: &mut [f64], law: &Jumps, events: &[Event]) {
    for event in events {
        sums[event.step] += law.size(event.rank);
    }
}

fn tilt_within(key: &'static str, found: f64, low: f64, high: f64) -> Result<(), MarketError> {
    if (low..=high).contains(&found) {
        return Ok(());
    }
    Err(MarketError::Tilt { key, found, low, high })
}

/// The prices, or the first step whose price does not fit.
fn prices(opening: MicroUsd, logs: &[f64]) -> Result<Vec<MicroUsd>, usize> {
    let mut prices = vec![opening];
    for (step, log) in (1_usize..).zip(logs) {
        prices.push(nearest(opening.0 as f64 * exp(*log)).ok_or(step)?);
    }
    Ok(prices)
}

/// The nearest price, one millionth at least; `None` when it does not fit.
fn nearest(micros: f64) -> Option<MicroUsd> {
    let whole = micros.round().max(1.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number from 1 to below 2^64"
    )]
    (whole < 18_446_744_073_709_551_616.0).then_some(MicroUsd(whole as u64))
}
