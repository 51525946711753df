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

    /// Keeps a path if it is the worst by this measure, or as bad and shorter.
    pub fn consider(&mut self, measure: Measure, figure: i128, path: impl FnOnce() -> Vec<Record>) {
        if figure > self.figure(measure) {
            let _previous = self.0.insert(measure, (figure, path()));
        }
    }
}

impl Discoveries {
    /// Keeps a finding if it is new, or shorter than the one there is; says whether it was new.
    pub fn keep(&mut self, finding: Finding) -> bool {
        let known = self.findings.get(&finding.key).map(|known| known.records.len());
        if known.is_none_or(|length| finding.records.len() < length) {
            let _previous = self.findings.insert(finding.key.clone(), finding);
        }
        known.is_none()
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
