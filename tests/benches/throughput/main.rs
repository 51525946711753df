//! `cargo bench -p cofferdam-tests --bench throughput`: one table in one run.
//!
//! Rates are CPU time of this process, the median of several samples, each on a fork of the same
//! ledger. What is measured is submitting: transactions are built and signed before. Only the
//! comparison of threads looks at a clock on the wall.
//!
//! `-- borrow` measures the transactions with that in their name only, unsigned and without
//! roots, `-- batches` the threads and `-- audit` the auditor only: for a profiler.
//!
//! `cargo test --benches` runs everything once with few transactions, to see that it works.

mod audit;
mod batches;
mod measure;
mod rates;
mod sizes;
mod workload;

use measure::Effort;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    // Cargo passes it when it wants figures.
    let effort = if args.iter().any(|arg| arg == "--bench") {
        Effort { transactions: 10_000, samples: 7 }
    } else {
        Effort { transactions: 20, samples: 1 }
    };
    println!("{} transactions a sample, median of {} samples", effort.transactions, effort.samples);
    match args.iter().map(String::as_str).find(|arg| !arg.starts_with('-')) {
        Some("audit") => audit::print(effort),
        Some("batches") => batches::print(effort),
        Some(name) => {
            rates::print_unsigned(Effort { samples: 10 * effort.samples, ..effort }, name);
        }
        None => {
            // First, while no memory that was freed can be taken again.
            sizes::print(effort);
            rates::print(effort);
            audit::print(effort);
            batches::print(effort);
        }
    }
}
