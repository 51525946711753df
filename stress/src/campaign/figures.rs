//! Figures from the rows of paths.

use std::collections::BTreeMap;

use super::{
    CampaignError,
    results::{
        BadDebtFigures, Bounded, CountFigures, DelayFigures, Figures, InsuranceFigures,
        LiquidatorFigures, ProfitFigures, RunningFigures, Spread,
    },
};
use crate::{
    outcome::{LiquidationCounts, PathOutcome, Payers, PoolOutcome},
    statistics::{Estimate, Level, Losses, Quantile, SampleError, Sampled, wilson},
};

const CONFIDENCE: Level = Level::P95;
const MICROS: f64 = 1e6;

/// The rows and which of their pools count.
struct Sample<'a> {
    rows: &'a [PathOutcome],
    group: usize,
    counts: &'a dyn Fn(usize) -> bool,
}

/// Figures of the pools that `counts` picks. `group` paths in a row hang together.
///
/// # Errors
/// Fewer paths than a group, or a weight that is none.
pub(super) fn figures(
    rows: &[PathOutcome],
    group: usize,
    counts: &dyn Fn(usize) -> bool,
) -> Result<Figures, CampaignError> {
    let sample = Sample { rows, group, counts };
    let opening = |value: fn(&PoolOutcome) -> u128| {
        rows.first().map_or(0.0, |row| sample.sum(row, value) as f64 / MICROS)
    };
    let untouched = rows.iter().filter(|row| sample.pools(row).all(|pool| pool.untouched));
    let untouched_paths = untouched.count() as u64;
    Ok(Figures {
        supplied: opening(|pool| pool.supplied),
        borrowed: opening(|pool| pool.borrowed),
        bad_debt: sample.bad_debt()?,
        insurance: sample.insurance(opening(|pool| pool.insurance_before))?,
        liquidated: sample.spread(|pool| pool.liquidated)?,
        liquidations: sample.counted()?,
        delay_s: sample.delays(),
        liquidators: sample.liquidators()?,
        running: RunningFigures {
            fled: sample.mean(|pool| pool.fled)?,
            saved: sample.mean(|pool| pool.saved_by_running)?,
        },
        untouched: untouched_paths == rows.len() as u64,
        untouched_paths,
    })
}

impl Sample<'_> {
    fn pools<'a>(&'a self, row: &'a PathOutcome) -> impl Iterator<Item = &'a PoolOutcome> {
        row.pools
            .iter()
            .enumerate()
            .filter(|(index, _)| (self.counts)(*index))
            .map(|(_, pool)| pool)
    }

    fn sum(&self, row: &PathOutcome, value: impl Fn(&PoolOutcome) -> u128) -> u128 {
        self.pools(row).map(value).sum()
    }

    fn losses(&self, loss: impl Fn(&PathOutcome) -> f64) -> Result<Losses, SampleError> {
        let sampled = |row: &PathOutcome| Sampled { loss: loss(row), weight: row.weight };
        Losses::new(self.rows.iter().map(sampled).collect(), self.group)
    }

    fn dollars(&self, value: impl Fn(&PoolOutcome) -> u128) -> Result<Losses, SampleError> {
        self.losses(|row| self.sum(row, &value) as f64 / MICROS)
    }

    fn spread(&self, value: impl Fn(&PoolOutcome) -> u128) -> Result<Spread, SampleError> {
        let max = self.rows.iter().map(|row| self.sum(row, &value)).max().unwrap_or_default();
        Ok(spread(&self.dollars(value)?, max as f64 / MICROS))
    }

    fn mean(&self, value: impl Fn(&PoolOutcome) -> u128) -> Result<Bounded, SampleError> {
        Ok(above_zero(self.dollars(value)?.mean()))
    }

    fn bad_debt(&self) -> Result<BadDebtFigures, SampleError> {
        let payer = |part: fn(&Payers) -> u128| self.spread(move |pool| part(&pool.bad_debt));
        Ok(BadDebtFigures {
            all: payer(Payers::total)?,
            probability: self.probability(|pool| pool.bad_debt.total() > 0)?,
            fees: payer(|paid| paid.fees)?,
            insurance: payer(|paid| paid.insurance)?,
            suppliers: payer(|paid| paid.suppliers)?,
            deficit: payer(|paid| paid.deficit)?,
            uncollected: payer(|paid| paid.uncollected)?,
        })
    }

    fn insurance(&self, before: f64) -> Result<InsuranceFigures, SampleError> {
        let last = |row| self.pools(row).filter_map(|pool| pool.exhausted_s).min();
        let mut seconds: Vec<u32> = self.rows.iter().filter_map(last).collect();
        seconds.sort_unstable();
        Ok(InsuranceFigures {
            before,
            after: self.mean(|pool| pool.insurance_after)?,
            exhausted: self.probability(|pool| pool.exhausted_s.is_some())?,
            exhausted_after_s: seconds.get(seconds.len() / 2).copied(),
        })
    }

    /// Probability that some pool is so. Wilson's interval says something when nothing was seen;
    /// where paths carry weights or hang together, the mean's does.
    fn probability(&self, is_so: impl Fn(&PoolOutcome) -> bool) -> Result<Bounded, SampleError> {
        let so = |row: &PathOutcome| self.pools(row).any(&is_so);
        if self.group == 1 && self.rows.iter().all(|row| row.weight == 1.0) {
            let seen = self.rows.iter().filter(|row| so(row)).count() as u64;
            let ends = wilson(seen, self.rows.len() as u64, CONFIDENCE);
            let value = seen as f64 / self.rows.len().max(1) as f64;
            return Ok(Bounded { value, low: Some(ends.low), high: Some(ends.high) });
        }
        let share = bounded(self.losses(|row| f64::from(so(row)))?.mean());
        let within = |end: Option<f64>| end.map(|end| end.clamp(0.0, 1.0));
        Ok(Bounded { low: within(share.low), high: within(share.high), ..share })
    }

    fn counted(&self) -> Result<CountFigures, SampleError> {
        let count = |part: fn(&LiquidationCounts) -> u32| {
            let losses = self.losses(|row| {
                self.pools(row).map(|pool| f64::from(part(&pool.liquidations))).sum()
            })?;
            Ok(above_zero(losses.mean()))
        };
        Ok(CountFigures {
            executed: count(|done| done.executed)?,
            late: count(|done| done.late)?,
            missed: count(|done| done.missed)?,
            failed: count(|done| done.failed)?,
            toxic: count(|done| done.toxic)?,
        })
    }

    fn delays(&self) -> DelayFigures {
        let mut counts: BTreeMap<u32, u64> = BTreeMap::new();
        let pools = self.rows.iter().flat_map(|row| self.pools(row));
        for (delay_s, count) in pools.flat_map(|pool| &pool.delays) {
            *counts.entry(*delay_s).or_default() += u64::from(*count);
        }
        let count: u64 = counts.values().sum();
        let at = |percent: u64| {
            let mut left = (count * percent).div_ceil(100).max(1);
            let reached = |(_, count): &(&u32, &u64)| {
                let is_last = **count >= left;
                left = left.saturating_sub(**count);
                is_last
            };
            counts.iter().find(reached).map_or(0, |(delay_s, _)| *delay_s)
        };
        DelayFigures { count, p50: at(50), p90: at(90), p95: at(95), p99: at(99), max: at(100) }
    }

    fn liquidators(&self) -> Result<LiquidatorFigures, SampleError> {
        let sum = |row: &PathOutcome| -> i128 {
            self.pools(row).map(|pool| pool.liquidator_profit).sum()
        };
        let profit = self.losses(|row| sum(row) as f64 / MICROS)?;
        let at = |bps| {
            let level = Level::new(bps).expect("a share between 0 and 1");
            quantile(profit.value_at_risk(level, CONFIDENCE))
        };
        let profit = ProfitFigures {
            mean: bounded(profit.mean()),
            p5: at(500),
            p50: at(5_000),
            p95: at(9_500),
        };
        Ok(LiquidatorFigures { profit, bonus: self.mean(|pool| pool.bonus_paid)? })
    }
}

fn spread(losses: &Losses, max: f64) -> Spread {
    let median = Level::new(5_000).expect("a share between 0 and 1");
    let at = |level| quantile(losses.value_at_risk(level, CONFIDENCE));
    let beyond = |level| above_zero(losses.expected_shortfall(level));
    Spread {
        mean: above_zero(losses.mean()),
        p50: at(median),
        p95: at(Level::P95),
        p99: at(Level::P99),
        es95: beyond(Level::P95),
        es99: beyond(Level::P99),
        max,
    }
}

fn quantile(Quantile { value, low, high }: Quantile<f64>) -> Bounded {
    Bounded { value, low, high }
}

fn bounded(estimate: Estimate) -> Bounded {
    let ends = estimate.interval(CONFIDENCE);
    let finite = |end: f64| end.is_finite().then_some(end);
    Bounded { value: estimate.value, low: finite(ends.low), high: finite(ends.high) }
}

/// Of something that cannot be negative.
fn above_zero(estimate: Estimate) -> Bounded {
    let ends = bounded(estimate);
    Bounded { low: ends.low.map(|low| low.max(0.0)), ..ends }
}
