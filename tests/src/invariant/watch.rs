use std::sync::Arc;

use cofferdam_host::Address;
use solana_account::Account;

use super::{Check, Invariant, SPEC, Step, Violation};
use crate::{
    action::{Action, Label, Outcome, Refusal},
    scene::{Delta, Scene},
    tally::Tally,
    world::World,
};

/// Every so many steps the ledger itself is held against its receipts: holding it at each step
/// would have it copied at each step.
const HELD_STEPS: usize = 16;

/// The invariant that receipts tell of every account that changed.
const UNTOLD: &str = "LAMP-1";

/// Runs actions in a world and checks every invariant.
///
/// A clone is a fork and costs a few pointers, plus the story so far.
#[derive(Clone, Debug)]
pub struct Watch {
    world: World,
    scene: Scene,
    tally: Tally,
    story: Vec<(Label, Option<Refusal>)>,
    /// What receipts told since the scene holds its ledger.
    told: Vec<(Address, Option<Arc<Account>>)>,
    /// What somebody holds it to besides the list.
    own: &'static [Invariant],
}

impl Watch {
    /// Watches a world.
    #[must_use]
    pub fn new(world: World) -> Self {
        let scene = Scene::of(&world);
        let (tally, story, told) = (Tally::default(), Vec::new(), Vec::new());
        Self { world, scene, tally, story, told, own: &[] }
    }

    /// The same, held to invariants of one's own as well; they are checked after those of the list.
    #[must_use]
    pub const fn holding(mut self, own: &'static [Invariant]) -> Self {
        self.own = own;
        self
    }

    /// The world.
    #[must_use]
    pub const fn world(&self) -> &World {
        &self.world
    }

    /// The world as it stands, decoded.
    #[must_use]
    pub const fn scene(&self) -> &Scene {
        &self.scene
    }

    /// What succeeded and what was refused.
    #[must_use]
    pub const fn tally(&self) -> &Tally {
        &self.tally
    }

    /// What was done so far, one line a transaction.
    #[must_use]
    pub fn story(&self) -> Vec<String> {
        let end = |refused: &Option<Refusal>| {
            refused.as_ref().map_or_else(|| "ok".to_owned(), ToString::to_string)
        };
        self.story.iter().map(|(label, refused)| format!("{label}: {}", end(refused))).collect()
    }

    /// The same state with nothing told yet: what a search starts from many times should not carry
    /// its past along.
    #[must_use]
    pub fn fork(&self) -> Self {
        let (world, mut scene) = (self.world.clone(), self.scene.clone());
        scene.hold(&world);
        let (tally, story, told) = (Tally::default(), Vec::new(), Vec::new());
        Self { world, scene, tally, story, told, own: self.own }
    }

    /// Runs an action and checks what must hold after every one.
    ///
    /// # Errors
    /// The first [`Violation`] of the list.
    pub fn step(&mut self, action: &Action) -> Result<Outcome, Box<Violation>> {
        self.step_with(|world, scene| world.run_on(scene, action))
    }

    /// The same for actions in one transaction.
    ///
    /// # Errors
    /// The first [`Violation`] of the list.
    pub fn bundle(&mut self, actions: &[Action]) -> Result<Outcome, Box<Violation>> {
        self.step_with(|world, scene| world.run_bundle(scene, actions))
    }

    /// The same for what is no action: `run` does anything and says what came of it.
    ///
    /// # Errors
    /// The first [`Violation`] of the list.
    pub fn step_with(
        &mut self,
        run: impl FnOnce(&mut World, &Scene) -> Outcome,
    ) -> Result<Outcome, Box<Violation>> {
        let outcome = run(&mut self.world, &self.scene);
        self.tally.count(&outcome);
        // In words only when somebody reads them: a campaign runs far more than anybody sees.
        self.story.push((outcome.label.clone(), outcome.refused.clone()));
        let changes = outcome.receipt.as_ref().map_or(&[][..], |receipt| &receipt.changes);
        let verdict = if self.scene.stands_still(&self.world, changes) {
            let delta = Delta::default();
            Step::new((&self.scene, &self.scene), &outcome, changes, &delta).verdict_with(self.own)
        } else {
            let before = self.scene.clone();
            let delta = self.scene.follow_entries(&self.world, changes);
            Step::new((&before, &self.scene), &outcome, changes, &delta).verdict_with(self.own)
        };
        verdict.map_err(|(invariant, details)| self.violation(invariant, details))?;
        self.told.extend(changes.iter().map(|change| (change.address, change.after.clone())));
        if self.story.len().is_multiple_of(HELD_STEPS) {
            self.no_change_is_untold()?;
            self.scene.hold(&self.world);
            self.told.clear();
        }
        Ok(outcome)
    }

    /// Holds the ledger itself against what its receipts told since the last time.
    fn no_change_is_untold(&self) -> Result<(), Box<Violation>> {
        let changes = self.scene.ledger.diff(self.world.ledger());
        let untold = changes.iter().find(|change| {
            let told = self.told.iter().rev().find(|(address, _)| *address == change.address);
            told.is_none_or(|(_, after)| *after != change.after)
        });
        let Some(untold) = untold else { return Ok(()) };
        let found = SPEC.iter().find(|invariant| invariant.id == UNTOLD);
        let address = untold.address;
        let details = format!("{address} changed, and no receipt since tells how");
        found.map_or(Ok(()), |invariant| Err(self.violation(invariant, details)))
    }

    /// Checks what must hold at the end of a run.
    ///
    /// # Errors
    /// The first [`Violation`] of the list.
    ///
    /// # Panics
    /// When the scene that followed the world is not the one read from nothing: then nothing that
    /// was checked on the way means anything.
    pub fn finish(&self) -> Result<(), Box<Violation>> {
        self.no_change_is_untold()?;
        let (mut scene, fresh) = (self.scene.clone(), Scene::of(&self.world));
        scene.hold(&self.world);
        assert_eq!(scene.difference(&fresh), None, "the scene lost its world");
        for invariant in SPEC.iter().chain(self.own) {
            if let Check::End(check) = invariant.check {
                let verdict = check(&self.world);
                verdict.map_err(|details| self.violation(invariant, details))?;
            }
        }
        Ok(())
    }

    fn violation(&self, invariant: &Invariant, details: String) -> Box<Violation> {
        let (id, sentence) = (invariant.id, invariant.sentence);
        Box::new(Violation { id, sentence, details, story: self.story() })
    }
}
