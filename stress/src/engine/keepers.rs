//! Keepers: liquidate what pays at the market's price, and recognise bad debt, as far as the
//! chain has room for their transactions.
//!
//! The program sells collateral at the oracle's price, which is late; a keeper sells it on at the
//! market's price. In a fall the market is below the oracle, so a keeper with any sense waits
//! until the bonus covers the difference. That wait, and the room on the chain, are where bad
//! debt comes from.

use cofferdam_sdk::{
    Keypair, Market, PositionView, Signer, human,
    instruction::{self as build, ReserveKeys},
    interface::{
        instruction::Liquidate,
        math::{health::Health, oracle::Valuation},
        plan::{self, LiquidationPlan},
        units::Amount,
    },
    token,
};
use rust_decimal::{Decimal, RoundingStrategy};

use super::{
    play::{Floor, Script},
    run::RunError,
    stage::{Stage, Token},
    tally::{Taking, micros_down},
};
use crate::{scenario::Scenario, seeded};

const BPS_PER_ONE: u32 = 10_000;

/// The keepers' side of the run.
#[derive(Debug)]
pub(super) struct Keepers {
    /// Keepers in the order in which congestion spares them.
    order: Vec<usize>,
    /// Transactions that fit now; a fraction is carried over to the next step.
    room: Decimal,
}

/// A pool as keepers see it between two transactions.
struct View {
    pool: usize,
    market: Market,
    /// The positions to look at, with their numbers, in order.
    positions: Vec<(u32, PositionView)>,
}

/// A liquidation that pays.
struct Offer {
    number: u32,
    position: PositionView,
    debt: (String, ReserveKeys),
    collateral: (String, ReserveKeys),
    plan: LiquidationPlan,
    keeper: usize,
    /// What the plan was made with: all that the keeper holds of the debt's asset.
    capital: Amount,
    profit: Decimal,
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
        floor.watch.look(pool, &view.market, &view.positions);
        while self.room >= Decimal::ONE && self.liquidate_best(script, floor, &view)? {
            view = View::read(floor, pool)?;
        }
        while self.room >= Decimal::ONE && self.absorb_next(script, floor, &view)? {
            view = View::read(floor, pool)?;
        }
        floor.watch.look(pool, &view.market, &view.positions);
        Ok(())
    }

    /// Room that is not used is lost, up to the fraction of a transaction.
    fn make_room(&mut self, scenario: &Scenario, now_s: i64) {
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
        let mut best: Option<Offer> = None;
        for (number, position) in &view.positions {
            for offer in self.offers(script, &floor.stage, view, (*number, position))? {
                if best.as_ref().is_none_or(|best| offer.profit > best.profit) {
                    best = Some(offer);
                }
            }
        }
        let Some(offer) = best else { return Ok(false) };
        self.room -= Decimal::ONE;
        take(script, floor, view, &offer)?;
        let place = (view.pool, offer.debt.1.reserve);
        floor.watch.liquidated((view.pool, offer.number), place, view.market.now_s);
        Ok(true)
    }

    /// What pays on one position, over its debts and collaterals.
    fn offers(
        &self,
        script: Script<'_>,
        stage: &Stage,
        view: &View,
        (number, position): (u32, &PositionView),
    ) -> Result<Vec<Offer>, RunError> {
        let (market, now_s) = (&view.market, view.market.now_s);
        if !health(market, position).is_some_and(Health::is_liquidatable) {
            return Ok(Vec::new());
        }
        let reserves = &stage.pools[view.pool].reserves;
        let entry = |keys: &ReserveKeys| position.state.entry(&keys.reserve);
        let mut offers = Vec::new();
        for debt in reserves.iter().filter(|(_, keys)| !entry(keys).debt.is_zero()) {
            let richest = richest(stage, self.active(script.scenario, now_s), &debt.1);
            let Some((keeper, capital)) = richest else { continue };
            for collateral in reserves.iter().filter(|(_, keys)| !entry(keys).supply.is_zero()) {
                let mints = (&debt.1.mint, &collateral.1.mint);
                let Ok(plan) = market.preview_liquidation(position, mints, capital, None) else {
                    continue;
                };
                let (debt, collateral) = (debt.clone(), collateral.clone());
                let position = position.clone();
                let profit = Decimal::ZERO;
                let mut offer =
                    Offer { number, position, debt, collateral, plan, keeper, capital, profit };
                if let Some(profit) = profit_of(script, stage, &offer, now_s)? {
                    offer.profit = profit;
                    offers.push(offer);
                }
            }
        }
        Ok(offers)
    }

    /// Recognises the bad debt of the first position that has some.
    fn absorb_next(
        &mut self,
        script: Script<'_>,
        floor: &mut Floor,
        view: &View,
    ) -> Result<bool, RunError> {
        let market = &view.market;
        let mut positions = view.positions.iter();
        let bad = positions.find(|(_, position)| market.preview_absorb(position).is_ok());
        let Some((number, position)) = bad else { return Ok(false) };
        self.room -= Decimal::ONE;
        let treasury = floor.stage.treasury.insecure_clone();
        let _receipt = floor.stage.desk.send(&[&treasury], [market.absorb_bad_debt(position)])?;
        floor.touched(script.paths, view.pool, *number)?;
        Ok(true)
    }
}

/// The acting keeper who holds most of the debt's asset.
fn richest(stage: &Stage, active: &[usize], debt: &ReserveKeys) -> Option<(usize, Amount)> {
    let held = active.iter().map(|at| (*at, stage.desk.balance(&stage.keepers[*at], &debt.mint)));
    held.filter(|(_, held)| !held.is_zero()).max_by_key(|(at, held)| (*held, usize::MAX - at))
}

/// Profit at the market's prices in dollars, when it is enough to act.
fn profit_of(
    script: Script<'_>,
    stage: &Stage,
    offer: &Offer,
    now_s: i64,
) -> Result<Option<Decimal>, RunError> {
    let value = |symbol: &str, amount| -> Result<_, RunError> {
        let tokens = human::tokens(amount, stage.token(symbol)?.decimals);
        Ok(tokens * price(script, symbol, now_s))
    };
    let paid = value(&offer.debt.0, offer.plan.repay.amount)?;
    let profit = value(&offer.collateral.0, offer.plan.payout)? - paid;
    let least =
        paid * Decimal::from(script.scenario.keepers.min_profit_bps) / Decimal::from(BPS_PER_ONE);
    Ok((profit > Decimal::ZERO && profit >= least).then_some(profit))
}

fn price(script: Script<'_>, symbol: &str, now_s: i64) -> Decimal {
    script.paths.get(symbol).map_or(Decimal::ZERO, |path| path.at(now_s).usd())
}

/// Liquidates, sells the collateral on the market, and takes note.
fn take(script: Script<'_>, floor: &mut Floor, view: &View, offer: &Offer) -> Result<(), RunError> {
    let keeper = floor.stage.keepers[offer.keeper].insecure_clone();
    let others = view.market.used_by(&offer.position.state);
    // All the keeper has rather than the amount of the plan: the program takes what the preview
    // said, while exactly that amount reads as a wish for less, which must leave no dust.
    let args = Liquidate { repay_max: offer.capital, collateral_min: offer.plan.payout };
    let sides = (&offer.debt.1, &offer.collateral.1);
    let (address, position) = (keeper.pubkey(), &offer.position.address);
    let liquidate = build::liquidate(&address, position, sides, None, &others, args);
    let _receipt = floor.stage.desk.send(&[&keeper], [liquidate])?;
    let taking = taking(script, &floor.stage, view, offer)?;
    floor.tally.taken(view.pool, taking);
    // The program recognises what the collateral no longer covers in the same instruction.
    floor.touched(script.paths, view.pool, offer.number)?;
    sell(script, &mut floor.stage, &keeper, offer)
}

/// What a liquidation that was just done came to.
fn taking(
    script: Script<'_>,
    stage: &Stage,
    view: &View,
    offer: &Offer,
) -> Result<Taking, RunError> {
    let now_s = view.market.now_s;
    let micros = |(symbol, _): &(String, ReserveKeys), amount: Amount| -> Result<u128, RunError> {
        let decimals = stage.token(symbol)?.decimals;
        Ok(micros_down(amount.fine(), decimals, script.paths[symbol].at(now_s)))
    };
    let repaid = micros(&offer.debt, offer.plan.repay.amount)?;
    let proceeds = micros(&offer.collateral, offer.plan.payout)?;
    let before = health(&view.market, &offer.position);
    let market = stage.desk.client.market(&stage.pools[view.pool].address)?;
    let after = health(&market, &stage.desk.client.position(&offer.position.address)?);
    Ok(Taking {
        repaid,
        profit: signed(proceeds) - signed(repaid),
        bonus: bonus(view, offer),
        toxic: before.zip(after).is_some_and(|(before, after)| is_worse(before, after)),
    })
}

/// The bonus at the chain's prices, in millionths of a dollar, rounded down.
fn bonus(view: &View, offer: &Offer) -> u128 {
    const VALUE_PER_MICRO: u128 = 1_000_000_000_000;
    let quote = |keys: &ReserveKeys| {
        plan::Market::prices(&view.market, &keys.reserve, Valuation::Spot).ok()
    };
    let value = || {
        let paid = quote(&offer.debt.1)?.debt.value_down(offer.plan.repay.amount.fine()).ok()?;
        let got = quote(&offer.collateral.1)?.collateral;
        let got = got.value_down(offer.plan.payout.fine()).ok()?;
        got.minus(paid).ok()
    };
    value().map_or(0, |value| value.get() / VALUE_PER_MICRO)
}

/// Whether the loan-to-value ratio rose; what is left without debt has none.
fn is_worse(before: Health, after: Health) -> bool {
    // Values of one position: their dollars fit 64 bits, and so their product fits 128.
    let dollars = |value: cofferdam_sdk::interface::units::Value| value.get() / 1_000_000_000;
    let (after_debt, after_collateral) = (dollars(after.debt), dollars(after.collateral));
    match after_debt.checked_mul(dollars(before.collateral)) {
        _ if after_debt == 0 => false,
        Some(left) => dollars(before.debt).checked_mul(after_collateral).is_some_and(|r| left > r),
        None => after_collateral == 0,
    }
}

fn signed(micros: u128) -> i128 {
    i128::try_from(micros).unwrap_or(i128::MAX)
}

/// The keeper's collateral leaves to the market and its price arrives, without slippage.
fn sell(
    script: Script<'_>,
    stage: &mut Stage,
    keeper: &Keypair,
    offer: &Offer,
) -> Result<(), RunError> {
    let now_s = stage.desk.now_s();
    let (sold, bought) = (stage.token(&offer.collateral.0)?, stage.token(&offer.debt.0)?);
    let rate = price(script, &offer.collateral.0, now_s) / price(script, &offer.debt.0, now_s);
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

/// Health at fresh prices at face value; `None` while a price is not usable.
pub(super) fn health(market: &Market, position: &PositionView) -> Option<Health> {
    plan::health(&position.state, market, Valuation::Spot).ok()
}

impl View {
    fn read(floor: &Floor, pool: usize) -> Result<Self, RunError> {
        let Floor { stage, watch, near, .. } = floor;
        let market = stage.desk.client.market(&stage.pools[pool].address)?;
        let positions = match near {
            Some(near) => near.positions(stage, pool, &market, watch.open_numbers(pool))?,
            None => positions(stage, pool)?,
        };
        Ok(Self { pool, market, positions })
    }
}

/// The borrowers' positions of a pool, as they stand, with their numbers.
pub(super) fn positions(stage: &Stage, pool: usize) -> Result<Vec<(u32, PositionView)>, RunError> {
    let read = |(number, address)| Ok((number, stage.desk.client.position(address)?));
    (0..).zip(&stage.pools[pool].positions).map(read).collect()
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
