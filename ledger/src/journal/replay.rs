//! Running a journal again and comparing every root.

use solana_hash::Hash;

use super::{
    Action, Entry, Journal, ProgramRecord,
    error::{JournalError, Part, Problem},
};
use crate::{
    error::SubmitError, genesis::Genesis, ledger::Ledger, metrics::Metrics, program::Program,
};

/// Runs a whole journal again from its genesis and returns the ledger it leads to.
///
/// # Errors
/// [`JournalError`] with the first entry after which the state root is not the recorded one,
/// or at the header or footer when the damage is there.
pub fn replay(
    journal: &Journal,
    programs: impl IntoIterator<Item = Program>,
) -> Result<Ledger, JournalError> {
    replay_with(journal, programs, |_| {})
}

/// As [`replay`], calling `on_entry` with the number of entries done after each.
///
/// # Errors
/// Those of [`replay`].
pub fn replay_with(
    journal: &Journal,
    programs: impl IntoIterator<Item = Program>,
    on_entry: impl FnMut(usize),
) -> Result<Ledger, JournalError> {
    let ledger = replay_until(journal, programs, journal.len(), on_entry)?;
    check_footer(journal, &ledger)?;
    Ok(ledger)
}

/// As [`replay_with`], for a ledger that counts from its genesis on: its [`Ledger::metrics`] are
/// those of the whole journal.
///
/// # Errors
/// Those of [`replay`].
pub fn replay_counting(
    journal: &Journal,
    programs: impl IntoIterator<Item = Program>,
    on_entry: impl FnMut(usize),
) -> Result<Ledger, JournalError> {
    let mut ledger = start(journal, programs)?;
    ledger.set_metrics(Some(Metrics::default()));
    repeat_first(&mut ledger, journal, journal.len(), on_entry)?;
    check_footer(journal, &ledger)?;
    Ok(ledger)
}

/// Runs the first `count` entries of a journal again, calling `on_entry` with the number of
/// entries done after each. The state before entry `n` is what `count = n` leads to.
///
/// # Errors
/// As [`replay`]; the footer is not looked at.
pub fn replay_until(
    journal: &Journal,
    programs: impl IntoIterator<Item = Program>,
    count: usize,
    on_entry: impl FnMut(usize),
) -> Result<Ledger, JournalError> {
    let mut ledger = start(journal, programs)?;
    repeat_first(&mut ledger, journal, count, on_entry)?;
    Ok(ledger)
}

fn repeat_first(
    ledger: &mut Ledger,
    journal: &Journal,
    count: usize,
    mut on_entry: impl FnMut(usize),
) -> Result<(), JournalError> {
    for (index, entry) in journal.iter().take(count).enumerate() {
        repeat(ledger, entry)
            .map_err(|problem| JournalError { part: Part::Entry(index), problem })?;
        on_entry(index + 1);
    }
    Ok(())
}

fn check_footer(journal: &Journal, ledger: &Ledger) -> Result<(), JournalError> {
    let (recorded, replayed) = (journal.final_root(), ledger.state_root());
    if recorded == replayed {
        return Ok(());
    }
    Err(Part::Footer.error(Problem::Root { recorded, replayed, outcomes: None }))
}

/// The ledger at the journal's genesis, if it is the same genesis.
fn start(
    journal: &Journal,
    programs: impl IntoIterator<Item = Program>,
) -> Result<Ledger, JournalError> {
    let ledger = Ledger::new(Genesis::clone(journal.genesis()), programs);
    let here = ledger.journal().map(Journal::programs).unwrap_or_default();
    if here != journal.programs() {
        let (recorded, replayed) = (names(journal.programs()), names(here));
        return Err(Part::Header.error(Problem::Programs { recorded, replayed }));
    }
    let (recorded, replayed) = (journal.genesis_root(), ledger.state_root());
    if recorded != replayed {
        return Err(Part::Header.error(Problem::Root { recorded, replayed, outcomes: None }));
    }
    Ok(ledger)
}

fn names(programs: &[ProgramRecord]) -> String {
    let names = programs.iter().map(|program| format!("{} {}", program.name, program.id));
    names.collect::<Vec<_>>().join(", ")
}

fn repeat(ledger: &mut Ledger, entry: &Entry) -> Result<(), Box<Problem>> {
    let recorded = entry.state_root;
    match &entry.action {
        Action::Transaction { wire, outcome } => {
            if let Err(SubmitError::Rejected(rejection)) = ledger.submit(wire) {
                let replayed = ledger.state_root();
                return Err(Box::new(Problem::Rejected { recorded, replayed, rejection }));
            }
            let (replayed_outcome, replayed) = last(ledger);
            compare_transaction((recorded, outcome), (replayed, &replayed_outcome))
        }
        Action::Warp(warp) => {
            ledger.warp(*warp).map_err(|error| {
                let replayed = ledger.state_root();
                Box::new(Problem::Warp { recorded, replayed, error })
            })?;
            compare(recorded, last(ledger).1)
        }
        Action::Cheat(cheat) => {
            ledger.apply_cheat(cheat.clone()).map_err(|error| {
                let replayed = ledger.state_root();
                Box::new(Problem::Cheat { recorded, replayed, error })
            })?;
            compare(recorded, last(ledger).1)
        }
    }
}

/// Outcome, if it is a transaction, and root of what the ledger did last.
fn last(ledger: &Ledger) -> (String, Hash) {
    let entry = ledger.journal().and_then(|journal| journal.get(journal.len().checked_sub(1)?));
    match entry.map(|entry| (&entry.action, entry.state_root)) {
        Some((Action::Transaction { outcome, .. }, root)) => (outcome.clone(), root),
        Some((_, root)) => (String::new(), root),
        None => (String::new(), ledger.state_root()),
    }
}

fn compare(recorded: Hash, replayed: Hash) -> Result<(), Box<Problem>> {
    if recorded == replayed {
        Ok(())
    } else {
        Err(Box::new(Problem::Root { recorded, replayed, outcomes: None }))
    }
}

fn compare_transaction(recorded: (Hash, &str), replayed: (Hash, &str)) -> Result<(), Box<Problem>> {
    let ((recorded, recorded_outcome), (replayed, replayed_outcome)) = (recorded, replayed);
    let outcomes = (recorded_outcome.to_owned(), replayed_outcome.to_owned());
    let outcomes = (recorded_outcome != replayed_outcome).then_some(outcomes);
    if recorded != replayed {
        return Err(Box::new(Problem::Root { recorded, replayed, outcomes }));
    }
    // The root commits to the true outcome, so here it is the text alone that was changed.
    match outcomes {
        Some((recorded, replayed)) => Err(Box::new(Problem::Outcome { recorded, replayed })),
        None => Ok(()),
    }
}
