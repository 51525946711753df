//! Shares such as 95 %.

/// A share strictly between 0 and 1: which quantile, or how sure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Level {
    bps: u32,
}

/// A share that is no level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{bps} is not within 1 to 9999 basis points")]
pub struct LevelError {
    /// The share, in basis points.
    pub bps: u32,
}

const ONE_BPS: u32 = 10_000;

impl Level {
    /// 95 %.
    pub const P95: Self = Self { bps: 9_500 };
    /// 99 %.
    pub const P99: Self = Self { bps: 9_900 };

    /// A level in basis points.
    ///
    /// # Errors
    /// At 0, and from 10 000 on.
    pub const fn new(bps: u32) -> Result<Self, LevelError> {
        if bps == 0 || bps >= ONE_BPS { Err(LevelError { bps }) } else { Ok(Self { bps }) }
    }

    /// The level as a fraction of one.
    pub fn share(self) -> f64 {
        f64::from(self.bps) / f64::from(ONE_BPS)
    }

    /// What is beyond the level, as a fraction of one.
    pub fn tail(self) -> f64 {
        f64::from(ONE_BPS - self.bps) / f64::from(ONE_BPS)
    }

    /// How many of `count` sorted samples lie at or below the level's quantile, at least one when
    /// there are samples. Rounded up, in integers: a share of a count is seldom a whole number in
    /// floating point.
    pub fn count_up(self, count: usize) -> usize {
        let scaled = count as u128 * u128::from(self.bps);
        usize::try_from(scaled.div_ceil(ONE_BPS.into())).expect("a share of a usize")
    }
}
