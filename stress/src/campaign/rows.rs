//! `paths.csv`: one line a path and pool, in integers. With the feature `parquet` the same table
//! as `paths.parquet`.

use crate::{
    outcome::{PathOutcome, PoolOutcome},
    scenario::Scenario,
};

/// What a column counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cells {
    /// Millionths of a dollar.
    Dollars,
    Count,
    Seconds,
    /// Zero or one.
    Truth,
}

/// Columns after the path, the weight's bits and the pool.
pub(super) const COLUMNS: [(&str, Cells); 27] = [
    ("supplied", Cells::Dollars),
    ("borrowed", Cells::Dollars),
    ("insurance_before", Cells::Dollars),
    ("insurance_after", Cells::Dollars),
    ("bad_debt", Cells::Dollars),
    ("paid_fees", Cells::Dollars),
    ("paid_insurance", Cells::Dollars),
    ("paid_suppliers", Cells::Dollars),
    ("deficit", Cells::Dollars),
    ("uncollected", Cells::Dollars),
    ("liquidated", Cells::Dollars),
    ("liquidations", Cells::Count),
    ("late", Cells::Count),
    ("missed", Cells::Count),
    ("failed", Cells::Count),
    ("toxic", Cells::Count),
    ("delay_count", Cells::Count),
    ("delay_sum_s", Cells::Seconds),
    ("delay_max_s", Cells::Seconds),
    ("liquidator_profit", Cells::Dollars),
    ("bonus_paid", Cells::Dollars),
    ("fled", Cells::Dollars),
    ("saved_by_running", Cells::Dollars),
    ("first_loss_s", Cells::Seconds),
    ("exhausted_s", Cells::Seconds),
    ("untouched", Cells::Truth),
    ("lowest_price", Cells::Dollars),
];

/// The rows of a campaign as a table for other programs. Empty cells are what did not happen.
///
/// # Errors
/// None in memory; the writer's type has them.
pub fn csv(scenario: &Scenario, rows: &[PathOutcome]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let names = COLUMNS.iter().map(|(name, _)| *name);
    writer.write_record(["path", "weight_bits", "pool"].into_iter().chain(names))?;
    for (path, pool, outcome) in lines(scenario, rows) {
        let weight = format!("{:016x}", path.weight.to_bits());
        let own = [path.path.to_string(), weight, pool.to_owned()];
        let text = |cell: Option<i128>| cell.map_or(String::new(), |cell| cell.to_string());
        writer.write_record(own.into_iter().chain(cells(outcome).map(text)))?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

/// Every path with every pool's name and outcome, in the order of the table.
pub(super) fn lines<'a>(
    scenario: &'a Scenario,
    rows: &'a [PathOutcome],
) -> impl Iterator<Item = (&'a PathOutcome, &'a str, &'a PoolOutcome)> {
    rows.iter().flat_map(|row| {
        let pools = scenario.pools.iter().zip(&row.pools);
        pools.map(move |(pool, outcome)| (row, pool.name.as_str(), outcome))
    })
}

/// The cells of a line; `None` is what did not happen.
pub(super) fn cells(pool: &PoolOutcome) -> [Option<i128>; 27] {
    let (debt, counts) = (&pool.bad_debt, &pool.liquidations);
    // Sums of dollars in millionths: no path comes near the end of 127 bits.
    let dollars = |value: u128| i128::try_from(value).ok();
    let count = |value: u32| Some(i128::from(value));
    let delays = || pool.delays.iter().map(|(delay_s, count)| (*delay_s, i128::from(*count)));
    let lowest = pool.course.iter().map(|point| point.price.0).min();
    [
        dollars(pool.supplied),
        dollars(pool.borrowed),
        dollars(pool.insurance_before),
        dollars(pool.insurance_after),
        dollars(debt.total()),
        dollars(debt.fees),
        dollars(debt.insurance),
        dollars(debt.suppliers),
        dollars(debt.deficit),
        dollars(debt.uncollected),
        dollars(pool.liquidated),
        count(counts.executed),
        count(counts.late),
        count(counts.missed),
        count(counts.failed),
        count(counts.toxic),
        Some(delays().map(|(_, count)| count).sum()),
        Some(delays().map(|(delay_s, count)| i128::from(delay_s) * count).sum()),
        count(delays().map(|(delay_s, _)| delay_s).max().unwrap_or_default()),
        Some(pool.liquidator_profit),
        dollars(pool.bonus_paid),
        dollars(pool.fled),
        dollars(pool.saved_by_running),
        pool.first_loss_s.and_then(count),
        pool.exhausted_s.and_then(count),
        Some(pool.untouched.into()),
        lowest.map(i128::from),
    ]
}
