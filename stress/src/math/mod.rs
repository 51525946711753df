//! Real functions that give the same bits on every machine.
//!
//! The standard library hands `exp`, `ln` and their kind to the platform, and platforms differ in
//! the last bit: enough to move a rounded price and with it a whole run. So everything that a path
//! depends on goes through `libm`, in software; `sqrt` is exact everywhere and stays the
//! standard's.

mod normal;

pub use libm::{cos, erfc, exp, expm1, lgamma, log as ln, log1p as ln_1p, sin, tan};
pub use normal::{normal_cdf, normal_density, normal_quantile};

/// Seconds of a year of 365 days, the year of every rate and volatility here.
pub const YEAR_S: f64 = 31_536_000.0;

/// A span of seconds in years.
pub fn years(seconds: f64) -> f64 {
    seconds / YEAR_S
}
