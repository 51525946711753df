//! Every amount an instruction takes: nothing, one unit, the most that is accepted, one beyond it
//! and the largest number, which stands for everything where that has a meaning. `amounts.txt` has
//! what each does: the exact error, or everything that moved.

use std::collections::BTreeSet;

use borsh::BorshDeserialize;
use cofferdam_lending_interface::instruction::LendingInstruction;
use cofferdam_sdk::Instruction;
use cofferdam_tests::{balances::Balances, world::World};

use super::{
    attempt,
    cases::{Case, cases, world},
    fault::Attack,
    flash,
};
use crate::common::*;

/// An amount among an instruction's bytes.
struct Field {
    instruction: &'static str,
    name: &'static str,
    /// Where it begins; byte 0 is the instruction's number.
    at: usize,
    /// Bytes of it.
    len: usize,
}

const FIELDS: [Field; 14] = [
    amount("deposit", "amount"),
    amount("withdraw", "amount"),
    amount("borrow", "amount"),
    amount("repay", "amount"),
    amount("fund_insurance", "amount"),
    amount("collect_fees", "amount"),
    amount("cover_deficit", "amount"),
    amount("stake_insurance", "amount"),
    amount("flash_borrow", "amount"),
    amount("liquidate", "repay_max"),
    Field { at: 9, ..amount("liquidate", "collateral_min") },
    shares("start_cooldown"),
    shares("unstake_insurance"),
    shares("give_notice"),
];

const fn amount(instruction: &'static str, name: &'static str) -> Field {
    Field { instruction, name, at: 1, len: 8 }
}

const fn shares(instruction: &'static str) -> Field {
    Field { instruction, name: "shares", at: 1, len: 16 }
}

impl Field {
    fn largest(&self) -> u128 {
        if self.len == 8 { u128::from(u64::MAX) } else { u128::MAX }
    }

    fn put(&self, instruction: &Instruction, value: u128) -> Instruction {
        let mut changed = instruction.clone();
        let bytes = value.to_le_bytes();
        changed.data[self.at..self.at + self.len].copy_from_slice(&bytes[..self.len]);
        changed
    }

    fn send(&self, world: &World, case: &Case, value: u128) -> (World, String) {
        let instruction = self.put(&case.instruction, value);
        attempt(case, &Attack { world: world.clone(), before: Vec::new(), instruction })
    }

    /// The most that is accepted below the largest number, which may mean everything. What is
    /// accepted has no gaps: a case's own amount is, so the search begins there.
    fn most(&self, world: &World, case: &Case) -> u128 {
        let mut own = [0; 16];
        own[..self.len].copy_from_slice(&case.instruction.data[self.at..self.at + self.len]);
        let (mut fine, mut beyond) = (u128::from_le_bytes(own), self.largest());
        while beyond - fine > 1 {
            let middle = fine + (beyond - fine) / 2;
            let accepted = self.send(world, case, middle).1 == "ok";
            if accepted { fine = middle } else { beyond = middle }
        }
        fine
    }

    fn rows(&self, world: &World, case: &Case) -> String {
        let most = self.most(world, case);
        let mut values: BTreeSet<u128> = [0, 1, most, self.largest()].into();
        values.extend(most.checked_add(1));
        let row = |value| {
            let (after, end) = self.send(world, case, value);
            let moved = if end == "ok" { moved(world, &after) } else { String::new() };
            if end != "ok" {
                super::only_the_fee(world, &after, &format!("{} {value}", case.name));
            }
            let mark = if value == most { " (most)" } else { "" };
            format!("{} {} {value}{mark}: {end}\n{moved}", case.name, self.name)
        };
        values.into_iter().map(row).collect()
    }
}

/// Everything that moved but the fee, a line each.
fn moved(before: &World, after: &World) -> String {
    let deltas = Balances::of(before).to(&Balances::of(after)).to_string();
    let lines = deltas.lines().filter(|line| !line.starts_with("mallory lamports"));
    lines.map(|line| format!("    {line}\n")).collect()
}

fn all_cases(world: &World) -> Vec<Case> {
    let mut all = cases(world);
    all.extend(flash::cases(world));
    all
}

#[test]
fn table() {
    let world = world();
    let cases = all_cases(&world);
    let rows = FIELDS.iter().map(|field| {
        let case = cases.iter().find(|case| case.name == field.instruction).expect("a case");
        field.rows(&world, case)
    });
    is_in_file("mallory/amounts.txt", include_str!("amounts.txt"), &rows.collect::<String>());
}

/// An instruction that takes an amount or shares has its rows; parameters have theirs elsewhere.
#[test]
fn every_amount_has_its_rows() {
    for case in all_cases(&world()) {
        let decoded = LendingInstruction::try_from_slice(&case.instruction.data).expect("valid");
        let text = format!("{decoded:?}");
        if text.contains("Config") {
            continue;
        }
        let amounts = text.matches(": Amount(").count() + text.matches(": Shares(").count();
        let rows = FIELDS.iter().filter(|field| field.instruction == case.name).count();
        assert_eq!(amounts, rows, "{text}");
    }
}
