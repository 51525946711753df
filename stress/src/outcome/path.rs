//! What one path of a Monte Carlo run did. Integers only, so that paths add up to the same totals
//! in any order, on any number of machines.

use serde::{Deserialize, Serialize};

use super::Transactions;
use crate::prices::MicroUsd;

/// The result of one path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PathOutcome {
    /// Number of the path: with the scenario it decides everything below.
    pub path: u64,
    /// Likelihood weight of its prices, 1 unless they were tilted. Kept as drawn, never summed
    /// before the paths are in order.
    pub weight: f64,
    /// What became of the transactions.
    pub transactions: Transactions,
    /// The pools, in the scenario's order.
    pub pools: Vec<PoolOutcome>,
}

/// The result of one pool on one path. Money is in millionths of a dollar, each entry valued at
/// the market's price of its moment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PoolOutcome {
    /// Supplied when the run began, of assets that somebody owed. Collateral in an asset that nobody
    /// owes is left out: no bad debt can take any of it.
    pub supplied: u128,
    /// Owed when the run began.
    pub borrowed: u128,
    /// Insurance fund when the run began.
    pub insurance_before: u128,
    /// Insurance fund when it ended.
    pub insurance_after: u128,
    /// Bad debt by who paid it.
    pub bad_debt: Payers,
    /// Debt that liquidators repaid.
    pub liquidated: u128,
    /// Counts of liquidations.
    pub liquidations: LiquidationCounts,
    /// Seconds from becoming liquidatable to each liquidation, and how many took that long; in
    /// order of seconds.
    pub delays: Vec<(u32, u32)>,
    /// What liquidators earned after swaps, fees of the chain and failed transactions.
    pub liquidator_profit: i128,
    /// Collateral handed to liquidators above the value of what they repaid.
    pub bonus_paid: u128,
    /// Withdrawn by suppliers who ran.
    pub fled: u128,
    /// What those who ran would have lost by staying.
    pub saved_by_running: u128,
    /// Seconds from the start to the first recognised loss.
    pub first_loss_s: Option<u32>,
    /// Seconds from the start to an empty insurance fund with a loss left to pay.
    pub exhausted_s: Option<u32>,
    /// Whether every byte of the pool's accounts but those of interest and prices is as it was.
    pub untouched: bool,
    /// Health of borrowers at the start: positions a bin of
    /// [`HealthDistribution`](super::HealthDistribution).
    pub health_before: Vec<u32>,
    /// Health of borrowers at the end.
    pub health_after: Vec<u32>,
    /// The course, at the times of [`course_times`].
    pub course: Vec<CoursePoint>,
}

/// Bad debt by payer, in millionths of a dollar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Payers {
    /// Accrued protocol fees, which go first.
    pub fees: u128,
    /// The insurance fund, which goes second.
    pub insurance: u128,
    /// Suppliers, by a lower share price.
    pub suppliers: u128,
    /// Nobody yet: booked as the reserve's deficit.
    pub deficit: u128,
    /// Nobody yet: beyond the collateral of its position, and not recognised when the path ended.
    pub uncollected: u128,
}

/// Counts of liquidations on one path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LiquidationCounts {
    /// Done.
    pub executed: u32,
    /// Done later than `late_after_s`.
    pub late: u32,
    /// Due and never done.
    pub missed: u32,
    /// Sent and refused by the chain: another was first, or the price had moved.
    pub failed: u32,
    /// Done, and the position's loan-to-value was higher after than before.
    pub toxic: u32,
}

/// A pool at one time of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoursePoint {
    /// Price of the first borrowers' collateral on the market.
    pub price: MicroUsd,
    /// The same, as last published on the chain.
    pub oracle_price: MicroUsd,
    /// Bad debt by payer so far.
    pub bad_debt: Payers,
    /// Insurance fund, in millionths of a dollar.
    pub insurance: u128,
    /// Positions that may be liquidated at the oracle's price.
    pub liquidatable: u32,
}

/// Most points of a course.
pub const COURSE_POINTS: usize = 64;

/// The steps whose ends a course records: at most [`COURSE_POINTS`], evenly spread, the last step
/// always among them.
pub fn course_times(steps: usize) -> Vec<usize> {
    let count = steps.min(COURSE_POINTS);
    (1..=count).map(|point| point * steps / count - 1).collect()
}

impl Payers {
    /// All bad debt, recognised or not.
    ///
    /// # Panics
    /// Beyond `u128`, which no sum of `u64` amounts at `u64` prices reaches.
    pub fn total(&self) -> u128 {
        self.recognised() + self.uncollected
    }

    /// Bad debt that was recognised.
    pub fn recognised(&self) -> u128 {
        self.fees + self.insurance + self.suppliers + self.deficit
    }
}

impl PathOutcome {
    /// Bad debt of all pools, recognised or not.
    pub fn bad_debt(&self) -> u128 {
        self.pools.iter().map(|pool| pool.bad_debt.total()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_course_ends_with_the_run() {
        assert_eq!(course_times(3), [0, 1, 2]);
        assert_eq!(course_times(0), [0_usize; 0]);
        let times = course_times(1_440);
        assert_eq!((times.len(), times[0], times[63]), (COURSE_POINTS, 21, 1_439));
        assert!(times.is_sorted_by(|a, b| a < b));
    }
}
