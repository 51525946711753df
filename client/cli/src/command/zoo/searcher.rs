//! One search: an arm, a seed, and the CPU time it may take.

use cofferdam_lending_interface::zoo::{self, Bug};
use cofferdam_tests::{
    hunt::{self, Engine, Finding, Ground, Key, Plan, Strategy, Tale, text},
    zoo::{Bare, Sighting, Without, breaks, shortened},
};
use cpu_time::ThreadTime;

use super::result::Found;

/// Sequences that shrinking may try.
const SHRINK_TRIES: usize = 400;

/// What a search came to.
pub(super) struct End {
    pub(super) cpu_ms: u64,
    pub(super) actions: u64,
    /// Findings that the same actions make on the program as it is: they are not the bug's.
    pub(super) alarms: u64,
    pub(super) found: Option<Found>,
}

/// What is searched for, how, and from which seed.
#[derive(Clone, Copy)]
pub(super) struct Case<'a> {
    pub(super) bug: Option<Bug>,
    pub(super) arm: &'a str,
    pub(super) seed: u64,
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

/// Searches for a bug until something is found that is the bug's, or the time is up.
pub(super) fn search(ground: &Ground, case: Case<'_>, limit_ms: u64) -> End {
    match Arm::named(case.arm) {
        Some(Arm::Bare(without)) => plain(ground, case, without, limit_ms),
        Some(Arm::Hunt(strategy)) => hunt(ground, case, strategy, limit_ms),
        None => End { cpu_ms: 0, actions: 0, alarms: 0, found: None },
    }
}

fn passed_ms(start: ThreadTime) -> u64 {
    u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// Runs something on the program as it is.
fn soundly<T>(case: Case<'_>, run: impl FnOnce() -> T) -> T {
    zoo::plant_here(None);
    let end = run();
    zoo::plant_here(case.bug);
    end
}

fn hunt(ground: &Ground, case: Case<'_>, strategy: Strategy, limit_ms: u64) -> End {
    let start = ThreadTime::now();
    let mut engine = Engine::new(ground, Plan { seed: case.seed, strategy, objective: None });
    let mut alarms = 0;
    loop {
        let finding = engine.round();
        let (cpu_ms, actions) = (passed_ms(start), engine.count().actions);
        if let Some(finding) = finding {
            let probed = finding.key.verb == Key::AT_THE_END;
            let again = || hunt::reproduce(ground, &finding.records, probed).is_some();
            if case.bug.is_some() && soundly(case, again) {
                alarms += 1;
                soundly(case, || tell(ground, &hunt::shrink(ground, &finding, SHRINK_TRIES).kept));
                engine.dismiss(&finding.key);
            } else {
                let short = hunt::shrink(ground, &finding, SHRINK_TRIES).kept;
                if case.bug.is_none() {
                    tell(ground, &short);
                }
                let length = u64::try_from(short.records.len()).unwrap_or(u64::MAX);
                let found = Some(Found { id: short.key.id, verb: short.key.verb, length });
                return End { cpu_ms, actions, alarms, found };
            }
        }
        if cpu_ms >= limit_ms {
            return End { cpu_ms, actions, alarms, found: None };
        }
    }
}

/// Shows what breaks a rule on the program as it is: whoever compares searchers wants to know.
fn tell(ground: &Ground, short: &Finding) {
    let tale = Tale::of(ground, &short.records, false);
    let records = text::write(&short.details, &short.records, &tale);
    eprintln!("without any bug {} by {}:\n{records}", short.key.id, short.key.verb);
}

fn plain(ground: &Ground, case: Case<'_>, without: Without, limit_ms: u64) -> End {
    let (start, base) = (ThreadTime::now(), &ground.base().watch);
    let mut bare = Bare::new(base, case.seed, without);
    let mut alarms = 0;
    loop {
        let sighting = bare.round();
        let (cpu_ms, actions) = (passed_ms(start), bare.actions);
        if let Some(sighting) = sighting {
            if case.bug.is_some() && soundly(case, || breaks(base, &sighting.path)) {
                alarms += 1;
            } else {
                return End { cpu_ms, actions, alarms, found: Some(told(ground, &sighting)) };
            }
        }
        if cpu_ms >= limit_ms {
            return End { cpu_ms, actions, alarms, found: None };
        }
    }
}

fn told(ground: &Ground, sighting: &Sighting) -> Found {
    let path = shortened(&ground.base().watch, sighting);
    let verb = path.last().map_or("end", |action| action.verb.name()).to_owned();
    let length = u64::try_from(path.len()).unwrap_or(u64::MAX);
    Found { id: sighting.violation.id.to_owned(), verb, length }
}
