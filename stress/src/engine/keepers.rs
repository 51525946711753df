//! Keepers: liquidate what pays at the market's price, and recognise bad debt, as far as the
//! chain has room for their transactions.
//!
//! The program sells collateral at the oracle's price, which is late; a keeper sells it on at the
//! market's price. In a fall the market is below the oracle, so a keeper with any sense waits
//! until the bonus covers the difference. That wait, and the room on the chain, are where bad
//! debt comes from.

use std::collections::BTreeMap;

use cofferdam_sdk::{
    Keypair, Market, PositionView, Signer, human,
    instruction::{self as build, ReserveKeys},
    interface::{instruction::Liquidate, plan::LiquidationPlan, units::Amount},
    token,
};
use rust_decimal::{Decimal, RoundingStrategy};

use super::{
    run::RunError,
    stage::{Stage, Token},
    watch::Watch,
};
use crate::{prices::PricePath, scenario::Scenario, seeded};

const BPS_PER_ONE: u32 = 10_000;

/// The keepers' side of the run.
#[derive(Debug)]
pub(super) struct Keepers<'a> {
    scenario: &'a Scenario,
    paths: &'a BTreeMap<String, PricePath>,
    /// Keepers in the order in which congestion spares them.
    order: Vec<usize>,
    /// Transactions that fit now; a fraction is carried over to the next step.
    room: Decimal,
}

/// A pool as keepers see it between two transactions.
struct View {
    pool: usize,
    market: Market,
    positions: Vec<PositionView>,
}

/// A liquidation that pays.
struct Offer {
    position: PositionView,
    debt: (String, ReserveKeys),
    collateral: (String, ReserveKeys),
    plan: LiquidationPlan,
    keeper: usize,
    /// What the plan was made with: all that the keeper holds of the debt's asset.
    capital: Amount,
    profit: Decimal,
}

impl<'a> Keepers<'a> {
    pub(super) fn new(scenario: &'a Scenario, paths: &'a BTreeMap<String, PricePath>) -> Self {
        let count = usize::try_from(scenario.keepers.count).unwrap_or(usize::MAX);
        let mut order: Vec<_> = (0..count).collect();
        let mut rng = seeded::stream(scenario.seed, "keepers", "order", 0);
        for place in (1..order.len()).rev() {
            let other = seeded::below(&mut rng, place as u64 + 1);
            order.swap(place, usize::try_from(other).unwrap_or_default());
        }
        Self { scenario, paths, order, room: Decimal::ZERO }
    }

    /// One step: liquidations first, the most profitable one first, then recognition of bad debt.
    pub(super) fn step(&mut self, stage: &mut Stage, watch: &mut Watch) -> Result<(), RunError> {
        self.make_room(stage.desk.now_s());
        for pool in 0..stage.pools.len() {
            let mut view = View::read(stage, pool)?;
            watch.look(pool, &view.market, &view.positions);
            while self.room >= Decimal::ONE && self.liquidate_best(stage, watch, &view)? {
                view = View::read(stage, pool)?;
            }
            while self.room >= Decimal::ONE && self.absorb_next(stage, &view)? {
                view = View::read(stage, pool)?;
            }
            watch.look(pool, &view.market, &view.positions);
        }
        Ok(())
    }

    /// Room that is not used is lost, up to the fraction of a transaction.
    fn make_room(&mut self, now_s: i64) {
        let congestion = self.scenario.congestion.filter(|window| window.covers(now_s));
        let share = congestion.map_or(Decimal::ONE, |window| window.capacity_share);
        let step = Decimal::from(self.scenario.chain.keeper_transactions_per_step) * share;
        self.room = (self.room + step).min(step.max(Decimal::ONE));
    }

    /// Keepers who act now.
    fn active(&self, now_s: i64) -> &[usize] {
        let congestion = self.scenario.congestion.filter(|window| window.covers(now_s));
        let share = congestion.map_or(Decimal::ONE, |window| window.keeper_participation);
        let count = (Decimal::from(self.order.len()) * share).floor();
        let count = usize::try_from(count).unwrap_or_default();
        self.order.get(..count).unwrap_or(&self.order)
    }

    /// Does the most profitable liquidation of a pool, if one pays.
    fn liquidate_best(
        &mut self,
        stage: &mut Stage,
        watch: &mut Watch,
        view: &View,
    ) -> Result<bool, RunError> {
        let mut best: Option<Offer> = None;
        for position in &view.positions {
            for offer in self.offers(stage, view, position)? {
                if best.as_ref().is_none_or(|best| offer.profit > best.profit) {
                    best = Some(offer);
                }
            }
        }
        let Some(offer) = best else { return Ok(false) };
        self.room -= Decimal::ONE;
        self.take(stage, &view.market, &offer)?;
        let place = (view.pool, offer.debt.1.reserve);
        watch.liquidated(&offer.position.address, place, view.market.now_s);
        Ok(true)
    }

    /// What pays on one position, over its debts and collaterals.
    fn offers(
        &self,
        stage: &Stage,
        view: &View,
        position: &PositionView,
    ) -> Result<Vec<Offer>, RunError> {
        let (market, now_s) = (&view.market, view.market.now_s);
        if !market.health(position).is_ok_and(|health| health.liquidatable) {
            return Ok(Vec::new());
        }
        let reserves = &stage.pools[view.pool].reserves;
        let entry = |keys: &ReserveKeys| position.state.entry(&keys.reserve);
        let mut offers = Vec::new();
        for debt in reserves.iter().filter(|(_, keys)| !entry(keys).debt.is_zero()) {
            let Some((keeper, capital)) = self.richest(stage, &debt.1, now_s) else { continue };
            for collateral in reserves.iter().filter(|(_, keys)| !entry(keys).supply.is_zero()) {
                let mints = (&debt.1.mint, &collateral.1.mint);
                let Ok(plan) = market.preview_liquidation(position, mints, capital, None) else {
                    continue;
                };
                let (debt, collateral) = (debt.clone(), collateral.clone());
                let position = position.clone();
                let profit = Decimal::ZERO;
                let mut offer = Offer { position, debt, collateral, plan, keeper, capital, profit };
                if let Some(profit) = self.profit(stage, &offer, now_s)? {
                    offer.profit = profit;
                    offers.push(offer);
                }
            }
        }
        Ok(offers)
    }

    /// The acting keeper who holds most of the debt's asset.
    fn richest(&self, stage: &Stage, debt: &ReserveKeys, now_s: i64) -> Option<(usize, Amount)> {
        let keepers = self.active(now_s).iter();
        let held = keepers.map(|at| (*at, stage.desk.balance(&stage.keepers[*at], &debt.mint)));
        held.filter(|(_, held)| !held.is_zero()).max_by_key(|(at, held)| (*held, usize::MAX - at))
    }

    /// Profit at the market's prices in dollars, when it is enough to act.
    fn profit(
        &self,
        stage: &Stage,
        offer: &Offer,
        now_s: i64,
    ) -> Result<Option<Decimal>, RunError> {
        let value = |symbol: &str, amount| -> Result<_, RunError> {
            let tokens = human::tokens(amount, stage.token(symbol)?.decimals);
            Ok(tokens * self.price(symbol, now_s))
        };
        let paid = value(&offer.debt.0, offer.plan.repay.amount)?;
        let profit = value(&offer.collateral.0, offer.plan.payout)? - paid;
        let least =
            paid * Decimal::from(self.scenario.keepers.min_profit_bps) / Decimal::from(BPS_PER_ONE);
        Ok((profit > Decimal::ZERO && profit >= least).then_some(profit))
    }

    fn price(&self, symbol: &str, now_s: i64) -> Decimal {
        self.paths.get(symbol).map_or(Decimal::ZERO, |path| path.at(now_s).usd())
    }

    /// Liquidates, and sells the collateral on the market.
    fn take(&self, stage: &mut Stage, market: &Market, offer: &Offer) -> Result<(), RunError> {
        let keeper = stage.keepers[offer.keeper].insecure_clone();
        let others = market.used_by(&offer.position.state);
        // All the keeper has rather than the amount of the plan: the program takes what the preview
        // said, while exactly that amount reads as a wish for less, which must leave no dust.
        let args = Liquidate { repay_max: offer.capital, collateral_min: offer.plan.payout };
        let sides = (&offer.debt.1, &offer.collateral.1);
        let (address, position) = (keeper.pubkey(), &offer.position.address);
        let liquidate = build::liquidate(&address, position, sides, None, &others, args);
        let _receipt = stage.desk.send(&[&keeper], [liquidate])?;
        self.sell(stage, &keeper, offer)
    }

    /// The keeper's collateral leaves to the market and its price arrives, without slippage.
    fn sell(&self, stage: &mut Stage, keeper: &Keypair, offer: &Offer) -> Result<(), RunError> {
        let now_s = stage.desk.now_s();
        let (sold, bought) = (stage.token(&offer.collateral.0)?, stage.token(&offer.debt.0)?);
        let rate = self.price(&offer.collateral.0, now_s) / self.price(&offer.debt.0, now_s);
        let proceeds = proceeds_down(offer.plan.payout, sold, bought, rate)?;
        let (treasury, address) = (stage.treasury.pubkey(), keeper.pubkey());
        let trade = [
            token::transfer(&sold.mint, &address, &treasury, offer.plan.payout),
            token::mint_to(&bought.mint, &address, &treasury, proceeds),
        ];
        let treasury = stage.treasury.insecure_clone();
        let _receipt = stage.desk.send(&[&treasury, keeper], trade)?;
        Ok(())
    }

    /// Recognises the bad debt of the first position that has some.
    fn absorb_next(&mut self, stage: &mut Stage, view: &View) -> Result<bool, RunError> {
        let market = &view.market;
        let mut positions = view.positions.iter();
        let Some(position) = positions.find(|position| market.preview_absorb(position).is_ok())
        else {
            return Ok(false);
        };
        self.room -= Decimal::ONE;
        let treasury = stage.treasury.insecure_clone();
        let _receipt = stage.desk.send(&[&treasury], [market.absorb_bad_debt(position)])?;
        Ok(true)
    }
}

impl View {
    fn read(stage: &Stage, pool: usize) -> Result<Self, RunError> {
        let market = stage.desk.client.market(&stage.pools[pool].address)?;
        Ok(Self { pool, market, positions: positions(stage, pool)? })
    }
}

/// The borrowers' positions of a pool, as they stand.
pub(super) fn positions(stage: &Stage, pool: usize) -> Result<Vec<PositionView>, RunError> {
    let read = |address| stage.desk.client.position(address);
    Ok(stage.pools[pool].positions.iter().map(read).collect::<Result<_, _>>()?)
}

/// Native units of `bought` for `amount` of `sold` at `rate`, rounded down.
fn proceeds_down(
    amount: Amount,
    sold: Token,
    bought: Token,
    rate: Decimal,
) -> Result<Amount, RunError> {
    let tokens = human::tokens(amount, sold.decimals) * rate;
    let places = u32::from(bought.decimals);
    let tokens = tokens.round_dp_with_strategy(places, RoundingStrategy::ToZero);
    Ok(human::amount("proceeds", tokens, bought.decimals)?)
}
