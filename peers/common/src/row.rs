//! The clock, and what a measurement is printed as.

use std::{fmt, hint::black_box, time::Duration};

use cpu_time::ProcessTime;

/// How much one sample measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// To see that it works.
    Quick,
    /// For figures.
    Full,
}

impl Effort {
    /// Full, unless `--quick` is among the arguments.
    #[must_use]
    pub fn of_arguments() -> Self {
        match std::env::args().any(|argument| argument == "--quick") {
            true => Self::Quick,
            false => Self::Full,
        }
    }

    /// So many operations, or a twentieth.
    #[must_use]
    pub const fn of(self, operations: usize) -> usize {
        match self {
            Self::Quick => operations / 20,
            Self::Full => operations,
        }
    }
}

/// One sample of one cell: tab-separated when displayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Row of the table.
    pub name: String,
    /// Whose it is.
    pub subject: String,
    /// Operations done.
    pub operations: u64,
    /// CPU time they took.
    pub spent: Duration,
}

impl Row {
    /// Prints it.
    pub fn print(name: &str, subject: &str, operations: u64, spent: Duration) {
        let (name, subject) = (name.to_owned(), subject.to_owned());
        println!("{}", Self { name, subject, operations, spent });
    }

    /// Reads what was printed; `None` for a line that is none.
    #[must_use]
    pub fn parse(line: &str) -> Option<Self> {
        let mut parts = line.split('\t');
        let (name, subject) = (parts.next()?.to_owned(), parts.next()?.to_owned());
        let operations = parts.next()?.parse().ok()?;
        let spent = Duration::from_nanos(parts.next()?.parse().ok()?);
        Some(Self { name, subject, operations, spent })
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, subject, operations, spent } = self;
        write!(f, "{name}\t{subject}\t{operations}\t{}", spent.as_nanos())
    }
}

/// CPU time that `work` takes. What it gives back is dropped after the clock has stopped.
pub fn cpu<T>(work: impl FnOnce() -> T) -> Duration {
    let start = ProcessTime::now();
    let done = work();
    let elapsed = start.elapsed();
    drop(black_box(done));
    elapsed
}
