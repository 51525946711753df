//! Simulated annealing over sequences: a worse one is taken now and then, ever more rarely.

use std::sync::Arc;

use super::{Entry, Rng};

/// Rounds without a better figure after which the climb starts elsewhere.
const PATIENCE: u32 = 300;

/// A climb towards one measure.
#[derive(Debug, Default)]
pub(super) struct Climb {
    at: Option<(Arc<Entry>, i128)>,
    best: i128,
    idle: u32,
}

impl Climb {
    /// Where it stands.
    pub(super) fn here(&self) -> Option<Arc<Entry>> {
        self.at.as_ref().map(|(entry, _)| Arc::clone(entry))
    }

    /// Takes a step there or not. A figure that is as good is taken: plateaus are walked across.
    pub(super) fn consider(&mut self, figure: i128, entry: impl FnOnce() -> Entry, rng: &mut Rng) {
        self.idle += 1;
        let now = self.at.as_ref().map_or(i128::MIN, |(_, figure)| *figure);
        if figure >= now || self.takes_worse(now, figure, rng) {
            self.at = Some((Arc::new(entry()), figure));
        }
        if figure > self.best {
            (self.best, self.idle) = (figure, 0);
        }
        if self.idle > PATIENCE {
            *self = Self::default();
        }
    }

    /// A figure within a sixteenth of the present one is taken once in eight at first, and once in
    /// 64 when nothing better has come for long.
    fn takes_worse(&self, now: i128, figure: i128, rng: &mut Rng) -> bool {
        let near = figure >= now - now / 16;
        let rarity = if self.idle < PATIENCE / 2 { 8 } else { 64 };
        near && rng.one_in(rarity)
    }
}
