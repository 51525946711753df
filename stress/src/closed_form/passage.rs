//! How likely a position is to become liquidatable at all.

use super::{DelayedPut, Terms};
use crate::math::{exp, ln, normal_cdf};

/// `-ζ(1/2) / √(2π)`: how far, in standard deviations of a step, a barrier that is looked at once
/// a step lies behind one that is always watched (Broadie, Glasserman and Kou, Mathematical
/// Finance 7, 1997).
pub const DISCRETE_SHIFT: f64 = 0.582_597_157_939_010_7;

/// A position that a price without drift carries from `ltv` to `lltv`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Passage {
    /// Loan-to-value at the start.
    pub ltv: f64,
    /// Loan-to-value at which it may be liquidated.
    pub lltv: f64,
    /// Volatility per square root of a year.
    pub volatility: f64,
    /// Length of the window.
    pub years: f64,
}

impl Passage {
    /// Probability that the limit is reached within the window, watched all the time.
    pub fn probability(&self) -> f64 {
        self.reaches(self.barrier())
    }

    /// Probability when the price is looked at `steps` times, evenly spaced; good to the order of
    /// the square root of a step.
    pub fn probability_discrete(&self, steps: u32) -> f64 {
        self.reaches(self.barrier() - self.mean_log_overshoot(steps))
    }

    /// Mean of how far, in logarithms, the price has fallen past the limit when one of `steps`
    /// looks finds it there.
    pub fn mean_log_overshoot(&self, steps: u32) -> f64 {
        DISCRETE_SHIFT * self.volatility * (self.years / f64::from(steps)).sqrt()
    }

    /// Logarithm of the fall that reaches the limit; negative.
    fn barrier(&self) -> f64 {
        ln(self.ltv / self.lltv)
    }

    /// Probability that the logarithm of the price falls to `x` within the window.
    fn reaches(&self, x: f64) -> f64 {
        if x >= 0.0 {
            return 1.0;
        }
        let drift = -0.5 * self.volatility * self.volatility;
        let deviation = self.volatility * self.years.sqrt();
        let direct = normal_cdf((x - drift * self.years) / deviation);
        let mirrored = normal_cdf((x + drift * self.years) / deviation);
        direct + exp(2.0 * drift * x / (self.volatility * self.volatility)) * mirrored
    }
}

/// Mean bad debt of a position that may reach its limit and is then closed `delay_years` later:
/// the price forgets how it got there, so the two factors multiply.
pub fn whole_process(passage: &Passage, lif: f64, delay_years: f64) -> f64 {
    passage.probability() * put(passage, lif, delay_years).expected_above(0.0)
}

/// As [`whole_process`] when the price is looked at `steps` times: reached less often, and found
/// further down. The mean overshoot stands for its distribution, so the figure is a little low
/// while steps are long.
pub fn whole_process_discrete(passage: &Passage, lif: f64, delay_years: f64, steps: u32) -> f64 {
    let overshot = exp(-passage.mean_log_overshoot(steps));
    let put = put(passage, lif, delay_years).scaled(overshot);
    passage.probability_discrete(steps) * put.expected_above(0.0)
}

fn put(passage: &Passage, lif: f64, delay_years: f64) -> DelayedPut {
    Terms { lltv: passage.lltv, lif }.delayed(passage.volatility, delay_years)
}
