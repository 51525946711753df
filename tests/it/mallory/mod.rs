//! "Mallory cannot …": every account of every instruction replaced by a wrong one.
//!
//! The rows are made from the builders' own account lists, one for each place and each way to
//! get it wrong. `table.txt` has the exact error of each, so a new instruction or account needs
//! its rows there. The few that say `ok` are allowed, with the reason in [`ALLOWED`]. Which fault
//! makes no sense for which kind of account is in `absent.txt`, with the reason.

mod allowed;
mod amounts;
mod bumps;
mod cases;
mod fault;
mod flash;
mod fund_cases;
mod governance;
mod oracle_cases;
mod revival;

use std::collections::{BTreeMap, BTreeSet};

use cofferdam_host::Address;
use cofferdam_sdk::Instruction;
use cofferdam_tests::{
    action::Refusal,
    world::{Actor, World},
};

use self::{
    allowed::ALLOWED,
    cases::{Case, cases, world},
    fault::{Attack, Fault},
    governance::{governance_cases, queue_cases, waiting},
};
use crate::common::*;

/// Sends as Mallory, with every signature the instructions ask for that anybody can give.
fn attempt(case: &Case, attack: &Attack) -> (World, String) {
    let mut after = attack.world.clone();
    let mut instructions = attack.before.clone();
    instructions.extend(flash::transaction(&attack.world, case, &attack.instruction));
    let result = after.send(&signers(&after, &instructions), &instructions);
    let end = result.as_ref().map_err(|error| Refusal::from(error).to_string());
    (after, end.map_or_else(|error| error, |_| "ok".into()))
}

fn signers(world: &World, instructions: &[Instruction]) -> Vec<Actor> {
    let accounts = instructions.iter().flat_map(|instruction| &instruction.accounts);
    let wanted = accounts.filter(|account| account.is_signer);
    let others = wanted.filter_map(|account| world.actor(&account.pubkey));
    let mut signers: Vec<Actor> = vec![Mallory];
    signers.extend(others.filter(|actor| *actor != Mallory).collect::<BTreeSet<_>>());
    signers
}

/// What came of every fault in every slot, and why the others do not apply.
#[derive(Default)]
struct Table {
    rows: Vec<(String, String)>,
    absent: BTreeMap<(String, &'static str), BTreeSet<&'static str>>,
    verbs: BTreeSet<u8>,
}

impl Table {
    fn add(&mut self, world: &World, cases: &[Case]) {
        for case in cases {
            self.verbs.insert(case.instruction.data[0]);
            self.succeeds(world, case);
            for (slot, (place, kind)) in case.slots.iter().enumerate() {
                for fault in Fault::ALL {
                    let row = format!("{} {place} {}", case.name, fault.name());
                    match fault.apply(world, case, slot) {
                        Ok(attack) => self.rows.push((row.clone(), end_of(case, &attack, &row))),
                        Err(reason) => {
                            let kind = format!("{kind:?}").split('(').next().map(str::to_owned);
                            let at = (kind.unwrap_or_default(), fault.name());
                            self.absent.entry(at).or_default().insert(reason);
                        }
                    }
                }
            }
        }
    }

    fn succeeds(&self, world: &World, case: &Case) {
        let instruction = case.instruction.clone();
        let honest = Attack { world: world.clone(), before: Vec::new(), instruction };
        assert_eq!(attempt(case, &honest).1, "ok", "the honest {} must succeed", case.name);
        assert_eq!(case.slots.len(), case.instruction.accounts.len(), "{}", case.name);
    }
}

fn end_of(case: &Case, attack: &Attack, row: &str) -> String {
    if !attack.before.is_empty() {
        let signers = signers(&attack.world, &attack.before);
        done(attack.world.clone().send(&signers, &attack.before));
    }
    let (after, end) = attempt(case, attack);
    if end != "ok" {
        only_the_fee(&attack.world, &after, row);
    }
    end
}

fn only_the_fee(before: &World, after: &World, row: &str) {
    let changes = before.ledger().diff(after.ledger());
    let changed: Vec<Address> = changes.iter().map(|change| change.address).collect();
    assert_eq!(changed, [before.person(Mallory)], "{row}");
}

fn everything() -> Table {
    let (world, waiting, paired) = (world(), waiting(), oracle_cases::paired());
    let mut table = Table::default();
    table.add(&world, &cases(&world));
    table.add(&world, &flash::cases(&world));
    table.add(&world, &queue_cases(&world));
    table.add(&waiting, &governance_cases(&waiting));
    table.add(&paired, &oracle_cases::cases(&paired));
    table
}

#[test]
fn table() {
    let Table { rows, absent, verbs } = everything();
    let table: String = rows.iter().map(|(row, end)| format!("{row}: {end}\n")).collect();
    is_in_file("mallory/table.txt", include_str!("table.txt"), &table);
    let reasons = absent.iter().map(|((kind, fault), reasons)| {
        let reasons: Vec<&str> = reasons.iter().copied().collect();
        format!("{kind} {fault}: {}\n", reasons.join("; "))
    });
    is_in_file("mallory/absent.txt", include_str!("absent.txt"), &reasons.collect::<String>());
    assert!(verbs.into_iter().eq(instruction_numbers()), "an instruction has no rows");
}

#[test]
fn what_succeeds_is_allowed() {
    let lines = include_str!("table.txt").lines();
    let succeeds: Vec<&str> = lines.filter_map(|line| line.strip_suffix(": ok")).collect();
    for row in &succeeds {
        assert!(ALLOWED.iter().any(|(allowed, _)| allowed == row), "{row} succeeds");
    }
    assert_eq!(succeeds.len(), ALLOWED.len(), "an allowed row is gone");
}
