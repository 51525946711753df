//! `cofferdam stress plan`, `shard` and `merge`: the same campaign on any number of machines.

use std::path::{Path, PathBuf};

use cofferdam_stress::campaign::{Done, Engine, Plan, Played, Results, Size, collect, shard};

use super::{
    common::{Campaign, build},
    validate,
    write::{self, Extras},
};
use crate::{command::hunt::shards::Shards, fault::Fault, say::say};

/// Write a plan: everything that decides a result, under one hash.
///
/// Example: cofferdam stress plan scenarios/slow-bleed.toml --paths 10000 --shards 100 -o plan.json
#[derive(Debug, clap::Args)]
pub(crate) struct PlanArgs {
    /// The scenario file.
    scenario: PathBuf,
    #[command(flatten)]
    campaign: Campaign,
    /// Shards; each is one task of a cluster.
    #[arg(long, value_name = "K", default_value_t = 64)]
    shards: u64,
    /// The plan's file.
    #[arg(short, long, value_name = "FILE", default_value = "plan.json")]
    out: PathBuf,
}

/// Play shards of a plan, each into a file of its own; those that are there are not played again.
///
/// Example: cofferdam stress shard plan.json 17
#[derive(Debug, clap::Args)]
pub(crate) struct ShardArgs {
    /// The plan.
    plan: PathBuf,
    /// A shard, or a range A..B without its end.
    #[arg(value_name = "I|A..B")]
    shards: Shards,
    /// Where shards go [default: beside the plan].
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Put the shards of a plan together, in any order, and write what they say.
///
/// Example: cofferdam stress merge plan.json
#[derive(Debug, clap::Args)]
pub(crate) struct MergeArgs {
    /// The plan.
    plan: PathBuf,
    /// Folders with shards [default: the plan's].
    dirs: Vec<PathBuf>,
    /// Where everything goes [default: beside the plan].
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(super) fn plan(args: &PlanArgs) -> Result<(), Fault> {
    let subject = args.campaign.subject(&args.scenario)?;
    let (paths, mode) = (args.campaign.paths, args.campaign.mode());
    let plan = Plan::new(&subject, Size { paths, shards: args.shards, mode }, &build()?)?;
    plan.save(&args.out)?;
    let (file, hash) = (args.out.display(), &plan.hash);
    say(format_args!("{file}: {} paths in {} shards, plan {hash}", plan.paths, plan.shards));
    Ok(())
}

pub(super) fn shard(args: &ShardArgs) -> Result<(), Fault> {
    let plan = Plan::load(&args.plan, &build()?)?;
    let dir = args.out.clone().unwrap_or_else(|| beside(&args.plan));
    let missing: Vec<u64> = args
        .shards
        .range()
        .filter(|index| shard::read(&shard::file(&dir, &plan, *index), &plan, *index).is_none())
        .collect();
    for index in args.shards.range() {
        // A shard that the plan does not have is refused before anything is played.
        let _paths = plan.shard(index)?;
    }
    // Setting the stage costs as much as many paths: not for nothing.
    let engine = if missing.is_empty() { None } else { Some(Engine::of(&plan)?) };
    for index in args.shards.range() {
        let done = match &engine {
            Some(engine) => shard::run(&plan, engine, index, &dir, &|_| {})?,
            None => Done::Before,
        };
        let word = if done == Done::Played { "played" } else { "was there" };
        let file = shard::file(&dir, &plan, index);
        say(format_args!("shard {index} {word}: {}", file.display()));
    }
    Ok(())
}

pub(super) fn merge(args: &MergeArgs) -> Result<(), Fault> {
    let plan = Plan::load(&args.plan, &build()?)?;
    let own = beside(&args.plan);
    let dirs = if args.dirs.is_empty() { vec![own.clone()] } else { args.dirs.clone() };
    let rows = collect(&plan, &dirs)?;
    let subject = plan.subject()?;
    let results = Results::of(&plan, subject.scenario(), &rows)?;
    let played = Played { plan, rows, results };
    let out = args.out.clone().unwrap_or(own);
    let extras = Extras { validation: validate::read(None)?, ..Extras::default() };
    write::close(&out, &subject, &played, &extras)
}

fn beside(file: &Path) -> PathBuf {
    file.parent().map(Path::to_owned).unwrap_or_default()
}
