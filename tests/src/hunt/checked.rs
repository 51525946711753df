//! A world whose every transaction is checked against every invariant: what a generated test, or
//! one written by hand, runs in.

use cofferdam_sdk::Instruction;

use super::{Course, Gauge, Measure};
use crate::{
    action::{Outcome, Verb},
    invariant::{Invariant, Violation, Watch},
    scene::Scene,
    world::{Actor, Options, World},
};

/// A world whose every transaction is checked against every invariant.
#[derive(Clone, Debug)]
pub struct Checked(Watch);

impl Checked {
    /// The lively world.
    ///
    /// # Panics
    /// As [`World::lively`].
    #[must_use]
    pub fn lively() -> Self {
        Self::of(World::lively(&Options::default()))
    }

    /// The lively world with everything that a pool may be set up with: see [`Options::wild`].
    ///
    /// # Panics
    /// As [`World::lively`].
    #[must_use]
    pub fn wild() -> Self {
        let Options { signatures, recording, .. } = Options::default();
        Self::of(World::lively(&Options { signatures, recording, ..Options::wild() }))
    }

    /// A world of one's own.
    #[must_use]
    pub fn of(world: World) -> Self {
        Self(Watch::new(world))
    }

    /// The same, held to invariants of one's own as well.
    #[must_use]
    pub fn holding(self, own: &'static [Invariant]) -> Self {
        Self(self.0.holding(own))
    }

    /// The world.
    #[must_use]
    pub const fn world(&self) -> &World {
        self.0.world()
    }

    /// Sends a transaction; the first of `signers` pays. A refusal is an outcome like any other.
    ///
    /// # Panics
    /// With the violation, when an invariant does not hold afterwards.
    pub fn send(&mut self, verb: Verb, signers: &[Actor], sent: Vec<Instruction>) -> Outcome {
        self.try_send(verb, signers, sent).unwrap_or_else(|violation| panic!("{violation}"))
    }

    /// The same for whoever expects a violation.
    ///
    /// # Errors
    /// The first [`Violation`] of the list.
    pub fn try_send(
        &mut self,
        verb: Verb,
        signers: &[Actor],
        sent: Vec<Instruction>,
    ) -> Result<Outcome, Box<Violation>> {
        self.0.step_with(|world, _scene| world.run_sent(verb, signers, sent))
    }

    /// Lets time pass.
    ///
    /// # Panics
    /// With the violation, when an invariant does not hold afterwards.
    pub fn advance(&mut self, seconds: i64) {
        let seconds = u64::try_from(seconds).unwrap_or_default();
        let passed = self.0.step_with(|world, _scene| world.run_time(seconds));
        let _outcome = passed.unwrap_or_else(|violation| panic!("{violation}"));
    }

    /// A measure of the state as it is; those that need a memory of the way are zero.
    #[must_use]
    pub fn measure(&self, measure: Measure) -> i128 {
        let scene = Scene::of(self.world());
        Gauge::of(self.world(), &scene, &Course::new(&scene)).get(measure)
    }

    /// Runs the probes of the end.
    ///
    /// # Panics
    /// With the violation, when an invariant does not hold.
    pub fn finish(&self) {
        self.0.finish().unwrap_or_else(|violation| panic!("{violation}"));
    }
}
