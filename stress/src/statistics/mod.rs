//! Figures from samples, each with how far off it may be.
//!
//! Paths that were drawn together (antithetic pairs, Sobol replicates) say less than as many
//! independent ones, so every standard error here is one over the means of groups of paths. An
//! interval that the samples cannot bound says so instead of ending at the largest sample.

mod clustered;
mod estimate;
mod level;
mod losses;
mod proportion;
mod ranks;
mod weighted;

pub use clustered::{Cluster, clustered_quantile};
pub use estimate::{Estimate, Interval, mean};
pub use level::{Level, LevelError};
pub use losses::{Losses, SampleError, Sampled, TAIL_PATHS_MIN};
pub use proportion::wilson;
pub use ranks::{Quantile, Ranks, quantile};
pub use weighted::weighted_quantile;
