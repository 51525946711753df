//! `cofferdam stress`, `advise` and `break`.

pub(crate) mod advise;
pub(crate) mod breaks;
mod common;
mod plan;
mod play;
mod sweep;
mod validate;
mod write;

use clap::Subcommand;

use crate::fault::Fault;

/// Stress a scenario over many paths of its prices: how much is lost, how sure that is, who pays.
///
/// What is done stays done: interrupted and started again, it goes on. The result is the same
/// bytes on any number of threads. Exit code 1 when a line of the scenario's [assert] does not
/// hold.
///
/// Example: cofferdam stress scenarios/slow-bleed.toml --paths 10000
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Option<Verb>,
    #[command(flatten)]
    play: play::Args,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Plan(plan::PlanArgs),
    Shard(plan::ShardArgs),
    Merge(plan::MergeArgs),
    Sweep(Box<sweep::Args>),
    Validate(validate::Args),
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    match &args.verb {
        None => play::run(&args.play),
        Some(Verb::Plan(args)) => plan::plan(args),
        Some(Verb::Shard(args)) => plan::shard(args),
        Some(Verb::Merge(args)) => plan::merge(args),
        Some(Verb::Sweep(args)) => sweep::run(args),
        Some(Verb::Validate(args)) => validate::run(args),
    }
}
