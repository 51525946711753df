//! Engines on threads, each with its own seed; what one keeps the others are told.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use cofferdam_tests::{
    action::Record,
    hunt::{Count, Discoveries, Engine, Entry, Ground, Plan},
};

/// Rounds between two looks at what the others found and at whether to stop.
const ROUNDS: usize = 32;
/// How often whoever waits is told.
const TICK: Duration = Duration::from_secs(1);

/// What a crew has done so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    pub(crate) count: Count,
    pub(crate) discoveries: Discoveries,
    /// Sequences kept, deep states, features: of the engine that has the most.
    pub(crate) kept: (usize, usize, u32),
    /// Actions of the engine that saw something new last, since it did.
    pub(crate) actions_since_new: u64,
}

/// What a crew ends with.
#[derive(Debug, Default)]
pub(crate) struct Haul {
    pub(crate) state: State,
    /// Every sequence that showed something new.
    pub(crate) corpus: Vec<Vec<Record>>,
}

/// What the engines tell each other.
#[derive(Default)]
struct Hub {
    told: Mutex<Vec<(usize, Arc<Entry>)>>,
    states: Vec<Mutex<State>>,
    stop: AtomicBool,
}

/// Runs one engine a thread until `more` says no; it is asked each second.
pub(crate) fn hunt(
    ground: &Ground,
    plans: &[Plan],
    seeds: &[Vec<Record>],
    mut more: impl FnMut(&State) -> bool,
) -> Haul {
    let states = plans.iter().map(|_| Mutex::default()).collect();
    let hub = Hub { states, ..Hub::default() };
    thread::scope(|scope| {
        for (number, plan) in plans.iter().enumerate() {
            let (hub, share) = (&hub, seeds.iter().skip(number).step_by(plans.len()));
            let engine = Engine::new(ground, *plan);
            let _worker = scope.spawn(move || work(hub, number, engine, share));
        }
        loop {
            thread::sleep(TICK);
            if !more(&hub.state()) {
                hub.stop.store(true, Ordering::Relaxed);
                break;
            }
        }
    });
    let told = hub.told.lock().unwrap_or_else(PoisonError::into_inner);
    let corpus = told.iter().map(|(_, entry)| entry.path()).collect();
    drop(told);
    Haul { state: hub.state(), corpus }
}

fn work<'a>(
    hub: &Hub,
    number: usize,
    mut engine: Engine,
    seeds: impl Iterator<Item = &'a Vec<Record>>,
) {
    let mut heard = 0;
    let mut seeds = seeds;
    while !hub.stop.load(Ordering::Relaxed) {
        for _ in 0..ROUNDS {
            let _finding = match seeds.next() {
                Some(records) => engine.feed(records),
                None => engine.round(),
            };
        }
        hub.exchange(number, &mut engine, &mut heard);
    }
    hub.exchange(number, &mut engine, &mut heard);
}

impl Hub {
    fn exchange(&self, number: usize, engine: &mut Engine, heard: &mut usize) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.extend(engine.take_fresh().into_iter().map(|entry| (number, entry)));
        let news: Vec<_> =
            told.iter().skip(*heard).filter(|(by, _)| *by != number).cloned().collect();
        *heard = told.len();
        drop(told);
        news.iter().for_each(|(_, entry)| engine.adopt(entry));
        let state = State {
            count: engine.count().clone(),
            discoveries: engine.discoveries().clone(),
            kept: engine.kept(),
            actions_since_new: engine.actions_since_new(),
        };
        *self.states[number].lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    fn state(&self) -> State {
        let mut all = State { actions_since_new: u64::MAX, ..State::default() };
        for state in &self.states {
            let state = state.lock().unwrap_or_else(PoisonError::into_inner);
            all.count.merge(&state.count);
            all.discoveries.merge(&state.discoveries);
            all.kept.0 = all.kept.0.max(state.kept.0);
            all.kept.1 = all.kept.1.max(state.kept.1);
            all.kept.2 = all.kept.2.max(state.kept.2);
            all.actions_since_new = all.actions_since_new.min(state.actions_since_new);
        }
        all
    }
}
