//! Bad debt of a liquidation that comes too late.

use crate::math::{exp, ln, normal_cdf, normal_quantile};
use crate::prices::process::Merton;

/// At which loan-to-value a position may be liquidated, and what the liquidator gets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// Loan-to-value at which liquidation is allowed.
    pub lltv: f64,
    /// Liquidation incentive factor: collateral seized per unit of debt repaid, one plus the bonus.
    pub lif: f64,
}

/// Chance and mean of a loss, per unit of debt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BadDebt {
    /// Probability that there is a loss.
    pub probability: f64,
    /// Mean loss, zero included.
    pub expected: f64,
}

/// A position that stands exactly at its limit and is closed some time later.
///
/// Its bad debt is `(1 - S)⁺`, where `S` is what the collateral still pays for the debt: a
/// put of strike 1 on a log-normal `S` that starts at `1 / (lltv · lif)`. Only the variance over
/// the delay matters: twice the volatility is four times the delay.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DelayedPut {
    start: f64,
    deviation: f64,
}

/// Who pays for bad debt, per unit of debt: a put split into spreads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tranches {
    /// Mean that reserves pay.
    pub reserves: f64,
    /// Mean that insurance pays.
    pub insurance: f64,
    /// Mean that is left to suppliers.
    pub socialised: f64,
    /// Probability that reserves and insurance are both used up.
    pub probability_exhausted: f64,
}

impl Terms {
    /// What the collateral pays of the debt when it becomes liquidatable; above 1 by the buffer.
    pub fn cover(&self) -> f64 {
        1.0 / (self.lltv * self.lif)
    }

    /// The position closed `delay_years` after it became liquidatable.
    pub fn delayed(&self, volatility: f64, delay_years: f64) -> DelayedPut {
        DelayedPut { start: self.cover(), deviation: volatility * delay_years.sqrt() }
    }
}

impl DelayedPut {
    /// A put on a log-normal value of mean `start` and log standard deviation `deviation`.
    pub fn new(start: f64, deviation: f64) -> Self {
        Self { start, deviation }
    }

    /// The same delay for a position whose collateral pays `share` of what it paid.
    #[must_use]
    pub fn scaled(&self, share: f64) -> Self {
        Self { start: self.start * share, ..*self }
    }

    /// Chance and mean of the loss.
    pub fn bad_debt(&self) -> BadDebt {
        BadDebt { probability: self.probability_above(0.0), expected: self.expected_above(0.0) }
    }

    /// Probability of a loss of more than `covered`.
    pub fn probability_above(&self, covered: f64) -> f64 {
        let strike = 1.0 - covered;
        if strike <= 0.0 { 0.0 } else { normal_cdf(-self.d2(strike)) }
    }

    /// Mean of the loss beyond `covered`: a put of strike `1 - covered`.
    pub fn expected_above(&self, covered: f64) -> f64 {
        let strike = 1.0 - covered;
        if strike <= 0.0 {
            return 0.0;
        }
        let d2 = self.d2(strike);
        strike * normal_cdf(-d2) - self.start * normal_cdf(-d2 - self.deviation)
    }

    /// Who pays when reserves come first, insurance second and suppliers last.
    pub fn tranches(&self, reserves: f64, insurance: f64) -> Tranches {
        let spared = reserves + insurance;
        let [all, past_reserves, past_both] =
            [0.0, reserves, spared].map(|covered| self.expected_above(covered));
        Tranches {
            reserves: all - past_reserves,
            insurance: past_reserves - past_both,
            socialised: past_both,
            probability_exhausted: self.probability_above(spared),
        }
    }

    /// The loss that is not exceeded with probability `level`, such as 0.95.
    pub fn value_at_risk(&self, level: f64) -> f64 {
        let z = normal_quantile(1.0 - level);
        let s = self.deviation;
        (1.0 - self.start * exp(z * s - 0.5 * s * s)).max(0.0)
    }

    /// Mean loss of the worst `1 - level` of cases.
    pub fn expected_shortfall(&self, level: f64) -> f64 {
        let worst = 1.0 - level;
        if self.value_at_risk(level) == 0.0 {
            // Every loss lies in the worst cases, and the rest of them lose nothing.
            return self.expected_above(0.0) / worst;
        }
        1.0 - self.start * normal_cdf(normal_quantile(worst) - self.deviation) / worst
    }

    fn d2(&self, strike: f64) -> f64 {
        ln(self.start / strike) / self.deviation - 0.5 * self.deviation
    }
}

/// The delayed liquidation when the price also jumps: a mixture over the number of jumps, whose
/// drift the continuous part makes up for (Merton, Journal of Financial Economics 3, 1976).
pub fn merton(terms: Terms, process: &Merton, delay_years: f64) -> BadDebt {
    let Merton { volatility, jumps_per_year, jump_mean, jump_deviation, .. } = *process;
    let (mean_jumps, jump_variance) =
        (jumps_per_year * delay_years, jump_deviation * jump_deviation);
    let growth = jump_mean + 0.5 * jump_variance;
    let lost_to_jumps = mean_jumps * (exp(growth) - 1.0);
    let mut mixture = BadDebt { probability: 0.0, expected: 0.0 };
    let (mut weight, mut jumps) = (exp(-mean_jumps), 0.0);
    while weight > 1e-18 || jumps < mean_jumps {
        let variance = volatility * volatility * delay_years + jumps * jump_variance;
        let start = terms.cover() * exp(jumps * growth - lost_to_jumps);
        let given = DelayedPut::new(start, variance.sqrt()).bad_debt();
        mixture.probability += weight * given.probability;
        mixture.expected += weight * given.expected;
        jumps += 1.0;
        weight *= mean_jumps / jumps;
    }
    mixture
}

/// Mean bad debt when each block of `block_years` includes the liquidation with `probability`.
///
/// A geometric mixture of delays; it ends when the chance of still waiting is below 1e-18.
pub fn queued(terms: Terms, volatility: f64, probability: f64, block_years: f64) -> f64 {
    let (mut waiting, mut blocks, mut sum) = (1.0, 0.0, 0.0);
    while waiting > 1e-18 {
        blocks += 1.0;
        let put = terms.delayed(volatility, blocks * block_years);
        sum += waiting * probability * put.expected_above(0.0);
        waiting *= 1.0 - probability;
    }
    sum
}

/// Mean bad debt over `positions` that become liquidatable at once when a block of `block_years`
/// closes `per_block` of them: the i-th waits `⌈i / per_block⌉` blocks.
///
/// # Panics
/// When `per_block` is 0, for then nobody is ever liquidated.
pub fn capacity_limited(
    terms: Terms,
    volatility: f64,
    positions: u32,
    per_block: u32,
    block_years: f64,
) -> f64 {
    let loss = |position: u32| {
        let blocks = f64::from(position.div_ceil(per_block));
        terms.delayed(volatility, blocks * block_years).expected_above(0.0)
    };
    (1..=positions).map(loss).sum::<f64>() / f64::from(positions.max(1))
}
