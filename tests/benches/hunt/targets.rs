//! How many inputs a second each fuzz target takes, by calling its body: what libFuzzer adds on
//! top, its counters above all, `fuzz/rates` shows.

use std::{hint::black_box, sync::LazyLock};

use cofferdam_ledger::Genesis;
use cofferdam_tests::{
    action::RECORD_LEN,
    hunt::Rng,
    target::{
        decode, differential, insolvency, ledger_rules, loss_policies, math, profit, tx_mutate,
    },
};

use crate::clock::{cpu, grouped, median, per_second};

#[path = "../../../ledger/tests/it/hostile_wire/attack.rs"]
mod attack;

/// Bytes of a sequence as the hunt draws them.
const SEQUENCE: usize = 64 * RECORD_LEN;
/// Bytes of an input of targets that need no more.
const SHORT: usize = 256;

/// As in the fuzz target: without the check of signatures most damages come as far as programs.
static RANGE: LazyLock<attack::Range> = LazyLock::new(|| {
    attack::Range::new(Genesis { verify_signatures: false, ..Genesis::default() })
});

/// A fuzz target.
struct Target {
    name: &'static str,
    /// Bytes of an input.
    len: usize,
    /// Inputs a sample.
    inputs: usize,
    run: fn(&[u8]),
}

const TARGETS: [Target; 9] = [
    Target::new("insolvency", SEQUENCE, 40, |bytes| keep(insolvency::run(bytes))),
    Target::new("loss_policies", SEQUENCE, 40, |bytes| keep(loss_policies::run(bytes))),
    Target::new("differential", SEQUENCE, 40, |bytes| keep(differential::run(bytes))),
    Target::new("profit", SEQUENCE, 40, |bytes| keep(profit::run(bytes))),
    Target::new("tx_mutate", SHORT, 40, |bytes| keep(tx_mutate::run(bytes))),
    Target::new("decode", SHORT, 20_000, |bytes| {
        keep((decode::run(bytes), decode::run_dressed(bytes)));
    }),
    Target::new("math", SHORT, 400, |bytes| keep(math::run(bytes))),
    Target::new("ledger_rules", SHORT, 2_000, |bytes| keep(ledger_rules::run(bytes))),
    Target::new("wire", SHORT, 2_000, |bytes| keep(RANGE.run(bytes))),
];

impl Target {
    const fn new(name: &'static str, len: usize, inputs: usize, run: fn(&[u8])) -> Self {
        Self { name, len, inputs, run }
    }

    fn inputs(&self, number: usize) -> Vec<Vec<u8>> {
        let mut rng = Rng::new(7);
        let input = || (0..self.len).map(|_| rng.bytes::<1>()[0]).collect();
        std::iter::repeat_with(input).take(number).collect()
    }
}

/// What a target answers must not be computed away.
fn keep<T>(answer: T) {
    let _answer = black_box(answer);
}

/// Prints the table. The first input of each target builds its world, outside the clock.
pub(crate) fn print(samples: usize) {
    println!("\n| fuzz target | bytes an input | inputs/s |");
    println!("|---|---|---|");
    for target in &TARGETS {
        let inputs = target.inputs(if samples == 1 { 2 } else { target.inputs });
        (target.run)(&inputs[0]);
        let spent = median(samples, || cpu(|| inputs.iter().for_each(|bytes| (target.run)(bytes))));
        let rate = grouped(per_second(inputs.len(), spent));
        println!("| {} | {} | {rate} |", target.name, target.len);
    }
}
