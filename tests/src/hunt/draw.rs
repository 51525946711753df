//! Drawing records: which verbs take part in a sequence, and how long it is.

use super::Rng;
use crate::action::{Action, RECORD_LEN, Record, Verb};

/// Longest sequence that is drawn at once.
const LENGTH_MAX: usize = 64;
/// Shortest.
const LENGTH_MIN: usize = 4;
/// Draws until a record's verb takes part; after that any verb will do.
const DRAWS: usize = 24;

/// The verbs that take part in one sequence. Leaving out half of them lets the others go further:
/// who repays in every other step never becomes insolvent (Groce et al., "Swarm testing", 2012).
#[derive(Clone, Debug)]
pub(super) struct Swarm(Vec<Verb>);

impl Swarm {
    /// All verbs in one sequence of four, otherwise each with an even chance; price and time are
    /// always among them, because without them nothing can go wrong.
    pub(super) fn draw(rng: &mut Rng) -> Self {
        if rng.one_in(4) {
            return Self(Verb::ALL.to_vec());
        }
        let takes_part = |verb: &Verb| {
            matches!(verb, Verb::PublishPrice | Verb::Refresh | Verb::Advance) || rng.one_in(2)
        };
        Self(Verb::ALL.into_iter().filter(takes_part).collect())
    }

    /// A record whose verb takes part.
    pub(super) fn record(&self, rng: &mut Rng) -> Record {
        let mut record = any(rng);
        for _ in 0..DRAWS {
            if self.0.contains(&Action::from(record).verb) {
                break;
            }
            record = any(rng);
        }
        record
    }

    /// A sequence.
    pub(super) fn sequence(&self, rng: &mut Rng) -> Vec<Record> {
        let length = LENGTH_MIN + rng.below(LENGTH_MAX - LENGTH_MIN + 1);
        (0..length).map(|_| self.record(rng)).collect()
    }
}

/// Any record.
pub(super) fn any(rng: &mut Rng) -> Record {
    Record(rng.bytes::<RECORD_LEN>())
}
