//! Where two builds part.

use std::fmt;

use solana_hash::Hash;

use super::{Action, Hex, Journal};
use crate::{
    error::SubmitError,
    genesis::Genesis,
    journal::Recording,
    ledger::Ledger,
    program::Program,
    receipt::{AccountChange, Receipt},
};

/// The first entry of a journal after which two builds disagree.
#[derive(Clone, Debug)]
pub struct FirstDifference {
    /// Number of the entry, counted from zero; `None` when they differ at genesis already.
    pub entry: Option<usize>,
    /// What happened there; `None` at genesis.
    pub action: Option<Action>,
    /// Where the first build stands.
    pub a: Side,
    /// Where the second build stands.
    pub b: Side,
    /// The accounts that differ, in address order: `before` is the first build's account,
    /// `after` the second's. None do when only the outcomes differ.
    pub accounts: Vec<AccountChange>,
}

/// Where one of two builds stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// State root after the entry.
    pub state_root: Hash,
    /// `ok`, or the error in words.
    pub outcome: String,
}

/// Runs a journal on two builds of its programs side by side and tells where they first differ
/// in state root or outcome; `None` when they never do.
///
/// Neither has to agree with the roots in the journal: it only says what is to be done. What one
/// or both refuse to do is an outcome like any other.
///
/// It costs one run of either build up to the first difference. Halving the journal would cost
/// more: every probe would have to start at genesis again.
#[must_use]
pub fn bisect(
    journal: &Journal,
    programs_a: impl IntoIterator<Item = Program>,
    programs_b: impl IntoIterator<Item = Program>,
) -> Option<FirstDifference> {
    let (mut a, mut b) = (start(journal, programs_a), start(journal, programs_b));
    let ok = || "ok".to_owned();
    if let Some(difference) = compare(None, (&a, ok()), (&b, ok())) {
        return Some(difference);
    }
    journal.iter().enumerate().find_map(|(index, entry)| {
        let (outcome_a, _) = act(&mut a, &entry.action);
        let (outcome_b, _) = act(&mut b, &entry.action);
        compare(Some((index, &entry.action)), (&a, outcome_a), (&b, outcome_b))
    })
}

pub(super) fn start(journal: &Journal, programs: impl IntoIterator<Item = Program>) -> Ledger {
    let mut ledger = Ledger::new(Genesis::clone(journal.genesis()), programs);
    ledger.set_recording(Recording::Roots);
    ledger
}

/// Does it, and says how it ended, with the receipt of what ran.
pub(super) fn act(ledger: &mut Ledger, action: &Action) -> (String, Option<Receipt>) {
    let refused = |error: &dyn fmt::Display| format!("refused: {error}");
    let ended = match action {
        Action::Transaction { wire, .. } => return answer(ledger.submit(wire)),
        Action::Warp(warp) => ledger.warp(*warp).map(drop).map_err(|error| refused(&error)),
        Action::Cheat(cheat) => ledger.apply_cheat(cheat.clone()).map_err(|error| refused(&error)),
    };
    (ended.err().unwrap_or_else(|| "ok".to_owned()), None)
}

fn answer(answer: Result<Receipt, SubmitError>) -> (String, Option<Receipt>) {
    match answer {
        Ok(receipt) => ("ok".to_owned(), Some(receipt)),
        Err(SubmitError::Failed { error, receipt }) => (format!("{error:?}"), Some(*receipt)),
        Err(SubmitError::Rejected(rejection)) => (format!("rejected: {rejection}"), None),
    }
}

fn compare(
    at: Option<(usize, &Action)>,
    (a, outcome_a): (&Ledger, String),
    (b, outcome_b): (&Ledger, String),
) -> Option<FirstDifference> {
    let side = |ledger: &Ledger, outcome| Side { state_root: ledger.state_root(), outcome };
    let sides = (side(a, outcome_a), side(b, outcome_b));
    (sides.0 != sides.1).then(|| FirstDifference {
        entry: at.map(|(index, _)| index),
        action: at.map(|(_, action)| action.clone()),
        accounts: a.diff(b),
        a: sides.0,
        b: sides.1,
    })
}

impl fmt::Display for FirstDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.entry {
            Some(entry) => write!(f, "entry {entry}: ")?,
            None => f.write_str("genesis: ")?,
        }
        write!(f, "the first build leads to {}, the second to {}", self.a, self.b)?;
        match self.accounts.len() {
            1 => f.write_str("; 1 account differs"),
            count => write!(f, "; {count} accounts differ"),
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "root {} ({})", Hex(&self.state_root), self.outcome)
    }
}
