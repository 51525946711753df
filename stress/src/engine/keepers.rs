//! Keepers: liquidate what pays at the market's price, and recognise bad debt, as far as the
//! chain has room for their transactions.
//!
//! The program sells collateral at the oracle's price, which is late; a keeper sells it on at the
//! market's price. In a fall the market is below the oracle, so a keeper with any sense waits
//! until the bonus covers the difference. That wait, and the room on the chain, are where bad
//! debt comes from.

use cofferdam_sdk::{instruction::ReserveKeys, interface::units::Amount};
use rust_decimal::Decimal;

use super::{
    book::take_down,
    deal::{Deal, value_down},
    play::{Floor, Script},
    run::RunError,
    stage::Stage,
    view::{Seen, View},
};
use crate::{scenario::Scenario, seeded};

const BPS_PER_ONE: u32 = 10_000;
const MICRO_PLACES: u32 = 6;

/// The keepers' side of the run.
#[derive(Debug)]
pub(super) struct Keepers {
    /// Keepers in the order in which congestion spares them.
    order: Vec<usize>,
    /// Transactions that fit now; a fraction is carried over to the next step.
    pub(super) room: Decimal,
}

impl Keepers {
    pub(super) fn new(scenario: &Scenario) -> Self {
        let count = usize::try_from(scenario.keepers.count).unwrap_or(usize::MAX);
        let mut order: Vec<_> = (0..count).collect();
        let mut rng = seeded::stream(scenario.seed, "keepers", "order", 0);
        for place in (1..order.len()).rev() {
            let other = seeded::below(&mut rng, place as u64 + 1);
            order.swap(place, usize::try_from(other).unwrap_or_default());
        }
        Self { order, room: Decimal::ZERO }
    }

    /// One step: liquidations first, the most profitable one first, then recognition of bad debt.
    pub(super) fn step(&mut self, script: Script<'_>, floor: &mut Floor) -> Result<(), RunError> {
        self.make_room(script.scenario, floor.stage.desk.now_s());
        for pool in 0..floor.stage.pools.len() {
            if !floor.quiet[pool] {
                self.serve(script, floor, pool)?;
            }
        }
        Ok(())
    }

    /// A step in which there is nothing to do.
    pub(super) fn rest(&mut self, scenario: &Scenario, now_s: i64) {
        self.make_room(scenario, now_s);
    }

    /// One step in one pool.
    fn serve(
        &mut self,
        script: Script<'_>,
        floor: &mut Floor,
        pool: usize,
    ) -> Result<(), RunError> {
        let mut view = View::read(floor, pool)?;
        floor.watch.look(&view);
        let mut changed = false;
        while self.room >= Decimal::ONE && self.liquidate_best(script, floor, &view)? {
            (view, changed) = (View::read(floor, pool)?, true);
        }
        while self.room >= Decimal::ONE && self.absorb_next(script, floor, &view)? {
            (view, changed) = (View::read(floor, pool)?, true);
        }
        if changed {
            floor.watch.look(&view);
        }
        Ok(())
    }

    /// Room that is not used is lost, up to the fraction of a transaction.
    pub(super) fn make_room(&mut self, scenario: &Scenario, now_s: i64) {
        let congestion = scenario.congestion.filter(|window| window.covers(now_s));
        let share = congestion.map_or(Decimal::ONE, |window| window.capacity_share);
        let step = Decimal::from(scenario.chain.keeper_transactions_per_step) * share;
        self.room = (self.room + step).min(step.max(Decimal::ONE));
    }

    /// Keepers who act now.
    fn active(&self, scenario: &Scenario, now_s: i64) -> &[usize] {
        let congestion = scenario.congestion.filter(|window| window.covers(now_s));
        let share = congestion.map_or(Decimal::ONE, |window| window.keeper_participation);
        let count = (Decimal::from(self.order.len()) * share).floor();
        let count = usize::try_from(count).unwrap_or_default();
        self.order.get(..count).unwrap_or(&self.order)
    }

    /// Does the most profitable liquidation of a pool, if one pays.
    fn liquidate_best(
        &mut self,
        script: Script<'_>,
        floor: &mut Floor,
        view: &View,
    ) -> Result<bool, RunError> {
        let mut best: Option<(Decimal, Deal)> = None;
        for seen in view.targets() {
            for deal in self.deals(script, &floor.stage, view, seen) {
                let Some(profit) = profit_of(script, floor, &deal)? else { continue };
                if best.as_ref().is_none_or(|(most, _)| profit > *most) {
                    best = Some((profit, deal));
                }
            }
        }
        let Some((_, deal)) = best else { return Ok(false) };
        self.room -= Decimal::ONE;
        // What was just previewed on the same state goes through; should it not, the same deal
        // would be the best one again.
        deal.close(script, floor, &view.market)
    }

    /// What can be done about one position, over its debts and collaterals.
    fn deals(&self, script: Script<'_>, stage: &Stage, view: &View, seen: &Seen) -> Vec<Deal> {
        let (market, position) = (&view.market, &seen.position);
        let reserves = &stage.pools[view.pool].reserves;
        let entry = |keys: &ReserveKeys| position.state.entry(&keys.reserve);
        let mut deals = Vec::new();
        for debt in reserves.iter().filter(|(_, keys)| !entry(keys).debt.is_zero()) {
            let active = self.active(script.scenario, market.now_s);
            let Some((keeper, capital)) = richest(stage, active, &debt.1) else { continue };
            for collateral in reserves.iter().filter(|(_, keys)| !entry(keys).supply.is_zero()) {
                let mints = (&debt.1.mint, &collateral.1.mint);
                let Ok(plan) = market.preview_liquidation(position, mints, capital, None) else {
                    continue;
                };
                deals.push(Deal {
                    pool: view.pool,
                    number: seen.number,
                    position: position.clone(),
                    debt: debt.clone(),
                    collateral: collateral.clone(),
                    plan,
                    keeper,
                    repay_max: capital,
                    collateral_min: plan.payout,
                    first: None,
                    fee: 0,
                });
            }
        }
        deals
    }

    /// Recognises the bad debt of a pool, as far as there is room.
    pub(super) fn clean_up(
        &mut self,
        script: Script<'_>,
        floor: &mut Floor,
        pool: usize,
    ) -> Result<(), RunError> {
        let mut view = View::read(floor, pool)?;
        while self.room >= Decimal::ONE && self.absorb_next(script, floor, &view)? {
            view = View::read(floor, pool)?;
        }
        floor.watch.look(&view);
        Ok(())
    }

    /// Recognises the bad debt of the first position that has some.
    fn absorb_next(
        &mut self,
        script: Script<'_>,
        floor: &mut Floor,
        view: &View,
    ) -> Result<bool, RunError> {
        let Some(bad) = view.first_bad() else { return Ok(false) };
        self.room -= Decimal::ONE;
        let treasury = floor.stage.treasury.insecure_clone();
        let mut position = bad.position.clone();
        position.address = take_down(&mut floor.stage, view.pool, bad.number)?;
        let absorb = view.market.absorb_bad_debt(&position);
        let _receipt = floor.stage.desk.send(&[&treasury], [absorb])?;
        floor.touched(script.paths, view.pool, bad.number)?;
        Ok(true)
    }
}

/// The acting keeper who holds most of the debt's asset.
fn richest(stage: &Stage, active: &[usize], debt: &ReserveKeys) -> Option<(usize, Amount)> {
    let held = active.iter().map(|at| (*at, stage.desk.balance(&stage.keepers[*at], &debt.mint)));
    held.filter(|(_, held)| !held.is_zero()).max_by_key(|(at, held)| (*held, usize::MAX - at))
}

/// Profit at the market's prices in dollars, when it is enough to act.
fn profit_of(script: Script<'_>, floor: &Floor, deal: &Deal) -> Result<Option<Decimal>, RunError> {
    let stage = &floor.stage;
    let now_s = stage.desk.now_s();
    let value = |symbol: &str, amount| -> Result<_, RunError> {
        let tokens = cofferdam_sdk::human::tokens(amount, stage.token(symbol)?.decimals);
        Ok(tokens * super::deal::price(script, symbol, now_s))
    };
    let paid = value(&deal.debt.0, deal.plan.repay.amount)?;
    let symbol = &deal.collateral.0;
    let proceeds = if floor.markets.is_limited(symbol) {
        let sold = value_down(script, stage, symbol, deal.plan.payout)?;
        let micros = floor.markets.proceeds_down(symbol, sold, now_s);
        Decimal::from_i128_with_scale(super::deal::signed(micros), MICRO_PLACES)
    } else {
        value(symbol, deal.plan.payout)?
    };
    let profit = proceeds - paid;
    let least =
        paid * Decimal::from(script.scenario.keepers.min_profit_bps) / Decimal::from(BPS_PER_ONE);
    Ok((profit > Decimal::ZERO && profit >= least).then_some(profit))
}
