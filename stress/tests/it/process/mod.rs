//! The price processes against what is known about them.
//!
//! Every test draws with a fixed seed and compares with an exact figure by the standard error of
//! the draw. Three standard errors are the limit: a test that passes has been seen to fail when
//! the line it guards is broken.

mod bias;
mod correlation;
mod history;
mod moments;
mod paths;
mod schemes;
mod tails;

use cofferdam_stress::prices::MicroUsd;
use cofferdam_stress::prices::process::{
    Draw, Gbm, Heston, Kou, Market, Merton, Model, OrnsteinUhlenbeck, Process, Scheme,
};
use cofferdam_stress::statistics::{Estimate, mean};

pub(crate) const SEED: u64 = 20_200_312;
pub(crate) const DAY: f64 = 1.0 / 365.0;

pub(crate) fn usd(dollars: u64) -> MicroUsd {
    MicroUsd(dollars * 1_000_000)
}

pub(crate) fn model(process: Process) -> Model {
    Model::new(usd(200), process).expect("parameters within their ranges")
}

/// A market of one asset.
pub(crate) fn alone(process: Process) -> Market {
    Market::new(vec![("ETH".into(), model(process))])
}

pub(crate) fn gbm(volatility: f64) -> Process {
    Process::Gbm(Gbm { drift_per_year: 0.0, volatility })
}

/// The jumps of the reference case of the closed form.
pub(crate) fn merton() -> Merton {
    Merton {
        drift_per_year: 0.0,
        volatility: 0.8,
        jumps_per_year: 50.0,
        jump_mean: -0.10,
        jump_deviation: 0.08,
    }
}

pub(crate) fn kou() -> Kou {
    Kou {
        drift_per_year: 0.0,
        volatility: 0.6,
        jumps_per_year: 40.0,
        up_probability: 0.3,
        up_mean: 0.05,
        down_mean: 0.10,
    }
}

/// Of Broadie and Kaya (Operations Research 54, 2006): variance reaches zero often, which is
/// where schemes differ.
pub(crate) fn heston() -> Heston {
    Heston {
        drift_per_year: 0.0,
        variance: 0.010_201,
        long_variance: 0.019,
        reversion_per_year: 6.21,
        vol_of_variance: 0.61,
        correlation: -0.7,
    }
}

pub(crate) fn ou() -> OrnsteinUhlenbeck {
    OrnsteinUhlenbeck { peg: usd(1), reversion_per_year: 200.0, volatility: 0.3 }
}

/// How to look at a market: `paths` paths of `steps` steps.
#[derive(Clone, Copy)]
pub(crate) struct Study {
    pub(crate) paths: u64,
    pub(crate) steps: usize,
    pub(crate) years: f64,
    pub(crate) scheme: Scheme,
}

impl Study {
    pub(crate) fn once(paths: u64, years: f64) -> Self {
        Self { paths, steps: 1, years, scheme: Scheme::Independent }
    }

    /// Every path's logarithms, by asset and step, with its weight, through `figure`.
    pub(crate) fn each<T>(
        &self,
        market: &Market,
        figure: impl Fn(&[Vec<f64>], f64) -> T,
    ) -> Vec<T> {
        let step_years = self.years / self.steps as f64;
        let one = |path| {
            let draw = Draw { seed: SEED, path, scheme: self.scheme };
            let walks = market.walks(self.steps, step_years, &draw);
            figure(&walks.logs, walks.weight)
        };
        (0..self.paths).map(one).collect()
    }

    /// Mean of a figure of the first asset's logarithms.
    pub(crate) fn mean(&self, market: &Market, figure: impl Fn(&[f64]) -> f64) -> Estimate {
        let values = self.each(market, |logs, weight| weight * figure(&logs[0]));
        mean(&values, usize::try_from(self.scheme.group_paths()).unwrap())
    }
}

/// The first asset's logarithms of every path of a study, for several figures of the same paths.
pub(crate) struct Drawn {
    logs: Vec<Vec<f64>>,
    group: usize,
}

impl Drawn {
    pub(crate) fn new(study: &Study, market: &Market) -> Self {
        let step_years = study.years / study.steps as f64;
        let one = |path| {
            let draw = Draw { seed: SEED, path, scheme: study.scheme };
            market.walks(study.steps, step_years, &draw).logs.swap_remove(0)
        };
        let group = usize::try_from(study.scheme.group_paths()).unwrap();
        Self { logs: (0..study.paths).map(one).collect(), group }
    }

    /// Mean of a figure of a path.
    pub(crate) fn mean(&self, figure: impl Fn(&[f64]) -> f64) -> Estimate {
        let values: Vec<f64> = self.logs.iter().map(|logs| figure(logs)).collect();
        mean(&values, self.group)
    }
}

pub(crate) fn last(logs: &[f64]) -> f64 {
    *logs.last().expect("a step")
}

/// Asserts that an estimate is within three of its standard errors of the truth, and that these
/// are small enough to mean something.
#[track_caller]
pub(crate) fn meets(found: Estimate, expected: f64, error_max: f64) {
    let z = found.deviations_from(expected);
    assert!(z.abs() <= 3.0, "{found:?} is {z} errors from {expected}");
    assert!(found.standard_error <= error_max, "{found:?} is too vague");
}
