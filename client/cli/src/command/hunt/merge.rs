//! `cofferdam hunt merge`.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use cofferdam_tests::{
    action::Record,
    hunt::{Engine, Plan},
    target::{Input, Target},
};

use super::{
    crew::Haul,
    folder,
    outcome::{self, Gated},
    plant,
    result::{Gathered, RESULTS},
    shards,
    write::Case,
};
use crate::{fault::Fault, say::say};

/// Put what several hunts left into one folder, as if one campaign had done everything: counts and
/// the worst paths, of the findings the shortest of each, of the sequences only those that show
/// something the others do not.
///
/// The order of the folders does not matter. Exit codes as for a hunt.
///
/// Example: cofferdam hunt merge out/hunt-a out/hunt-b --out out/hunt
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Folders that hunts wrote.
    #[arg(required = true, value_name = "DIR")]
    dirs: Vec<PathBuf>,
    /// The folder that gets everything.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Sequences that shrinking a finding may take.
    #[arg(long, value_name = "N", default_value_t = 4_000)]
    tries: usize,
    /// Say what the vacuity gate thinks, and do not fail for it.
    #[arg(long)]
    ungated: bool,
    /// With a bug of docs/ZOO.md, in a build that has them.
    #[arg(long, value_name = "BUG")]
    bug: Option<String>,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    std::panic::set_hook(Box::new(|_| {}));
    let ground = plant::ground(args.bug.as_deref())?;
    let gathered = args.gather()?;
    let counted = gathered.results.len();
    let foreign = gathered.foreign.len();
    say(format_args!("{counted} results add up, {foreign} are of another build or bug"));
    let mut haul = Haul::default();
    for (name, (bytes, part)) in gathered.results {
        folder::write(&args.out.join(RESULTS).join(name), &bytes)?;
        shards::join(&mut haul, part);
    }
    let all = args.sequences(std::mem::take(&mut haul.corpus));
    let mut sieve = Sieve { engine: Engine::new(&ground, Plan::default()), haul };
    let (hunts, others): (Vec<_>, Vec<_>) =
        args.findings()?.into_iter().partition(|input| input.target == Target::Insolvency);
    let hunts = sorted(hunts.into_iter().map(|input| input.records).collect());
    let mut gone = hunts.iter().filter(|records| !sieve.run(records)).count();
    for records in &all {
        let _broken = sieve.run(records);
    }
    let haul = sieve.end();
    let mut broken = BTreeSet::new();
    for input in &others {
        match keep(input, args)? {
            Some(key) => _ = broken.insert(key),
            None => gone += 1,
        }
    }
    let kept = haul.corpus.len();
    say(format_args!("{kept} of {} sequences show something; {gone} findings are gone", all.len()));
    // Folders without results, such as those of a fuzzer, say nothing of how much was tried.
    let gated = if args.ungated || counted == 0 { Gated::No } else { Gated::Yes };
    outcome::close(&ground, &haul, &args.out, args.tries, gated)?;
    if broken.is_empty() {
        return Ok(());
    }
    let broken = broken.into_iter().collect::<Vec<_>>().join(", ");
    Err(Fault::Failed(format!("fuzz targets fail still: {broken}")))
}

impl Args {
    fn dirs(&self) -> impl Iterator<Item = &Path> {
        self.dirs.iter().chain([&self.out]).map(PathBuf::as_path)
    }

    fn gather(&self) -> Result<Gathered, Fault> {
        let mut gathered = Gathered::default();
        self.dirs().try_for_each(|dir| gathered.add(dir, self.bug.as_deref()))?;
        Ok(gathered)
    }

    /// The findings in all folders.
    fn findings(&self) -> Result<Vec<Input>, Fault> {
        let folders = self.dirs().flat_map(|dir| folder::findings(&dir.join("findings")));
        folders.map(|found| folder::input(&found, None)).collect()
    }

    /// Every sequence of the results and folders.
    fn sequences(&self, mut all: Vec<Vec<Record>>) -> Vec<Vec<Record>> {
        all.extend(self.dirs().flat_map(|dir| folder::corpus(&dir.join("corpus"))));
        sorted(all)
    }
}

/// Writes the finding of a fuzz target if it is still there, and says which it is: a target judges
/// for itself.
fn keep(input: &Input, args: &Args) -> Result<Option<String>, Fault> {
    let ground = plant::ground_of(input, args.bug.as_deref())?;
    let Some(finding) = input.find(&ground) else { return Ok(None) };
    let case = Case::of_input(&finding, input.clone());
    let _written = case.write(&ground, &args.out.join("findings"))?;
    Ok(Some(finding.key.to_string()))
}

/// Each once, short ones first: of two that show the same the shorter one is kept. Then in order of
/// their bytes, so that the order of the folders does not matter.
fn sorted(mut all: Vec<Vec<Record>>) -> Vec<Vec<Record>> {
    all.sort_by(|one, other| (one.len(), one).cmp(&(other.len(), other)));
    all.dedup();
    all
}

/// Runs what others left again, and keeps what is worth keeping.
struct Sieve {
    engine: Engine,
    haul: Haul,
}

impl Sieve {
    /// Runs a sequence and its probes, and says whether it breaks a rule. It was counted where it
    /// was found, so that only what nobody has counted yet is added.
    fn run(&mut self, records: &[Record]) -> bool {
        let broken = |engine: &Engine| engine.count().violations.values().sum::<u64>();
        let before = broken(&self.engine);
        let _new = self.engine.feed_probed(records);
        broken(&self.engine) > before
    }

    fn end(mut self) -> Haul {
        for (key, finding) in &self.engine.discoveries().findings {
            let _counted = self.haul.state.count.violations.entry(key.clone()).or_insert(1);
            let _new = self.haul.state.discoveries.keep(finding.clone());
        }
        self.haul.corpus = self.engine.take_fresh().iter().map(|entry| entry.path()).collect();
        self.haul
    }
}
