//! Going back: a stack of kept states.

use std::sync::Arc;

use crate::{error::UnknownSnapshot, state::State};

/// Names a snapshot of one ledger. Never reused, so an old id cannot mean a newer state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SnapshotId(u64);

/// The snapshots of a ledger, oldest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Snapshots {
    kept: Vec<(SnapshotId, Arc<State>)>,
    taken: u64,
}

impl Snapshots {
    pub(crate) fn take(&mut self, state: &State) -> SnapshotId {
        let id = SnapshotId(self.taken);
        self.taken += 1;
        self.kept.push((id, Arc::new(state.clone())));
        id
    }

    /// The state kept under `id`; drops the snapshots taken after it, which lie in a future
    /// that no longer happens. `id` itself stays, so that one can go back to it again.
    pub(crate) fn revert_to(&mut self, id: SnapshotId) -> Result<State, UnknownSnapshot> {
        let position = self.kept.binary_search_by_key(&id, |(kept, _)| *kept);
        let position = position.map_err(|_| UnknownSnapshot(id))?;
        self.kept.truncate(position + 1);
        Ok(State::clone(&self.kept[position].1))
    }
}
