//! Going back: a stack of kept states.

use std::{fmt, sync::Arc};

use crate::{error::UnknownSnapshot, root::History, state::State};

/// Names a snapshot of one ledger. Never reused, so an old id cannot mean a newer state, and bound
/// to the history up to it, so the id of a fork or of another ledger means no other state here: it
/// is unknown, unless both are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotId {
    number: u64,
    history: History,
}

impl fmt::Display for SnapshotId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number)
    }
}

/// The snapshots of a ledger, oldest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Snapshots {
    kept: Vec<(SnapshotId, Arc<State>)>,
    taken: u64,
}

impl Snapshots {
    pub(crate) fn take(&mut self, state: &State) -> SnapshotId {
        let id = SnapshotId { number: self.taken, history: state.history };
        self.taken += 1;
        self.kept.push((id, Arc::new(state.clone())));
        id
    }

    /// The state kept under `id`; drops the snapshots taken after it, which lie in a future
    /// that no longer happens. `id` itself stays, so that one can go back to it again.
    pub(crate) fn revert_to(&mut self, id: SnapshotId) -> Result<State, UnknownSnapshot> {
        let numbered = self.kept.binary_search_by_key(&id.number, |(kept, _)| kept.number);
        let position = numbered.ok().filter(|position| self.kept[*position].0 == id);
        let position = position.ok_or(UnknownSnapshot(id))?;
        self.kept.truncate(position + 1);
        Ok(State::clone(&self.kept[position].1))
    }
}
