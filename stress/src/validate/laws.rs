//! What must hold between figures (L): only the variance over a delay matters, more of what is
//! bad costs more, and threads change nothing.

use std::num::NonZeroUsize;

use cofferdam_sdk::interface::{math::loss::LossSplit, units::Fine};

use super::{
    delay::{design, gbm, morpho},
    fault::ValidateError,
    lab::{Lab, OneStep, each, share},
    rig::{Rig, wad},
    run::whole,
};
use crate::closed_form::Terms;

const HOUR_S: u32 = 3_600;
/// Laws need no more paths than show them.
const PATHS: u64 = 2_048;
/// What rises, and limit, volatility and delay in hours each time.
type Series = (&'static str, [(f64, f64, u32); 4]);

const SERIES: [Series; 3] = [
    (
        "volatilities of 150, 200, 300, 400 %",
        [(0.86, 1.5, 6), (0.86, 2.0, 6), (0.86, 3.0, 6), (0.86, 4.0, 6)],
    ),
    (
        "delays of 3, 6, 12, 24 h",
        [(0.86, 3.0, 3), (0.86, 3.0, 6), (0.86, 3.0, 12), (0.86, 3.0, 24)],
    ),
    (
        "limits of 0.80, 0.86, 0.90, 0.94",
        [(0.80, 3.0, 6), (0.86, 3.0, 6), (0.90, 3.0, 6), (0.94, 3.0, 6)],
    ),
];

/// All laws but those of depth and capacity, which stand with their figures.
pub(super) fn all(lab: &mut Lab<'_>) -> Result<(), ValidateError> {
    scaling(lab)?;
    for (name, series) in SERIES {
        let mut means = Vec::new();
        for (lltv, volatility, hours) in series {
            // One incentive for all limits, so that only the limit differs.
            let terms = Terms { lltv, lif: 1.04 };
            let lost = lost(lab, terms, volatility, hours, lab.options.jobs)?;
            means.push(lost.iter().map(|loss| share(loss.recognised)).sum::<f64>());
        }
        let falls = means.windows(2).filter(|pair| pair[1] <= pair[0]).count();
        let figure = format!("{name} of which the larger one does not lose more");
        lab.exact("L", figure, [0.0, whole(falls as u128), 0.0], 4 * PATHS);
    }
    threads(lab)
}

/// Twice the volatility is four times the delay: the same draws, the same loss, to the last unit.
fn scaling(lab: &mut Lab<'_>) -> Result<(), ValidateError> {
    let lost = |volatility, hours| lost(lab, morpho(0.86), volatility, hours, lab.options.jobs);
    let (fast, slow) = (lost(4.0, 6)?, lost(2.0, 24)?);
    let some = fast.iter().filter(|loss| loss.recognised > Fine::ZERO).count();
    let figure = "paths that differ between volatility 400 % for 6 h and 200 % for 24 h";
    lab.exact("L", figure, [0.0, differences(&fast, &slow), 0.0], 2 * PATHS);
    let figure = "of these paths, share that lose anything (must not be none)";
    let seen = whole(some as u128) / whole(PATHS.into());
    lab.exact("L", figure, [0.164, seen, 0.04], 0);
    Ok(())
}

/// The same books whatever the number of threads.
fn threads(lab: &mut Lab<'_>) -> Result<(), ValidateError> {
    let lost = |jobs: usize| {
        let jobs = NonZeroUsize::new(jobs).unwrap_or(NonZeroUsize::MIN);
        lost(lab, morpho(0.86), 4.0, 6, jobs)
    };
    let one = lost(1)?;
    let mut differing = 0.0;
    for jobs in [2, 3, 8] {
        differing += differences(&one, &lost(jobs)?);
    }
    let figure = "paths whose payers differ between 1 thread and 2, 3 or 8";
    lab.exact("L", figure, [0.0, differing, 0.0], 4 * PATHS);
    Ok(())
}

fn differences(one: &[LossSplit], other: &[LossSplit]) -> f64 {
    let differing = one.iter().zip(other).filter(|(one, other)| one != other).count();
    whole((differing + one.len().abs_diff(other.len())) as u128)
}

/// Losses of paths that all laws share.
fn lost(
    lab: &Lab<'_>,
    terms: Terms,
    volatility: f64,
    hours: u32,
    jobs: NonZeroUsize,
) -> Result<Vec<LossSplit>, ValidateError> {
    let rig = Rig::new(&design(terms))?;
    let step = OneStep::new(gbm(volatility), hours * HOUR_S, lab.seed("laws"))?;
    each(PATHS, jobs, |path| rig.run().settle(0, wad(step.price(path)?.0)))
}
