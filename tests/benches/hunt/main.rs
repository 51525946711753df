//! `cargo bench -p cofferdam-tests --bench hunt`: what checking costs, in one table.
//!
//! Random records run in forks of a lively world, so many actions to a fork; every row runs the
//! same records. Rates are CPU time of this process, the median of several samples. Below stands
//! what the checks and the auditor add to a transaction, and the rate of each fuzz target.
//!
//! `-- bare`, `-- followed` and `-- watched` run one row many times over, for a profiler; with
//! `--once` a single time, for one that counts instructions.

#[path = "../shared/clock.rs"]
mod clock;
mod targets;

use std::{hint::black_box, time::Duration};

use clock::{cpu, grouped, median, per_second};
use cofferdam_tests::{
    action::{Action, RECORD_LEN, Record},
    auditor::Auditor,
    invariant::Watch,
    scene::Scene,
    world::{Options, World},
};
use proptest::{
    prelude::Rng,
    test_runner::{RngAlgorithm, TestRng},
};

/// As in the `cofferdam` command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Actions that run in one fork.
const RUN: usize = 200;

/// How the actions of a run went.
#[derive(Clone, Copy, Default)]
struct Count {
    actions: usize,
    sent: usize,
    succeeded: usize,
}

/// The same, and the auditor predicts every transaction.
fn audited(watch: &Watch, actions: &[Action], count: &mut Count) {
    let mut watch = watch.clone();
    let mut auditor = Auditor::new(watch.world());
    for action in actions {
        let outcome = watch.step(action).unwrap_or_else(|violation| panic!("{violation}"));
        let verdict = auditor.observe(watch.world(), &outcome);
        verdict.unwrap_or_else(|disagreement| panic!("{disagreement}"));
        count.add(&outcome);
    }
    black_box((watch, auditor));
}

/// A row: what it is called, and how it runs the actions of one fork.
type Row = (&'static str, fn(&Watch, &[Action], &mut Count));

const ROWS: [Row; 4] =
    [("bare", bare), ("followed", followed), ("watched", watched), ("audited", audited)];

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (runs, samples) = if args.iter().any(|arg| arg == "--bench") { (50, 7) } else { (1, 1) };
    let more = if args.iter().any(|arg| arg == "--once") { 1 } else { samples * 10 };
    let watch = Watch::new(World::lively(&Options::fast()));
    let only = args.iter().find(|arg| !arg.starts_with('-'));
    let actions = actions(RUN * runs);
    println!("{} actions a sample in forks of {RUN}, median of {samples} samples", actions.len());
    println!("| row | actions/s | transactions/s | µs a transaction | succeeded |");
    println!("|---|---|---|---|---|");
    if let Some(only) = only {
        let row = ROWS.iter().find(|row| row.0 == only).expect("a row of the table");
        print_row(row, &watch, &actions, more);
        return;
    }
    let costs_ns = ROWS.map(|row| print_row(&row, &watch, &actions, samples));
    let [_, followed, watched, audited] = costs_ns.map(|cost_ns| cost_ns as f64 / 1_000.0);
    println!("\nall invariants: {:.2} µs a transaction", watched - followed);
    println!("the auditor: {:.2} µs a transaction", audited - watched);
    targets::print(samples);
}

/// Prints a row; nanoseconds a transaction.
fn print_row((name, run): &Row, watch: &Watch, actions: &[Action], samples: usize) -> u128 {
    let mut count = Count::default();
    let elapsed: Duration = median(samples, || {
        count = Count::default();
        cpu(|| actions.chunks(RUN).for_each(|actions| run(watch, actions, &mut count)))
    });
    let rate = |number| grouped(per_second(number, elapsed));
    let share = count.succeeded * 100 / count.sent.max(1);
    let cost_ns = elapsed.as_nanos() / count.sent.max(1) as u128;
    let (actions, sent) = (rate(count.actions), rate(count.sent));
    println!("| {name} | {actions} | {sent} | {:.2} | {share} % |", cost_ns as f64 / 1_000.0);
    cost_ns
}

/// The ledger alone: actions are resolved against the world as it stood when the fork began, so
/// nothing is decoded between them.
fn bare(watch: &Watch, actions: &[Action], count: &mut Count) {
    let (mut world, scene) = (watch.world().clone(), watch.scene());
    for action in actions {
        count.add(&world.run_on(scene, action));
    }
    black_box(world);
}

/// Actions are resolved against the world as it stands, and nothing is checked.
fn followed(watch: &Watch, actions: &[Action], count: &mut Count) {
    let (mut world, mut scene): (World, Scene) = (watch.world().clone(), watch.scene().clone());
    for action in actions {
        let outcome = world.run_on(&scene, action);
        count.add(&outcome);
        let changes = outcome.receipt.as_ref().map_or(&[][..], |receipt| &receipt.changes);
        black_box(scene.follow_entries(&world, changes));
    }
    black_box(world);
}

/// Every invariant after every action.
fn watched(watch: &Watch, actions: &[Action], count: &mut Count) {
    let mut watch = watch.clone();
    for action in actions {
        match watch.step(action) {
            Ok(outcome) => count.add(&outcome),
            Err(violation) => panic!("{violation}"),
        }
    }
    black_box(watch);
}

impl Count {
    fn add(&mut self, outcome: &cofferdam_tests::action::Outcome) {
        self.actions += 1;
        self.sent += usize::from(!outcome.sent.is_empty());
        self.succeeded += usize::from(outcome.success().is_some());
    }
}

/// Random records, the same every time.
fn actions(number: usize) -> Vec<Action> {
    let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let record = || {
        let mut bytes = [0; RECORD_LEN];
        rng.fill_bytes(&mut bytes);
        Action::from(Record(bytes))
    };
    std::iter::repeat_with(record).take(number).collect()
}
