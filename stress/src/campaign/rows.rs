//! `paths.csv`: one line a path and pool, in integers.

use crate::{
    outcome::{PathOutcome, PoolOutcome},
    scenario::Scenario,
};

/// Columns after the path, the weight's bits and the pool. Money is in millionths of a dollar.
const COLUMNS: [&str; 27] = [
    "supplied",
    "borrowed",
    "insurance_before",
    "insurance_after",
    "bad_debt",
    "paid_fees",
    "paid_insurance",
    "paid_suppliers",
    "deficit",
    "uncollected",
    "liquidated",
    "liquidations",
    "late",
    "missed",
    "failed",
    "toxic",
    "delay_count",
    "delay_sum_s",
    "delay_max_s",
    "liquidator_profit",
    "bonus_paid",
    "fled",
    "saved_by_running",
    "first_loss_s",
    "exhausted_s",
    "untouched",
    "lowest_price",
];

/// The rows of a campaign as a table for other programs. Empty cells are what did not happen.
///
/// # Errors
/// None in memory; the writer's type has them.
pub fn csv(scenario: &Scenario, rows: &[PathOutcome]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["path", "weight_bits", "pool"].iter().chain(&COLUMNS))?;
    for row in rows {
        for (pool, outcome) in scenario.pools.iter().zip(&row.pools) {
            let own =
                [row.path.to_string(), format!("{:016x}", row.weight.to_bits()), pool.name.clone()];
            writer.write_record(own.into_iter().chain(cells(outcome)))?;
        }
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

fn cells(pool: &PoolOutcome) -> [String; 27] {
    let (debt, counts) = (&pool.bad_debt, &pool.liquidations);
    let seconds = |value: Option<u32>| value.map_or(String::new(), |value| value.to_string());
    let delays = || pool.delays.iter().map(|(delay_s, count)| (u64::from(*delay_s), *count));
    let lowest = pool.course.iter().map(|point| point.price.0).min();
    [
        pool.supplied.to_string(),
        pool.borrowed.to_string(),
        pool.insurance_before.to_string(),
        pool.insurance_after.to_string(),
        debt.total().to_string(),
        debt.fees.to_string(),
        debt.insurance.to_string(),
        debt.suppliers.to_string(),
        debt.deficit.to_string(),
        debt.uncollected.to_string(),
        pool.liquidated.to_string(),
        counts.executed.to_string(),
        counts.late.to_string(),
        counts.missed.to_string(),
        counts.failed.to_string(),
        counts.toxic.to_string(),
        delays().map(|(_, count)| u64::from(count)).sum::<u64>().to_string(),
        delays().map(|(delay_s, count)| delay_s * u64::from(count)).sum::<u64>().to_string(),
        delays().map(|(delay_s, _)| delay_s).max().unwrap_or_default().to_string(),
        pool.liquidator_profit.to_string(),
        pool.bonus_paid.to_string(),
        pool.fled.to_string(),
        pool.saved_by_running.to_string(),
        seconds(pool.first_loss_s),
        seconds(pool.exhausted_s),
        u8::from(pool.untouched).to_string(),
        lowest.map_or(String::new(), |price| price.to_string()),
    ]
}
