//! The course of a pool over all paths: quantiles at each time.

use serde::{Deserialize, Serialize};

use crate::{
    outcome::{CoursePoint, PathOutcome, course_times},
    prices::Grid,
    statistics::weighted_quantile,
};

/// Quantiles over the paths at the times of a course.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Course {
    /// The times, in Unix seconds.
    pub unix_s: Vec<i64>,
    /// Market price, in millionths of a dollar.
    pub price: Fan,
    /// Price on the chain, in millionths of a dollar.
    pub oracle_price: Fan,
    /// Bad debt so far, in millionths of a dollar.
    pub bad_debt: Fan,
    /// Of it paid by suppliers.
    pub suppliers: Fan,
    /// Insurance fund, in millionths of a dollar.
    pub insurance: Fan,
    /// Positions that may be liquidated.
    pub queue: Fan,
}

/// Five quantiles at each time.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Fan {
    /// 5 %.
    pub p5: Vec<i128>,
    /// 25 %.
    pub p25: Vec<i128>,
    /// Median.
    pub p50: Vec<i128>,
    /// 75 %.
    pub p75: Vec<i128>,
    /// 95 %.
    pub p95: Vec<i128>,
}

impl Course {
    /// The course of the pool at `index`.
    pub(super) fn of(grid: &Grid, rows: &[PathOutcome], index: usize) -> Self {
        let fan = |value: &dyn Fn(&CoursePoint) -> i128| fan(grid, rows, index, value);
        let step_s = i64::from(grid.step_s);
        let at = |step: usize| grid.start_s + i64::try_from(step).unwrap_or(i64::MAX) * step_s;
        Self {
            unix_s: course_times(grid.steps).into_iter().map(at).collect(),
            price: fan(&|point| point.price.0.into()),
            oracle_price: fan(&|point| point.oracle_price.0.into()),
            bad_debt: fan(&|point| signed(point.bad_debt.total())),
            suppliers: fan(&|point| signed(point.bad_debt.suppliers)),
            insurance: fan(&|point| signed(point.insurance)),
            queue: fan(&|point| point.liquidatable.into()),
        }
    }
}

fn fan(
    grid: &Grid,
    rows: &[PathOutcome],
    index: usize,
    value: &dyn Fn(&CoursePoint) -> i128,
) -> Fan {
    let mut fan = Fan::default();
    for time in 0..course_times(grid.steps).len() {
        let point = |row: &PathOutcome| {
            let point = row.pools.get(index)?.course.get(time)?;
            Some((value(point), row.weight))
        };
        let mut values: Vec<(i128, f64)> = rows.iter().filter_map(point).collect();
        values.sort_by_key(|(value, _)| *value);
        let lines = [&mut fan.p5, &mut fan.p25, &mut fan.p50, &mut fan.p75, &mut fan.p95];
        for (line, level) in lines.into_iter().zip([0.05, 0.25, 0.5, 0.75, 0.95]) {
            line.extend(weighted_quantile(&values, level));
        }
    }
    fan
}

/// No sum of money here comes near.
fn signed(value: u128) -> i128 {
    i128::try_from(value).unwrap_or(i128::MAX)
}
