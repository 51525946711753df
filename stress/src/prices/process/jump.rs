//! Jumps of the logarithm of a price.

use super::draw::Uniforms;
use super::{Kou, Merton, Process};
use crate::math::{exp, ln, normal_quantile};

/// Jumps that arrive at random and have random sizes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Jumps {
    /// Mean number a year.
    pub(super) per_year: f64,
    law: Law,
}

#[derive(Debug, Clone, Copy)]
enum Law {
    Normal { mean: f64, deviation: f64 },
    TwoSided { up_probability: f64, up_mean: f64, down_mean: f64 },
}

impl Process {
    /// The jumps of the process, when it has any.
    pub(super) fn jumps(&self) -> Option<Jumps> {
        let jumps = match *self {
            Self::Merton(Merton { jumps_per_year, jump_mean, jump_deviation, .. }) => Jumps {
                per_year: jumps_per_year,
                law: Law::Normal { mean: jump_mean, deviation: jump_deviation },
            },
            Self::Kou(Kou { jumps_per_year, up_probability, up_mean, down_mean, .. }) => Jumps {
                per_year: jumps_per_year,
                law: Law::TwoSided { up_probability, up_mean, down_mean },
            },
            _ => return None,
        };
        (jumps.per_year > 0.0).then_some(jumps)
    }
}

impl Jumps {
    /// Growth rate that the jumps alone give the mean price, per year; the rest of the process
    /// gives it up, so that the drift is the drift.
    pub(super) fn growth_per_year(&self) -> f64 {
        let mean_factor = match self.law {
            Law::Normal { mean, deviation } => exp(mean + 0.5 * deviation * deviation),
            Law::TwoSided { up_probability, up_mean, down_mean } => {
                up_probability / (1.0 - up_mean) + (1.0 - up_probability) / (1.0 + down_mean)
            }
        };
        self.per_year * (mean_factor - 1.0)
    }

    /// The size that a share `p` of jumps does not exceed. Inversion lets one draw set the size
    /// of a common jump for every asset: a bad one for one is as bad for all.
    pub(super) fn size(&self, p: f64) -> f64 {
        match self.law {
            // Without this, no deviation times an infinite quantile would be no number.
            Law::Normal { mean, deviation: 0.0 } => mean,
            Law::Normal { mean, deviation } => mean + deviation * normal_quantile(p),
            Law::TwoSided { up_probability, up_mean, down_mean } => {
                let down = 1.0 - up_probability;
                if p < down {
                    down_mean * ln(p / down)
                } else {
                    -up_mean * ln((1.0 - p) / up_probability)
                }
            }
        }
    }
}

/// A jump: the step that shows it first, and the share of jumps that are smaller.
#[derive(Debug, Clone, Copy)]
pub(super) struct Event {
    pub(super) step: usize,
    pub(super) rank: f64,
}

/// The jumps of a stream over `steps` steps of `step_years`.
pub(super) fn arrivals(
    uniforms: &mut Uniforms,
    per_year: f64,
    steps: usize,
    step_years: f64,
) -> Vec<Event> {
    let mut events = Vec::new();
    if per_year <= 0.0 {
        return events;
    }
    let (mut at, mut step) = (0.0, 0);
    loop {
        at -= ln(uniforms.unmirrored()) / (per_year * step_years);
        // Counting up is the conversion to a whole step, and it never goes back.
        while step < steps && (step + 1) as f64 <= at {
            step += 1;
        }
        if step >= steps {
            return events;
        }
        events.push(Event { step, rank: uniforms.uniform() });
    }
}
