//! One search: an arm, a seed, and the CPU time it may take.

use cofferdam_tests::{
    hunt::{self, Engine, Ground, Plan, Strategy},
    zoo::{Bare, Sighting, Without, shortened},
};
use cpu_time::ThreadTime;

use super::result::Found;

/// Sequences that shrinking may try.
const SHRINK_TRIES: usize = 400;

/// What a search came to.
pub(super) struct End {
    pub(super) cpu_ms: u64,
    pub(super) actions: u64,
    pub(super) found: Option<Found>,
}

/// A way to search.
#[derive(Clone, Copy)]
enum Arm {
    /// The hunt's engine.
    Hunt(Strategy),
    /// The plain searcher without one of its parts.
    Bare(Without),
}

impl Arm {
    fn named(name: &str) -> Option<Self> {
        let bare = Without::ALL.into_iter().find(|without| without.name() == name);
        Strategy::of_name(name).map(Self::Hunt).or(bare.map(Self::Bare))
    }
}

/// Whether there is an arm of that name.
pub(super) fn is_arm(name: &str) -> bool {
    Arm::named(name).is_some()
}

/// Searches until something is found or the time is up.
pub(super) fn search(ground: &Ground, arm: &str, seed: u64, limit_ms: u64) -> End {
    match Arm::named(arm) {
        Some(Arm::Bare(without)) => plain(ground, without, seed, limit_ms),
        Some(Arm::Hunt(strategy)) => hunt(ground, strategy, seed, limit_ms),
        None => End { cpu_ms: 0, actions: 0, found: None },
    }
}

fn passed_ms(start: ThreadTime) -> u64 {
    u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX)
}

fn hunt(ground: &Ground, strategy: Strategy, seed: u64, limit_ms: u64) -> End {
    let start = ThreadTime::now();
    let mut engine = Engine::new(ground, Plan { seed, strategy, objective: None });
    loop {
        let finding = engine.round();
        let (cpu_ms, actions) = (passed_ms(start), engine.count().actions);
        if let Some(finding) = finding {
            let short = hunt::shrink(ground, &finding, SHRINK_TRIES).kept;
            let length = u64::try_from(short.records.len()).unwrap_or(u64::MAX);
            let found = Some(Found { id: short.key.id, verb: short.key.verb, length });
            return End { cpu_ms, actions, found };
        }
        if cpu_ms >= limit_ms {
            return End { cpu_ms, actions, found: None };
        }
    }
}

fn plain(ground: &Ground, without: Without, seed: u64, limit_ms: u64) -> End {
    let start = ThreadTime::now();
    let mut bare = Bare::new(&ground.base().watch, seed, without);
    loop {
        let sighting = bare.round();
        let cpu_ms = passed_ms(start);
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
    let path = shortened(&ground.base().watch, sighting);
    let verb = path.last().map_or("end", |action| action.verb.name()).to_owned();
    let length = u64::try_from(path.len()).unwrap_or(u64::MAX);
    Found { id: sighting.violation.id.to_owned(), verb, length }
}
