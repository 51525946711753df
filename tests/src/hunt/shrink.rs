//! Making a finding short and plain: fewer actions, and of those that stay simpler amounts, actors
//! and shocks.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Count, Finding, Ground, Key, Measure, engine::panic_words, run::Run};
use crate::action::{RECORD_LEN, Record};

/// A finding after shrinking.
#[derive(Clone, Debug)]
pub struct Shrunk<T> {
    /// The shorter one.
    pub kept: T,
    /// Sequences run for it.
    pub tries: usize,
}

/// What a try showed: whether the finding still holds, and if so after how many records.
pub type Holds<'a> = dyn FnMut(&[Record]) -> Option<usize> + 'a;

/// Shrinks a finding with at most `tries_max` sequences; it stays the same by its key.
#[must_use]
pub fn shrink(ground: &Ground, finding: &Finding, tries_max: usize) -> Shrunk<Finding> {
    let mut kept = finding.clone();
    let mut holds = |records: &[Record]| {
        let found = reproduce(ground, records, finding.key.verb == Key::AT_THE_END)?;
        let same = found.key == finding.key;
        let length = found.records.len();
        if same {
            kept = found;
        }
        same.then_some(length)
    };
    let (_records, tries) = reduce(&finding.records, tries_max, &mut holds);
    Shrunk { kept, tries }
}

/// Shrinks a path on which every rule is kept; at its end the measure stays within a hundredth of
/// `figure`.
#[must_use]
pub fn shrink_path(
    ground: &Ground,
    (measure, figure): (Measure, i128),
    path: &[Record],
    tries_max: usize,
) -> Shrunk<Vec<Record>> {
    let enough = figure - figure / 100;
    let mut holds = |records: &[Record]| {
        let mut run = Run::begin(ground.base());
        let mut count = Count::default();
        let kept = run.play(records, &mut count).is_ok();
        run.look();
        (kept && run.now(measure) >= enough).then_some(records.len())
    };
    let (kept, tries) = reduce(path, tries_max, &mut holds);
    Shrunk { kept, tries }
}

/// Runs records from the ground and gives back what they break, if anything. The probes at the end
/// are run when `probed`.
#[must_use]
pub fn reproduce(ground: &Ground, records: &[Record], probed: bool) -> Option<Finding> {
    let mut run = Run::begin(ground.base());
    let mut count = Count::default();
    let mut at_the_end = false;
    let result = catch_unwind(AssertUnwindSafe(|| {
        run.play(records, &mut count)?;
        at_the_end = true;
        if probed { run.finish() } else { Ok(()) }
    }));
    let verb = if at_the_end { None } else { run.last_verb() };
    match result {
        Ok(Ok(())) => None,
        Ok(Err(violation)) => Some(Finding::new(&violation, verb, run.whole_path())),
        Err(panic) => Some(Finding::panic(verb, panic_words(&*panic), run.whole_path())),
    }
}

/// Removes what is not needed and simplifies what is, until nothing more can go: the shorter
/// records, and how many sequences were tried. `holds` says whether what made them worth keeping
/// still holds, and if so after how many records.
pub fn reduce(records: &[Record], tries_max: usize, holds: &mut Holds<'_>) -> (Vec<Record>, usize) {
    let mut shrinker = Shrinker { records: records.to_vec(), tries: 0, tries_max, holds };
    let whole = shrinker.records.clone();
    if !shrinker.accept(whole) {
        return (shrinker.records, shrinker.tries);
    }
    loop {
        let before = shrinker.records.clone();
        shrinker.remove();
        shrinker.simplify();
        if shrinker.records == before || shrinker.is_spent() {
            return (shrinker.records, shrinker.tries);
        }
    }
}

struct Shrinker<'a, 'b> {
    records: Vec<Record>,
    tries: usize,
    tries_max: usize,
    holds: &'a mut Holds<'b>,
}

impl Shrinker<'_, '_> {
    const fn is_spent(&self) -> bool {
        self.tries >= self.tries_max
    }

    /// Takes a candidate if the finding still holds.
    fn accept(&mut self, mut candidate: Vec<Record>) -> bool {
        if self.is_spent() {
            return false;
        }
        self.tries += 1;
        let Some(length) = (self.holds)(&candidate) else { return false };
        candidate.truncate(length);
        self.records = candidate;
        true
    }

    /// Removes pieces, large ones first, from the end (Zeller and Hildebrandt, "Simplifying and
    /// isolating failure-inducing input", 2002).
    fn remove(&mut self) {
        let mut size = self.records.len().div_ceil(2);
        while size > 0 {
            let mut end = self.records.len();
            while end > 0 && !self.is_spent() {
                let start = end.saturating_sub(size);
                let mut candidate = self.records.clone();
                drop(candidate.drain(start..end.min(self.records.len())));
                let _shorter = self.accept(candidate);
                end = start.min(self.records.len());
            }
            size /= 2;
        }
    }

    /// Makes each byte of each record zero, or as small as it may be: by the encoding that is an
    /// honest action by Alice in the harbour, all else being equal.
    fn simplify(&mut self) {
        let mut at = 0;
        while at < self.records.len() && !self.is_spent() {
            for byte in (0..RECORD_LEN).rev() {
                self.simplify_byte(at, byte);
            }
            at += 1;
        }
    }

    fn simplify_byte(&mut self, at: usize, byte: usize) {
        let Some(Record(bytes)) = self.records.get(at).copied() else { return };
        let value = bytes[byte];
        let smaller = [0, value / 4, value / 2, value.saturating_sub(1)];
        for simple in smaller.into_iter().filter(|simple| *simple < value) {
            let mut candidate = self.records.clone();
            candidate[at].0[byte] = simple;
            if self.accept(candidate) {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(first: u8) -> Record {
        let mut bytes = [7; RECORD_LEN];
        bytes[0] = first;
        Record(bytes)
    }

    /// The finding needs a 3 and, after it, something of at least 40 in its last byte.
    fn needs(records: &[Record]) -> Option<usize> {
        let three = records.iter().position(|record| record.0[0] == 3)?;
        let rest = &records[three + 1..];
        let after = rest.iter().position(|record| record.0[RECORD_LEN - 1] >= 40)?;
        Some(three + 1 + after + 1)
    }

    #[test]
    fn keeps_what_is_needed_and_no_more() {
        let mut records: Vec<Record> = (0..60).map(record).collect();
        records[50].0[RECORD_LEN - 1] = 200;
        let (short, tries) = reduce(&records, 2_000, &mut needs);
        assert_eq!(short.len(), 2, "{short:?} after {tries} tries");
        let mut expected = [[0; RECORD_LEN]; 2];
        expected[0][0] = 3;
        expected[1][RECORD_LEN - 1] = 40;
        assert_eq!(short, expected.map(Record));
    }

    #[test]
    fn stops_when_its_tries_are_spent() {
        let records: Vec<Record> = (0..60).map(record).collect();
        let mut calls = 0;
        let mut always = |records: &[Record]| {
            calls += 1;
            needs(records)
        };
        let (_, tries) = reduce(&records, 5, &mut always);
        assert!(tries <= 5 && calls <= 5);
    }
}
