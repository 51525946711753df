//! What succeeded and what was refused. A campaign that never liquidated anybody proves nothing,
//! however many inputs it ran.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use crate::action::{Outcome, Refusal, Verb};

/// How often each action ended in which way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    counts: BTreeMap<(Verb, Cow<'static, str>), u64>,
}

/// How an action that succeeded is counted.
const DONE: &str = "ok";

impl Tally {
    /// Counts an outcome: everything that a transaction did, or what made it fail.
    pub fn count(&mut self, outcome: &Outcome) {
        let end = outcome.refusal().map_or(Cow::Borrowed(DONE), Refusal::name);
        for verb in outcome.booked() {
            *self.counts.entry((verb, end.clone())).or_default() += 1;
        }
    }

    /// Adds ends that were counted elsewhere, each as [`Self::counts`] tells it.
    pub fn add(&mut self, verb: Verb, end: &str, times: u64) {
        *self.counts.entry((verb, Cow::Owned(end.to_owned()))).or_default() += times;
    }

    /// Adds another tally's counts.
    pub fn merge(&mut self, other: &Self) {
        for (key, count) in &other.counts {
            *self.counts.entry(key.clone()).or_default() += count;
        }
    }

    /// How often an action succeeded.
    #[must_use]
    pub fn succeeded(&self, verb: Verb) -> u64 {
        self.counts.get(&(verb, Cow::Borrowed(DONE))).copied().unwrap_or(0)
    }

    /// How often an action was tried.
    #[must_use]
    pub fn tried(&self, verb: Verb) -> u64 {
        let of_verb = self.counts.iter().filter(|((counted, _), _)| *counted == verb);
        of_verb.map(|(_, count)| count).sum()
    }

    /// How often anything was refused with this reason.
    #[must_use]
    pub fn refused(&self, reason: &str) -> u64 {
        let with_reason = self.counts.iter().filter(|((_, end), _)| end == reason);
        with_reason.map(|(_, count)| count).sum()
    }

    /// Every verb with each of its ends and how often that came up; `ok` is success.
    pub fn counts(&self) -> impl Iterator<Item = (Verb, &str, u64)> {
        self.counts.iter().map(|((verb, end), count)| (*verb, &**end, *count))
    }

    /// Actions that never succeeded.
    #[must_use]
    pub fn never(&self) -> Vec<Verb> {
        Verb::ALL.into_iter().filter(|verb| self.succeeded(*verb) == 0).collect()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.counts.iter().try_for_each(|((verb, end), count)| {
            writeln!(f, "{:<16} {end:<44} {count:>8}", verb.name())
        })
    }
}
