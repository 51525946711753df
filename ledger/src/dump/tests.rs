//! Files that somebody wrote on purpose: their roots and checksums are right, so only what each
//! value must be like by itself stands against them.

use solana_hash::Hash;

use super::*;
use crate::{
    clock::{LedgerClock, Warp},
    journal::{Log, Tail},
};

/// A ledger with blockhashes of the slots 0, 1 and 3.
fn ledger() -> Ledger {
    let mut ledger = Ledger::new(Genesis::default(), []);
    for slots in [1, 2] {
        ledger.warp(Warp::Slots(slots)).unwrap();
    }
    ledger
}

/// What reading the file of a ledger says whose state was changed.
fn read(change: impl FnOnce(&mut State)) -> Result<Dump, LoadError> {
    let mut dump = ledger().dump();
    // A journal would tell by its last root that something changed.
    dump.state.records = Records::Roots;
    change(&mut dump.state);
    Dump::from_json(&dump.to_json())
}

fn damaged(error: &LoadError) -> &str {
    match error {
        LoadError::Damaged { field, .. } => field,
        other => panic!("{other}"),
    }
}

fn with_slots(slots: &[u64]) -> Result<Dump, LoadError> {
    let mut forged = crate::blockhash::Blockhashes::new(slots[0], Hash::default());
    for slot in &slots[1..] {
        // An age that drops nothing, and slots that need not rise.
        forged.push_unchecked(*slot, Hash::default());
    }
    read(|state| state.blockhashes = forged)
}

#[test]
fn a_state_that_was_not_changed_is_read() {
    assert_eq!(read(|_| {}).unwrap().state_root(), ledger().state_root());
    assert!(with_slots(&[0, 1, 3]).is_ok());
    assert!(with_slots(&[3]).is_ok());
}

/// A blockhash of a later slot would make the next warp underflow its age.
#[test]
fn blockhashes_that_no_ledger_has_are_refused() {
    for slots in [&[0, 1][..], &[4], &[1, 0, 3], &[1, 1, 3], &[0, 5, 3]] {
        let error = with_slots(slots).unwrap_err();
        assert_eq!(damaged(&error), "blockhashes", "{slots:?}");
    }
    let error = read(|state| {
        let genesis = Genesis::default();
        state.clock = state.clock.warped(&genesis, Warp::Slots(151)).unwrap();
        state.blockhashes.push_unchecked(154, Hash::default());
    });
    assert_eq!(damaged(&error.unwrap_err()), "blockhashes", "slot 0 is 154 slots old");
}

#[test]
fn a_time_beyond_the_clock_is_refused() {
    let genesis = Genesis::default();
    assert_eq!(LedgerClock::at(&genesis, -1), None);
    assert_eq!(LedgerClock::at(&genesis, i128::MAX), None);
    assert_eq!(LedgerClock::at(&genesis, 0), Some(LedgerClock::new(&genesis)));
    // The slots run out before the seconds do.
    let last_ms = i128::from(u64::MAX) * 400 + 399;
    assert_eq!(LedgerClock::at(&genesis, last_ms).unwrap().view().slot, u64::MAX);
    assert_eq!(LedgerClock::at(&genesis, last_ms + 1), None);
}

#[test]
fn a_tail_that_would_count_past_its_end_is_refused() {
    let tail = |dropped| {
        move |state: &mut State| {
            state.records = Records::Tail(Tail::new(3, dropped, Log::default()));
        }
    };
    assert!(read(tail(1_000)).is_ok());
    assert_eq!(damaged(&read(tail(usize::MAX)).unwrap_err()), "recording.tail.dropped");
}

#[test]
fn records_of_another_state_are_refused() {
    let journal = ledger().dump().state.records;
    let error = read(|state| {
        state.records = journal;
        state.history.add_event(b"another");
    });
    assert_eq!(damaged(&error.unwrap_err()), "recording");
}

#[test]
fn a_journal_that_starts_elsewhere_is_refused_when_loaded() {
    let genesis = Genesis { seed: [1; 32], ..Genesis::default() };
    let other = Ledger::new(genesis, []);
    let mut dump = Ledger::new(Genesis::default(), []).dump();
    let computed = dump.state_root();
    let Records::Journal(journal) = &mut dump.state.records else { panic!() };
    journal.genesis_root = other.state_root();
    let recorded = journal.genesis_root;
    let error = Ledger::load(dump, []).unwrap_err();
    assert_eq!(error, LoadError::GenesisRoot { recorded, computed });
}

#[test]
fn white_space_counts_within_strings_alone() {
    let form = |text: &str| record::check_form(text, r#"{"a \" \\": 1, "b": [2]}"#);
    assert_eq!(form("{ \"a \\\" \\\\\":1,\n\t\"b\" : [ 2 ] }\r\n"), Ok(()));
    let others = [
        r#"{"a  \" \\": 1, "b": [2]}"#,
        r#"{"a \"  \\": 1, "b": [2]}"#,
        r#"{"a \"\\": 1, "b": [2]}"#,
        r#"{"a \" \\": 1, "b ": [2]}"#,
        r#"{"a \" \\": 1, "b": [2]}]"#,
    ];
    for other in others {
        assert_eq!(form(other), Err(LoadError::Form { line: 1 }), "{other}");
    }
    assert_eq!(form("{\n\n\"é"), Err(LoadError::Form { line: 3 }));
}
