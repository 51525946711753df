//! What a campaign has done and found so far.

use std::collections::BTreeMap;

use super::{Canary, Finding, Key, Measure};
use crate::{action::Record, tally::Tally};

/// How much was tried, and what came of it.
#[derive(Clone, Debug, Default)]
pub struct Count {
    /// Actions run.
    pub actions: u64,
    /// Transactions they made; several actions may be one.
    pub transactions: u64,
    /// Sequences run.
    pub sequences: u64,
    /// Runs that were probed at their end.
    pub probed: u64,
    /// What succeeded and what was refused.
    pub tally: Tally,
    /// How often each canary was found.
    pub canaries: BTreeMap<Canary, u64>,
    /// How often each violation came up.
    pub violations: BTreeMap<Key, u64>,
}

/// The worst path by each measure.
#[derive(Clone, Debug, Default)]
pub struct Best(pub BTreeMap<Measure, (i128, Vec<Record>)>);

/// What one engine found.
#[derive(Clone, Debug, Default)]
pub struct Discoveries {
    /// The violations, the shortest way to each.
    pub findings: BTreeMap<Key, Finding>,
    /// The worst paths on which every rule was kept.
    pub best: Best,
}

impl Count {
    /// Adds another's.
    pub fn merge(&mut self, other: &Self) {
        self.actions += other.actions;
        self.transactions += other.transactions;
        self.sequences += other.sequences;
        self.probed += other.probed;
        self.tally.merge(&other.tally);
        for (canary, count) in &other.canaries {
            *self.canaries.entry(*canary).or_default() += count;
        }
        for (key, count) in &other.violations {
            *self.violations.entry(key.clone()).or_default() += count;
        }
    }
}

impl Best {
    /// The greatest figure so far.
    #[must_use]
    pub fn figure(&self, measure: Measure) -> i128 {
        self.0.get(&measure).map_or(0, |(figure, _)| *figure)
    }

    /// Keeps a path if it is the worst by this measure, or as bad and plainer.
    pub fn consider(&mut self, measure: Measure, figure: i128, path: impl FnOnce() -> Vec<Record>) {
        let known = self.0.get(&measure);
        if figure < known.map_or(1, |(worst, _)| *worst) {
            return;
        }
        let path = path();
        if known.is_none_or(|(worst, known)| figure > *worst || is_plainer(&path, known)) {
            let _previous = self.0.insert(measure, (figure, path));
        }
    }
}

impl Discoveries {
    /// Keeps a finding if it is new, or plainer than the one there is; says whether it was new.
    pub fn keep(&mut self, finding: Finding) -> bool {
        let known = self.findings.get(&finding.key);
        let is_new = known.is_none();
        if known.is_none_or(|known| is_plainer(&finding.records, &known.records)) {
            let _previous = self.findings.insert(finding.key.clone(), finding);
        }
        is_new
    }

    /// Adds another's.
    pub fn merge(&mut self, other: &Self) {
        for finding in other.findings.values() {
            let _new = self.keep(finding.clone());
        }
        for (measure, (figure, path)) in &other.best.0 {
            self.best.consider(*measure, *figure, || path.clone());
        }
    }
}

/// Whether a path is shorter, or as long and first in the order of its bytes: of two that are worth
/// the same one is kept, whichever comes first.
fn is_plainer(path: &[Record], than: &[Record]) -> bool {
    (path.len(), path) < (than.len(), than)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::RECORD_LEN;

    fn path(first: u8, length: usize) -> Vec<Record> {
        vec![Record([first; RECORD_LEN]); length]
    }

    fn discoveries((figure, worst): (i128, Vec<Record>), found: Vec<Record>) -> Discoveries {
        let mut discoveries = Discoveries::default();
        discoveries.best.consider(Measure::Toxic, figure, || worst);
        let key = Key::new("SOLV-1", None);
        let (sentence, details) = (String::new(), String::new());
        let _new = discoveries.keep(Finding { key, sentence, details, records: found });
        discoveries
    }

    fn kept(parts: [&Discoveries; 2]) -> ((i128, Vec<Record>), Vec<Record>) {
        let mut all = Discoveries::default();
        parts.iter().for_each(|part| all.merge(part));
        let found = all.findings.values().map(|finding| finding.records.clone());
        (all.best.0[&Measure::Toxic].clone(), found.flatten().collect())
    }

    #[test]
    fn what_is_kept_does_not_depend_on_what_came_first() {
        let rows = [
            // The worse one, however long; the shorter finding, whatever its bytes.
            (
                (9, path(1, 2)),
                path(7, 3),
                (10, path(1, 5)),
                path(1, 4),
                (10, path(1, 5)),
                path(7, 3),
            ),
            // As bad: the shorter one, then the first in order.
            ((9, path(3, 2)), path(2, 3), (9, path(1, 5)), path(1, 3), (9, path(3, 2)), path(1, 3)),
            ((9, path(3, 5)), path(1, 3), (9, path(1, 5)), path(1, 3), (9, path(1, 5)), path(1, 3)),
        ];
        for (worst, found, other_worst, other_found, best, shortest) in rows {
            let (one, other) = (discoveries(worst, found), discoveries(other_worst, other_found));
            assert_eq!(kept([&one, &other]), (best.clone(), shortest.clone()));
            assert_eq!(kept([&other, &one]), (best, shortest));
        }
    }

    #[test]
    fn no_loss_is_no_worst_path() {
        let mut best = Best::default();
        best.consider(Measure::Toxic, 0, || path(1, 1));
        assert_eq!((best.figure(Measure::Toxic), best.0.len()), (0, 0));
    }
}
