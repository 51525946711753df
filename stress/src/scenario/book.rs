//! The borrowers of a pool, one by one.

use super::{AmountError, BorrowerGroup, LtvRange, Pool, Scenario, caps::Room};
use crate::prices::MicroUsd;
use crate::seeded;

const BPS: u128 = 10_000;

/// A position to open before the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedPosition {
    /// Symbol of the collateral.
    pub collateral: String,
    /// Symbol of the debt.
    pub debt: String,
    /// Collateral, in native units.
    pub collateral_native: u64,
    /// Loan-to-value ratio to open with, in basis points.
    pub ltv_bps: u32,
}

/// The positions of a pool, group after group, each group from its lowest ratio to its highest.
///
/// Ratios are evenly spaced over the group's range; a group of one takes the highest. Sizes are
/// drawn between a half and one and a half of the mean, and add up to the group's collateral to
/// the last native unit. What a cap turns away is not in it.
///
/// # Errors
/// When a group's collateral or a cap is no amount of native units.
pub fn plan(scenario: &Scenario, pool: &Pool) -> Result<Vec<PlannedPosition>, AmountError> {
    Ok(each(scenario, pool)?.collect())
}

/// The same one by one: a scenario may have millions.
pub(crate) fn each(
    scenario: &Scenario,
    pool: &Pool,
) -> Result<impl Iterator<Item = PlannedPosition>, AmountError> {
    let room = match pool.is_capped() {
        true => Room::read(scenario, pool, wanted(scenario, pool)?)?,
        false => Room::default(),
    };
    Ok(wanted(scenario, pool)?.map(move |position| room.within(position)))
}

/// What the borrowers would open with if nothing were capped.
fn wanted(
    scenario: &Scenario,
    pool: &Pool,
) -> Result<impl Iterator<Item = PlannedPosition>, AmountError> {
    let mut groups = Vec::with_capacity(pool.borrowers.len());
    for (index, group) in (0..).zip(&pool.borrowers) {
        let Some(asset) = scenario.asset(&group.collateral) else { continue };
        let total = asset.native(group.collateral_total)?;
        let sizes = sizes(total, group.count, scenario.seed, &pool.name, index);
        groups.push((0..).zip(sizes).map(move |(rank, size)| position(group, rank, size)));
    }
    Ok(groups.into_iter().flatten())
}

impl PlannedPosition {
    /// The debt that gives the planned ratio at these prices, in native units, rounded down;
    /// `None` when it does not fit into 64 bits or the debt has no price.
    pub fn debt_native_down(
        &self,
        (collateral_price, collateral_decimals): (MicroUsd, u8),
        (debt_price, debt_decimals): (MicroUsd, u8),
    ) -> Option<u64> {
        let value = u128::from(self.collateral_native).checked_mul(collateral_price.0.into())?;
        let borrowed = value.checked_mul(self.ltv_bps.into())? / BPS;
        let per_token = u128::from(debt_price.0).checked_mul(unit(collateral_decimals)?)?;
        let native = borrowed.checked_mul(unit(debt_decimals)?)?.checked_div(per_token)?;
        native.try_into().ok()
    }
}

fn unit(decimals: u8) -> Option<u128> {
    10u128.checked_pow(decimals.into())
}

fn position(group: &BorrowerGroup, rank: u32, collateral_native: u64) -> PlannedPosition {
    PlannedPosition {
        collateral: group.collateral.clone(),
        debt: group.debt.clone(),
        collateral_native,
        ltv_bps: ltv_bps(group.ltv_bps, rank, group.count),
    }
}

/// The ratio of the borrower at `rank`, rounded down to a basis point.
fn ltv_bps(range: LtvRange, rank: u32, count: u32) -> u32 {
    let (gaps, width) = (u64::from(count.saturating_sub(1)), u64::from(range.to - range.from));
    let above_from = (width * u64::from(rank)).checked_div(gaps).unwrap_or(width);
    range.from + u32::try_from(above_from).unwrap_or(range.to - range.from)
}

/// `count` seeded sizes that sum to `total`.
fn sizes(total: u64, count: u32, seed: u64, pool: &str, group: i64) -> Vec<u64> {
    let mut rng = seeded::stream(seed, "book", pool, group);
    let weights: Vec<u64> = (0..count).map(|_| 50 + seeded::below(&mut rng, 101)).collect();
    let mut weight_left: u64 = weights.iter().sum();
    let mut left = total;
    let mut sizes = Vec::with_capacity(weights.len());
    for weight in weights {
        // Each takes its part of what is left, so the last takes the rest and nothing is lost.
        let part = u128::from(left) * u128::from(weight) / u128::from(weight_left);
        let size = u64::try_from(part).expect("a part of a u64");
        sizes.push(size);
        left -= size;
        weight_left -= weight;
    }
    sizes
}
