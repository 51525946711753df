//! What must hold whatever anybody does: one list, with ids that never change their meaning.

mod accrual;
mod alive;
mod beat;
mod books;
mod feed;
mod gain;
mod govern;
mod leave;
mod limits;
mod liquidation;
mod loss;
mod preview;
mod probe;
mod risk;
mod rules;
mod spec;
mod told;
mod uncovered;
mod watch;

use std::fmt;

use cofferdam_host::Address;
use cofferdam_ledger::AccountChange;

use crate::{
    action::Outcome,
    scene::{Delta, Scene},
    world::World,
};

pub use beat::Beats;
pub use spec::{SPEC, table};
pub use told::Told;
pub use watch::Watch;

/// Fine, or what is wrong with the figures.
pub type Verdict = Result<(), String>;

/// One action and the states around it.
#[derive(Debug)]
pub struct Step<'a> {
    /// The state before.
    pub before: &'a Scene,
    /// The state after.
    pub after: &'a Scene,
    /// The action and what came of it.
    pub outcome: &'a Outcome,
    /// Every account that changed.
    pub changes: &'a [AccountChange],
    /// Every entry that changed.
    pub delta: &'a Delta,
    beats: Beats,
    touched: Vec<Address>,
}

impl<'a> Step<'a> {
    /// An action between two states; `changes` and `delta` are what is between those.
    #[must_use]
    pub fn new(
        (before, after): (&'a Scene, &'a Scene),
        outcome: &'a Outcome,
        changes: &'a [AccountChange],
        delta: &'a Delta,
    ) -> Self {
        let beats = Beats::of((before, after), outcome.success());
        Self { before, after, outcome, changes, delta, beats, touched: Self::touch(delta) }
    }

    /// Checks everything that must hold after an action; the first invariant that does not, and
    /// what is wrong with the figures.
    ///
    /// # Errors
    /// That invariant.
    pub fn verdict(&self) -> Result<(), (&'static Invariant, String)> {
        self.verdict_with(&[])
    }

    /// The same with invariants of somebody's own after those of the list.
    ///
    /// # Errors
    /// That invariant.
    pub fn verdict_with(
        &self,
        own: &'static [Invariant],
    ) -> Result<(), (&'static Invariant, String)> {
        let mut broken = self.violations().chain(self.broken(own));
        broken.next().map_or(Ok(()), Err)
    }

    /// Every invariant that does not hold after an action, and what is wrong with the figures.
    pub fn violations(&self) -> impl Iterator<Item = (&'static Invariant, String)> {
        self.broken(SPEC)
    }

    fn broken(
        &self,
        list: &'static [Invariant],
    ) -> impl Iterator<Item = (&'static Invariant, String)> {
        // What no entry moved for is about the accounts alone.
        let quiet = self.delta.is_empty();
        list.iter().filter_map(move |invariant| {
            let verdict = match invariant.check {
                Check::Always(check) => check(self),
                Check::Step(check) if !quiet => check(self),
                Check::Step(_) | Check::End(_) => Ok(()),
            };
            verdict.err().map(|details| (invariant, details))
        })
    }
}

/// How an invariant is checked.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// After every action, those that were refused or moved nothing included.
    Always(fn(&Step<'_>) -> Verdict),
    /// After every action that left any entry other than it was.
    Step(fn(&Step<'_>) -> Verdict),
    /// At the end of a run, on a fork where that takes transactions.
    End(fn(&World) -> Verdict),
}

/// Something that must hold.
#[derive(Clone, Copy, Debug)]
pub struct Invariant {
    /// Stable id.
    pub id: &'static str,
    /// What must hold, in words.
    pub sentence: &'static str,
    /// The same as a formula.
    pub formula: &'static str,
    /// How far it may be missed, and why.
    pub tolerance: &'static str,
    /// Where the demand comes from.
    pub source: &'static str,
    /// A test that shows it, as `module::function` of the integration tests.
    pub test: &'static str,
    /// The check.
    pub check: Check,
}

/// An invariant that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which one.
    pub id: &'static str,
    /// What should hold.
    pub sentence: &'static str,
    /// What is wrong with the figures.
    pub details: String,
    /// What was done until then, one line an action.
    pub story: Vec<String>,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", self.id, self.sentence)?;
        writeln!(f, "  but {}", self.details)?;
        let steps = self.story.iter().enumerate();
        steps.into_iter().try_for_each(|(number, line)| writeln!(f, "  {number:>3}. {line}"))
    }
}

impl std::error::Error for Violation {}
