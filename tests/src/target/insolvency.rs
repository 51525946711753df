//! Actions in a lively world, every invariant checked after each. The worst figures go back to the
//! target, for engines that can be told what to climb towards.

use std::sync::LazyLock;

use crate::{
    action::{Record, bundles, records},
    hunt::{Course, Gauge},
    invariant::Watch,
    world::{Options, World},
};

/// Longest sequence run from one input; what follows is left out.
const ACTIONS_MAX: usize = 256;
/// Shortest run that is probed at its end: the probes take a hundred transactions.
const PROBED_FROM: usize = 32;

/// Prepared once: building a world takes a hundred transactions, forking it none.
static WATCH: LazyLock<Watch> = LazyLock::new(|| Watch::new(World::lively(&Options::wild())));

/// Runs the actions of some bytes and reads the measures at the end.
///
/// # Panics
/// With the violation, when an invariant does not hold.
pub fn run(bytes: &[u8]) -> Gauge {
    play(&WATCH, bytes)
}

/// The same from a world of one's own.
///
/// # Panics
/// As [`run`].
pub(super) fn play(start: &Watch, bytes: &[u8]) -> Gauge {
    let mut watch = start.clone();
    let mut course = Course::new(watch.scene());
    let mut done = 0;
    let records: Vec<Record> = records(bytes).take(ACTIONS_MAX).collect();
    for bundle in bundles(&records) {
        let before = Course::before(watch.world(), watch.scene(), &bundle);
        let outcome = watch.bundle(&bundle).unwrap_or_else(|violation| panic!("{violation}"));
        let _canary = course.follow(watch.world(), before, &outcome, watch.scene());
        done += 1;
    }
    if done >= PROBED_FROM {
        watch.finish().unwrap_or_else(|violation| panic!("{violation}"));
    }
    Gauge::of(watch.world(), watch.scene(), &course)
}
