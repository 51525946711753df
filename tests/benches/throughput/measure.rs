//! How much is measured, and the clock on the wall.

use std::time::Duration;

use cpu_time::ProcessTime;

#[path = "../shared/clock.rs"]
mod clock;

pub(crate) use clock::{cpu, grouped, median, per_second};

/// How much is measured.
#[derive(Clone, Copy)]
pub(crate) struct Effort {
    /// Transactions in each sample.
    pub(crate) transactions: usize,
    /// Samples, of which the median counts.
    pub(crate) samples: usize,
}

/// Time on the wall, and CPU time of all threads, that `work` takes.
#[expect(clippy::disallowed_types, reason = "a benchmark of threads has to look at a clock")]
pub(crate) fn wall_and_cpu<T>(work: impl FnOnce() -> T) -> (Duration, Duration) {
    let (start, cpu_start) = (std::time::Instant::now(), ProcessTime::now());
    let done = work();
    let elapsed = (start.elapsed(), cpu_start.elapsed());
    drop(std::hint::black_box(done));
    elapsed
}
