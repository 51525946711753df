//! Losses of paths that may carry weights and hang together.

use super::{Estimate, Level, Quantile, Ranks, mean};
use crate::math::normal_quantile;

/// Fewest paths beyond the value at risk from which the mean of a tail has an upper end: the spread
/// of fewer says little about the spread there is.
pub const TAIL_PATHS_MIN: usize = 10;

/// One path's loss.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sampled {
    /// The loss.
    pub loss: f64,
    /// Likelihood weight of the path; 1 for one drawn as it is in truth.
    pub weight: f64,
}

/// Losses in the order their paths were drawn, ready for questions.
#[derive(Debug, Clone, PartialEq)]
pub struct Losses {
    paths: Vec<Sampled>,
    group: usize,
    /// Positions in `paths`, the largest loss first.
    worst_first: Vec<usize>,
}

/// Samples that no figure can be drawn from.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum SampleError {
    /// Not one full group.
    #[error("{count} path(s), but paths hang together in groups of {group}; draw a whole group")]
    TooFew {
        /// Number of paths.
        count: usize,
        /// Paths of a group.
        group: usize,
    },
    /// A loss that is no number.
    #[error("the loss of path {path} is {loss}, which is no number")]
    Loss {
        /// Number of the path.
        path: usize,
        /// Its loss.
        loss: f64,
    },
    /// A weight that is none.
    #[error("the weight of path {path} is {weight}; a weight is a number from zero on")]
    Weight {
        /// Number of the path.
        path: usize,
        /// Its weight.
        weight: f64,
    },
}

impl Losses {
    /// Losses of paths in the order they were drawn, of which each run of `group` hangs together;
    /// a last run that is not full is left out.
    ///
    /// # Errors
    /// Fewer paths than one group, a loss that is no number, a weight that is none.
    pub fn new(mut paths: Vec<Sampled>, group: usize) -> Result<Self, SampleError> {
        let (count, group) = (paths.len(), group.max(1));
        if count < group {
            return Err(SampleError::TooFew { count, group });
        }
        paths.truncate(count - count % group);
        for (path, &Sampled { loss, weight }) in paths.iter().enumerate() {
            if !loss.is_finite() {
                return Err(SampleError::Loss { path, loss });
            }
            if !weight.is_finite() || weight < 0.0 {
                return Err(SampleError::Weight { path, weight });
            }
        }
        let mut worst_first: Vec<usize> = (0..paths.len()).collect();
        worst_first.sort_by(|a, b| paths[*b].loss.total_cmp(&paths[*a].loss));
        Ok(Self { paths, group, worst_first })
    }

    /// Mean loss. Weights are not normalised: that would bias it.
    pub fn mean(&self) -> Estimate {
        self.mean_of(|loss| loss)
    }

    /// Probability of a loss above `bound`.
    pub fn probability_above(&self, bound: f64) -> Estimate {
        self.mean_of(|loss| f64::from(loss > bound))
    }

    /// The smallest loss whose tail, the losses above it, has at most the probability that `level`
    /// leaves.
    ///
    /// The interval is that of order statistics for independent paths without weights. Else the
    /// probability of the tail is moved by its own error, and the losses there are the ends.
    pub fn value_at_risk(&self, level: Level, confidence: Level) -> Quantile<f64> {
        if self.is_plain() {
            let rank = |rank: usize| self.paths[self.worst_first[self.paths.len() - 1 - rank]].loss;
            if let Some(ranks) = Ranks::new(self.paths.len(), level, confidence) {
                let Ranks { point, low, high } = ranks;
                return Quantile { value: rank(point), low: low.map(rank), high: high.map(rank) };
            }
        }
        let value = self.exceeded_with(level.tail());
        let reach = normal_quantile(0.5 + 0.5 * confidence.share());
        let end = |tail: f64| (tail > 0.0 && tail < 1.0).then(|| self.exceeded_with(tail));
        let low = end(level.tail() + reach * self.error_from(value));
        let high = end(level.tail() - reach * self.error_beyond(value));
        Quantile { value, low, high }
    }

    /// Mean loss of the worst paths, those that `level` leaves.
    ///
    /// By the identity of Rockafellar and Uryasev (Journal of Risk 2, 2000), in which the error
    /// of the value at risk cancels to first order, so the standard error is that of the mean.
    pub fn expected_shortfall(&self, level: Level) -> Estimate {
        let at_risk = self.exceeded_with(level.tail());
        let beyond = self.mean_of(|loss| (loss - at_risk).max(0.0));
        Estimate {
            value: at_risk + beyond.value / level.tail(),
            standard_error: beyond.standard_error / level.tail(),
            ..beyond
        }
    }

    /// The expected shortfall with its interval, which is Student's around
    /// [`expected_shortfall`](Self::expected_shortfall).
    ///
    /// The upper end is `None` where the value at risk has none, and where fewer than
    /// [`TAIL_PATHS_MIN`] paths exceed the value at risk. Only those paths carry the spread of the
    /// tail: without any the standard error is zero, which is ignorance and not certainty. A sample
    /// in which nothing was lost bounds how often losses come (about three in as many paths, at
    /// 95 %) but not how large they are, so it bounds no mean of a tail.
    pub fn shortfall(&self, level: Level, confidence: Level) -> Quantile<f64> {
        let estimate = self.expected_shortfall(level);
        let ends = estimate.interval(confidence);
        let finite = |end: f64| end.is_finite().then_some(end);
        let at_risk = self.value_at_risk(level, confidence);
        let is_bounded = at_risk.high.is_some() && self.exceeding(at_risk.value) >= TAIL_PATHS_MIN;
        let high = finite(ends.high).filter(|_| is_bounded);
        Quantile { value: estimate.value, low: finite(ends.low), high }
    }

    /// How many unweighted paths would say as much about the weights' mean (Kish). Far below the
    /// number of paths it means that a few paths decide everything.
    pub fn effective_count(&self) -> f64 {
        let weights = || self.paths.iter().map(|path| path.weight);
        let (sum, squares): (f64, f64) = (weights().sum(), weights().map(|w| w * w).sum());
        if squares > 0.0 { sum * sum / squares } else { 0.0 }
    }

    /// Mean of the weights, which is 1 in truth: a check of any importance sampling.
    pub fn mean_weight(&self) -> Estimate {
        self.mean_of(|_| 1.0)
    }

    /// Number of paths with a loss above `bound` that count for anything.
    fn exceeding(&self, bound: f64) -> usize {
        self.paths.iter().filter(|path| path.loss > bound && path.weight > 0.0).count()
    }

    fn mean_of(&self, figure: impl Fn(f64) -> f64) -> Estimate {
        let value = |path: &Sampled| path.weight * figure(path.loss);
        mean(&self.paths.iter().map(value).collect::<Vec<_>>(), self.group)
    }

    fn is_plain(&self) -> bool {
        self.group == 1 && self.paths.iter().all(|path| path.weight == 1.0)
    }

    /// The smallest loss with no more than `tail` of the weight above it.
    fn exceeded_with(&self, tail: f64) -> f64 {
        // A share of a count of ones need not be whole in floating point.
        let most = tail * self.paths.len() as f64 * (1.0 + 1e-12);
        let mut above = 0.0;
        for position in &self.worst_first {
            above += self.paths[*position].weight;
            if above > most {
                return self.paths[*position].loss;
            }
        }
        self.worst_first.last().map_or(0.0, |position| self.paths[*position].loss)
    }

    /// Standard error of the probability of a loss of at least `value`.
    fn error_from(&self, value: f64) -> f64 {
        self.mean_of(|loss| f64::from(loss >= value)).standard_error
    }

    /// Standard error of the probability of more than `value`. Where most paths lose nothing this
    /// is how sure the losses are, and not how sure all weights together. Above the largest loss
    /// nothing varies, so there the value itself counts.
    fn error_beyond(&self, value: f64) -> f64 {
        match self.exceeding(value) {
            0 => self.error_from(value),
            _ => self.probability_above(value).standard_error,
        }
    }
}
