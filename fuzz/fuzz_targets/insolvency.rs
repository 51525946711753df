//! Bytes → records → a lively world, forked for each input, with every invariant checked after
//! every action. Whoever finds value made, stolen or lost finds a crash with the story in it.
#![no_main]

use std::sync::LazyLock;

use cofferdam_tests::{
    action::{Action, records},
    invariant::Watch,
    world::{Options, World},
};
use libfuzzer_sys::fuzz_target;

/// Longest sequence run from one input; what follows is left out.
const ACTIONS_MAX: usize = 256;

/// Shortest run that is probed at its end.
const PROBED_FROM: usize = 32;

/// Prepared once: building a world takes a hundred transactions, forking it none.
static WATCH: LazyLock<Watch> = LazyLock::new(|| Watch::new(World::lively(&Options::fast())));

fuzz_target!(|bytes: &[u8]| {
    let mut watch = WATCH.clone();
    for record in records(bytes).take(ACTIONS_MAX) {
        if let Err(violation) = watch.step(&Action::from(record)) {
            panic!("{violation}");
        }
    }
    // The probes at the end take a hundred transactions: too dear after every handful of actions.
    if watch.story().len() < PROBED_FROM {
        return;
    }
    if let Err(violation) = watch.finish() {
        panic!("{violation}");
    }
});
