//! What many paths say: every figure with how sure it is.
//!
//! Money is in dollars, drawn from the integers of the paths in their order, so the same paths
//! give the same bits. Intervals are at 95 % confidence; an end that the paths cannot bound is
//! `null`. The layout of [`Figures`] is the layout of the names in a scenario's `[assert]`.

use serde::{Deserialize, Serialize};

use super::{CampaignError, Plan, course::Course, figures::figures};
use crate::{engine::Mode, outcome::PathOutcome, scenario::Scenario};

/// The result of a campaign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Results {
    /// Name of the scenario.
    pub scenario: String,
    /// Its seed.
    pub seed: u64,
    /// Number of paths.
    pub paths: u64,
    /// How many paths without weights would say as much (Kish).
    pub effective_paths: f64,
    /// How the paths were played.
    pub mode: Mode,
    /// Hash of the plan.
    pub plan: String,
    /// All pools together.
    pub total: Figures,
    /// Each pool, in the scenario's order.
    pub pools: Vec<PoolResults>,
}

/// One pool over all paths.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PoolResults {
    /// Name of the pool.
    pub name: String,
    /// Its figures.
    #[serde(flatten)]
    pub figures: Figures,
    /// Prices, bad debt, insurance and queue over time.
    pub course: Course,
}

/// A figure and the ends of its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Bounded {
    /// The figure.
    pub value: f64,
    /// Lower end; `None` where too few paths bound it.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

/// Figures of one pool, or of all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Supplied when the run began, of assets that somebody owed: what suppliers could lose.
    pub supplied: f64,
    /// Owed when the run began.
    pub borrowed: f64,
    /// Bad debt, recognised or not, and by payer.
    pub bad_debt: BadDebtFigures,
    /// The insurance fund.
    pub insurance: InsuranceFigures,
    /// Debt that liquidators repaid: its 95 % quantile is the liquidation at risk.
    pub liquidated: Spread,
    /// Counts of liquidations a path.
    pub liquidations: CountFigures,
    /// Seconds from becoming liquidatable to the liquidation, over all liquidations.
    pub delay_s: DelayFigures,
    /// What liquidators made of it.
    pub liquidators: LiquidatorFigures,
    /// What suppliers who ran made of it.
    pub running: RunningFigures,
    /// Whether no path changed a byte that the crash does not concern.
    pub untouched: bool,
    /// Paths on which that was so.
    pub untouched_paths: u64,
}

/// Bad debt, in dollars.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BadDebtFigures {
    /// All of it: `p95` is VaR 95, `es95` is ES 95.
    #[serde(flatten)]
    pub all: Spread,
    /// Probability of any.
    pub probability: Bounded,
    /// Paid from accrued fees.
    pub fees: Spread,
    /// Paid from the insurance fund.
    pub insurance: Spread,
    /// Paid by suppliers.
    pub suppliers: Spread,
    /// Booked as a deficit.
    pub deficit: Spread,
    /// Not recognised when the path ended.
    pub uncollected: Spread,
}

/// How an amount spreads over the paths.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Spread {
    /// Mean.
    pub mean: Bounded,
    /// Median.
    pub p50: Bounded,
    /// 95 % quantile.
    pub p95: Bounded,
    /// 99 % quantile.
    pub p99: Bounded,
    /// Mean of the worst 5 %.
    pub es95: Bounded,
    /// Mean of the worst 1 %.
    pub es99: Bounded,
    /// The largest seen.
    pub max: f64,
}

/// The insurance fund, in dollars.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct InsuranceFigures {
    /// When the run began.
    pub before: f64,
    /// When it ended, on average.
    pub after: Bounded,
    /// Probability that it runs out with a loss left to pay.
    pub exhausted: Bounded,
    /// Seconds until it has, where it has: median over those paths.
    pub exhausted_after_s: Option<Bounded>,
}

/// Liquidations a path, on average.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CountFigures {
    /// Done.
    pub executed: Bounded,
    /// Done late.
    pub late: Bounded,
    /// Due and never done.
    pub missed: Bounded,
    /// Refused by the chain.
    pub failed: Bounded,
    /// Done, and the loan-to-value rose.
    pub toxic: Bounded,
}

/// Seconds that liquidations took, each with the weight of its path; 0 without an interval where
/// there were none.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct DelayFigures {
    /// Liquidations of all paths, as they were drawn.
    pub count: u64,
    /// Median.
    pub p50: Bounded,
    /// 90 % quantile.
    pub p90: Bounded,
    /// 95 % quantile.
    pub p95: Bounded,
    /// 99 % quantile.
    pub p99: Bounded,
    /// The longest seen.
    pub max: u32,
}

/// What liquidators earn on a path, in dollars.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LiquidatorFigures {
    /// Profit after swaps, fees of the chain and failed transactions.
    pub profit: ProfitFigures,
    /// Collateral above the value of what was repaid, on average.
    pub bonus: Bounded,
}

/// Quantiles of a profit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ProfitFigures {
    /// Mean.
    pub mean: Bounded,
    /// 5 % quantile.
    pub p5: Bounded,
    /// Median.
    pub p50: Bounded,
    /// 95 % quantile.
    pub p95: Bounded,
}

/// Suppliers who ran, in dollars a path on average.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RunningFigures {
    /// What they withdrew.
    pub fled: Bounded,
    /// What staying would have cost them: the profit of running.
    pub saved: Bounded,
}

impl Results {
    /// Draws every figure from the paths of a plan, in their order.
    ///
    /// # Errors
    /// Fewer paths than hang together, or a weight that is none.
    pub fn of(
        plan: &Plan,
        scenario: &Scenario,
        rows: &[PathOutcome],
    ) -> Result<Self, CampaignError> {
        let group = usize::try_from(scenario.sampling.scheme().group_paths()).unwrap_or(1);
        let all = figures(rows, group, &|_| true)?;
        let mut pools = Vec::with_capacity(scenario.pools.len());
        for (index, pool) in scenario.pools.iter().enumerate() {
            let figures = figures(rows, group, &|pool| pool == index)?;
            let course = Course::of(&scenario.grid(), rows, index);
            pools.push(PoolResults { name: pool.name.clone(), figures, course });
        }
        Ok(Self {
            scenario: scenario.name.clone(),
            seed: scenario.seed,
            paths: rows.len() as u64,
            effective_paths: effective(rows),
            mode: plan.mode,
            plan: plan.hash.clone(),
            total: all,
            pools,
        })
    }
}

fn effective(rows: &[PathOutcome]) -> f64 {
    let sum: f64 = rows.iter().map(|row| row.weight).sum();
    let squares: f64 = rows.iter().map(|row| row.weight * row.weight).sum();
    if squares > 0.0 { sum * sum / squares } else { 0.0 }
}
