//! What the counters say, counter by counter, and that every way to the same state counts alike.

use std::{collections::BTreeMap, num::NonZeroUsize};

use cofferdam_host::{Host, ProgramError, ProgramResult, cpi};
use cofferdam_ledger::{
    AccountMetrics, FailureKind, Invocation, Ledger, Metrics, Program, ProgramMetrics, Warp,
    replay_counting,
};
use solana_instruction::{AccountMeta, Instruction};
use solana_signer::Signer;
use solana_system_interface::instruction::{create_account, transfer};

use crate::support::*;

/// Logs, announces seven bytes, pays 1,000 lamports by a call, and answers with its first byte.
fn payer(cx: &mut Invocation<'_>, data: &[u8]) -> ProgramResult {
    cx.log(format_args!("paying"));
    cx.emit(b"payment")?;
    let (from, to) = (*cx.account(0)?.address, *cx.account(1)?.address);
    cpi::transfer_lamports(cx, from, to, 1_000)?;
    match data[0] {
        0 => Ok(()),
        code => Err(ProgramError::Custom(code.into())),
    }
}

fn program() -> Program {
    Program::native(address("payer-program"), "payer", payer)
}

fn pay(code: u8) -> Instruction {
    let accounts = vec![
        AccountMeta::new(address("alice"), true),
        AccountMeta::new(address("bob"), false),
        AccountMeta::new_readonly(cpi::SYSTEM_PROGRAM_ID, false),
    ];
    Instruction { program_id: address("payer-program"), accounts, data: vec![code] }
}

fn counting() -> Ledger {
    let mut ledger = world([program()], &["alice", "bob"]);
    assert_eq!(ledger.set_metrics(Some(Metrics::default())), None);
    ledger
}

/// One success with a call, one failure within a program, one of rent, one rejection, a warp, a
/// cheat, and an account that is made.
fn act(ledger: &mut Ledger) {
    let alice = key("alice");
    let _ = send(ledger, &[&alice], &[pay(0), transfer(&address("alice"), &address("bob"), 1)])
        .unwrap();
    send(ledger, &[&alice], &[pay(7)]).unwrap_err();
    let dust = transfer(&address("alice"), &address("carol"), 1);
    send(ledger, &[&alice], &[dust]).unwrap_err();
    send(ledger, &[&key("nobody")], &[transfer(&address("nobody"), &address("bob"), 1)])
        .unwrap_err();
    ledger.warp(Warp::Slots(7)).unwrap();
    ledger.cheat().airdrop(&address("dave"), SOL).unwrap();
    let rent = ledger.minimum_balance(100);
    let account = key("account");
    let create = create_account(&alice.pubkey(), &account.pubkey(), rent, 100, &address("owner"));
    let _ = send(ledger, &[&alice, &account], &[create]).unwrap();
    let empty = transfer(&address("dave"), &address("bob"), SOL - FEE);
    let _ = send(ledger, &[&key("dave")], &[empty]).unwrap();
}

#[test]
fn every_counter_has_its_value() {
    let mut ledger = counting();
    act(&mut ledger);
    let system = ProgramMetrics {
        name: "system".into(),
        instructions: 4,
        calls: 2,
        failures: 0,
        // Two changes for each of five transfers, four for the account made.
        units: 6 * 150 + 5 * 14,
        ..ProgramMetrics::default()
    };
    // 150 for the instruction, 106 for the line, 107 for the event, 1,000 for the call.
    let payer = ProgramMetrics {
        name: "payer".into(),
        instructions: 2,
        failures: 1,
        units: 2 * 1_363,
        log_lines: 2,
        events: 1,
        event_bytes: 7,
        ..ProgramMetrics::default()
    };
    let failure =
        |program_id, error: &str, code| (FailureKind { program_id, error: error.into(), code }, 1);
    let metrics = ledger.metrics().unwrap().clone();
    let expected = Metrics {
        succeeded: 3,
        failed: BTreeMap::from([
            failure(Some(address("payer-program")), "Custom", Some(7)),
            failure(None, "InsufficientFundsForRent", None),
        ]),
        rejected: BTreeMap::from([("AccountNotFound".to_owned(), 1)]),
        fees_lamports: u128::from(FEE) * 6,
        units: 2 * 1_363 + 6 * 150 + 5 * 14,
        units_max: 1_363 + 2 * 160,
        programs: BTreeMap::from([
            (cpi::SYSTEM_PROGRAM_ID, system),
            (address("payer-program"), payer),
        ]),
        instructions_by_depth: BTreeMap::from([(1, 6), (2, 2)]),
        accounts: AccountMetrics {
            created: 1,
            closed: 1,
            // Alice and Bob, Alice, Alice, Alice, Bob.
            changed: 6,
            bytes_written: 100,
            bytes_grown: 100,
            bytes_freed: 0,
        },
        warps: 1,
        slots: 7,
        cheats: 1,
    };
    assert_eq!(metrics, expected);
    assert_eq!((metrics.failed_total(), metrics.rejected_total(), metrics.depth_max()), (2, 1, 2));
}

#[test]
fn a_replay_arrives_at_the_same_counters() {
    let mut ledger = Ledger::new(Default::default(), [program()]);
    ledger.set_metrics(Some(Metrics::default()));
    for name in ["alice", "bob"] {
        ledger.cheat().airdrop(&address(name), SOL).unwrap();
    }
    act(&mut ledger);
    let replayed = replay_counting(ledger.journal().unwrap(), [program()], |_| {}).unwrap();
    let mut counted = ledger.metrics().unwrap().clone();
    assert_eq!(counted.rejected_total(), 1);
    // Of what was turned away no journal knows.
    counted.rejected.clear();
    assert_eq!(replayed.metrics(), Some(&counted));
}

#[test]
fn a_batch_counts_as_its_transactions_do() {
    let (mut one_by_one, mut parallel) = (counting(), counting());
    let ixs = [vec![pay(0)], vec![pay(3)], vec![transfer(&address("bob"), &address("alice"), 5)]];
    let batch: Vec<_> = ixs
        .iter()
        .zip(["alice", "alice", "bob"])
        .map(|(ixs, signer)| transaction(&one_by_one, &[&key(signer)], ixs))
        .chain([transaction(
            &one_by_one,
            &[&key("nobody")],
            &[transfer(&address("nobody"), &address("bob"), 1)],
        )])
        .collect();
    for transaction in &batch {
        let _ = one_by_one.submit(transaction);
    }
    let answers = parallel.submit_parallel_on(NonZeroUsize::new(2).unwrap(), &batch);
    assert_eq!(one_by_one.metrics(), parallel.metrics());
    let mut counted = Metrics::default();
    answers.iter().for_each(|answer| counted.count(answer));
    assert_eq!(Some(&counted), parallel.metrics());
}

#[test]
fn forks_count_for_themselves_and_a_revert_takes_back() {
    let mut ledger = counting();
    let id = ledger.snapshot();
    let before = ledger.metrics().unwrap().clone();
    let mut fork = ledger.fork();
    act(&mut fork);
    assert_eq!(ledger.metrics(), Some(&before));
    act(&mut ledger);
    assert_eq!(ledger.metrics(), fork.metrics());
    ledger.revert_to(id).unwrap();
    assert_eq!(ledger.metrics(), Some(&before));
}

#[test]
fn fresh_counters_every_hour_make_a_series() {
    let mut ledger = counting();
    act(&mut ledger);
    let first = ledger.set_metrics(Some(Metrics::default())).unwrap();
    let _ = send(&mut ledger, &[&key("alice")], &[pay(0)]).unwrap();
    let second = ledger.set_metrics(None).unwrap();
    assert_eq!((first.succeeded, second.succeeded), (3, 1));
    assert_eq!(ledger.metrics(), None);
}

#[test]
fn counting_changes_nothing_else() {
    let (mut counting, mut silent) = (counting(), world([program()], &["alice", "bob"]));
    act(&mut counting);
    act(&mut silent);
    assert_eq!(counting.state_root(), silent.state_root());
    assert_eq!(counting.journal(), silent.journal());
    assert_eq!(silent.metrics(), None);
}
