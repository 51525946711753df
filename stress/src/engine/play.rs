//! One path as it is played, step by step: what a single run and a Monte Carlo path share.

use std::collections::BTreeMap;

use cofferdam_sdk::ledger::Warp;

use super::{
    keepers::Keepers, oracle::Publisher, run::RunError, stage::Stage, tally::Tally, watch::Watch,
};
use crate::{prices::PricePath, scenario::Scenario};

/// Prices by symbol.
pub(super) type Paths = BTreeMap<String, PricePath>;

/// What a step is played by, and never changes on a path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Script<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) paths: &'a Paths,
}

/// Where it is played: the chain, and who takes notes.
#[derive(Debug)]
pub(super) struct Floor {
    pub(super) stage: Stage,
    pub(super) watch: Watch,
    pub(super) tally: Tally,
}

/// A path at one of its steps.
#[derive(Debug)]
pub(super) struct Play<'a> {
    script: Script<'a>,
    pub(super) floor: Floor,
    pub(super) publisher: Publisher,
    keepers: Keepers,
}

impl<'a> Play<'a> {
    /// A path before its first step, on a stage that has warmed up.
    pub(super) fn new(script: Script<'a>, stage: Stage, publisher: Publisher) -> Self {
        let watch = Watch::new(script.scenario.keepers.late_after_s);
        let tally = Tally::new(script.scenario, &stage);
        let keepers = Keepers::new(script.scenario);
        Self { script, floor: Floor { stage, watch, tally }, publisher, keepers }
    }

    /// Plays a step: time passes, prices are published, keepers act.
    pub(super) fn step(&mut self, step: usize) -> Result<(), RunError> {
        if step > 0 {
            warp(&mut self.floor.stage, self.script.scenario.step_s)?;
            self.publisher.step(&mut self.floor.stage, self.script.paths)?;
        }
        self.keepers.step(self.script, &mut self.floor)
    }
}

/// Lets time pass on the chain.
pub(super) fn warp(stage: &mut Stage, seconds: u32) -> Result<(), RunError> {
    stage.desk.client.backend_mut().warp(Warp::Seconds(u64::from(seconds)))?;
    Ok(())
}
