//! What one build makes of a journal, in a file, so that two builds can be compared that are two
//! programs.

use std::{io, sync::Arc};

use cofferdam_host::Address;
use serde::{Deserialize, Serialize};
use solana_account::Account;
use solana_hash::Hash;
use thiserror::Error;

use super::{Action, FirstDifference, Journal, Side, bisect, text};
use crate::{program::Program, receipt::AccountChange};

const FORMAT: &str = "cofferdam-trace";
const VERSION: u32 = 1;

/// What one build of the programs makes of a journal: after every entry its outcome, root, log and
/// changed accounts.
///
/// The roots in the journal do not matter, as with [`bisect()`]. A trace is larger than its journal
/// by the accounts that every entry changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// Root before the first entry.
    pub genesis_root: Hash,
    /// The entries, in order.
    pub steps: Vec<TraceStep>,
}

/// What one build makes of one entry.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceStep {
    /// What is to be done, as the journal says.
    pub action: Action,
    /// How it ends, and the root after it.
    pub side: Side,
    /// Compute units spent; zero for what is no transaction.
    pub units_consumed: u64,
    /// The log, flat.
    pub logs: Vec<String>,
    /// Every account that changed, in address order.
    pub changes: Vec<AccountChange>,
}

/// Why a trace cannot be read, or two cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TraceError {
    /// It is some other file.
    #[error("this is no trace of version {VERSION}: write it with `cofferdam journal trace`")]
    Format,
    /// A line cannot be read.
    #[error("line {line} is damaged ({reason}): write the trace again")]
    Damaged {
        /// Number of the line, counted from one.
        line: usize,
        /// What the reader said.
        reason: String,
    },
    /// The header counts other lines than there are.
    #[error("it has {found} of {count} entries: write the trace again")]
    Cut {
        /// What the header says.
        count: usize,
        /// What there is.
        found: usize,
    },
    /// The two were made of different journals.
    #[error(
        "the traces are of two journals, which differ at entry {0}: trace one journal with both \
         builds"
    )]
    OtherJournal(usize),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    format: String,
    version: u32,
    count: usize,
    #[serde(with = "text::root")]
    state_root: Hash,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    action: Action,
    outcome: String,
    #[serde(with = "text::root")]
    state_root: Hash,
    units_consumed: u64,
    logs: Vec<String>,
    changes: Vec<Change>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    #[serde(with = "text::address")]
    address: Address,
    before: Option<Held>,
    after: Option<Held>,
}

#[derive(Serialize, Deserialize)]
struct Held(#[serde(with = "text::account")] Account);

impl Trace {
    /// Runs a journal on these programs and notes what comes of it, calling `on_entry` with the
    /// number of entries done after each.
    #[must_use]
    pub fn of(
        journal: &Journal,
        programs: impl IntoIterator<Item = Program>,
        mut on_entry: impl FnMut(usize),
    ) -> Self {
        let mut ledger = bisect::start(journal, programs);
        let genesis_root = ledger.state_root();
        let mut steps = Vec::with_capacity(journal.len());
        for entry in journal {
            let before = ledger.fork();
            let (outcome, receipt) = bisect::act(&mut ledger, &entry.action);
            steps.push(TraceStep {
                action: entry.action.clone(),
                side: Side { state_root: ledger.state_root(), outcome },
                units_consumed: receipt.as_ref().map_or(0, |receipt| receipt.units_consumed),
                logs: receipt.map(|receipt| receipt.logs()).unwrap_or_default(),
                changes: before.diff(&ledger),
            });
            on_entry(steps.len());
        }
        Self { genesis_root, steps }
    }

    /// Where this build first differs from the other in state root or outcome; `None` when they
    /// agree to the end.
    ///
    /// # Errors
    /// [`TraceError::OtherJournal`].
    pub fn bisect(&self, other: &Self) -> Result<Option<FirstDifference>, TraceError> {
        if self.genesis_root != other.genesis_root {
            return Ok(Some(self.at_genesis(other)));
        }
        for (index, (a, b)) in self.steps.iter().zip(&other.steps).enumerate() {
            if a.action != b.action {
                return Err(TraceError::OtherJournal(index));
            }
            if a.side != b.side {
                return Ok(Some(FirstDifference {
                    entry: Some(index),
                    action: Some(a.action.clone()),
                    accounts: accounts(a, b),
                    a: a.side.clone(),
                    b: b.side.clone(),
                }));
            }
        }
        match self.steps.len() == other.steps.len() {
            true => Ok(None),
            false => Err(TraceError::OtherJournal(self.steps.len().min(other.steps.len()))),
        }
    }

    fn at_genesis(&self, other: &Self) -> FirstDifference {
        let side = |root| Side { state_root: root, outcome: "ok".to_owned() };
        let (a, b) = (side(self.genesis_root), side(other.genesis_root));
        FirstDifference { entry: None, action: None, a, b, accounts: Vec::new() }
    }

    /// Writes the file: a line for the header and one for each entry, all of them JSON.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut impl io::Write) -> io::Result<()> {
        let (format, count) = (FORMAT.to_owned(), self.steps.len());
        let header = Header { format, version: VERSION, count, state_root: self.genesis_root };
        serde_json::to_writer(&mut *out, &header)?;
        for step in &self.steps {
            out.write_all(b"\n")?;
            serde_json::to_writer(&mut *out, &Line::of(step))?;
        }
        out.write_all(b"\n")
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`TraceError`] but [`TraceError::OtherJournal`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, TraceError> {
        let mut lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let header: Header = lines
            .next()
            .and_then(|line| serde_json::from_slice(line).ok())
            .filter(|header: &Header| header.format == FORMAT && header.version == VERSION)
            .ok_or(TraceError::Format)?;
        let steps = lines.zip(2..).map(|(text, line)| {
            let read = serde_json::from_slice(text).map(Line::step);
            read.map_err(|error| TraceError::Damaged { line, reason: error.to_string() })
        });
        let steps: Vec<_> = steps.collect::<Result<_, _>>()?;
        if steps.len() != header.count {
            return Err(TraceError::Cut { count: header.count, found: steps.len() });
        }
        Ok(Self { genesis_root: header.state_root, steps })
    }
}

impl Line {
    fn of(step: &TraceStep) -> Self {
        let held = |account: &Option<Arc<Account>>| {
            account.as_ref().map(|account| Held(Account::clone(account)))
        };
        let change = |change: &AccountChange| {
            let (before, after) = (held(&change.before), held(&change.after));
            Change { address: change.address, before, after }
        };
        Self {
            action: step.action.clone(),
            outcome: step.side.outcome.clone(),
            state_root: step.side.state_root,
            units_consumed: step.units_consumed,
            logs: step.logs.clone(),
            changes: step.changes.iter().map(change).collect(),
        }
    }

    fn step(self) -> TraceStep {
        let held = |held: Option<Held>| held.map(|Held(account)| Arc::new(account));
        let change = |change: Change| {
            let (before, after) = (held(change.before), held(change.after));
            AccountChange { address: change.address, before, after }
        };
        TraceStep {
            action: self.action,
            side: Side { state_root: self.state_root, outcome: self.outcome },
            units_consumed: self.units_consumed,
            logs: self.logs,
            changes: self.changes.into_iter().map(change).collect(),
        }
    }
}

/// The accounts that differ after an entry before which none did: `before` is the first build's,
/// `after` the second's. Whoever did not change an account has it as the other one found it.
fn accounts(a: &TraceStep, b: &TraceStep) -> Vec<AccountChange> {
    let mut addresses: Vec<_> = a.changes.iter().chain(&b.changes).map(|c| c.address).collect();
    addresses.sort_unstable();
    addresses.dedup();
    let differing = addresses.into_iter().filter_map(|address| {
        let find = |step: &TraceStep| {
            step.changes.iter().find(|change| change.address == address).cloned()
        };
        let (a, b) = (find(a), find(b));
        let found = a.as_ref().or(b.as_ref())?.before.clone();
        let after = |change: Option<AccountChange>| {
            change.map_or_else(|| found.clone(), |change| change.after)
        };
        let (before, after) = (after(a), after(b));
        (before != after).then_some(AccountChange { address, before, after })
    });
    differing.collect()
}
