//! What is kept: sequences that showed something new, and deep states to start from.

use std::{collections::BTreeMap, sync::Arc};

use super::{Course, Rng, feature::Feature};
use crate::{action::Record, invariant::Watch};

/// Deepest state that is kept, in records from the ground: a finding beyond it would be slow to
/// shrink.
pub(super) const DEPTH_MAX: usize = 384;
/// Most states that are kept.
const SNAPSHOTS_MAX: usize = 192;
/// Most sequences that are kept.
const ENTRIES_MAX: usize = 4_096;

/// A state with the way that leads to it.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Records from the ground to here.
    pub records: Vec<Record>,
    /// The state, watched.
    pub watch: Watch,
    /// What has to be remembered of the way.
    pub course: Course,
}

/// A sequence that showed something new.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where it starts.
    pub start: Arc<Snapshot>,
    /// What was done from there.
    pub records: Vec<Record>,
    /// What it showed.
    pub(super) features: Vec<Feature>,
}

/// The sequences that an engine mutates.
#[derive(Debug, Default)]
pub(super) struct Corpus {
    entries: Vec<Arc<Entry>>,
    fresh: Vec<Arc<Entry>>,
}

/// Deep states by class.
#[derive(Debug, Default)]
pub(super) struct Depths {
    states: BTreeMap<u64, Arc<Snapshot>>,
}

impl Entry {
    /// Everything from the ground on.
    #[must_use]
    pub fn path(&self) -> Vec<Record> {
        [self.start.records.as_slice(), &self.records].concat()
    }
}

impl Corpus {
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Keeps a sequence found here.
    pub(super) fn keep(&mut self, entry: Entry, rng: &mut Rng) {
        let entry = Arc::new(entry);
        self.fresh.push(Arc::clone(&entry));
        self.adopt(entry, rng);
    }

    /// Keeps a sequence found elsewhere; a full corpus gives up one at random.
    pub(super) fn adopt(&mut self, entry: Arc<Entry>, rng: &mut Rng) {
        if self.entries.len() < ENTRIES_MAX {
            self.entries.push(entry);
        } else {
            let at = rng.below(self.entries.len());
            self.entries[at] = entry;
        }
    }

    /// What was kept since the last call.
    pub(super) fn take_fresh(&mut self) -> Vec<Arc<Entry>> {
        std::mem::take(&mut self.fresh)
    }

    /// One of them; every other time one of the newest, which have been tried the least.
    pub(super) fn pick(&self, rng: &mut Rng) -> Option<Arc<Entry>> {
        let newest = self.entries.len() - self.entries.len() / 8;
        let from = if rng.one_in(2) { newest.min(self.entries.len().saturating_sub(1)) } else { 0 };
        rng.pick(self.entries.get(from..)?).cloned()
    }
}

impl Depths {
    pub(super) fn len(&self) -> usize {
        self.states.len()
    }

    /// Whether a state of this class is wanted: none is there, or only a deeper one, or it is
    /// time for another.
    pub(super) fn wants(&self, class: u64, depth: usize, rng: &mut Rng) -> bool {
        let known = self.states.get(&class).map(|snapshot| snapshot.records.len());
        depth <= DEPTH_MAX && known.is_none_or(|known| depth < known || rng.one_in(8))
    }

    /// Keeps a state; when there are too many, one at random goes.
    pub(super) fn keep(&mut self, class: u64, snapshot: Snapshot, rng: &mut Rng) {
        let _previous = self.states.insert(class, Arc::new(snapshot));
        if self.states.len() > SNAPSHOTS_MAX {
            let goes = self.states.keys().nth(rng.below(self.states.len())).copied();
            let _gone = goes.and_then(|class| self.states.remove(&class));
        }
    }

    pub(super) fn pick(&self, rng: &mut Rng) -> Option<Arc<Snapshot>> {
        self.states.values().nth(rng.below(self.states.len())).cloned()
    }
}
