//! What the pictures show, drawn together from the paths. Money is in millionths of a dollar.

use crate::outcome::{PathOutcome, Payers, PoolOutcome, course_times};
use crate::scenario::Scenario;
use crate::statistics::Cluster;
pub(super) use crate::statistics::weighted_quantile;

/// Quantiles of a figure at the times of a course.
#[derive(Debug, Clone, Default)]
pub(super) struct Fan {
    /// 5 %, 25 %, 50 %, 75 % and 95 %.
    pub(super) levels: [Vec<(i128, i128)>; 5],
    /// The most on any path.
    pub(super) most: Vec<(i128, i128)>,
}

/// One pool over all paths.
#[derive(Debug, Clone)]
pub(super) struct PoolView<'a> {
    pub(super) name: &'a str,
    pub(super) price: Fan,
    pub(super) oracle: Fan,
    pub(super) insurance: Fan,
    pub(super) waiting: Fan,
    /// Mean bad debt so far by payer: fees, insurance, suppliers, deficit, not collected.
    pub(super) bad_debt: [Vec<(i128, i128)>; 5],
    /// Share of paths whose insurance was exhausted by then, in millionths.
    pub(super) exhausted: Vec<(i128, i128)>,
    /// Positions of all paths in each bin of health, each with its path's weight.
    pub(super) health_before: Vec<i128>,
    pub(super) health_after: Vec<i128>,
}

/// In millionths.
const LEVELS: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// One pool's outcome on every path, with the path's weight.
pub(super) type Weighted<'a> = (&'a PoolOutcome, f64);

/// The outcomes of the pool at `index`.
pub(super) fn outcomes(paths: &[PathOutcome], index: usize) -> Vec<Weighted<'_>> {
    let pool = |path: &'_ PathOutcome| path.pools.get(index).map(|_| path.weight);
    let paths = paths.iter().filter(|path| pool(path).is_some());
    paths.map(|path| (&path.pools[index], path.weight)).collect()
}

impl<'a> PoolView<'a> {
    pub(super) fn of(scenario: &'a Scenario, paths: &'a [PathOutcome], index: usize) -> Self {
        let pools = outcomes(paths, index);
        let times = times_s(scenario);
        let fan = |value: &dyn Fn(&PoolOutcome, usize) -> Option<i128>| fan(&times, &pools, value);
        let payer = |value: fn(&Payers) -> u128| {
            mean_course(&times, &pools, &|pool, at| Some(value(&pool.course.get(at)?.bad_debt)))
        };
        Self {
            name: &scenario.pools[index].name,
            price: fan(&|pool, at| Some(pool.course.get(at)?.price.0.into())),
            oracle: fan(&|pool, at| Some(pool.course.get(at)?.oracle_price.0.into())),
            insurance: fan(&|pool, at| Some(signed(pool.course.get(at)?.insurance))),
            waiting: fan(&|pool, at| Some(pool.course.get(at)?.liquidatable.into())),
            bad_debt: [
                payer(|paid| paid.fees),
                payer(|paid| paid.insurance),
                payer(|paid| paid.suppliers),
                payer(|paid| paid.deficit),
                payer(|paid| paid.uncollected),
            ],
            exhausted: exhausted(scenario, &times, &pools),
            health_before: health(&pools, |pool| &pool.health_before),
            health_after: health(&pools, |pool| &pool.health_after),
        }
    }
}

/// The times of a course, in Unix seconds.
fn times_s(scenario: &Scenario) -> Vec<i128> {
    let grid = scenario.grid();
    let at = |step: usize| i128::from(grid.start_s) + step as i128 * i128::from(grid.step_s);
    course_times(grid.steps).into_iter().map(at).collect()
}

fn fan(
    times: &[i128],
    pools: &[Weighted<'_>],
    value: &dyn Fn(&PoolOutcome, usize) -> Option<i128>,
) -> Fan {
    let mut fan = Fan::default();
    for (at, time) in times.iter().enumerate() {
        let read = |(pool, weight): &Weighted<'_>| Some((value(pool, at)?, *weight));
        let mut values: Vec<_> = pools.iter().filter_map(read).collect();
        values.sort_by_key(|(value, _)| *value);
        fan.most.extend(values.last().map(|(value, _)| (*time, *value)));
        for (line, level) in fan.levels.iter_mut().zip(LEVELS) {
            line.extend(weighted_quantile(&values, level).map(|value| (*time, value)));
        }
    }
    fan
}

fn mean_course(
    times: &[i128],
    pools: &[Weighted<'_>],
    value: &dyn Fn(&PoolOutcome, usize) -> Option<u128>,
) -> Vec<(i128, i128)> {
    let mean = |at: usize| {
        let values = pools.iter().filter_map(|(pool, weight)| Some((value(pool, at)?, *weight)));
        mean_of(values)
    };
    times.iter().enumerate().map(|(at, time)| (*time, mean(at))).collect()
}

/// Mean of weighted amounts, to the next whole unit below. Weights are not normalised: that
/// would bias it.
pub(super) fn mean_of(values: impl Iterator<Item = (u128, f64)>) -> i128 {
    let (mut sum, mut count) = (0.0, 0_u32);
    for (value, weight) in values {
        sum += value as f64 * weight;
        count += 1;
    }
    whole(sum / f64::from(count.max(1)))
}

fn exhausted(scenario: &Scenario, times: &[i128], pools: &[Weighted<'_>]) -> Vec<(i128, i128)> {
    let start = i128::from(scenario.start.unix_s());
    let share = |time: &i128| {
        let by = |pool: &PoolOutcome| {
            pool.exhausted_s.is_some_and(|after_s| start + i128::from(after_s) <= *time)
        };
        let one = pools.iter().map(|(pool, weight)| (u128::from(by(pool)) * 1_000_000, *weight));
        (*time, mean_of(one))
    };
    times.iter().map(share).collect()
}

/// Delays of the liquidations on every path, with the path's weight.
pub(super) fn delays(pools: &[Weighted<'_>]) -> Vec<Cluster> {
    let cluster = |(pool, weight): &Weighted<'_>| Cluster {
        weight: *weight,
        counts: pool.delays.iter().map(|(delay_s, count)| (*delay_s, u64::from(*count))).collect(),
    };
    pools.iter().map(cluster).collect()
}

/// Sum over all paths of a count, each with its path's weight, to the nearest whole.
pub(super) fn sum_of(counts: impl Iterator<Item = (u32, f64)>) -> i128 {
    let sum: f64 = counts.map(|(count, weight)| f64::from(count) * weight).sum();
    whole(sum.round())
}

fn health(pools: &[Weighted<'_>], bins: fn(&PoolOutcome) -> &Vec<u32>) -> Vec<i128> {
    let count = pools.iter().map(|(pool, _)| bins(pool).len()).max().unwrap_or(0);
    let positions = |bin: usize| {
        pools.iter().filter_map(move |(pool, weight)| Some((*bins(pool).get(bin)?, *weight)))
    };
    (0..count).map(|bin| sum_of(positions(bin))).collect()
}

pub(super) fn signed(value: u128) -> i128 {
    i128::try_from(value).unwrap_or(i128::MAX)
}

/// For a picture: no money moves by it.
#[expect(clippy::cast_possible_truncation, reason = "held within the range before")]
pub(super) fn whole(value: f64) -> i128 {
    const MOST: f64 = 1e30;
    value.clamp(-MOST, MOST) as i128
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_counts_weight_and_not_paths() {
        let even: Vec<_> = (1..=20).map(|value| (value, 1.0)).collect();
        assert_eq!(weighted_quantile(&even, 0.05), Some(1));
        assert_eq!(weighted_quantile(&even, 0.95), Some(19));
        let heavy = [(1, 0.1), (2, 0.1), (3, 1.8)];
        assert_eq!(weighted_quantile(&heavy, 0.05), Some(1));
        assert_eq!(weighted_quantile(&heavy, 0.25), Some(3));
        assert_eq!(weighted_quantile(&[], 0.5), None);
    }

    #[test]
    fn positions_and_counts_have_the_weight_of_their_path() {
        let pool = |health_after| PoolOutcome { health_after, ..PoolOutcome::default() };
        let (often, seldom) = (pool(vec![0, 4]), pool(vec![4, 0]));
        let pools = [(&often, 1.75), (&seldom, 0.25)];
        assert_eq!(health(&pools, |pool| &pool.health_after), [1, 7]);
        assert_eq!(sum_of([(3, 1.5), (1, 0.5)].into_iter()), 5);
    }

    #[test]
    fn a_mean_of_weights_is_not_normalised() {
        assert_eq!(mean_of([(10, 0.5), (30, 0.5)].into_iter()), 10);
        assert_eq!(mean_of([].into_iter()), 0);
    }
}
