//! Two builds compared by what each wrote down.

use cofferdam_ledger::{FirstDifference, Journal, Program, Trace, TraceError, bisect};
use proptest::prelude::*;

use crate::bisect::{added, adder, changed};

fn trace(journal: &Journal, build: Program) -> Trace {
    let trace = Trace::of(journal, [build], |_| {});
    let mut file = Vec::new();
    trace.write(&mut file).unwrap();
    let read = Trace::from_bytes(&file).unwrap();
    assert_eq!(read, trace);
    read
}

fn parts(found: Option<FirstDifference>) -> Option<impl PartialEq + std::fmt::Debug> {
    found.map(|found| (found.entry, found.action, found.a, found.b, found.accounts))
}

#[test]
fn a_trace_tells_what_every_entry_did() {
    let ledger = added([5, 6]);
    let journal = ledger.journal().unwrap();
    let trace = trace(journal, adder(Some(6), 3));
    assert_eq!(trace.genesis_root, journal.genesis_root());
    let step = &trace.steps[2];
    assert_eq!((&step.action, step.side.outcome.as_str()), (&journal.get(2).unwrap().action, "ok"));
    assert_eq!(step.side.state_root, journal.get(2).unwrap().state_root);
    assert_eq!((step.units_consumed, step.changes.len()), (155, 2));
    assert_eq!(step.logs, ["Program adder invoke [1]", "Program adder success, 155 units"]);
    let failed = &trace.steps[3];
    assert_eq!(failed.side.outcome, "InstructionError(0, Custom(3))");
    // The fee alone.
    assert_eq!(failed.changes.len(), 1);
    // The cheats before: an airdrop and an account.
    assert_eq!(trace.steps[1].changes.len(), 1);
    assert_eq!((trace.steps[1].units_consumed, trace.steps[1].logs.len()), (0, 0));
}

#[test]
fn traces_of_two_journals_are_not_compared() {
    let (one, other, longer) = (added([1, 2]), added([1, 3]), added([1, 2, 3]));
    let of = |ledger: &cofferdam_ledger::Ledger| trace(ledger.journal().unwrap(), adder(None, 0));
    assert_eq!(of(&one).bisect(&of(&other)).unwrap_err(), TraceError::OtherJournal(3));
    assert_eq!(of(&one).bisect(&of(&longer)).unwrap_err(), TraceError::OtherJournal(4));
    assert!(of(&one).bisect(&of(&one)).unwrap().is_none());
}

#[test]
fn builds_with_other_programs_part_at_genesis() {
    let ledger = added([1]);
    let journal = ledger.journal().unwrap();
    let found = trace(journal, adder(None, 0)).bisect(&Trace::of(journal, [], |_| {})).unwrap();
    assert_eq!(found.unwrap().entry, None);
}

#[test]
fn a_damaged_file_is_refused_with_its_line() {
    let ledger = added([1, 2]);
    let mut file = Vec::new();
    Trace::of(ledger.journal().unwrap(), [adder(None, 0)], |_| {}).write(&mut file).unwrap();
    let text = String::from_utf8(file).unwrap();
    let read = |text: &str| Trace::from_bytes(text.as_bytes()).unwrap_err();
    assert_eq!(read(""), TraceError::Format);
    assert_eq!(read(&text.replacen("\"version\":1", "\"version\":2", 1)), TraceError::Format);
    assert_eq!(read(&ledger.journal().unwrap().to_json()), TraceError::Format);
    let damaged = read(&text.replacen("lamports", "lampords", 1));
    assert!(matches!(damaged, TraceError::Damaged { line: 2, .. }), "{damaged}");
    let lines: Vec<&str> = text.lines().collect();
    let cut = read(&lines[..lines.len() - 1].join("\n"));
    assert_eq!(cut, TraceError::Cut { count: 4, found: 3 });
}

#[test]
fn the_recorded_roots_need_not_be_the_builds_own() {
    let ledger = added([1, 2, 3]);
    let lie = changed(ledger.journal().unwrap(), "2/state_root", "00".repeat(32).into());
    let (a, b) = (trace(&lie, adder(None, 0)), trace(ledger.journal().unwrap(), adder(None, 0)));
    assert_eq!(a, b);
}

proptest! {
    /// Two traces say what running both builds side by side says.
    #[test]
    fn traces_agree_with_the_bisection_of_the_builds(
        bytes in prop::collection::vec(0..6_u8, 1..12),
        a in prop::option::of(0..8_u8),
        b in prop::option::of(0..8_u8),
        codes in (0..2_u32, 0..2_u32),
    ) {
        let ledger = added(bytes);
        let journal = ledger.journal().unwrap();
        let builds = || (adder(a, codes.0), adder(b, codes.1));
        let by_running = bisect(journal, [builds().0], [builds().1]);
        let by_traces = trace(journal, builds().0).bisect(&trace(journal, builds().1)).unwrap();
        prop_assert_eq!(parts(by_traces), parts(by_running));
    }
}
