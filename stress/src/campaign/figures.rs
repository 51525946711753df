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
    statistics::{
        Cluster, Estimate, Level, Losses, Quantile, SampleError, Sampled, clustered_quantile,
        wilson,
    },
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
        let seconds = self.clusters(|row| {
            let first = self.pools(row).filter_map(|pool| pool.exhausted_s).min();
            first.map(|second| (second, 1)).into_iter().collect()
        });
        Ok(InsuranceFigures {
            before,
            after: self.mean(|pool| pool.insurance_after)?,
            exhausted: self.probability(|pool| pool.exhausted_s.is_some())?,
            exhausted_after_s: self.seconds(&seconds, 5_000),
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
        let delays = self.clusters(|row| cluster(self.pools(row)));
        let counts = || delays.iter().flat_map(|cluster| &cluster.counts);
        let at = |bps| self.seconds(&delays, bps).unwrap_or_default();
        DelayFigures {
            count: counts().map(|(_, count)| count).sum(),
            p50: at(5_000),
            p90: at(9_000),
            p95: at(9_500),
            p99: at(9_900),
            max: counts().map(|(delay_s, _)| *delay_s).max().unwrap_or_default(),
        }
    }

    fn clusters(&self, counts: impl Fn(&PathOutcome) -> BTreeMap<u32, u64>) -> Vec<Cluster> {
        let cluster = |row: &PathOutcome| Cluster { weight: row.weight, counts: counts(row) };
        self.rows.iter().map(cluster).collect()
    }

    /// A quantile of seconds; `None` when there are none.
    fn seconds(&self, clusters: &[Cluster], bps: u32) -> Option<Bounded> {
        let level = Level::new(bps).expect("a share between 0 and 1");
        let Quantile { value, low, high } =
            clustered_quantile(clusters, self.group, level, CONFIDENCE)?;
        Some(Bounded { value: value.into(), low: low.map(f64::from), high: high.map(f64::from) })
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

/// Delays of the liquidations on one path.
fn cluster<'a>(pools: impl Iterator<Item = &'a PoolOutcome>) -> BTreeMap<u32, u64> {
    let mut counts = BTreeMap::new();
    for (delay_s, count) in pools.flat_map(|pool| &pool.delays) {
        *counts.entry(*delay_s).or_default() += u64::from(*count);
    }
    counts
}

fn spread(losses: &Losses, max: f64) -> Spread {
    let median = Level::new(5_000).expect("a share between 0 and 1");
    let at = |level| quantile(losses.value_at_risk(level, CONFIDENCE));
    let beyond = |level| {
        let ends = quantile(losses.shortfall(level, CONFIDENCE));
        Bounded { low: ends.low.map(|low| low.max(0.0)), ..ends }
    };
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
