//! How a run went: what reports draw.

use serde::{Deserialize, Serialize};

use super::NativeAmount;
use crate::prices::MicroUsd;

/// The course of one pool, from its first step to its last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    /// Name of the pool.
    pub pool: String,
    /// Symbol of the asset whose price is followed.
    pub collateral: String,
    /// Symbol of the asset whose bad debt is followed.
    pub debt: String,
    /// Decimal places of the debt asset.
    pub debt_decimals: u8,
    /// Points in time order.
    pub points: Vec<TimelinePoint>,
}

/// A pool at one time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelinePoint {
    /// The time, in Unix seconds.
    pub unix_s: i64,
    /// Price on the market.
    pub price: MicroUsd,
    /// Price last published on the chain.
    pub oracle_price: MicroUsd,
    /// Bad debt recognised since the start, by payer.
    pub bad_debt: PayerTotals,
    /// Positions that may be liquidated at the oracle's price.
    pub liquidatable: u32,
}

/// Bad debt by payer since the start, in native units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PayerTotals {
    /// Paid from accrued protocol fees.
    pub fees: NativeAmount,
    /// Paid from the insurance fund.
    pub insurance: NativeAmount,
    /// Paid by suppliers.
    pub suppliers: NativeAmount,
    /// Booked as a deficit.
    pub deficit: NativeAmount,
}

/// How many positions of a pool had which health, before the run and after it.
///
/// Bin `i` counts positions whose health is at least `i × BIN_BPS` and below the next bin; the
/// last bin has no upper end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthDistribution {
    /// Name of the pool.
    pub pool: String,
    /// Positions a bin before the run.
    pub before: Vec<u32>,
    /// Positions a bin after it.
    pub after: Vec<u32>,
    /// Positions without debt before the run: they have no health.
    pub debt_free_before: u32,
    /// Positions without debt after it.
    pub debt_free_after: u32,
}

impl HealthDistribution {
    /// Width of a bin, in basis points of a health of 1.
    pub const BIN_BPS: u64 = 1_000;
    /// Number of bins: up to a health of 2.5, and one for all above.
    pub const BINS: usize = 26;

    /// Counts positions by health in basis points of 1; `None` is a position without debt.
    pub fn count(
        pool: &str,
        before: impl IntoIterator<Item = Option<u64>>,
        after: impl IntoIterator<Item = Option<u64>>,
    ) -> Self {
        let (before, debt_free_before) = bins(before);
        let (after, debt_free_after) = bins(after);
        Self { pool: pool.to_owned(), before, after, debt_free_before, debt_free_after }
    }
}

fn bins(healths: impl IntoIterator<Item = Option<u64>>) -> (Vec<u32>, u32) {
    let mut bins = vec![0; HealthDistribution::BINS];
    let mut debt_free = 0;
    for health in healths {
        match health {
            None => debt_free += 1,
            Some(bps) => {
                let bin = usize::try_from(bps / HealthDistribution::BIN_BPS).unwrap_or(usize::MAX);
                bins[bin.min(HealthDistribution::BINS - 1)] += 1;
            }
        }
    }
    (bins, debt_free)
}
