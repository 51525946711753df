//! One path as it is played, step by step: what a single run and a Monte Carlo path share.

use std::collections::BTreeMap;

use cofferdam_sdk::ledger::Warp;

use super::{
    audit::Audit,
    borrowers::{Borrowers, trigger_bps},
    crowd::Crowd,
    keepers::Keepers,
    market::Markets,
    near::Near,
    oracle::Publisher,
    run::RunError,
    runners::Flight,
    stage::Stage,
    tally::Tally,
    view::View,
    watch::Watch,
};
use crate::{
    prices::PricePath,
    scenario::{Pool, Scenario},
};

/// Prices by symbol.
pub(super) type Paths = BTreeMap<String, PricePath>;

/// What a step is played by, and never changes on a path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Script<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) paths: &'a Paths,
    /// Number of the path.
    pub(super) path: u64,
}

/// Where it is played: the chain, and who takes notes.
#[derive(Debug)]
pub(super) struct Floor {
    pub(super) stage: Stage,
    pub(super) watch: Watch,
    pub(super) tally: Tally,
    pub(super) markets: Markets,
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

    /// Takes note of what a transaction did to a pool but to no borrower.
    pub(super) fn pool_touched(&mut self, pool: usize) -> Result<(), RunError> {
        match &mut self.near {
            Some(near) => near.pool_touched(&self.stage, pool),
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
    crowd: Crowd,
    borrowers: Borrowers,
    pub(super) flight: Flight,
    audit: Audit,
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
        let markets = Markets::new(script.scenario);
        let floor = Floor { stage, watch, tally, markets, near, quiet };
        let crowd = Crowd::new(script.scenario);
        let (borrowers, flight) = (Borrowers::default(), Flight::default());
        let audit = Audit::default();
        Self { script, floor, publisher, keepers, crowd, borrowers, flight, audit }
    }

    /// Plays a step: time passes, prices are published, keepers act.
    pub(super) fn step(&mut self, step: usize) -> Result<(), RunError> {
        let now_s = self.script.scenario.grid().unix_s(step);
        if step > 0 {
            self.pass_time(now_s)?;
        }
        if self.is_quiet(now_s) && self.crowd.is_idle() {
            self.keepers.rest(self.script.scenario, now_s);
            self.crowd.rest(self.script, now_s);
            return Ok(());
        }
        self.catch_up()?;
        self.let_people_act()?;
        let Self { script, floor, keepers, crowd, audit, .. } = self;
        if script.scenario.liquidators.is_empty() {
            keepers.step(*script, floor)?;
        } else {
            crowd.step(*script, floor, keepers, step)?;
        }
        if floor.near.is_none() { audit.books(&floor.stage) } else { Ok(()) }
    }

    /// Borrowers, suppliers and stakers act before anybody liquidates.
    fn let_people_act(&mut self) -> Result<(), RunError> {
        let Self { script, floor, borrowers, flight, .. } = self;
        for pool in 0..floor.stage.pools.len() {
            if floor.quiet[pool] || !has_people(&script.scenario.pools[pool]) {
                continue;
            }
            let view = View::read(floor, pool)?;
            let view = match borrowers.step(*script, floor, &view)? {
                true => View::read(floor, pool)?,
                false => view,
            };
            flight.step(*script, floor, &view)?;
        }
        Ok(())
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
            *quiet = near.is_quiet(pool, &self.publisher, now_s)
                && watch.open(pool) == 0
                && !self.flight.is_due(pool, now_s);
        }
        quiet.iter().all(|quiet| *quiet)
    }
}

/// Whether anybody but liquidators ever acts in a pool.
fn has_people(pool: &Pool) -> bool {
    let leave = pool.reserves.iter().any(|of| of.runners.is_some() || of.stakers.is_some());
    leave || trigger_bps(pool).is_some()
}

/// Lets time pass on the chain.
pub(super) fn warp(stage: &mut Stage, seconds: u32) -> Result<(), RunError> {
    stage.desk.client.backend_mut().warp(Warp::Seconds(u64::from(seconds)))?;
    Ok(())
}
