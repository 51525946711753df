//! Drawing records.

use super::Rng;
use crate::action::{RECORD_LEN, Record, Swarm};

/// Longest sequence that is drawn at once.
const LENGTH_MAX: usize = 64;
/// Shortest.
const LENGTH_MIN: usize = 4;

/// A sequence with the preferences of a swarm of its own.
pub(super) fn sequence(rng: &mut Rng) -> Vec<Record> {
    let swarm = Swarm::from_seed(rng.next());
    let length = LENGTH_MIN + rng.below(LENGTH_MAX - LENGTH_MIN + 1);
    (0..length).map(|_| swarm.record(rng.bytes::<RECORD_LEN>())).collect()
}

/// Any record.
pub(super) fn any(rng: &mut Rng) -> Record {
    Record(rng.bytes::<RECORD_LEN>())
}
