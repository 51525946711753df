//! What a second opinion on a transaction costs.

use std::time::Duration;

use cofferdam_tests::{
    action::{Action, RECORD_LEN, Record},
    auditor::Auditor,
    world::{Options, World},
};
use proptest::{
    prelude::Rng,
    test_runner::{RngAlgorithm, TestRng},
};

use crate::measure::{Effort, cpu, grouped, median, per_second};

/// Random actions before the world begins anew.
const ACTIONS: usize = 100;

/// Transactions of random actions that the auditor judges in a second; what it takes to run them
/// is not counted.
pub(crate) fn print(effort: Effort) {
    let world = World::lively(&Options::fast());
    let count = (effort.transactions / 10).max(ACTIONS);
    let mut judged = 0;
    let spent = median(effort.samples, || {
        let (transactions, spent) = sample(&world, count);
        judged = transactions;
        spent
    });
    println!("\ntransactions judged by the auditor a second (CPU time)");
    println!("{:<22}{:>16}", "random actions", grouped(per_second(judged, spent)));
}

/// How many transactions there were among `count` actions, and what the auditor took for them.
fn sample(world: &World, count: usize) -> (usize, Duration) {
    let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[3; 32]);
    let start = Auditor::new(world);
    let (mut transactions, mut spent) = (0, Duration::ZERO);
    for _ in 0..count.div_ceil(ACTIONS) {
        let (mut world, mut auditor) = (world.clone(), start.clone());
        for _ in 0..ACTIONS {
            let mut bytes = [0; RECORD_LEN];
            rng.fill_bytes(&mut bytes);
            let outcome = world.run(&Action::from(Record(bytes)));
            transactions += usize::from(outcome.receipt.is_some());
            spent += cpu(|| auditor.observe(&world, &outcome).expect("the two agree"));
        }
    }
    (transactions, spent)
}
