//! One search: an arm, a bug, a seed, and the CPU time it may take.

use cofferdam_sdk::ledger::Recording;
use cofferdam_tests::{
    invariant::Watch,
    world::{Options, World},
    zoo::{Bare, Sighting, Without, shortened},
};
use cpu_time::ThreadTime;

use super::result::Found;

/// Where every search starts, built without any bug.
pub(super) struct Ground {
    base: Watch,
}

/// What a search came to.
pub(super) struct End {
    pub(super) cpu_ms: u64,
    pub(super) actions: u64,
    pub(super) found: Option<Found>,
}

impl Ground {
    pub(super) fn new() -> Self {
        let options = Options { recording: Recording::Nothing, ..Options::fast() };
        Self { base: Watch::new(World::lively(&options)) }
    }
}

/// Whether there is an arm of that name.
pub(super) fn is_arm(name: &str) -> bool {
    without(name).is_some()
}

fn without(name: &str) -> Option<Without> {
    let name = if name == "random" { "bare" } else { name };
    Without::ALL.into_iter().find(|without| without.name() == name)
}

/// Searches until something is found or the time is up.
pub(super) fn search(ground: &Ground, arm: &str, seed: u64, limit_ms: u64) -> End {
    let start = ThreadTime::now();
    let passed_ms = || u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    let mut bare = Bare::new(&ground.base, seed, without(arm).unwrap_or_default());
    loop {
        let sighting = bare.round();
        let cpu_ms = passed_ms();
        if let Some(sighting) = sighting {
            let found = Some(told(ground, &sighting));
            return End { cpu_ms, actions: bare.actions, found };
        }
        if cpu_ms >= limit_ms {
            return End { cpu_ms, actions: bare.actions, found: None };
        }
    }
}

fn told(ground: &Ground, sighting: &Sighting) -> Found {
    let path = shortened(&ground.base, sighting);
    let verb = path.last().map_or("end", |action| action.verb.name()).to_owned();
    let length = u64::try_from(path.len()).unwrap_or(u64::MAX);
    Found { id: sighting.violation.id.to_owned(), verb, length }
}
