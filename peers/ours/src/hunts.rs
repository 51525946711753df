//! Random actions, with and without the invariants.

use std::{hint::black_box, time::Duration};

use cofferdam_tests::{
    action::{RECORD_LEN, Record, bundles},
    hunt::{Engine, Ground, Plan},
    invariant::Watch,
    target::{insolvency, profit},
    world::{Options, World},
};
use peers_common::{Effort, Row, cpu};

/// Actions that run in one fork.
pub(crate) const RUN: usize = 200;

/// Records, the same every time.
pub(crate) fn records(number: usize) -> Vec<Record> {
    let mut rng = Mixer(7);
    let record = || {
        let mut bytes = [0; RECORD_LEN];
        bytes.iter_mut().for_each(|byte| *byte = rng.byte());
        Record(bytes)
    };
    std::iter::repeat_with(record).take(number).collect()
}

/// Numbers that look random: a counter that is mixed (Steele, Lea and Flood, 2014).
struct Mixer(u64);

impl Mixer {
    fn byte(&mut self) -> u8 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed >> 56) as u8
    }
}

/// Prints a sample of each.
pub(crate) fn print(effort: Effort) {
    let world = World::lively(&Options::wild());
    let records = records(RUN * effort.of(60).max(1));
    let number = records.len() as u64;
    Row::print("hunt, nothing checked", "ledger", number, bare(&world, &records));
    Row::print("hunt, invariants on", "ledger", number, watched(&world, &records));
    print_engine(effort);
    print_targets(&records);
}

/// The ledger, and actions resolved against the state as it stands; nothing is checked.
fn bare(world: &World, records: &[Record]) -> Duration {
    let (world, scene) = (world, Watch::new(world.clone()).scene().clone());
    cpu(|| {
        for records in records.chunks(RUN) {
            let (mut world, mut scene) = (world.clone(), scene.clone());
            for bundle in bundles(records) {
                let outcome = world.run_bundle(&scene, &bundle);
                let changes = outcome.receipt.as_ref().map_or(&[][..], |receipt| &receipt.changes);
                let _delta = black_box(scene.follow_entries(&world, changes));
            }
        }
    })
}

/// Every invariant after every transaction.
fn watched(world: &World, records: &[Record]) -> Duration {
    let watch = Watch::new(world.clone());
    cpu(|| {
        for records in records.chunks(RUN) {
            let mut watch = watch.clone();
            for bundle in bundles(records) {
                let outcome = watch.bundle(&bundle);
                drop(black_box(outcome.unwrap_or_else(|violation| panic!("{violation}"))));
            }
        }
    })
}

/// The search as it runs: drawing, mutating, climbing and keeping included.
fn print_engine(effort: Effort) {
    let mut engine = Engine::new(&Ground::wild(), Plan::default());
    let enough = effort.of(12_000) as u64;
    let spent = cpu(|| {
        while engine.count().actions < enough {
            drop(black_box(engine.round()));
        }
    });
    Row::print("hunt, the whole search", "ledger", engine.count().actions, spent);
}

/// What the cargo-fuzz targets do with their bytes, without the coverage counters that only the
/// fuzzer's build has.
fn print_targets(records: &[Record]) {
    let inputs: Vec<Vec<u8>> = records.chunks(RUN).map(bytes).collect();
    let number = records.len() as u64;
    let _warm = black_box(insolvency::run(&inputs[0]));
    let spent = cpu(|| {
        for input in &inputs {
            let _gauge = black_box(insolvency::run(input));
        }
    });
    Row::print("fuzz target insolvency", "ledger", number, spent);
    let inputs: Vec<&[u8]> = inputs.iter().map(|input| &input[..192 * RECORD_LEN]).collect();
    let _warm = black_box(profit::run(inputs[0]));
    let spent = cpu(|| {
        for input in &inputs {
            let _done = black_box(profit::run(input));
        }
    });
    Row::print("fuzz target profit", "ledger", 192 * inputs.len() as u64, spent);
}

fn bytes(records: &[Record]) -> Vec<u8> {
    records.iter().flat_map(|record| record.0).collect()
}
