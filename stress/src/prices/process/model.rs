//! The processes and what their parameters may be.

use crate::prices::MicroUsd;

/// Geometric Brownian motion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gbm {
    /// Growth rate of the mean price, per year.
    pub drift_per_year: f64,
    /// Standard deviation of the logarithm, per square root of a year.
    pub volatility: f64,
}

/// Geometric Brownian motion with normal jumps of the logarithm (Merton 1976).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Merton {
    /// Growth rate of the mean price, jumps included, per year.
    pub drift_per_year: f64,
    /// Standard deviation of the logarithm between jumps, per square root of a year.
    pub volatility: f64,
    /// Mean number of jumps a year.
    pub jumps_per_year: f64,
    /// Mean of a jump of the logarithm.
    pub jump_mean: f64,
    /// Standard deviation of a jump of the logarithm.
    pub jump_deviation: f64,
}

/// Geometric Brownian motion with jumps of the logarithm that are exponential on either side
/// (Kou 2002): fatter tails than normal jumps have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kou {
    /// Growth rate of the mean price, jumps included, per year.
    pub drift_per_year: f64,
    /// Standard deviation of the logarithm between jumps, per square root of a year.
    pub volatility: f64,
    /// Mean number of jumps a year.
    pub jumps_per_year: f64,
    /// Probability that a jump goes up.
    pub up_probability: f64,
    /// Mean of an upward jump of the logarithm; below 1, or the mean price is infinite.
    pub up_mean: f64,
    /// Mean size of a downward jump of the logarithm.
    pub down_mean: f64,
}

/// Stochastic variance that reverts to a mean (Heston 1993).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heston {
    /// Growth rate of the mean price, per year.
    pub drift_per_year: f64,
    /// Variance at the start, per year.
    pub variance: f64,
    /// Variance to which it reverts, per year.
    pub long_variance: f64,
    /// Speed of the reversion, per year.
    pub reversion_per_year: f64,
    /// Volatility of the variance.
    pub vol_of_variance: f64,
    /// Correlation of the price's noise with the variance's.
    pub correlation: f64,
}

/// A price that is pulled back to a peg: its logarithm is an Ornstein-Uhlenbeck process.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OrnsteinUhlenbeck {
    /// The price it is pulled to.
    pub peg: MicroUsd,
    /// Speed of the reversion, per year; half a deviation is gone after `ln 2 / reversion`.
    pub reversion_per_year: f64,
    /// Standard deviation of the logarithm, per square root of a year.
    pub volatility: f64,
}

/// A random process of a price.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Process {
    /// Geometric Brownian motion.
    Gbm(Gbm),
    /// With normal jumps.
    Merton(Merton),
    /// With double-exponential jumps.
    Kou(Kou),
    /// With stochastic variance.
    Heston(Heston),
    /// Around a peg.
    OrnsteinUhlenbeck(OrnsteinUhlenbeck),
}

/// A process whose parameters are within their ranges, and where it starts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Model {
    opening: MicroUsd,
    process: Process,
}

// Parameters within a range are numbers, so equality is total.
impl Eq for Model {}

/// A parameter that makes no process.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum ProcessError {
    /// Outside its range, or not a number.
    #[error("{key}: {found} is not within {low} to {high}")]
    Range {
        /// The parameter.
        key: &'static str,
        /// Its value.
        found: f64,
        /// Lowest allowed.
        low: f64,
        /// Highest allowed.
        high: f64,
    },
    /// Zero or below where the process needs more.
    #[error("{key}: {found} is not above zero")]
    NotPositive {
        /// The parameter.
        key: &'static str,
        /// Its value.
        found: f64,
    },
    /// A price of zero.
    #[error("{key}: a price of zero cannot move")]
    NoPrice {
        /// The parameter.
        key: &'static str,
    },
}

const VOLATILITY_MAX: f64 = Process::VOLATILITY_MAX;
const RATE_MAX: f64 = 1_000_000.0;
const LOG_JUMP_MAX: f64 = 10.0;

impl Model {
    /// A process that starts at `opening`.
    ///
    /// # Errors
    /// The first parameter outside its range.
    pub fn new(opening: MicroUsd, process: Process) -> Result<Self, ProcessError> {
        if opening == MicroUsd(0) {
            return Err(ProcessError::NoPrice { key: "opening" });
        }
        process.check()?;
        Ok(Self { opening, process })
    }

    /// Price of the first step.
    pub fn opening(&self) -> MicroUsd {
        self.opening
    }

    /// The process.
    pub fn process(&self) -> &Process {
        &self.process
    }
}

impl Process {
    /// The largest volatility, per square root of a year. Ten thousand percent is far beyond any
    /// market, and near enough to keep every figure finite.
    pub const VOLATILITY_MAX: f64 = 100.0;

    /// Whether the variance is random too.
    pub(super) fn has_variance(&self) -> bool {
        matches!(self, Self::Heston(_))
    }

    fn check(&self) -> Result<(), ProcessError> {
        match self {
            Self::Gbm(gbm) => diffusion(gbm.drift_per_year, gbm.volatility),
            Self::Merton(merton) => merton.check(),
            Self::Kou(kou) => kou.check(),
            Self::Heston(heston) => heston.check(),
            Self::OrnsteinUhlenbeck(ou) => ou.check(),
        }
    }
}

impl Merton {
    fn check(&self) -> Result<(), ProcessError> {
        diffusion(self.drift_per_year, self.volatility)?;
        within("jumps_per_year", self.jumps_per_year, 0.0, RATE_MAX)?;
        within("jump_mean", self.jump_mean, -LOG_JUMP_MAX, LOG_JUMP_MAX)?;
        within("jump_deviation", self.jump_deviation, 0.0, LOG_JUMP_MAX)
    }
}

impl Kou {
    fn check(&self) -> Result<(), ProcessError> {
        diffusion(self.drift_per_year, self.volatility)?;
        within("jumps_per_year", self.jumps_per_year, 0.0, RATE_MAX)?;
        within("up_probability", self.up_probability, 0.0, 1.0)?;
        above_zero("up_mean", self.up_mean)?;
        within("up_mean", self.up_mean, 0.0, 0.99)?;
        above_zero("down_mean", self.down_mean)?;
        within("down_mean", self.down_mean, 0.0, LOG_JUMP_MAX)
    }
}

impl Heston {
    fn check(&self) -> Result<(), ProcessError> {
        let most = VOLATILITY_MAX * VOLATILITY_MAX;
        within("drift_per_year", self.drift_per_year, -VOLATILITY_MAX, VOLATILITY_MAX)?;
        within("variance", self.variance, 0.0, most)?;
        above_zero("long_variance", self.long_variance)?;
        within("long_variance", self.long_variance, 0.0, most)?;
        reversion(self.reversion_per_year)?;
        above_zero("vol_of_variance", self.vol_of_variance)?;
        within("vol_of_variance", self.vol_of_variance, 0.0, most)?;
        within("correlation", self.correlation, -1.0, 1.0)
    }
}

impl OrnsteinUhlenbeck {
    fn check(&self) -> Result<(), ProcessError> {
        if self.peg == MicroUsd(0) {
            return Err(ProcessError::NoPrice { key: "peg" });
        }
        reversion(self.reversion_per_year)?;
        within("volatility", self.volatility, 0.0, VOLATILITY_MAX)
    }
}

fn diffusion(drift_per_year: f64, volatility: f64) -> Result<(), ProcessError> {
    within("drift_per_year", drift_per_year, -VOLATILITY_MAX, VOLATILITY_MAX)?;
    within("volatility", volatility, 0.0, VOLATILITY_MAX)
}

fn reversion(reversion_per_year: f64) -> Result<(), ProcessError> {
    above_zero("reversion_per_year", reversion_per_year)?;
    within("reversion_per_year", reversion_per_year, 0.0, RATE_MAX)
}

pub(crate) fn above_zero(key: &'static str, found: f64) -> Result<(), ProcessError> {
    if found > 0.0 { Ok(()) } else { Err(ProcessError::NotPositive { key, found }) }
}

pub(crate) fn within(
    key: &'static str,
    found: f64,
    low: f64,
    high: f64,
) -> Result<(), ProcessError> {
    if (low..=high).contains(&found) {
        return Ok(());
    }
    Err(ProcessError::Range { key, found, low, high })
}
