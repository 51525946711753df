//! The journal: everything that ever happened to a ledger, with the state root after each step.

mod bisect;
mod error;
mod file;
mod log;
mod records;
mod replay;
mod tail;
pub(crate) mod text;
mod trace;

use std::sync::Arc;

use cofferdam_host::Address;
use serde::{Deserialize, Serialize};
use solana_hash::Hash;
use solana_transaction::Transaction;

pub use bisect::{FirstDifference, Side, bisect};
pub use error::{JournalError, Part, Problem};
pub use log::Entries;
pub use records::Recording;
pub use replay::{replay, replay_counting, replay_until, replay_with};
pub use tail::Tail;
pub use trace::{Trace, TraceError, TraceStep};

pub(crate) use self::{error::Hex, log::Log, records::Records};
use crate::{cheats::Cheat, clock::Warp, genesis::Genesis};

/// Everything that ever happened to a ledger, from its genesis on.
///
/// A clone is cheap and shares the entries.
#[derive(Clone, Debug, PartialEq)]
pub struct Journal {
    pub(crate) genesis: Arc<Genesis>,
    pub(crate) programs: Arc<[ProgramRecord]>,
    pub(crate) genesis_root: Hash,
    pub(crate) log: Log,
    /// Root after the last entry.
    pub(crate) final_root: Hash,
}

/// One thing that happened, and the state root after it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What happened.
    pub action: Action,
    /// State root after it.
    #[serde(with = "text::root")]
    pub state_root: Hash,
}

/// What can happen to a ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// A transaction ran. Rejected ones leave no trace, so they are not here.
    Transaction {
        /// The transaction.
        #[serde(with = "text::transaction")]
        wire: Arc<Transaction>,
        /// `ok`, or the error in words.
        outcome: String,
    },
    /// Time moved.
    Warp(Warp),
    /// Somebody cheated.
    Cheat(Cheat),
}

/// A program the ledger had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgramRecord {
    /// Its address.
    #[serde(with = "text::address")]
    pub id: Address,
    /// Its name.
    pub name: String,
}

impl Journal {
    pub(crate) fn new(
        genesis: Arc<Genesis>,
        programs: Arc<[ProgramRecord]>,
        genesis_root: Hash,
    ) -> Self {
        Self { genesis, programs, genesis_root, log: Log::default(), final_root: genesis_root }
    }

    pub(crate) fn restored(
        genesis: Arc<Genesis>,
        programs: Arc<[ProgramRecord]>,
        genesis_root: Hash,
        log: Log,
    ) -> Self {
        let last = log.len().checked_sub(1).and_then(|last| log.get(last));
        let final_root = last.map_or(genesis_root, |entry| entry.state_root);
        Self { genesis, programs, genesis_root, log, final_root }
    }

    pub(crate) fn push(&mut self, action: Action, state_root: Hash) {
        self.log.push(Entry { action, state_root });
        self.final_root = state_root;
    }

    /// Number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.log.len()
    }

    /// Whether nothing happened yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entry at `index`.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&Entry> {
        self.log.get(index)
    }

    /// The entries in order.
    #[must_use]
    pub fn iter(&self) -> Entries<'_> {
        self.log.iter()
    }

    /// What the ledger started with.
    #[must_use]
    pub fn genesis(&self) -> &Genesis {
        &self.genesis
    }

    /// The programs the ledger had, in address order.
    #[must_use]
    pub fn programs(&self) -> &[ProgramRecord] {
        &self.programs
    }

    /// State root before the first entry.
    #[must_use]
    pub fn genesis_root(&self) -> Hash {
        self.genesis_root
    }

    /// State root after the last entry.
    #[must_use]
    pub fn final_root(&self) -> Hash {
        self.final_root
    }
}

impl<'a> IntoIterator for &'a Journal {
    type Item = &'a Entry;
    type IntoIter = Entries<'a>;

    fn into_iter(self) -> Entries<'a> {
        self.iter()
    }
}
