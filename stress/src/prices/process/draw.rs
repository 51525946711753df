//! Where the noise of a path comes from.

use std::collections::VecDeque;

use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::RngCore;
use sobol_burley::NUM_DIMENSIONS;
use sobol_burley::parts::{owen_scramble_rev, sobol_rev};

use crate::math::normal_quantile;
use crate::seeded;

/// Most paths of one Sobol replicate.
pub const MOST_REPLICATE_PATHS: u32 = 65_536;

/// How paths relate to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Each path is drawn on its own.
    Independent,
    /// Paths come in pairs whose noises mirror each other: what one overstates the other
    /// understates. The two jump at the same times, by mirrored sizes.
    Antithetic,
    /// Runs of `replicate_paths` paths cover the coarse shape of the noise evenly: an
    /// Owen-scrambled Sobol sequence sets the end and then ever finer midpoints of a Brownian
    /// bridge, 256 numbers in all, and independent draws fill in the rest, jumps included.
    Sobol {
        /// Paths of a replicate: a power of two, at most [`MOST_REPLICATE_PATHS`]. Replicates are
        /// scrambled independently of each other, which is what gives an error estimate.
        replicate_paths: u32,
    },
}

/// A scheme that cannot be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SchemeError {
    /// Not a power of two, or too many.
    #[error("replicate_paths: {0} is no power of two from 2 to {MOST_REPLICATE_PATHS}")]
    Replicate(u32),
}

/// Which path to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draw {
    /// Seed of all draws.
    pub seed: u64,
    /// Number of the path, from 0.
    pub path: u64,
    /// How paths relate to each other.
    pub scheme: Scheme,
}

impl Scheme {
    /// Runs of `replicate_paths` paths, evenly spread.
    ///
    /// # Errors
    /// When it is no power of two, or too many.
    pub fn sobol(replicate_paths: u32) -> Result<Self, SchemeError> {
        let fits = (2..=MOST_REPLICATE_PATHS).contains(&replicate_paths);
        if fits && replicate_paths.is_power_of_two() {
            return Ok(Self::Sobol { replicate_paths });
        }
        Err(SchemeError::Replicate(replicate_paths))
    }

    /// Number of paths that depend on each other. A standard error is one over the means of such
    /// groups: over single paths it would be a fiction.
    pub fn group_paths(self) -> u64 {
        match self {
            Self::Independent => 1,
            Self::Antithetic => 2,
            Self::Sobol { replicate_paths } => u64::from(replicate_paths.max(1)),
        }
    }
}

impl Draw {
    /// Independent draws of the path for `purpose`.
    pub(super) fn uniforms(&self, purpose: &str, symbol: &str) -> Uniforms {
        let (number, mirrored) = match self.scheme {
            Scheme::Antithetic => (self.path / 2, self.path % 2 == 1),
            _ => (self.path, false),
        };
        // Numbers above i64::MAX wrap to negative ones: still one stream each.
        let rng = seeded::stream(self.seed, purpose, symbol, number.cast_signed());
        Uniforms { rng, mirrored }
    }

    /// Independent standard normal numbers for the `steps` of asset `position` of `assets`.
    pub(super) fn normals(
        &self,
        symbol: &str,
        position: usize,
        assets: usize,
        steps: usize,
    ) -> Vec<f64> {
        let mut plain = self.uniforms("price noise", symbol);
        match self.scheme {
            Scheme::Sobol { replicate_paths } => {
                let even = self.evenly(replicate_paths, position, assets);
                bridge(steps, even.chain(std::iter::from_fn(|| Some(plain.normal()))))
            }
            _ => (0..steps).map(|_| plain.normal()).collect(),
        }
    }

    /// The path's numbers of the Sobol sequence, dealt to the assets in turn so that each gets
    /// some of the first and best.
    fn evenly(
        &self,
        replicate_paths: u32,
        position: usize,
        assets: usize,
    ) -> impl Iterator<Item = f64> {
        let size = u64::from(replicate_paths.max(1));
        let replicate = (self.path / size).cast_signed();
        let index = u32::try_from(self.path % size).expect("a remainder below a u32");
        let mut scrambles = seeded::stream(self.seed, "sobol", "", replicate);
        let dimensions =
            (0..NUM_DIMENSIONS).map(move |dimension| (dimension, scrambles.next_u32()));
        dimensions.skip(position).step_by(assets.max(1)).map(move |(dimension, scramble)| {
            let even = owen_scramble_rev(sobol_rev(index.reverse_bits(), dimension), scramble);
            // The middle of the cell: a draw of 0 would be infinitely far out.
            normal_quantile((f64::from(even.reverse_bits()) + 0.5) / 4_294_967_296.0)
        })
    }
}

/// Uniform draws strictly between 0 and 1.
#[derive(Debug)]
pub(super) struct Uniforms {
    rng: ChaCha12Rng,
    mirrored: bool,
}

impl Uniforms {
    /// A draw; that of the mirrored path is one less it.
    pub(super) fn uniform(&mut self) -> f64 {
        let plain = self.unmirrored();
        if self.mirrored { 1.0 - plain } else { plain }
    }

    /// A draw that both paths of a pair share.
    pub(super) fn unmirrored(&mut self) -> f64 {
        const CELLS: f64 = 4_503_599_627_370_496.0;
        let cell = self.rng.next_u64() >> 12;
        // 52 bits and a half are exact, and so is one less them.
        let (high, low) = (cell >> 32, cell & 0xffff_ffff);
        let cell = halves(high) * 4_294_967_296.0 + halves(low);
        (cell + 0.5) / CELLS
    }

    pub(super) fn normal(&mut self) -> f64 {
        normal_quantile(self.uniform())
    }
}

/// A number below 2^32, exactly.
fn halves(bits: u64) -> f64 {
    f64::from(u32::try_from(bits).expect("32 bits"))
}

/// Standard normal increments whose sum is set by the first draw, the half-way point by the
/// second, the quarters by the next two, and so on.
fn bridge(steps: usize, mut draws: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut next = || draws.next().expect("draws without end");
    let length = |from: usize, to: usize| (to - from) as f64;
    let mut at = vec![0.0; steps + 1];
    let mut spans = VecDeque::new();
    if steps > 0 {
        at[steps] = length(0, steps).sqrt() * next();
        spans.push_back((0, steps));
    }
    while let Some((from, to)) = spans.pop_front() {
        if to - from < 2 {
            continue;
        }
        let mid = usize::midpoint(from, to);
        let (left, right, whole) = (length(from, mid), length(mid, to), length(from, to));
        let mean = (right * at[from] + left * at[to]) / whole;
        at[mid] = mean + (left * right / whole).sqrt() * next();
        spans.extend([(from, mid), (mid, to)]);
    }
    at.windows(2).map(|pair| pair[1] - pair[0]).collect()
}
