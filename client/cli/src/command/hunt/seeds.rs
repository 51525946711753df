//! `cofferdam hunt seeds`.

use std::path::PathBuf;

use cofferdam_tests::{action::Record, hunt::Rng};

use super::folder;
use crate::{fault::Fault, say::say};

/// Write full-length sequences for a fuzz target to start from: an empty corpus teaches libFuzzer
/// short inputs, and short inputs reach nothing.
///
/// Example: cofferdam hunt seeds fuzz/corpus/insolvency --count 100
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where they go, named by their content.
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// How many.
    #[arg(long, value_name = "N", default_value_t = 100)]
    count: u32,
    /// Records in each.
    #[arg(long, value_name = "N", default_value_t = 64)]
    records: u32,
    /// Where the random numbers begin.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let mut rng = Rng::new(args.seed);
    let mut new = 0;
    for _ in 0..args.count {
        let records: Vec<Record> = (0..args.records).map(|_| Record(rng.bytes())).collect();
        new += u32::from(folder::keep_sequence(&args.dir, &records)?);
    }
    say(format_args!("{}: {new} new sequences of {} records", args.dir.display(), args.records));
    Ok(())
}
