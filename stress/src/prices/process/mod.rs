//! Prices drawn from a random process.
//!
//! A [`Market`] holds one [`Model`] per asset, how their noises are correlated and how much of
//! their jumps is common. It turns a [`Draw`] (seed, number of the path, scheme) into one price
//! path per asset and the weight of the path. Every number comes from a stream named after its
//! purpose, so a path does not depend on how many others are drawn, in which order, or where.

mod correlation;
mod draw;
mod heston;
mod jump;
mod market;
mod model;
mod walk;

pub use correlation::{Correlation, CorrelationError};
pub use draw::{Draw, MOST_REPLICATE_PATHS, Scheme, SchemeError};
pub use market::{Market, MarketError, Sample, Tilt, TooLarge, Walks};
pub use model::{Gbm, Heston, Kou, Merton, Model, OrnsteinUhlenbeck, Process, ProcessError};
pub(crate) use model::{above_zero, within};
