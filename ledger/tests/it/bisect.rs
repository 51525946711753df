//! Where two builds part, what a refused entry says, and the bounded record.

use std::sync::Arc;

use cofferdam_host::{Address, Host, ProgramError};
use cofferdam_ledger::{
    Action, CheatError, Dump, Entry, Genesis, Journal, Ledger, Part, Problem, Program, Recording,
    Rejection, Warp, WarpError, bisect, replay, replay_with,
};
use proptest::prelude::*;
use serde_json::Value;
use solana_account::Account;
use solana_instruction::{AccountMeta, Instruction};

use crate::support::*;

/// Adds its instruction's byte to a counter, or fails with its own code at `fails_at`.
pub(crate) fn adder(fails_at: Option<u8>, code: u32) -> Program {
    Program::native(address("adder-program"), "adder", move |cx, data| {
        if fails_at == data.first().copied() {
            return Err(ProgramError::Custom(code));
        }
        let sum = &mut cx.data_mut(0)?[0];
        *sum = sum.wrapping_add(data[0]);
        Ok(())
    })
}

/// Adds a byte. The number makes it another transaction than the last one that added it.
fn add(byte: u8, number: u8) -> Instruction {
    let accounts = vec![AccountMeta::new(address("sum"), false)];
    Instruction { program_id: address("adder-program"), accounts, data: vec![byte, number] }
}

/// A ledger on which the bytes were added one by one, from entry 2 on.
pub(crate) fn added(bytes: impl IntoIterator<Item = u8>) -> Ledger {
    let genesis = Genesis { verify_signatures: false, ..Genesis::default() };
    let mut ledger = world_with(genesis, [adder(None, 0)], &["alice"]);
    let owner = address("adder-program");
    let sum = Account { lamports: SOL, data: vec![0], owner, ..Account::default() };
    ledger.cheat().set_account(&address("sum"), sum).unwrap();
    for (byte, number) in bytes.into_iter().zip(0..) {
        let _ = send(&mut ledger, &[&key("alice")], &[add(byte, number)]).unwrap();
    }
    ledger
}

/// The journal with one value of its file changed.
pub(crate) fn changed(journal: &Journal, at: &str, value: Value) -> Journal {
    let lines = journal.to_json();
    let mut lines: Vec<String> = lines.lines().map(str::to_owned).collect();
    let (index, pointer) = at.split_once('/').unwrap();
    let line = &mut lines[index.parse::<usize>().unwrap() + 1];
    let comma = if line.starts_with(',') { "," } else { "" };
    let mut json: Value = serde_json::from_str(line.trim_start_matches(',')).unwrap();
    *json.pointer_mut(&format!("/{pointer}")).unwrap() = value;
    *line = format!("{comma}{json}");
    Journal::from_json(&(lines.join("\n") + "\n")).unwrap()
}

#[test]
fn builds_that_do_the_same_do_not_part() {
    let ledger = added(1..20);
    let journal = ledger.journal().unwrap();
    // Their codes differ where neither ever fails.
    let builds = [adder(Some(77), 1), adder(Some(88), 2)];
    let [a, b] = builds;
    assert!(bisect(journal, [a], [b]).is_none());
}

#[test]
fn the_first_difference_is_told_with_both_sides() {
    let ledger = added(1..20);
    let journal = ledger.journal().unwrap();
    let found = bisect(journal, [adder(None, 0)], [adder(Some(7), 3)]).unwrap();
    // The byte 7 is added by the seventh transaction.
    let index = 2 + 6;
    let entry = journal.get(index).unwrap();
    assert_eq!((found.entry, found.action.as_ref()), (Some(index), Some(&entry.action)));
    assert_eq!((found.a.state_root, found.a.outcome.as_str()), (entry.state_root, "ok"));
    assert_eq!(found.b.outcome, "InstructionError(0, Custom(3))");
    assert_ne!(found.b.state_root, found.a.state_root);
    let sum = |account: &Option<Arc<Account>>| account.as_ref().unwrap().data[0];
    let [difference] = &found.accounts[..] else { panic!("{:?}", found.accounts) };
    assert_eq!(difference.address, address("sum"));
    assert_eq!((sum(&difference.before), sum(&difference.after)), (28, 21));
    let text = found.to_string();
    assert!(text.starts_with("entry 8: the first build leads to root "), "{text}");
    for part in [hex::encode(found.a.state_root), hex::encode(found.b.state_root)] {
        assert!(text.contains(&part), "{text}");
    }
    assert!(text.ends_with("1 account differs"), "{text}");
}

#[test]
fn the_recorded_roots_need_not_agree_with_either() {
    let ledger = added([1, 2, 3]);
    let lie = changed(ledger.journal().unwrap(), "2/state_root", "00".repeat(32).into());
    assert!(replay(&lie, [adder(None, 0)]).is_err());
    assert!(bisect(&lie, [adder(None, 0)], [adder(None, 0)]).is_none());
    // Both differ from what was recorded at entry 2, and from each other at entry 4.
    let fails = |code| {
        Program::native(address("adder-program"), "adder", move |_, data| {
            Err(ProgramError::Custom(if data[0] == 3 { code } else { 9 }))
        })
    };
    let found = bisect(&lie, [fails(1)], [fails(2)]).unwrap();
    assert_eq!((found.entry, found.accounts.len()), (Some(4), 0));
    assert_eq!(found.a.outcome, "InstructionError(0, Custom(1))");
    assert_eq!(found.b.outcome, "InstructionError(0, Custom(2))");
}

#[test]
fn builds_with_other_programs_part_at_genesis() {
    let ledger = added([1]);
    let found = bisect(ledger.journal().unwrap(), [adder(None, 0)], []).unwrap();
    assert_eq!((found.entry, &found.action), (None, &None));
    let addresses: Vec<Address> = found.accounts.iter().map(|change| change.address).collect();
    assert_eq!(addresses, [address("adder-program")]);
    assert!(found.to_string().starts_with("genesis: "), "{found}");
}

#[test]
fn what_both_builds_refuse_alike_is_no_difference() {
    let mut ledger = added([1]);
    ledger.warp(Warp::ToSlot(9)).unwrap();
    ledger.warp(Warp::Slots(2)).unwrap();
    let late = changed(ledger.journal().unwrap(), "3/action/warp/to_slot", 5.into());
    assert!(bisect(&late, [adder(None, 0)], [adder(None, 0)]).is_none());
    let early = changed(&late, "4/action/warp", serde_json::json!({ "to_slot": 1 }));
    assert!(bisect(&early, [adder(None, 0)], [adder(None, 0)]).is_none());
    let found = bisect(&early, [adder(None, 0)], [adder(Some(1), 0)]).unwrap();
    assert_eq!(found.entry, Some(2));
}

proptest! {
    /// Halving by whole replays, as the slow way that it must agree with.
    #[test]
    fn it_agrees_with_comparing_every_replay(
        bytes in prop::collection::vec(0..6_u8, 1..12),
        fails: [Option<u8>; 2],
    ) {
        let fails = fails.map(|byte| byte.map(|byte| byte % 6));
        let ledger = added(bytes);
        let journal = ledger.journal().unwrap();
        let build = |index: usize| adder(fails[index], 1);
        let root_after = |count: usize, index| {
            let mut ledger = Ledger::new(journal.genesis().clone(), [build(index)]);
            for entry in journal.iter().take(count) {
                match &entry.action {
                    Action::Transaction { wire, .. } => drop(ledger.submit(wire)),
                    Action::Warp(warp) => drop(ledger.warp(*warp)),
                    Action::Cheat(cofferdam_ledger::Cheat::Airdrop { address, lamports }) => {
                        ledger.cheat().airdrop(address, *lamports).unwrap();
                    }
                    Action::Cheat(cofferdam_ledger::Cheat::SetAccount { address, account }) => {
                        ledger.cheat().set_account(address, account.clone()).unwrap();
                    }
                    other => panic!("{other:?}"),
                }
            }
            ledger.state_root()
        };
        let expected =
            (0..journal.len()).find(|index| root_after(index + 1, 0) != root_after(index + 1, 1));
        let found = bisect(journal, [build(0)], [build(1)]);
        prop_assert_eq!(found.as_ref().and_then(|found| found.entry), expected);
        prop_assert_eq!(found.is_some(), expected.is_some());
    }
}

/// The problem that replaying finds, with the number of its entry.
fn problem(journal: &Journal) -> (usize, Problem, String) {
    let error = replay(journal, [adder(None, 0)]).unwrap_err();
    let Part::Entry(index) = error.part else { panic!("{error}") };
    (index, error.problem.as_ref().clone(), error.to_string())
}

fn assert_shows(text: &str, roots: [&solana_hash::Hash; 2]) {
    for root in roots {
        assert!(text.contains(&hex::encode(root)), "{text}");
    }
}

#[test]
fn a_refused_entry_shows_both_roots() {
    let mut ledger = added([1]);
    ledger.warp(Warp::ToSlot(9)).unwrap();
    ledger.warp(Warp::ToSlot(12)).unwrap();
    ledger.cheat().airdrop(&address("bob"), 5).unwrap();
    ledger.cheat().airdrop(&address("bob"), 6).unwrap();
    let journal = ledger.journal().unwrap();
    let root_after = |index: usize| journal.get(index).unwrap().state_root;

    let late = changed(journal, "4/action/warp/to_slot", 8.into());
    let (index, found, text) = problem(&late);
    let (recorded, replayed) = (root_after(4), root_after(3));
    let error = WarpError::SlotInThePast { to: 8, now: 9 };
    assert_eq!((index, found), (4, Problem::Warp { recorded, replayed, error }));
    assert_shows(&text, [&recorded, &replayed]);

    let rich = changed(journal, "6/action/cheat/airdrop/lamports", u64::MAX.into());
    let (index, found, text) = problem(&rich);
    let (recorded, replayed) = (root_after(6), root_after(5));
    let (address, held, airdrop) = (address("bob"), 5, u64::MAX);
    let error = CheatError::TooManyLamports { address, held, airdrop };
    assert_eq!((index, found), (6, Problem::Cheat { recorded, replayed, error }));
    assert_shows(&text, [&recorded, &replayed]);
}

#[test]
fn a_rejected_transaction_shows_both_roots() {
    let ledger = added([1, 2]);
    let journal = ledger.journal().unwrap();
    let Action::Transaction { wire, .. } = &journal.get(2).unwrap().action else { panic!() };
    let first = serde_json::to_value(journal.get(2).unwrap()).unwrap();
    let again = changed(journal, "3/action", first["action"].clone());
    let (index, found, text) = problem(&again);
    let root_after = |index: usize| journal.get(index).unwrap().state_root;
    let (recorded, replayed) = (root_after(3), root_after(2));
    let rejection = Rejection::AlreadyProcessed(wire.signatures[0]);
    assert_eq!((index, found), (3, Problem::Rejected { recorded, replayed, rejection }));
    assert_shows(&text, [&recorded, &replayed]);
}

#[test]
fn a_replay_with_progress_looks_at_the_footer_too() {
    let ledger = added([1, 2]);
    let journal = ledger.journal().unwrap();
    let mut told = vec![];
    let again = replay_with(journal, [adder(None, 0)], |done| told.push(done)).unwrap();
    assert_eq!((told, again.state_root()), (vec![1, 2, 3, 4], ledger.state_root()));
    let text = journal.to_json();
    let (entries, footer) = text.split_at(text.rfind("\"state_root\"").unwrap());
    let root = hex::encode(ledger.state_root());
    let forged = format!("{entries}{}", footer.replace(&root, &"00".repeat(32)));
    let forged = Journal::from_json(&forged).unwrap();
    let error = replay_with(&forged, [adder(None, 0)], |_| {}).unwrap_err();
    assert_eq!(error.part, Part::Footer);
}

/// The same ledger with its whole journal, and one that keeps `keep` entries.
fn kept(count: usize, keep: usize) -> (Ledger, Ledger) {
    let mut ledger = Ledger::new(Genesis::default(), []);
    let mut short = ledger.fork();
    assert_eq!(short.set_recording(Recording::Tail(keep)), Recording::Tail(keep));
    for slots in 0..count as u64 {
        for ledger in [&mut ledger, &mut short] {
            ledger.warp(Warp::Slots(slots % 3)).unwrap();
        }
    }
    (ledger, short)
}

fn assert_last(ledger: &Ledger, short: &Ledger, keep: usize) {
    let (journal, tail) = (ledger.journal().unwrap(), short.tail().unwrap());
    let first = journal.len().saturating_sub(keep);
    let expected: Vec<&Entry> = journal.iter().skip(first).collect();
    assert_eq!((tail.iter().collect::<Vec<_>>(), tail.first_index()), (expected, first));
    assert_eq!((tail.len(), tail.is_empty()), (journal.len() - first, journal.len() == first));
    assert_eq!(ledger.state_root(), short.state_root());
    assert!(short.journal().is_none(), "what cannot be replayed is not a journal");
}

#[test]
fn a_tail_holds_the_last_entries_with_their_numbers() {
    for keep in [0, 1, 255, 256, 257, 2_000] {
        for count in [0, 1, 255, 256, 257, 1_000] {
            let (ledger, short) = kept(count, keep);
            assert_last(&ledger, &short, keep);
        }
    }
}

#[test]
fn a_journal_becomes_a_tail_and_a_tail_a_shorter_one() {
    let (mut ledger, _) = kept(600, 0);
    let mut short = ledger.fork();
    for keep in [500, 100, 10] {
        short.set_recording(Recording::Tail(keep));
        assert_last(&ledger, &short, keep);
        for ledger in [&mut ledger, &mut short] {
            ledger.cheat().airdrop(&address("alice"), SOL).unwrap();
            let _ = send(ledger, &[&key("alice")], &[]).unwrap();
            ledger.warp(Warp::Slots(1)).unwrap();
        }
        assert_last(&ledger, &short, keep);
    }
    assert_eq!(short.set_recording(Recording::Journal), Recording::Roots);
}

#[test]
fn a_tail_is_bounded_and_survives_a_dump() {
    let (ledger, short) = kept(2_000, 10);
    let (long, text) = (ledger.dump().to_json(), short.dump().to_json());
    let entries = |text: &str| text.matches("\"warp\"").count();
    assert_eq!(entries(&long), 2_000);
    assert!(entries(&text) < 10 + 256, "{}", entries(&text));
    let loaded = Ledger::load(Dump::from_json(&text).unwrap(), []).unwrap();
    assert_eq!(loaded.recording(), Recording::Tail(10));
    assert_last(&ledger, &loaded, 10);
}

#[test]
fn receipts_under_a_tail_carry_their_roots() {
    let mut ledger = world([], &["alice"]);
    ledger.set_recording(Recording::Tail(1));
    let receipt = send(&mut ledger, &[&key("alice")], &[]).unwrap();
    assert_eq!(receipt.state_root, Some(ledger.state_root()));
    let entries: Vec<&Entry> = ledger.tail().unwrap().into_iter().collect();
    assert_eq!(entries[0].state_root, ledger.state_root());
    assert_eq!(entries.len(), 1);
}
