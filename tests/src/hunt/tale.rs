//! Telling a path step by step: what was done, what moved, and how everybody stood after it.

use super::{
    Ground,
    measure::{dollars, micros, uncovered},
};
use crate::{
    action::{Action, Outcome, Record, bundles},
    balances::{Balances, Deltas},
    invariant::{Violation, Watch},
    scene::Scene,
    world::{Actor, PoolId, World},
};

/// A path told.
#[derive(Clone, Debug)]
pub struct Tale {
    /// The steps.
    pub chapters: Vec<Chapter>,
    /// What the path breaks, if anything.
    pub violation: Option<Violation>,
    /// Journal of the whole path from genesis on, as JSON that `cofferdam replay` verifies.
    pub journal: String,
}

/// One step: a transaction, or time.
#[derive(Clone, Debug)]
pub struct Chapter {
    /// What was done, in words with figures.
    pub label: String,
    /// How it ended.
    pub end: String,
    /// What was sent and by whom.
    pub outcome: Outcome,
    /// Seconds that passed.
    pub seconds: i64,
    /// Every balance that moved.
    pub moved: Deltas,
    /// Health of everybody who owes, after the step.
    pub health: Vec<String>,
    /// Solvency after the step.
    pub point: Point,
}

/// Solvency of all pools together at one moment, at the last prices, in millionths of a dollar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Point {
    /// What suppliers may claim.
    pub claims: i128,
    /// Debt that no collateral covers.
    pub uncovered: i128,
}

impl Tale {
    /// Runs records from the ground with signatures checked and a journal kept. The probes at the
    /// end are run when `probed`.
    #[must_use]
    pub fn of(ground: &Ground, records: &[Record], probed: bool) -> Self {
        let mut watch = ground.recorded();
        let (mut chapters, mut violation) = (Vec::new(), None);
        for bundle in bundles(records) {
            let (chapter, broken) = chapter(&mut watch, &bundle);
            chapters.push(chapter);
            violation = broken;
            if violation.is_some() {
                break;
            }
        }
        if violation.is_none() && probed {
            violation = watch.finish().err().map(|violation| *violation);
        }
        let journal = watch.world().ledger().journal();
        let journal = journal.map(cofferdam_ledger::Journal::to_json).unwrap_or_default();
        Self { chapters, violation, journal }
    }

    /// The tale as a text with headings.
    #[must_use]
    pub fn text(&self) -> String {
        let chapters = self.chapters.iter().zip(1..);
        chapters.map(|(chapter, number)| chapter.text(number)).collect()
    }
}

impl Chapter {
    fn text(&self, number: usize) -> String {
        let Self { label, end, moved, health, point, .. } = self;
        let moved = moved.to_string();
        let moved = moved.lines().map(|line| format!("- {line}\n"));
        let moved = moved.filter(|line| !line.contains(" lamports:")).collect::<String>();
        let moved = if moved.is_empty() { "- nothing\n".to_owned() } else { moved };
        let health = health.iter().map(|line| format!("- {line}\n")).collect::<String>();
        let (claims, uncovered) = (dollars(point.claims), dollars(point.uncovered));
        format!(
            "### {number}. {label}\n\nResult: {end}\n\nMoved:\n\n{moved}\nHealth:\n\n{health}\n\
             Suppliers claim {claims}; debt without collateral: {uncovered}.\n\n"
        )
    }
}

fn chapter(watch: &mut Watch, bundle: &[Action]) -> (Chapter, Option<Violation>) {
    let before = watch.world().clone();
    let balances = Balances::of(&before);
    // Run beside the watch, because a watch that finds a violation keeps the outcome to itself.
    let outcome = before.clone().run_bundle(&Scene::of(&before), bundle);
    let violation = watch.bundle(bundle).err().map(|violation| *violation);
    let world = watch.world();
    let scene = Scene::of(world);
    let chapter = Chapter {
        label: outcome.label.to_string(),
        end: outcome.refusal().map_or_else(|| "done".to_owned(), |why| format!("refused, {why}")),
        outcome,
        seconds: world.now_s() - before.now_s(),
        moved: balances.to(&Balances::of(world)),
        health: health(world, &scene),
        point: point(&scene),
    };
    (chapter, violation)
}

fn health(world: &World, scene: &Scene) -> Vec<String> {
    let places = PoolId::ALL.into_iter().flat_map(|pool| Actor::OWNERS.map(|owner| (pool, owner)));
    let lines = places.filter_map(|(pool, owner)| {
        let health = scene.health(&world.position_address(pool, owner))?;
        if health.debt.is_zero() {
            return None;
        }
        let [held, limit, owed] =
            [health.collateral, health.liquidation_limit, health.debt].map(micros).map(dollars);
        let state = if health.debt > health.collateral {
            "insolvent"
        } else if health.is_liquidatable() {
            "liquidatable"
        } else {
            "healthy"
        };
        let (owner, pool) = (owner.name(), pool.name());
        Some(format!(
            "{owner}@{pool} is {state}: owes {owed}, holds {held}, liquidated above {limit}"
        ))
    });
    lines.collect()
}

fn point(scene: &Scene) -> Point {
    let market = scene.any_age();
    let claims = scene.accrued.iter().filter_map(|(address, reserve)| {
        let supply = reserve.supply().ok()?.assets;
        market.quote(address).ok()?.value_down(supply).ok().map(micros)
    });
    Point { claims: claims.sum(), uncovered: uncovered(scene) }
}
