//! Made-up paths over the frozen scenario, so that pages have something to show.

use cofferdam_stress::outcome::{
    COURSE_POINTS, CoursePoint, HealthDistribution, LiquidationCounts, PathOutcome, Payers,
    PoolOutcome, Transactions,
};
use cofferdam_stress::prices::MicroUsd;
use cofferdam_stress::scenario::{self, Scenario};
use cofferdam_stress::seeded;

use crate::fixture::TEXT;

/// Enough for an interval around the mean beyond the 99 % quantile.
pub(crate) const PATHS: u64 = 1_200;

const DOLLAR: u128 = 1_000_000;
const FUND: u128 = 500_000 * DOLLAR;

pub(crate) fn scenario() -> Scenario {
    scenario::parse("black-thursday.toml", TEXT).expect("valid")
}

pub(crate) fn paths(count: u64) -> Vec<PathOutcome> {
    (0..count).map(path).collect()
}

pub(crate) fn path(number: u64) -> PathOutcome {
    let mut rng = seeded::stream(7, "paths", "fixture", i64::try_from(number).unwrap());
    // A random walk from 200 dollars on, in steps of up to 6 % either way, and a bit downwards.
    let mut prices = vec![200_000_000_u64];
    for _ in 1..COURSE_POINTS {
        let last = *prices.last().unwrap();
        prices.push(last * (93_800 + seeded::below(&mut rng, 12_001)) / 100_000);
    }
    let lowest = *prices.iter().min().unwrap();
    // Below 120 dollars each dollar costs 200,000.
    let lost = u128::from(120_000_000_u64.saturating_sub(lowest)) * 200_000;
    let course: Vec<_> = (0..COURSE_POINTS).map(|at| point(&prices, at, lost)).collect();
    let dry = PoolOutcome {
        supplied: 20_000_000 * DOLLAR,
        borrowed: 10_000_000 * DOLLAR,
        insurance_before: 100_000 * DOLLAR,
        insurance_after: 100_000 * DOLLAR,
        untouched: true,
        ..PoolOutcome::default()
    };
    PathOutcome {
        path: number,
        weight: 1.0,
        transactions: Transactions { submitted: 900, succeeded: 880, failed: 15, rejected: 5 },
        pools: vec![shocked(lost, lowest, course), dry],
    }
}

fn shocked(lost: u128, lowest: u64, course: Vec<CoursePoint>) -> PoolOutcome {
    let bad_debt = payers(lost);
    let liquidated = u128::from(170_000_000_u64.saturating_sub(lowest)) * 1_000_000;
    let done = u32::try_from(170_000_000_u64.saturating_sub(lowest) / 1_000_000).unwrap();
    let mut health_after = vec![0; HealthDistribution::BINS];
    health_after[10..].fill(6);
    health_after[9] = u32::from(lost > 0) * 3;
    let fund_left = FUND - bad_debt.insurance;
    PoolOutcome {
        supplied: 160_000_000 * DOLLAR,
        borrowed: 117_000_000 * DOLLAR,
        insurance_before: FUND,
        insurance_after: fund_left,
        bad_debt,
        liquidated,
        liquidations: LiquidationCounts {
            executed: done,
            late: done / 4,
            missed: done / 20,
            failed: done / 10,
            toxic: done / 30,
        },
        delays: vec![(0, done / 2), (240, done / 3), (7_200, done / 4), (50_000, done / 30)],
        liquidator_profit: i128::try_from(liquidated / 30).unwrap()
            - i128::try_from(lost / 8).unwrap(),
        bonus_paid: liquidated / 20,
        fled: lost / 2,
        saved_by_running: lost / 20,
        first_loss_s: (lost > 0).then_some(150_000),
        exhausted_s: (fund_left == 0 && bad_debt.suppliers > 0).then_some(200_000),
        untouched: false,
        health_before: (0..26).map(|bin: u32| if bin < 10 { 0 } else { 36 - bin }).collect(),
        health_after,
        course,
    }
}

fn payers(lost: u128) -> Payers {
    let fees = lost.min(76_543 * DOLLAR);
    let insurance = (lost - fees).min(FUND);
    let rest = lost - fees - insurance;
    let uncollected = rest / 10;
    Payers { fees, insurance, suppliers: rest - uncollected, deficit: 0, uncollected }
}

fn point(prices: &[u64], at: usize, lost: u128) -> CoursePoint {
    let lost = lost * at.saturating_sub(20) as u128 / (COURSE_POINTS - 21) as u128;
    let fall = 200_000_000_u64.saturating_sub(prices[at]) / 6_000_000;
    CoursePoint {
        price: MicroUsd(prices[at]),
        oracle_price: MicroUsd(prices[at.saturating_sub(2)]),
        bad_debt: payers(lost),
        insurance: FUND - payers(lost).insurance,
        liquidatable: u32::try_from(fall).unwrap(),
    }
}
