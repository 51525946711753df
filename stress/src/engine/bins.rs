//! How many positions have which health.

use cofferdam_sdk::{
    Market, PositionView,
    interface::{math::oracle::Valuation, plan::Market as _, units::WAD},
};

use super::{
    index::{Index, MARGIN, Pair, critical},
    near::Near,
    run::RunError,
    stage::Stage,
    view::{each, health},
};
use crate::outcome::HealthDistribution;

const BPS_PER_ONE: u128 = 10_000;

/// Positions a bin of health; those without debt, or without a usable price, are in none.
pub(super) fn healths(
    stage: &Stage,
    near: Option<&Near>,
    pool: usize,
    market: &Market,
) -> Result<Vec<u32>, RunError> {
    let Some(near) = near else {
        let bps = each(stage, pool).map(|found| Ok(health_bps(market, &found?.1)));
        let bps = bps.collect::<Result<Vec<_>, RunError>>()?;
        return Ok(HealthDistribution::count("", bps, []).before);
    };
    let index = near.index(pool);
    let mut bins = vec![0; HealthDistribution::BINS];
    let mut unsure: Vec<u32> = index.unsorted().collect();
    for pair in index.pairs() {
        let sides = [pair.collateral(), pair.debt()].map(|side| market.reserves[side].keys.reserve);
        if sides.iter().all(|reserve| market.prices(reserve, Valuation::Spot).is_ok()) {
            sorted(index, pair, critical(market, pair), &mut bins, &mut unsure);
        }
    }
    let asked = near.read(stage, pool, unsure.into_iter())?;
    let bps = asked.iter().map(|(_, position)| health_bps(market, position));
    let asked = HealthDistribution::count("", bps, []).before;
    Ok(bins.iter().zip(asked).map(|(sure, asked)| sure + asked).collect())
}

/// Counts the staged positions of a pair by where their ratio lies; those too near to the border
/// of a bin are left to be asked.
fn sorted(
    index: &Index,
    pair: Pair,
    critical: Option<f64>,
    bins: &mut [u32],
    unsure: &mut Vec<u32>,
) {
    let staged = index.staged(pair);
    let still = |(_, number): &&(f64, u32)| !index.has_moved(*number);
    let Some(critical) = critical else {
        unsure.extend(staged.iter().filter(still).map(|(_, number)| *number));
        return;
    };
    // Health falls as ratios rise: what is left of `from` has been counted.
    let mut from = 0;
    for bin in (1..bins.len()).rev() {
        let border = critical * HEALTHS_PER_BIN / small(bin);
        let sure = staged.partition_point(|(ratio, _)| *ratio < border * (1.0 - MARGIN));
        let past = staged.partition_point(|(ratio, _)| *ratio <= border * (1.0 + MARGIN));
        let counted = staged.get(from..sure).unwrap_or(&[]).iter().filter(still).count();
        bins[bin] += u32::try_from(counted).unwrap_or(u32::MAX);
        let near = staged.get(sure.max(from)..past).unwrap_or(&[]).iter().filter(still);
        unsure.extend(near.map(|(_, number)| *number));
        from = from.max(past);
    }
    let rest = staged.get(from..).unwrap_or(&[]).iter().filter(still).count();
    bins[0] += u32::try_from(rest).unwrap_or(u32::MAX);
}

/// Bins to a health of one.
const HEALTHS_PER_BIN: f64 = 10.0;
const _: () = assert!(HealthDistribution::BIN_BPS == 1_000, "ten bins to a health of one");

fn small(bin: usize) -> f64 {
    u32::try_from(bin).map_or(f64::MAX, f64::from)
}

fn health_bps(market: &Market, position: &PositionView) -> Option<u64> {
    let factor = health(market, position)?.factor_down().ok()??;
    Some(u64::try_from(factor.get() / (WAD / BPS_PER_ONE)).unwrap_or(u64::MAX))
}
