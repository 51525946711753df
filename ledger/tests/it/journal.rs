//! The journal: replaying it, and finding the place where it was changed.

use std::sync::OnceLock;

use cofferdam_host::{Host, ProgramError};
use cofferdam_ledger::{
    Action, Genesis, Journal, JournalError, Ledger, Part, Problem, Program, SubmitError, Warp,
    replay, replay_until,
};
use proptest::prelude::*;
use solana_account::Account;
use solana_instruction::{AccountMeta, Instruction};
use solana_system_interface::instruction::transfer;

use crate::support::*;

/// Adds `step` to a counter; refuses odd data.
fn counter(step: u8) -> Program {
    Program::native(address("counter-program"), "counter", move |cx, data| {
        if data.first().is_some_and(|byte| byte % 2 == 1) {
            return Err(ProgramError::Custom(u32::from(step)));
        }
        let count = &mut cx.data_mut(0)?[0];
        *count = count.checked_add(step).ok_or(ProgramError::ArithmeticOverflow)?;
        Ok(())
    })
}

fn count(data: u8) -> Instruction {
    let accounts = vec![AccountMeta::new(address("count"), false)];
    Instruction { program_id: address("counter-program"), accounts, data: vec![data] }
}

/// A ledger to which every kind of thing happened.
fn eventful() -> Ledger {
    // Signatures unchecked: then only the roots stand against a changed signature.
    let genesis = Genesis { verify_signatures: false, ..Genesis::default() };
    let mut ledger = world_with(genesis, [counter(1)], &["alice"]);
    let owner = address("counter-program");
    let counting = Account { lamports: SOL, data: vec![0; 3], owner, ..Account::default() };
    ledger.cheat().set_account(&address("count"), counting).unwrap();
    let pay = transfer(&address("alice"), &address("bob"), SOL / 4);
    let _ = send(&mut ledger, &[&key("alice")], &[pay, count(0)]).unwrap();
    ledger.warp(Warp::Seconds(61)).unwrap();
    let failed = send(&mut ledger, &[&key("alice")], &[count(1)]);
    assert!(matches!(failed, Err(SubmitError::Failed { .. })));
    ledger.cheat().expire_blockhashes().unwrap();
    ledger.warp(Warp::ToSlot(1_000)).unwrap();
    ledger
}

fn verify(text: &[u8]) -> Result<Ledger, JournalError> {
    replay(&Journal::from_bytes(text)?, [counter(1)])
}

#[test]
fn a_journal_leads_to_the_same_ledger() {
    let ledger = eventful();
    let journal = ledger.journal().unwrap();
    let text = journal.to_json();
    let read = Journal::from_json(&text).unwrap();
    assert_eq!(&read, journal);
    assert_eq!(read.to_json(), text);
    let again = replay(&read, [counter(1)]).unwrap();
    assert_eq!(again.state_root(), ledger.state_root());
    assert_eq!(ledger.diff(&again), []);
    assert_eq!(again.latest_blockhash(), ledger.latest_blockhash());
    assert_eq!(again.journal(), ledger.journal());
}

#[test]
fn the_file_is_json_and_has_a_line_for_each_entry() {
    let ledger = eventful();
    let text = ledger.journal().unwrap().to_json();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let entries = json["entries"].as_array().unwrap();
    assert_eq!(entries.len(), ledger.journal().unwrap().len());
    assert_eq!(text.lines().count(), entries.len() + 2);
    assert_eq!(json["footer"]["count"], entries.len());
    assert_eq!(entries[4]["action"]["transaction"]["outcome"], "InstructionError(0, Custom(1))");
}

#[test]
fn an_empty_journal_can_be_replayed() {
    let ledger = Ledger::new(Default::default(), [counter(1)]);
    let text = ledger.journal().unwrap().to_json();
    assert_eq!(verify(text.as_bytes()).unwrap().state_root(), ledger.state_root());
}

/// The part of the journal in which the byte at `position` lies.
fn part_of(text: &[u8], position: usize) -> Part {
    let line = text[..position].iter().filter(|byte| **byte == b'\n').count();
    let lines = text.iter().filter(|byte| **byte == b'\n').count();
    match line {
        0 => Part::Header,
        _ if line == lines - 1 => Part::Footer,
        _ => Part::Entry(line - 1),
    }
}

fn assert_caught(text: &[u8], position: usize, byte: u8) {
    let mut changed = text.to_vec();
    changed[position] = byte;
    let context = || {
        let from = position.saturating_sub(30);
        let shown = String::from_utf8_lossy(&text[from..position]).into_owned();
        format!("byte {position} after {shown:?} set to {byte:#x}")
    };
    match verify(&changed) {
        Ok(_) => panic!("not caught: {}", context()),
        Err(error) => assert_eq!(error.part, part_of(text, position), "{}: {error}", context()),
    }
}

#[test]
fn any_changed_byte_is_found_where_it_is() {
    let text = eventful().journal().unwrap().to_json().into_bytes();
    for position in 0..text.len() {
        let byte = text[position];
        let neighbours = [byte ^ 1, byte ^ 0x20, byte.wrapping_add(1)];
        let others = [b'\n', b' ', b'9', b'"', b']', 0xff];
        for other in neighbours.into_iter().chain(others).filter(|other| *other != byte) {
            assert_caught(&text, position, other);
        }
    }
}

#[test]
fn lost_and_added_bytes_are_found_too() {
    let text = eventful().journal().unwrap().to_json().into_bytes();
    for position in 0..text.len() {
        let mut shorter = text.clone();
        shorter.remove(position);
        assert!(verify(&shorter).is_err(), "byte {position} removed");
        assert!(verify(&text[..position]).is_err(), "cut at {position}");
        let mut longer = text.clone();
        longer.insert(position, b' ');
        assert!(verify(&longer).is_err(), "space added at {position}");
    }
    assert!(verify(&[&text[..], b"\n"].concat()).is_err());
    let lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
    for line in 0..lines.len() {
        let without = [&lines[..line], &lines[line + 1..]].concat().concat();
        assert!(verify(&without).is_err(), "line {line} removed");
    }
}

#[test]
fn a_changed_program_shows_at_the_first_entry_that_differs() {
    let ledger = eventful();
    let journal = ledger.journal().unwrap();
    let error = replay(journal, [counter(2)]).unwrap_err();
    assert_eq!(error.part, Part::Entry(2));
    let Problem::Root { recorded, replayed, .. } = error.problem.as_ref() else {
        panic!("{error}")
    };
    assert_eq!(*recorded, journal.get(2).unwrap().state_root);
    let until = replay_until(journal, [counter(2)], 2, |_| {}).unwrap();
    let mut until = until;
    let Action::Transaction { wire, .. } = &journal.get(2).unwrap().action else { panic!() };
    let _ = until.submit(wire).unwrap();
    assert_eq!(*replayed, until.state_root());
    let text = error.to_string();
    let (recorded, replayed) = (hex::encode(recorded), hex::encode(replayed));
    let expected = format!("entry 2: state root differs: recorded {recorded}, replayed {replayed}");
    assert_eq!(text, expected);
}

#[test]
fn a_program_that_fails_otherwise_shows_although_no_account_differs() {
    let mut ledger = world([counter(1)], &["alice"]);
    let failed = send(&mut ledger, &[&key("alice")], &[count(1)]);
    assert!(matches!(failed, Err(SubmitError::Failed { .. })));
    let error = replay(ledger.journal().unwrap(), [counter(3)]).unwrap_err();
    assert_eq!(error.part, Part::Entry(1));
    assert!(matches!(*error.problem, Problem::Root { .. }), "the root commits to the outcome");
    assert!(error.to_string().contains("Custom(1)") && error.to_string().contains("Custom(3)"));
}

#[test]
fn other_programs_are_named() {
    let ledger = eventful();
    let error = replay(ledger.journal().unwrap(), []).unwrap_err();
    assert_eq!(error.part, Part::Header);
    assert!(matches!(*error.problem, Problem::Programs { .. }), "{error}");
}

#[test]
fn unknown_versions_and_other_files_are_refused_by_name() {
    let text = eventful().journal().unwrap().to_json();
    let newer = text.replacen("\"version\":1", "\"version\":2", 1);
    let error = Journal::from_json(&newer).unwrap_err();
    assert_eq!(*error.problem, Problem::Version { found: 2, known: 1 });
    let other = text.replacen("cofferdam-journal", "cofferdam-dump", 1);
    let error = Journal::from_json(&other).unwrap_err();
    assert_eq!(*error.problem, Problem::Format("cofferdam-dump".to_owned()));
    assert!(Journal::from_json("").is_err());
}

#[test]
fn progress_is_told_and_a_replay_can_stop() {
    let ledger = eventful();
    let journal = ledger.journal().unwrap();
    let mut told = vec![];
    let part = replay_until(journal, [counter(1)], 3, |done| told.push(done)).unwrap();
    assert_eq!(told, [1, 2, 3]);
    assert_eq!(part.state_root(), journal.get(2).unwrap().state_root);
}

#[test]
fn every_entry_holds_the_root_after_it() {
    let mut ledger = world([], &[]);
    let mut roots = vec![];
    for name in ["a", "b", "c"] {
        ledger.cheat().airdrop(&address(name), SOL).unwrap();
        roots.push(ledger.state_root());
        ledger.warp(Warp::Slots(1)).unwrap();
        roots.push(ledger.state_root());
        let receipt = send(&mut ledger, &[&key(name)], &[]).unwrap();
        assert_eq!(receipt.state_root, Some(ledger.state_root()));
        roots.push(ledger.state_root());
    }
    let recorded: Vec<_> = ledger.journal().unwrap().iter().map(|entry| entry.state_root).collect();
    assert_eq!(recorded, roots);
}

#[test]
fn a_fork_of_a_long_journal_goes_its_own_way() {
    let mut ledger = Ledger::new(Default::default(), []);
    for _ in 0..600 {
        ledger.warp(Warp::Slots(1)).unwrap();
    }
    let mut fork = ledger.fork();
    fork.warp(Warp::Slots(2)).unwrap();
    ledger.warp(Warp::Slots(3)).unwrap();
    let entries = |ledger: &Ledger| ledger.journal().unwrap().iter().cloned().collect::<Vec<_>>();
    let (ours, theirs) = (entries(&ledger), entries(&fork));
    assert_eq!((ours.len(), &ours[..600]), (601, &theirs[..600]));
    assert_eq!(ours[600].action, Action::Warp(Warp::Slots(3)));
    assert_eq!(theirs[600].action, Action::Warp(Warp::Slots(2)));
    assert!(replay(fork.journal().unwrap(), []).is_ok());
}

proptest! {
    #[test]
    fn any_one_byte_changed_to_any_other_is_found(at in any::<prop::sample::Index>(), by in 1_u8..) {
        static TEXT: OnceLock<Vec<u8>> = OnceLock::new();
        let text = TEXT.get_or_init(|| eventful().journal().unwrap().to_json().into_bytes());
        let position = at.index(text.len());
        assert_caught(text, position, text[position].wrapping_add(by));
    }

    #[test]
    fn arbitrary_bytes_are_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Journal::from_bytes(&bytes).is_err());
    }
}
