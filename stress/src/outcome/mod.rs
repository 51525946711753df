//! What a run leaves behind: the summary, the course of it, and the files.

mod course;
mod path;
mod summary;
mod write;

pub use course::{HealthDistribution, PayerTotals, Timeline, TimelinePoint};
pub use path::{
    COURSE_POINTS, CoursePoint, LiquidationCounts, PathOutcome, Payers, PoolOutcome, course_times,
};
pub use summary::{
    BadDebt, Change, Liquidations, NativeAmount, PoolSummary, ReserveSummary, Summary, Transactions,
};
pub use write::{OutputFiles, WriteError, write_outputs};
