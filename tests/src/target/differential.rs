//! Two opinions on every action: what the program did against what an independent model in exact
//! rationals said it would.

use std::sync::LazyLock;

use crate::{
    action::{Record, bundles, records},
    auditor::Auditor,
    scene::Scene,
    world::{Options, World},
};

/// Longest sequence run from one input.
const ACTIONS_MAX: usize = 192;

/// Reading a world takes the auditor as long as many actions.
static START: LazyLock<(World, Auditor)> = LazyLock::new(|| {
    let world = World::lively(&Options::fast());
    let auditor = Auditor::new(&world);
    (world, auditor)
});

/// Runs the actions of some bytes under audit and says how many there were.
///
/// # Panics
/// With the disagreement, when the two differ.
pub fn run(bytes: &[u8]) -> usize {
    let (mut world, mut auditor) = START.clone();
    let mut done = 0;
    let records: Vec<Record> = records(bytes).take(ACTIONS_MAX).collect();
    for bundle in bundles(&records) {
        let outcome = world.run_bundle(&Scene::of(&world), &bundle);
        let agreed = auditor.observe(&world, &outcome);
        agreed.unwrap_or_else(|disagreement| panic!("{}: {disagreement}", outcome.label));
        done += bundle.len();
    }
    done
}
