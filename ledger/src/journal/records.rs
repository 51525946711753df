//! What a ledger keeps of what happened to it.

use std::sync::Arc;

use solana_hash::Hash;

use super::{Action, Journal, Tail};

/// What a ledger keeps of what happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recording {
    /// A journal, with the state root after every entry. Its memory grows with every entry.
    Journal,
    /// That many of the last entries, each with its root, in bounded memory. They can be read
    /// but not replayed; see [`Tail`].
    Tail(usize),
    /// No entries; receipts carry the state root after their transaction.
    Roots,
    /// No entries, and one root a slot: that of its end, kept when a warp leaves it; see
    /// [`crate::Ledger::slot_roots`]. Receipts carry none.
    SlotRoots,
    /// Neither: roots are computed only when [`crate::Ledger::state_root`] asks. The fastest.
    Nothing,
}

/// What was kept so far.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Records {
    Journal(Journal),
    Tail(Tail),
    Roots,
    /// Slots that were left, each with the root at its end, oldest first.
    SlotRoots(Arc<Vec<(u64, Hash)>>),
    Nothing,
}

impl Records {
    pub(crate) fn recording(&self) -> Recording {
        match self {
            Self::Journal(_) => Recording::Journal,
            Self::Tail(tail) => Recording::Tail(tail.keep),
            Self::Roots => Recording::Roots,
            Self::SlotRoots(_) => Recording::SlotRoots,
            Self::Nothing => Recording::Nothing,
        }
    }

    /// Whether a receipt should carry the root after its transaction.
    pub(crate) fn wants_roots(&self) -> bool {
        !matches!(self, Self::Nothing | Self::SlotRoots(_))
    }

    /// Whether entries are kept.
    pub(crate) fn wants_entries(&self) -> bool {
        matches!(self, Self::Journal(_) | Self::Tail(_))
    }

    pub(crate) fn push(&mut self, action: Action, state_root: Hash) {
        match self {
            Self::Journal(journal) => journal.push(action, state_root),
            Self::Tail(tail) => tail.push(action, state_root),
            Self::Roots | Self::SlotRoots(_) | Self::Nothing => {}
        }
    }

    /// Keeps the root at the end of a slot, if such roots are kept.
    pub(crate) fn end_slot(&mut self, slot: u64, root: impl FnOnce() -> Hash) {
        if let Self::SlotRoots(roots) = self {
            Arc::make_mut(roots).push((slot, root()));
        }
    }

    /// Keeps something else from now on. A journal that is not there yet can only be `fresh`,
    /// the empty one of a ledger to which nothing happened.
    pub(crate) fn switched(self, recording: Recording, fresh: Option<Journal>) -> Self {
        match (recording, self) {
            (Recording::Journal, Self::Journal(journal)) => Self::Journal(journal),
            (Recording::Journal, _) => fresh.map_or(Self::Roots, Self::Journal),
            (Recording::Tail(keep), Self::Journal(journal)) => {
                Self::Tail(Tail::new(keep, 0, journal.log))
            }
            (Recording::Tail(keep), Self::Tail(tail)) => {
                Self::Tail(Tail::new(keep, tail.dropped, tail.log))
            }
            (Recording::Tail(keep), _) => Self::Tail(Tail::new(keep, 0, Default::default())),
            (Recording::Roots, _) => Self::Roots,
            (Recording::SlotRoots, Self::SlotRoots(roots)) => Self::SlotRoots(roots),
            (Recording::SlotRoots, _) => Self::SlotRoots(Arc::default()),
            (Recording::Nothing, _) => Self::Nothing,
        }
    }
}
