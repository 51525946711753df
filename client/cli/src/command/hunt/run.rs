//! `cofferdam hunt run`.

use std::{
    num::NonZeroUsize,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use cofferdam_tests::hunt::{Ground, Measure, Plan, Strategy};

use super::{
    clock::Watch,
    crew, folder,
    outcome::{self, Gated},
    plant,
    progress::Progress,
    result::{self, Campaign},
    shards::{self, Job, Shards},
};
use crate::{fault::Fault, say::say};

/// Hunt for so many seconds on all cores, or through a range of shards.
///
/// Example: cofferdam hunt run --seconds 60 --strategy ensemble
#[derive(Debug, clap::Args)]
#[group(id = "campaign")]
pub(crate) struct Args {
    /// Stop after so many seconds.
    #[arg(long, value_name = "N", default_value_t = 60)]
    seconds: u64,
    /// Where the random numbers begin.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How sequences are drawn: random, coverage, objective, or ensemble for all three.
    #[arg(long, default_value = "ensemble", value_parser = strategy)]
    strategy: Strategy,
    /// Search for the worst of one measure only: bad_debt, supplier_loss, loss_per_shock, profit,
    /// toxic, nearness or running. Implies `--strategy objective` unless another one is given.
    #[arg(long, value_name = "MEASURE", value_parser = measure)]
    objective: Option<Measure>,
    /// Threads [default: one a core].
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Where corpus, findings and figures go; a timed hunt starts from the corpus that is there.
    #[arg(long, value_name = "DIR", default_value = "out/hunt")]
    out: PathBuf,
    /// Where the figures of each second go [default: OUT/progress.jsonl].
    #[arg(long, value_name = "FILE")]
    jsonl: Option<PathBuf>,
    /// Run these shards instead of a time: each is one seed and `--rounds` sequences, and is
    /// skipped when its result is in the folder already.
    #[arg(long, value_name = "A..B")]
    shards: Option<Shards>,
    /// Sequences in a shard.
    #[arg(long, value_name = "N", default_value_t = 2_000)]
    rounds: u32,
    /// Sequences that shrinking a finding may take.
    #[arg(long, value_name = "N", default_value_t = 4_000)]
    tries: usize,
    /// Say what the vacuity gate thinks, and do not fail for it.
    #[arg(long)]
    ungated: bool,
    /// Hunt a bug of docs/ZOO.md, in a build that has them.
    #[arg(long, value_name = "BUG")]
    bug: Option<String>,
    /// Say nothing each second.
    #[arg(long)]
    quiet: bool,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    // What panics is a finding and is told as one.
    std::panic::set_hook(Box::new(|_| {}));
    let ground = plant::ground(args.bug.as_deref())?;
    let gated = if args.ungated { Gated::No } else { Gated::Yes };
    let haul = match args.shards {
        Some(range) => shards::run(&args.job(&ground), range, args.threads())?,
        None => timed(&ground, args)?,
    };
    outcome::close(&ground, &haul, &args.out, args.tries, gated)
}

fn timed(ground: &Ground, args: &Args) -> Result<crew::Haul, Fault> {
    let threads = args.threads();
    let plans: Vec<Plan> = (0..threads as u64).map(|number| args.plan(number)).collect();
    let seeds = folder::corpus(&args.out.join("corpus"));
    let jsonl = args.jsonl.clone().unwrap_or_else(|| args.out.join("progress.jsonl"));
    let measure = args.objective.unwrap_or(Measure::SupplierLoss);
    let mut progress = Progress::new(Some(Path::new(&jsonl)), measure, args.quiet)?;
    say(format_args!(
        "hunting for {} s on {threads} threads from seed {}, {} sequences known",
        args.seconds,
        args.seed,
        seeds.len()
    ));
    let (watch, limit) = (Watch::start(), Duration::from_secs(args.seconds));
    let haul = crew::hunt(ground, &plans, &seeds, |state| {
        progress.tell(watch.elapsed(), state);
        watch.elapsed() < limit
    });
    let elapsed = watch.elapsed();
    let bug = args.bug.as_deref();
    let campaign = Campaign::of_seconds(args.plan(0), args.seed, bug, args.seconds);
    result::write_timed(&args.out, &campaign, &haul.state)?;
    let rate = super::progress::per_second(haul.state.count.actions, elapsed);
    say(format_args!(
        "{} actions in {} sequences, {rate} actions/s on {threads} threads, every invariant checked after each",
        haul.state.count.actions, haul.state.count.sequences
    ));
    Ok(haul)
}

impl Args {
    fn threads(&self) -> usize {
        let cores = || thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        self.threads.unwrap_or_else(cores).get()
    }

    fn job<'a>(&'a self, ground: &'a Ground) -> Job<'a> {
        let (plan, rounds, bug) = (self.plan(0), self.rounds, self.bug.as_deref());
        let campaign = Campaign::of_rounds(plan, self.seed, bug, rounds);
        Job { ground, campaign, plan, rounds, out: &self.out }
    }

    /// What engine `number` does.
    fn plan(&self, number: u64) -> Plan {
        let strategy = match (self.objective, self.strategy) {
            (Some(_), Strategy::Ensemble) => Strategy::Objective,
            (_, strategy) => strategy,
        };
        // Far apart, so that the shards of neighbouring seeds do not overlap.
        let seed = self.seed.wrapping_mul(1 << 32).wrapping_add(number);
        Plan { seed, strategy, objective: self.objective }
    }
}

fn strategy(text: &str) -> Result<Strategy, String> {
    let names = || Strategy::ALL.map(Strategy::name).join(", ");
    Strategy::of_name(text).ok_or_else(|| format!("no strategy {text:?}; there are {}", names()))
}

fn measure(text: &str) -> Result<Measure, String> {
    let names = || Measure::ALL.map(Measure::name).join(", ");
    Measure::of_name(text).ok_or_else(|| format!("no measure {text:?}; there are {}", names()))
}
