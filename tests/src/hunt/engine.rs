//! One searcher.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use super::{
    Best, Count, Discoveries, Entry, Finding, Ground, Key, Measure, Rng, Snapshot,
    climb::Climb,
    corpus::{Corpus, DEPTH_MAX, Depths},
    draw,
    feature::Features,
    mutate::mutate,
    rng::mix,
    run::Run,
};
use crate::{action::Record, invariant::Violation};

/// Of so many sequences one is probed at its end: the probes take more transactions than the
/// sequence itself.
const PROBED_ONE_IN: usize = 24;

/// How sequences are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strategy {
    /// Anew each time, with a swarm of verbs.
    Random,
    /// By mutating sequences that showed something new.
    Coverage,
    /// By climbing towards a measure.
    Objective,
    /// All three in turn: each wins on different bugs.
    #[default]
    Ensemble,
}

/// What an engine is to do.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plan {
    /// Where its random numbers begin.
    pub seed: u64,
    /// How it draws sequences.
    pub strategy: Strategy,
    /// What it maximises; every measure in turn when `None`.
    pub objective: Option<Measure>,
}

/// One searcher: a pure function of its ground, its plan, and how many rounds it was given.
#[derive(Debug)]
pub struct Engine {
    ground: Ground,
    plan: Plan,
    rng: Rng,
    seen: Features,
    corpus: Corpus,
    depths: Depths,
    climbs: [Climb; Measure::ALL.len()],
    count: Count,
    discoveries: Discoveries,
    last_new_at: u64,
}

impl Strategy {
    /// The three, without the ensemble.
    pub const SINGLE: [Self; 3] = [Self::Random, Self::Coverage, Self::Objective];
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Random, Self::Coverage, Self::Objective, Self::Ensemble];

    /// Name, as on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::Coverage => "coverage",
            Self::Objective => "objective",
            Self::Ensemble => "ensemble",
        }
    }

    /// The strategy of a name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|strategy| strategy.name() == name)
    }
}

impl Engine {
    /// A searcher that has done nothing yet.
    #[must_use]
    pub fn new(ground: &Ground, plan: Plan) -> Self {
        Self {
            ground: ground.clone(),
            plan,
            rng: Rng::new(mix(plan.seed)),
            seen: Features::default(),
            corpus: Corpus::default(),
            depths: Depths::default(),
            climbs: Default::default(),
            count: Count::default(),
            discoveries: Discoveries::default(),
            last_new_at: 0,
        }
    }

    /// Draws a sequence, runs it, and keeps what it showed. Gives back a finding that is new.
    pub fn round(&mut self) -> Option<Finding> {
        let strategy = match self.plan.strategy {
            Strategy::Ensemble => Strategy::SINGLE[self.rng.below(Strategy::SINGLE.len())],
            single => single,
        };
        let measure =
            self.plan.objective.unwrap_or_else(|| Measure::ALL[self.rng.below(Measure::ALL.len())]);
        let climb = (strategy == Strategy::Objective).then_some(measure);
        let (start, records) = match strategy {
            Strategy::Random | Strategy::Ensemble => self.drawn(),
            Strategy::Coverage => self.mutant(),
            Strategy::Objective => self.step_of(measure),
        };
        self.run(&start, &records, climb)
    }

    /// Runs a sequence from the ground, as one of a corpus, probed at its end as rarely as any.
    pub fn feed(&mut self, records: &[Record]) -> Option<Finding> {
        let base = Arc::clone(self.ground.base());
        self.run(&base, records, None)
    }

    /// The same, always probed at its end: of what somebody else found nothing may be lost, and 23
    /// of 24 findings of the probes would be.
    pub fn feed_probed(&mut self, records: &[Record]) -> Option<Finding> {
        let base = Arc::clone(self.ground.base());
        self.run_probed(&base, records, (None, true))
    }

    /// Forgets a finding that was none, so that the next one of its kind is told.
    pub fn dismiss(&mut self, key: &Key) {
        let _none = self.discoveries.findings.remove(key);
    }

    /// What was done so far.
    #[must_use]
    pub const fn count(&self) -> &Count {
        &self.count
    }

    /// What was found so far.
    #[must_use]
    pub const fn discoveries(&self) -> &Discoveries {
        &self.discoveries
    }

    /// Sequences kept, deep states kept, and features seen.
    #[must_use]
    pub fn kept(&self) -> (usize, usize, u32) {
        (self.corpus.len(), self.depths.len(), self.seen.count())
    }

    /// Actions run since something new was last seen.
    #[must_use]
    pub const fn actions_since_new(&self) -> u64 {
        self.count.actions - self.last_new_at
    }

    /// The sequences kept since the last call, for other engines and for a folder.
    pub fn take_fresh(&mut self) -> Vec<Arc<Entry>> {
        self.corpus.take_fresh()
    }

    /// Takes a sequence that another engine kept, if it shows anything new.
    pub fn adopt(&mut self, entry: &Arc<Entry>) {
        if self.seen.lacks_any(&entry.features) {
            for feature in &entry.features {
                let _new = self.seen.add(*feature);
            }
            self.corpus.adopt(Arc::clone(entry), &mut self.rng);
        }
    }

    /// Half of the sequences begin deep, where an attacker would.
    fn start(&mut self) -> Arc<Snapshot> {
        let deep = if self.rng.one_in(2) { self.depths.pick(&mut self.rng) } else { None };
        deep.unwrap_or_else(|| Arc::clone(self.ground.base()))
    }

    fn drawn(&mut self) -> (Arc<Snapshot>, Vec<Record>) {
        let start = self.start();
        (start, draw::sequence(&mut self.rng))
    }

    fn mutant(&mut self) -> (Arc<Snapshot>, Vec<Record>) {
        match self.corpus.pick(&mut self.rng) {
            Some(entry) => self.mutant_of(&entry),
            None => self.drawn(),
        }
    }

    fn step_of(&mut self, measure: Measure) -> (Arc<Snapshot>, Vec<Record>) {
        match self.climbs[measure as usize].here() {
            Some(entry) => self.mutant_of(&entry),
            None => self.drawn(),
        }
    }

    fn mutant_of(&mut self, entry: &Entry) -> (Arc<Snapshot>, Vec<Record>) {
        let donor = self.corpus.pick(&mut self.rng);
        let donor = donor.as_ref().map_or(&[][..], |donor| donor.records.as_slice());
        (Arc::clone(&entry.start), mutate(&mut self.rng, &entry.records, donor))
    }

    fn run(
        &mut self,
        start: &Arc<Snapshot>,
        records: &[Record],
        climb: Option<Measure>,
    ) -> Option<Finding> {
        let probed = self.rng.one_in(PROBED_ONE_IN);
        self.run_probed(start, records, (climb, probed))
    }

    fn run_probed(
        &mut self,
        start: &Arc<Snapshot>,
        records: &[Record],
        (climb, probed): (Option<Measure>, bool),
    ) -> Option<Finding> {
        self.count.sequences += 1;
        let mut run = Run::begin(start);
        match play(&mut run, records, probed, &mut self.count) {
            Ok(()) => {
                self.learn(run, climb);
                None
            }
            Err(finding) => self.book(*finding),
        }
    }

    fn book(&mut self, finding: Finding) -> Option<Finding> {
        *self.count.violations.entry(finding.key.clone()).or_default() += 1;
        self.discoveries.keep(finding.clone()).then_some(finding)
    }

    fn learn(&mut self, run: Run, climb: Option<Measure>) {
        let mut new = false;
        for feature in run.found() {
            new |= self.seen.add(*feature);
        }
        if new {
            self.last_new_at = self.count.actions;
            self.corpus.keep(run.entry(), &mut self.rng);
        }
        for measure in Measure::ALL {
            let (figure, steps) = run.peak(measure);
            self.discoveries.best.consider(measure, figure, || run.path(steps));
        }
        if let Some(measure) = climb {
            let figure = run.peak(measure).0;
            let climb = &mut self.climbs[measure as usize];
            climb.consider(figure, || run.entry(), &mut self.rng);
        }
        let (class, depth) = (run.class(), run.depth());
        if depth <= DEPTH_MAX && self.depths.wants(class, depth, &mut self.rng) {
            self.depths.keep(class, run.into_snapshot(), &mut self.rng);
        }
    }
}

/// Runs a sequence to its end or to what it breaks. A panic is a finding like any other.
fn play(
    run: &mut Run,
    records: &[Record],
    probed: bool,
    count: &mut Count,
) -> Result<(), Box<Finding>> {
    let mut at_the_end = false;
    let result = catch_unwind(AssertUnwindSafe(|| {
        run.play(records, count)?;
        run.look();
        at_the_end = true;
        if probed {
            count.probed += 1;
            run.finish()?;
        }
        Ok::<(), Box<Violation>>(())
    }));
    let verb = if at_the_end { None } else { run.last_verb() };
    match result {
        Ok(Ok(())) => Ok(()),
        Ok(Err(violation)) => Err(Box::new(Finding::new(&violation, verb, run.whole_path()))),
        Err(panic) => Err(Box::new(Finding::panic(verb, panic_words(&*panic), run.whole_path()))),
    }
}

/// What a panic said.
pub(crate) fn panic_words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no words").to_owned()
}

/// The worst path by each measure is part of what an engine found.
impl Engine {
    /// The worst paths so far.
    #[must_use]
    pub const fn best(&self) -> &Best {
        &self.discoveries.best
    }
}
