//! One path as it is played, step by step: what a single run and a Monte Carlo path share.

use std::collections::BTreeMap;

use cofferdam_sdk::ledger::Warp;

use super::{
    keepers::Keepers, near::Near, oracle::Publisher, run::RunError, stage::Stage, tally::Tally,
    watch::Watch,
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
    /// Whom to look at; without it, everybody is looked at every time.
    pub(super) near: Option<Near>,
    /// Pools in which nobody can act in this step.
    pub(super) quiet: Vec<bool>,
}

impl Floor {
    /// Takes note of what a transaction did to a position and its pool.
    pub(super) fn touched(
        &mut self,
        paths: &Paths,
        pool: usize,
        number: u32,
    ) -> Result<(), RunError> {
        self.tally.look_for_losses(&self.stage, paths, pool)?;
        match &mut self.near {
            Some(near) => near.touched(&self.stage, pool, number),
            None => Ok(()),
        }
    }
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
    pub(super) fn new(
        script: Script<'a>,
        stage: Stage,
        publisher: Publisher,
        near: Option<Near>,
    ) -> Self {
        let watch = Watch::new(script.scenario.keepers.late_after_s);
        let tally = Tally::new(script.scenario, &stage);
        let keepers = Keepers::new(script.scenario);
        let quiet = vec![false; stage.pools.len()];
        Self { script, floor: Floor { stage, watch, tally, near, quiet }, publisher, keepers }
    }

    /// Plays a step: time passes, prices are published, keepers act.
    pub(super) fn step(&mut self, step: usize) -> Result<(), RunError> {
        let now_s = self.script.scenario.grid().unix_s(step);
        if step > 0 {
            self.pass_time(now_s)?;
        }
        if self.is_quiet(now_s) {
            self.keepers.rest(self.script.scenario, now_s);
            return Ok(());
        }
        self.catch_up()?;
        self.keepers.step(self.script, &mut self.floor)
    }

    /// Tells the chain everything that it was spared.
    pub(super) fn catch_up(&mut self) -> Result<(), RunError> {
        let Some(near) = &mut self.floor.near else { return Ok(()) };
        let behind_s = std::mem::take(&mut near.behind_s);
        if behind_s > 0 {
            self.floor.stage.desk.client.backend_mut().warp(Warp::Seconds(behind_s))?;
        }
        near.tell(&mut self.floor.stage)
    }

    fn pass_time(&mut self, now_s: i64) -> Result<(), RunError> {
        let (step_s, paths) = (self.script.scenario.step_s, self.script.paths);
        let Some(near) = &mut self.floor.near else {
            warp(&mut self.floor.stage, step_s)?;
            return self.publisher.step(&mut self.floor.stage, paths);
        };
        near.behind_s += u64::from(step_s);
        for (number, publication) in self.publisher.due(paths, now_s) {
            near.keep(number, publication);
            // A publication is a transaction like any other, whenever the chain is told of it.
            self.floor.stage.desk.counts.submitted += 1;
            self.floor.stage.desk.counts.succeeded += 1;
        }
        Ok(())
    }

    /// Whether nobody can act in any pool; notes in which.
    fn is_quiet(&mut self, now_s: i64) -> bool {
        let Floor { near, quiet, watch, .. } = &mut self.floor;
        let Some(near) = near else { return false };
        for (pool, quiet) in quiet.iter_mut().enumerate() {
            *quiet = near.is_quiet(pool, &self.publisher, now_s) && watch.open(pool) == 0;
        }
        quiet.iter().all(|quiet| *quiet)
    }
}

/// Lets time pass on the chain.
pub(super) fn warp(stage: &mut Stage, seconds: u32) -> Result<(), RunError> {
    stage.desk.client.backend_mut().warp(Warp::Seconds(u64::from(seconds)))?;
    Ok(())
}
