//! `peers-token-lending [--quick]`: one sample of each lending operation by the native processor
//! of spl-token-lending 0.2.0, with SPL Token's native processor behind it.
//!
//! An operation is all the instructions that have to be in one transaction, each a direct call of
//! the processor: no signatures, no fee, no receipt, no roll-back, accounts are where they are.

mod bank;
mod market;

use std::time::Duration;

use peers_common::{Effort, Row, cpu};
use solana_program::instruction::Instruction;

use crate::{bank::Ready, market::Market};

/// Operations of a sample.
const OPERATIONS: usize = 10_000;
/// Slots between two operations: about a second.
const SLOTS: u64 = 2;

/// A row: its name, the debt it begins with, and the instructions of one operation.
type Operation = (&'static str, u64, fn(&Market, u64) -> Vec<Instruction>);

const OPERATIONS_ALL: [Operation; 6] = [
    ("deposit", 300_000_000, Market::deposit),
    ("borrow", 300_000_000, Market::borrow),
    ("repay", 300_000_000, Market::repay),
    ("withdraw", 300_000_000, Market::withdraw),
    ("liquidate", 700_000_000, Market::liquidate),
    ("accrue", 300_000_000, |market, _| market.accrue()),
];

fn main() {
    let count = Effort::of_arguments().of(OPERATIONS);
    for (name, debt, operation) in OPERATIONS_ALL {
        let market = Market::new(debt);
        let ready = |at: usize| {
            let amount = 1_000 + at as u64;
            operation(&market, amount).iter().map(|it| market.bank.ready(it)).collect()
        };
        let all: Vec<Vec<Ready>> = (0..count).map(ready).collect();
        Row::print(name, "token-lending", count as u64, spent(&market, &all));
    }
}

/// # Panics
/// When one fails: a benchmark of failures would be a benchmark of something else.
fn spent(market: &Market, all: &[Vec<Ready>]) -> Duration {
    cpu(|| {
        let mut slot = 1;
        for operation in all {
            market.move_to(slot);
            for instruction in operation {
                instruction.run().expect("every instruction succeeds");
            }
            slot += SLOTS;
        }
    })
}
