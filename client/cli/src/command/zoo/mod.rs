//! `cofferdam zoo`: how soon each known bug is found.

#[cfg(zoo)]
mod arena;
mod page;
mod result;
#[cfg(zoo)]
mod searcher;

use std::path::PathBuf;

use crate::fault::Fault;

/// Plant known bugs one at a time and see how soon the hunt finds each.
///
/// Needs a build that has them: RUSTFLAGS="--cfg zoo" cargo build --release --target-dir target/zoo.
/// Results are appended to a file and taken up again from there. Ends with exit code 1 when a bug
/// was not found in every seed.
///
/// Example: cofferdam zoo first_out --seeds 5
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Bugs by name; every one of the catalogue without any.
    bugs: Vec<String>,
    /// How often each bug is searched for, each time with another seed.
    #[arg(long, default_value_t = 20)]
    seeds: u64,
    /// CPU-seconds a search may take.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// How to search: random, coverage, objective, ensemble, or bare and bare without one of its
    /// parts: no-records, no-amounts, no-roles, no-snapshots, no-swarm.
    #[arg(long = "arm", value_name = "NAME", default_values = ["random", "coverage", "objective", "ensemble"])]
    arms: Vec<String>,
    /// Only bugs of the first so many tiers.
    #[arg(long, default_value_t = 3)]
    tiers: u8,
    /// And so many of the rest, drawn by --draw-seed.
    #[arg(long, default_value_t = 0)]
    draw: usize,
    /// Seed of the draw.
    #[arg(long, default_value_t = 1)]
    draw_seed: u64,
    /// A bug that was not found in its first so many seeds is given up.
    #[arg(long, default_value_t = 3)]
    patience: u64,
    /// Searches at a time.
    #[arg(long, default_value_t = 1)]
    jobs: usize,
    /// Where results are kept, one JSON object a line.
    #[arg(long, value_name = "FILE", default_value = "out/zoo/results.jsonl")]
    results: PathBuf,
    /// Also search the program without any bug, which must find nothing.
    #[arg(long)]
    control: bool,
    /// Search nothing, but write the page from the results.
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    match &args.page {
        Some(page) => page::write(page, &result::read(&args.results)?),
        None => search(args),
    }
}

#[cfg(zoo)]
fn search(args: &Args) -> Result<(), Fault> {
    arena::run(args)
}

/// What a build without bugs says.
#[cfg(not(zoo))]
fn search(args: &Args) -> Result<(), Fault> {
    // Wrong names are wrong in every build.
    for name in &args.bugs {
        let known = cofferdam_tests::zoo::entry(name).is_some();
        let unknown = || Fault::Input(format!("no bug is called {name}; see docs/ZOO.md"));
        known.then_some(()).ok_or_else(unknown)?;
    }
    Err(Fault::Input(super::hunt::plant::needs_bugs("zoo")))
}
