//! A campaign in parts that any machine can do in any order: a shard is a seed and a number of
//! rounds, its result a file, and a result that is there is not computed again.

use std::{
    collections::BTreeMap,
    ops::Range,
    path::Path,
    str::FromStr,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
};

use cofferdam_tests::hunt::{Engine, Ground, Plan};

use super::{
    crew::{Haul, State},
    result::{self, Campaign},
};
use crate::{fault::Fault, say::say};

/// A range of shards.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shards {
    from: u64,
    until: u64,
}

impl Shards {
    /// The numbers of the range.
    pub(crate) fn range(self) -> Range<u64> {
        self.from..self.until
    }
}

impl FromStr for Shards {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no range of shards; write A..B, such as 0..8");
        if let Ok(from) = text.parse::<u64>() {
            let until = from.checked_add(1).ok_or_else(wrong)?;
            return Ok(Self { from, until });
        }
        let (from, until) = text.split_once("..").ok_or_else(wrong)?;
        let number = |text: &str| text.parse::<u64>().map_err(|_| wrong());
        let (from, until) = (number(from)?, number(until)?);
        if from < until { Ok(Self { from, until }) } else { Err(wrong()) }
    }
}

/// What every shard of a campaign has in common.
pub(crate) struct Job<'a> {
    pub(crate) ground: &'a Ground,
    pub(crate) campaign: Campaign,
    /// The plan of shard 0; each next one has the next seed.
    pub(crate) plan: Plan,
    pub(crate) rounds: u32,
    pub(crate) out: &'a Path,
}

/// A shard that was run, or whose result was there already.
struct Done {
    skipped: bool,
    haul: Haul,
}

/// Runs the shards whose results are not there, each on one of `threads` threads, and adds up those
/// of all: neither the number of threads nor what was there changes anything but the time it takes.
pub(crate) fn run(job: &Job<'_>, range: Shards, threads: usize) -> Result<Haul, Fault> {
    let next = Mutex::new(range.range());
    let done = Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        for _ in 0..threads {
            let _worker = scope.spawn(|| {
                while let Some(number) = take_next(&next) {
                    let result = job.shard(number);
                    let _none = lock(&done).insert(number, result);
                }
            });
        }
    });
    let (mut haul, mut skipped) = (Haul::default(), 0);
    for result in done.into_inner().unwrap_or_else(PoisonError::into_inner).into_values() {
        let done = result?;
        skipped += u32::from(done.skipped);
        join(&mut haul, done.haul);
    }
    if skipped > 0 {
        say(format_args!("{skipped} shards were done already"));
    }
    Ok(haul)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn take_next(next: &Mutex<Range<u64>>) -> Option<u64> {
    lock(next).next()
}

impl Job<'_> {
    fn shard(&self, number: u64) -> Result<Done, Fault> {
        if let Some(haul) = result::read(self.out, &self.campaign, number) {
            return Ok(Done { skipped: true, haul });
        }
        let seed = self.plan.seed.wrapping_add(number);
        let mut engine = Engine::new(self.ground, Plan { seed, ..self.plan });
        for _ in 0..self.rounds {
            let _finding = engine.round();
        }
        let haul = haul(&mut engine);
        result::write(self.out, &self.campaign, number, &haul)?;
        say(format_args!("shard {number}: {} actions", engine.count().actions));
        Ok(Done { skipped: false, haul })
    }
}

fn haul(engine: &mut Engine) -> Haul {
    let state = State {
        count: engine.count().clone(),
        discoveries: engine.discoveries().clone(),
        kept: engine.kept(),
        actions_since_new: engine.actions_since_new(),
    };
    Haul { state, corpus: engine.take_fresh().iter().map(|entry| entry.path()).collect() }
}

/// Adds a part to the whole. It does not matter which comes first.
pub(crate) fn join(all: &mut Haul, part: Haul) {
    all.state.count.merge(&part.state.count);
    all.state.discoveries.merge(&part.state.discoveries);
    all.state.kept.0 += part.state.kept.0;
    all.state.kept.1 += part.state.kept.1;
    all.state.kept.2 = all.state.kept.2.max(part.state.kept.2);
    all.corpus.extend(part.corpus);
}
