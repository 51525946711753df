//! What has to be remembered along a path, because no single state shows it.

use std::collections::BTreeMap;

use cofferdam_host::Address;
use cofferdam_ledger::Receipt;
use cofferdam_lending_interface::{
    event::{PricePublished, Withdrawn},
    units::Price,
};

use super::{
    canary::{Cage, Canary},
    measure::{bad_debt, worth_units},
};
use crate::{
    action::{Action, Outcome, Verb},
    scene::Scene,
    world::{Asset, PoolId, World},
};

/// A single move counts for at most this much shock, in basis points: beyond a price ten times as
/// high nothing more is learnt.
const MOVE_MAX_BPS: u128 = 100_000;

/// The memory of a path.
#[derive(Clone, Debug, Default)]
pub struct Course {
    prices: BTreeMap<Address, Price>,
    start_s: i64,
    shock_bps: i128,
    toxic: i128,
    escaped: i128,
    cage: Cage,
}

/// What has to be known from before a step.
#[derive(Clone, Copy, Debug, Default)]
pub struct Before {
    uncovered: i128,
}

impl Course {
    /// The beginning of a path.
    #[must_use]
    pub fn new(scene: &Scene) -> Self {
        let prices = scene.feeds.iter().map(|(address, feed)| (*address, feed.price)).collect();
        Self { prices, start_s: scene.now_s, ..Self::default() }
    }

    /// Sum of all price moves so far, in basis points of the price before each, and one basis
    /// point an hour: a year in which nobody does anything is a shock as well.
    #[must_use]
    pub fn shock_bps(&self, now_s: i64) -> i128 {
        self.shock_bps + i128::from(now_s - self.start_s) / 3_600
    }

    /// Bad debt that liquidations added, in millionths of a dollar.
    #[must_use]
    pub const fn toxic(&self) -> i128 {
        self.toxic
    }

    /// Loss that withdrawals escaped, in millionths of a dollar.
    #[must_use]
    pub const fn escaped(&self) -> i128 {
        self.escaped
    }

    /// Looks at the state before a transaction, where that will be needed.
    #[must_use]
    pub fn before(world: &World, scene: &Scene, bundle: &[Action]) -> Before {
        let needs = |action: &Action| matches!(action.verb, Verb::Liquidate | Verb::Withdraw);
        let needed = bundle.iter().any(needs);
        Before { uncovered: if needed { bad_debt(world, scene) } else { 0 } }
    }

    /// Follows a step, and says which canary it found.
    pub fn follow(
        &mut self,
        world: &World,
        before: Before,
        outcome: &Outcome,
        after: &Scene,
    ) -> Option<Canary> {
        let receipt = outcome.success()?;
        self.shake(receipt);
        if outcome.tried(Verb::Liquidate) && !outcome.tried(Verb::PublishPrice) {
            self.toxic += (bad_debt(world, after) - before.uncovered).max(0);
        }
        if before.uncovered > 0 {
            self.escape(world, before, receipt, after);
        }
        self.cage.watch(receipt)
    }

    fn shake(&mut self, receipt: &Receipt) {
        for event in receipt.events::<PricePublished>() {
            let old = self.prices.insert(event.feed, event.price).unwrap_or(event.price).get();
            let change = event.price.get().abs_diff(old);
            let bps = if old == 0 { 0 } else { (change / (old / 10_000).max(1)).min(MOVE_MAX_BPS) };
            self.shock_bps += i128::try_from(bps).unwrap_or(0);
        }
    }

    /// Who leaves while a loss is on nobody's books leaves it to the others: the part of it that
    /// the withdrawn would have borne, of all that is supplied.
    fn escape(&mut self, world: &World, before: Before, receipt: &Receipt, after: &Scene) {
        for event in receipt.events::<Withdrawn>() {
            let Some(asset) = asset_of(world, &event.reserve) else { continue };
            let out = worth_units(asset, event.amount);
            let supply = after.reserves.get(&event.reserve).and_then(|reserve| {
                let supply = reserve.supply().ok()?.assets.units_down().ok()?;
                Some(worth_units(asset, supply))
            });
            let all = supply.unwrap_or(0).saturating_add(out).max(1);
            let part = before.uncovered.min(all).saturating_mul(out / 1_000) / (all / 1_000).max(1);
            self.escaped = self.escaped.saturating_add(part.min(out));
        }
    }
}

/// The asset of a reserve of the world.
fn asset_of(world: &World, reserve: &Address) -> Option<Asset> {
    let at = |pool| {
        Asset::ALL.into_iter().find(move |asset| world.keys(pool, *asset).reserve == *reserve)
    };
    PoolId::ALL.into_iter().find_map(at)
}
