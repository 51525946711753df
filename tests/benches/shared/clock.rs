//! A clock of CPU time, medians and numbers as text, for all benchmarks.

use std::time::Duration;

use cpu_time::ProcessTime;

/// CPU time that all threads of this process spend in `work`. What `work` gives back is dropped
/// after the clock has stopped.
pub(crate) fn cpu<T>(work: impl FnOnce() -> T) -> Duration {
    let start = ProcessTime::now();
    let done = work();
    let elapsed = start.elapsed();
    drop(std::hint::black_box(done));
    elapsed
}

/// The median of what `sample` gives.
pub(crate) fn median(samples: usize, sample: impl FnMut() -> Duration) -> Duration {
    let mut all: Vec<Duration> = std::iter::repeat_with(sample).take(samples).collect();
    all.sort_unstable();
    all[all.len() / 2]
}

/// How many a second, of `count` in `elapsed`.
pub(crate) fn per_second(count: usize, elapsed: Duration) -> u128 {
    count as u128 * 1_000_000_000 / elapsed.as_nanos().max(1)
}

/// A whole number with separators.
pub(crate) fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
