//! One sequence under way.

use std::sync::Arc;

use super::{
    Count, Course, Entry, Gauge, Measure, Snapshot,
    feature::{self, Feature},
};
use crate::{
    action::{Action, Record, Verb, bundles},
    invariant::{Violation, Watch},
};

/// Steps after which the measures are read again.
const GAUGE_EVERY: usize = 8;

/// One sequence under way.
pub(super) struct Run {
    start: Arc<Snapshot>,
    records: Vec<Record>,
    watch: Watch,
    course: Course,
    steps: usize,
    verb: Option<Verb>,
    previous: Option<(Verb, bool)>,
    found: Vec<Feature>,
    gauge: Gauge,
    peaks: [(i128, usize); Measure::ALL.len()],
}

impl Run {
    pub(super) fn begin(start: &Arc<Snapshot>) -> Self {
        Self {
            start: Arc::clone(start),
            records: Vec::new(),
            watch: start.watch.fork(),
            course: start.course.clone(),
            steps: 0,
            verb: None,
            previous: None,
            found: Vec::new(),
            gauge: Gauge::default(),
            peaks: [(0, 0); Measure::ALL.len()],
        }
    }

    /// Runs records, some of them together in one transaction, to the end or to what they break.
    pub(super) fn play(
        &mut self,
        records: &[Record],
        count: &mut Count,
    ) -> Result<(), Box<Violation>> {
        let mut own = records.to_vec();
        // What is run again from the ground must not join the last transaction of the way here.
        if let Some(first) = own.first_mut() {
            *first = first.alone();
        }
        let mut rest = own.as_slice();
        for bundle in bundles(&own) {
            let (some, left) = rest.split_at(bundle.len());
            self.step(some, &bundle, count)?;
            rest = left;
        }
        Ok(())
    }

    /// Runs a transaction, checks everything, and notes what it showed.
    fn step(
        &mut self,
        records: &[Record],
        bundle: &[Action],
        count: &mut Count,
    ) -> Result<(), Box<Violation>> {
        self.records.extend(records);
        self.verb = bundle.first().map(|action| action.verb);
        count.actions += bundle.len() as u64;
        count.transactions += 1;
        let before = Course::before(self.watch.world(), self.watch.scene(), bundle);
        let outcome = self.watch.bundle(bundle)?;
        count.tally.count(&outcome);
        let (world, scene) = (self.watch.world(), self.watch.scene());
        if let Some(canary) = self.course.follow(world, before, &outcome, scene) {
            *count.canaries.entry(canary).or_default() += 1;
        }
        feature::of_step(self.previous, &outcome, &mut self.found);
        self.previous = Some((outcome.verb, outcome.refusal().is_none()));
        self.steps += 1;
        if self.steps.is_multiple_of(GAUGE_EVERY) {
            self.look();
        }
        Ok(())
    }

    /// Checks what must hold at the end.
    pub(super) fn finish(&self) -> Result<(), Box<Violation>> {
        self.watch.finish()
    }

    /// Reads the measures and the condition of the pools.
    pub(super) fn look(&mut self) {
        let scene = self.watch.scene();
        self.gauge = Gauge::of(self.watch.world(), scene, &self.course);
        feature::of_state(scene, &self.gauge, &mut self.found);
        for (measure, peak) in Measure::ALL.into_iter().zip(&mut self.peaks) {
            let figure = self.gauge.get(measure);
            if figure > peak.0 {
                *peak = (figure, self.records.len());
            }
        }
    }

    /// The greatest figure, and after how many records of this sequence it was reached.
    pub(super) const fn peak(&self, measure: Measure) -> (i128, usize) {
        self.peaks[measure as usize]
    }

    /// The figure when it was last looked at.
    pub(super) const fn now(&self, measure: Measure) -> i128 {
        self.gauge.get(measure)
    }

    pub(super) fn found(&self) -> &[Feature] {
        &self.found
    }

    /// The class of the state at the end.
    pub(super) fn class(&self) -> u64 {
        feature::class(self.watch.scene(), &self.gauge)
    }

    pub(super) fn depth(&self) -> usize {
        self.start.records.len() + self.records.len()
    }

    /// The first verb of the transaction that ran last.
    pub(super) const fn last_verb(&self) -> Option<Verb> {
        self.verb
    }

    /// The way from the ground to after `steps` of this sequence.
    pub(super) fn path(&self, steps: usize) -> Vec<Record> {
        [self.start.records.as_slice(), &self.records[..steps.min(self.records.len())]].concat()
    }

    /// The whole way.
    pub(super) fn whole_path(&self) -> Vec<Record> {
        self.path(self.records.len())
    }

    /// As an entry of a corpus.
    pub(super) fn entry(&self) -> Entry {
        let (start, records) = (Arc::clone(&self.start), self.records.clone());
        Entry { start, records, features: self.found.clone() }
    }

    /// As a state to start from.
    pub(super) fn into_snapshot(self) -> Snapshot {
        let records = self.whole_path();
        Snapshot { records, watch: self.watch.fork(), course: self.course }
    }
}
