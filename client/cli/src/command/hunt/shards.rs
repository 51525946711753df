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

use cofferdam_tests::{
    action::Record,
    hunt::{Engine, Ground, Plan},
};

use super::{
    crew::{Haul, State},
    folder,
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

/// A shard that was run, or whose result was there already.
struct Done {
    skipped: bool,
    haul: Haul,
}

/// Runs the shards whose results are not there, each on one of `threads` threads, and gathers those
/// of all in their order: the number of threads changes nothing but the time it takes.
pub(crate) fn run(
    ground: &Ground,
    range: Shards,
    plan: Plan,
    rounds: u32,
    threads: usize,
    out: &Path,
) -> Result<Haul, Fault> {
    let next = Mutex::new(range.range());
    let done = Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        for _ in 0..threads {
            let _worker = scope.spawn(|| {
                while let Some(number) = take_next(&next) {
                    let result = shard(ground, plan, rounds, number, out);
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
        say(format_args!("{skipped} shards were done already; their sequences were run again"));
    }
    Ok(haul)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn take_next(next: &Mutex<Range<u64>>) -> Option<u64> {
    lock(next).next()
}

fn shard(ground: &Ground, plan: Plan, rounds: u32, number: u64, out: &Path) -> Result<Done, Fault> {
    let plan = Plan { seed: plan.seed.wrapping_add(number), ..plan };
    let name = format!("{}-{}-{rounds}-{number}", plan.strategy.name(), plan.seed);
    let file = out.join("shards").join(format!("{name}.bin"));
    if let Some(corpus) = result(&file) {
        return Ok(Done { skipped: true, haul: again(ground, plan, corpus) });
    }
    let mut engine = Engine::new(ground, plan);
    for _ in 0..rounds {
        let _finding = engine.round();
    }
    let corpus = sequences(&mut engine);
    folder::write(&file, &encode(&corpus))?;
    say(format_args!("shard {number}: {} actions", engine.count().actions));
    Ok(Done { skipped: false, haul: haul(&engine, corpus) })
}

/// Everything a shard has to show: what it kept, its worst paths and its findings.
fn sequences(engine: &mut Engine) -> Vec<Vec<Record>> {
    let mut all: Vec<_> = engine.take_fresh().iter().map(|entry| entry.path()).collect();
    all.extend(engine.best().0.values().map(|(_, path)| path.clone()));
    all.extend(engine.discoveries().findings.values().map(|finding| finding.records.clone()));
    all
}

/// Runs a finished shard's sequences again: the figures are those of what it kept.
fn again(ground: &Ground, plan: Plan, corpus: Vec<Vec<Record>>) -> Haul {
    let mut engine = Engine::new(ground, plan);
    for records in &corpus {
        let _finding = engine.feed(records);
    }
    haul(&engine, corpus)
}

fn haul(engine: &Engine, corpus: Vec<Vec<Record>>) -> Haul {
    let state = State {
        count: engine.count().clone(),
        discoveries: engine.discoveries().clone(),
        kept: engine.kept(),
        actions_since_new: engine.actions_since_new(),
    };
    Haul { state, corpus }
}

fn join(all: &mut Haul, shard: Haul) {
    all.state.count.merge(&shard.state.count);
    all.state.discoveries.merge(&shard.state.discoveries);
    all.state.kept.0 += shard.state.kept.0;
    all.state.kept.1 += shard.state.kept.1;
    all.state.kept.2 = all.state.kept.2.max(shard.state.kept.2);
    all.corpus.extend(shard.corpus);
}

/// Sequences with their lengths, and a sum over everything at the end.
fn encode(corpus: &[Vec<Record>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for records in corpus {
        let length = u32::try_from(records.len()).unwrap_or(u32::MAX);
        bytes.extend(length.to_le_bytes());
        bytes.extend(folder::to_bytes(records));
    }
    let sum = folder::content_name(&bytes);
    bytes.extend(sum.as_bytes());
    bytes
}

/// A result that is whole; `None` when there is none, or half of one, or one that was changed.
fn result(file: &Path) -> Option<Vec<Vec<Record>>> {
    let bytes = folder::read(file).ok()?;
    let (body, sum) = bytes.split_last_chunk::<16>()?;
    (folder::content_name(body).as_bytes() == sum).then(|| decode(body))?
}

fn decode(mut body: &[u8]) -> Option<Vec<Vec<Record>>> {
    let mut corpus = Vec::new();
    while let Some((length, rest)) = body.split_first_chunk::<4>() {
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let bytes = length.checked_mul(cofferdam_tests::action::RECORD_LEN)?;
        let (records, rest) = rest.split_at_checked(bytes)?;
        corpus.push(cofferdam_tests::action::records(records).collect());
        body = rest;
    }
    Some(corpus)
}
