//! One open-high-low-close bar.

use super::MicroUsd;

/// A bar whose four prices agree with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bar {
    start_s: i64,
    open: MicroUsd,
    high: MicroUsd,
    low: MicroUsd,
    close: MicroUsd,
}

/// Why four prices make no bar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BarError {
    /// A price of zero.
    #[error("a price is zero")]
    Zero,
    /// The high is below the low.
    #[error("high {high} is below low {low}")]
    HighBelowLow {
        /// Highest price.
        high: MicroUsd,
        /// Lowest price.
        low: MicroUsd,
    },
    /// Open or close lies outside low … high.
    #[error("{field} {price} is outside low {low} to high {high}")]
    Outside {
        /// `open` or `close`.
        field: &'static str,
        /// Its price.
        price: MicroUsd,
        /// Lowest price.
        low: MicroUsd,
        /// Highest price.
        high: MicroUsd,
    },
}

impl Bar {
    /// A bar that starts at `start_s`, in Unix seconds; prices in the order of their initials.
    ///
    /// # Errors
    /// When the high is below the low, or open or close lies outside them.
    pub fn new(start_s: i64, [open, high, low, close]: [MicroUsd; 4]) -> Result<Self, BarError> {
        if high < low {
            return Err(BarError::HighBelowLow { high, low });
        }
        for (field, price) in [("open", open), ("close", close)] {
            if price < low || price > high {
                return Err(BarError::Outside { field, price, low, high });
            }
        }
        if low == MicroUsd(0) {
            return Err(BarError::Zero);
        }
        Ok(Self { start_s, open, high, low, close })
    }

    /// First second of the bar, in Unix seconds.
    pub fn start_s(&self) -> i64 {
        self.start_s
    }

    /// Price at the first step.
    pub fn open(&self) -> MicroUsd {
        self.open
    }

    /// Highest price.
    pub fn high(&self) -> MicroUsd {
        self.high
    }

    /// Lowest price.
    pub fn low(&self) -> MicroUsd {
        self.low
    }

    /// Price at the last step.
    pub fn close(&self) -> MicroUsd {
        self.close
    }
}
