//! `cofferdam hunt`.

pub(crate) mod clock;
mod crew;
mod folder;
mod merge;
mod outcome;
mod page;
pub(crate) mod plant;
mod progress;
mod replay;
mod report;
mod result;
mod run;
mod seeds;
pub(crate) mod shards;
mod show;
mod shrink;
mod write;

use clap::Subcommand;

use super::zoo;
use crate::fault::Fault;

/// Search for paths by which somebody loses what nobody should lose.
///
/// Exit codes: 0 when no rule was broken and enough was tried; 1 with a finding and its story; 3
/// when too little was tried to mean anything.
///
/// Example: cofferdam hunt --seconds 60
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Option<Verb>,
    #[command(flatten)]
    run: run::Args,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Run(Box<run::Args>),
    Replay(replay::Args),
    Shrink(shrink::Args),
    Show(show::Args),
    Merge(merge::Args),
    Report(report::Args),
    /// Plant known bugs one at a time and see how soon the hunt finds each: `cofferdam zoo`.
    ///
    /// Needs a build that has them: RUSTFLAGS="--cfg zoo" cargo build --release --target-dir
    /// target/zoo.
    ///
    /// Example: cofferdam hunt zoo first_out --seeds 5
    Zoo(zoo::Args),
    Seeds(seeds::Args),
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    match &args.verb {
        None => run::run(&args.run),
        Some(Verb::Run(args)) => run::run(args),
        Some(Verb::Replay(args)) => replay::run(args),
        Some(Verb::Shrink(args)) => shrink::run(args),
        Some(Verb::Show(args)) => show::run(args),
        Some(Verb::Merge(args)) => merge::run(args),
        Some(Verb::Report(args)) => report::run(args),
        Some(Verb::Zoo(args)) => zoo::run(args),
        Some(Verb::Seeds(args)) => seeds::run(args),
    }
}
