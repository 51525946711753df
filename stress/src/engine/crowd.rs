//! Liquidators with capital of their own: each sees a pool, decides, and sends a transaction that
//! arrives later, bids for a place in a block, and may come too late.

use std::collections::BTreeSet;

use cofferdam_sdk::{Market, instruction::ReserveKeys, interface::units::Amount};
use rust_decimal::Decimal;

use super::{
    book::take_down,
    deal::{Deal, signed, value_down},
    keepers::Keepers,
    market::micros,
    mempool::{Block, Mempool, Order, growth_bps},
    play::{Floor, Script},
    run::RunError,
    view::{Seen, View},
};
use crate::scenario::{Liquidators, Scenario, Sizing};

/// A liquidator accepts this share of the collateral it expects, in basis points.
const LEAST_PAYOUT_BPS: u64 = 9_800;
/// Positions a liquidator considers in a step before it gives up.
const CONSIDERED_MAX: usize = 4;
/// Parts into which the most that can be repaid is divided in search of the best amount.
const PARTS: u64 = 1_024;

/// All liquidators of a scenario, and their transactions.
#[derive(Debug)]
pub(super) struct Crowd {
    /// Group of each of the stage's keepers.
    groups: Vec<usize>,
    mempool: Mempool<Deal>,
}

/// A deal and what it earns, in millionths of a dollar.
struct Prospect {
    deal: Deal,
    profit: i128,
}

impl Crowd {
    pub(super) fn new(scenario: &Scenario) -> Self {
        let groups = scenario.liquidators.iter().enumerate();
        let members = groups.flat_map(|(group, terms)| (0..terms.count).map(move |_| group));
        Self { groups: members.collect(), mempool: Mempool::new(scenario) }
    }

    /// Whether no transaction is on its way.
    pub(super) const fn is_idle(&self) -> bool {
        self.mempool.is_empty()
    }

    /// A step in which nobody can act: blocks fill up with the transactions of others.
    pub(super) fn rest(&mut self, script: Script<'_>, now_s: i64) {
        if let Some(fees) = &script.scenario.fees {
            self.mempool.pass(Block::priced(script.scenario, fees, now_s));
        }
    }

    /// One step: liquidators decide, a block is filled, what is left of it recognises bad debt.
    pub(super) fn step(
        &mut self,
        script: Script<'_>,
        floor: &mut Floor,
        keepers: &mut Keepers,
        step: usize,
    ) -> Result<(), RunError> {
        let now_s = floor.stage.desk.now_s();
        for pool in 0..floor.stage.pools.len() {
            if !floor.quiet[pool] {
                let view = View::read(floor, pool)?;
                floor.watch.look(&view);
                self.decide(script, floor, &view, step)?;
            }
        }
        keepers.make_room(script.scenario, now_s);
        let whole = u64::try_from(keepers.room.floor()).unwrap_or(0);
        let fees = script.scenario.fees.as_ref();
        let block = fees.map_or(Block::free(whole), |f| Block::priced(script.scenario, f, now_s));
        let counts = &mut floor.stage.desk.counts;
        let (included, left) = self.mempool.fill(block, step, counts);
        for order in &included {
            include(script, floor, order)?;
        }
        keepers.room = if fees.is_some() {
            Decimal::from(left)
        } else {
            keepers.room - Decimal::from(included.len())
        };
        for pool in 0..floor.stage.pools.len() {
            if !floor.quiet[pool] {
                keepers.clean_up(script, floor, pool)?;
            }
        }
        Ok(())
    }

    /// Lets every liquidator look at a pool.
    fn decide(
        &mut self,
        script: Script<'_>,
        floor: &Floor,
        view: &View,
        step: usize,
    ) -> Result<(), RunError> {
        let mut prospects = prospects(script, floor, view)?;
        if prospects.is_empty() {
            return Ok(());
        }
        prospects
            .sort_by_key(|prospect| (std::cmp::Reverse(prospect.profit), prospect.deal.number));
        let pending = self.mempool.jobs().map(|deal| (deal.keeper, deal.pool, deal.number));
        let pending: BTreeSet<(usize, usize, u32)> = pending.collect();
        let mut chosen: BTreeSet<(usize, u32)> = BTreeSet::new();
        for (keeper, group) in self.groups.iter().enumerate() {
            let terms = &script.scenario.liquidators[*group];
            let busy = pending.iter().any(|(other, ..)| *other == keeper);
            if busy || !attends(script, terms, keeper, step) {
                continue;
            }
            let taken = |number: u32| {
                let theirs = pending.iter().any(|(other, pool, of)| {
                    self.groups[*other] == *group && (*pool, *of) == (view.pool, number)
                });
                theirs || chosen.contains(&(*group, number))
            };
            let free = prospects.iter().filter(|found| !taken(found.deal.number));
            let open: Vec<&Prospect> = free.take(CONSIDERED_MAX).collect();
            for prospect in open {
                let bid = micros(terms.bid_usd).max(self.mempool.base_fee());
                let own = own(script, floor, view, terms, (keeper, &prospect.deal), bid)?;
                let Some(own) = own else { continue };
                chosen.insert((*group, prospect.deal.number));
                let worth = u128::try_from(profit(script, floor, &own, 0)?).unwrap_or(0);
                self.mempool.push(order(terms, own, (bid, worth), step));
                break;
            }
        }
        Ok(())
    }
}

/// Whether a liquidator pays attention in a step: a draw of its own, the same in every mode.
fn attends(script: Script<'_>, terms: &Liquidators, keeper: usize, step: usize) -> bool {
    if terms.participation_bps >= 10_000 {
        return true;
    }
    let mut draw = script.scenario.seed ^ script.path.rotate_left(32);
    for part in [keeper as u64, step as u64] {
        draw = mixed(draw ^ part);
    }
    draw % 10_000 < u64::from(terms.participation_bps)
}

/// The finaliser of SplitMix64.
const fn mixed(state: u64) -> u64 {
    let state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

/// What anybody with unlimited capital could do in a pool, as far as it pays on a market that does
/// not give way.
fn prospects(script: Script<'_>, floor: &Floor, view: &View) -> Result<Vec<Prospect>, RunError> {
    let mut found = Vec::new();
    for seen in view.targets() {
        let reserves = &floor.stage.pools[view.pool].reserves;
        let entry = |keys: &ReserveKeys| seen.position.state.entry(&keys.reserve);
        for debt in reserves.iter().filter(|(_, keys)| !entry(keys).debt.is_zero()) {
            for collateral in reserves.iter().filter(|(_, keys)| !entry(keys).supply.is_zero()) {
                let sides = (debt, collateral);
                let Some(deal) = planned(view, seen, sides, 0, Amount::MAX) else { continue };
                let plan = &deal.plan;
                let got = value_down(script, &floor.stage, &deal.collateral.0, plan.payout)?;
                let paid = value_down(script, &floor.stage, &deal.debt.0, plan.repay.amount)?;
                let profit = signed(got) - signed(paid);
                if profit > 0 {
                    found.push(Prospect { deal, profit });
                }
            }
        }
    }
    Ok(found)
}

/// A liquidation that repays at most `repay_max`, if the program allows one.
fn planned(
    view: &View,
    seen: &Seen,
    (debt, collateral): (&(String, ReserveKeys), &(String, ReserveKeys)),
    keeper: usize,
    repay_max: Amount,
) -> Option<Deal> {
    let mints = (&debt.1.mint, &collateral.1.mint);
    let plan = view.market.preview_liquidation(&seen.position, mints, repay_max, None).ok()?;
    Some(Deal {
        pool: view.pool,
        number: seen.number,
        position: seen.position.clone(),
        debt: debt.clone(),
        collateral: collateral.clone(),
        plan,
        keeper,
        repay_max,
        collateral_min: least(plan.payout),
        first: None,
        fee: 0,
    })
}

/// A liquidator's own version of a deal: by its capital and its sizing; `None` when it does not
/// pay enough.
fn own(
    script: Script<'_>,
    floor: &Floor,
    view: &View,
    terms: &Liquidators,
    (keeper, wanted): (usize, &Deal),
    bid: u128,
) -> Result<Option<Deal>, RunError> {
    let held = floor.stage.desk.balance(&floor.stage.keepers[keeper], &wanted.debt.1.mint);
    if held.is_zero() {
        return Ok(None);
    }
    let Some(seen) = view.positions.iter().find(|seen| seen.number == wanted.number) else {
        return Ok(None);
    };
    let sides = (&wanted.debt, &wanted.collateral);
    let Some(whole) = planned(view, seen, sides, keeper, held) else { return Ok(None) };
    let best = match terms.sizing {
        Sizing::Max => whole,
        Sizing::Optimal => {
            let part = best_part(script, floor, &whole)?;
            let smaller = planned(view, seen, sides, keeper, part);
            match smaller {
                // A part that leaves too little behind is refused; then it is all or nothing.
                Some(smaller)
                    if profit(script, floor, &smaller, bid)?
                        > profit(script, floor, &whole, bid)? =>
                {
                    smaller
                }
                _ => whole,
            }
        }
        Sizing::TwoStep if profit(script, floor, &whole, bid)? > 0 => {
            in_two_steps(floor, &view.market, &whole)
        }
        Sizing::TwoStep => whole,
    };
    let least = signed(micros(terms.min_profit_usd)).max(1);
    Ok((profit(script, floor, &best, bid)? >= least).then_some(best))
}

/// What a deal earns after slippage and the bid, in millionths of a dollar.
fn profit(script: Script<'_>, floor: &Floor, deal: &Deal, bid: u128) -> Result<i128, RunError> {
    let stage = &floor.stage;
    let sold = value_down(script, stage, &deal.collateral.0, deal.plan.payout)?;
    let proceeds = floor.markets.proceeds_down(&deal.collateral.0, sold, stage.desk.now_s());
    let paid = value_down(script, stage, &deal.debt.0, deal.plan.repay.amount)?;
    Ok(signed(proceeds) - signed(paid) - signed(bid))
}

/// The part of a deal that earns most: what is sold moves the market against the seller, so the
/// profit first rises and then falls with the amount.
fn best_part(script: Script<'_>, floor: &Floor, whole: &Deal) -> Result<Amount, RunError> {
    let stage = &floor.stage;
    let (symbol, now_s) = (&whole.collateral.0, stage.desk.now_s());
    let sold = value_down(script, stage, symbol, whole.plan.payout)?;
    let paid = value_down(script, stage, &whole.debt.0, whole.plan.repay.amount)?;
    let earned = |parts: u64| {
        let part = |value: u128| value * u128::from(parts) / u128::from(PARTS);
        signed(floor.markets.proceeds_down(symbol, part(sold), now_s)) - signed(part(paid))
    };
    let (mut low, mut high) = (1, PARTS);
    while high - low > 2 {
        let third = (high - low) / 3;
        let (a, b) = (low + third, high - third);
        if earned(a) < earned(b) { low = a } else { high = b }
    }
    let best = (low..=high).max_by_key(|parts| earned(*parts)).unwrap_or(PARTS);
    let repaid = u128::from(whole.plan.repay.amount.get()) * u128::from(best) / u128::from(PARTS);
    Ok(Amount(u64::try_from(repaid).unwrap_or(u64::MAX)))
}

/// The deal with a first step before it, if that takes more collateral than the deal alone.
fn in_two_steps(floor: &Floor, market: &Market, whole: &Deal) -> Deal {
    let repaid = whole.plan.repay.amount.get();
    let mut best = (taken(floor, market, whole), whole.clone());
    for eighths in 1..8 {
        let first = Some(Amount(repaid / 8 * eighths));
        let split = Deal { first, ..whole.clone() };
        let more = taken(floor, market, &split);
        if more > best.0 {
            best = (more, split);
        }
    }
    best.1
}

/// Collateral that a deal takes when it is tried out; nothing when the program refuses.
fn taken(floor: &Floor, market: &Market, deal: &Deal) -> u64 {
    let mut stage = floor.stage.fork();
    let keeper = stage.keepers[deal.keeper].insecure_clone();
    let held = |stage: &super::stage::Stage| stage.desk.balance(&keeper, &deal.collateral.1.mint);
    let before = held(&stage).get();
    let Ok(position) = take_down(&mut stage, deal.pool, deal.number) else { return 0 };
    let instructions = deal.instructions(&stage, market, &position);
    match stage.desk.send(&[&keeper], instructions) {
        Ok(_) => held(&stage).get() - before,
        Err(_) => 0,
    }
}

/// A transaction with that deal; nobody bids more for it than it is `worth`.
fn order(terms: &Liquidators, deal: Deal, (bid, worth): (u128, u128), step: usize) -> Order<Deal> {
    let steps = |count: u32| usize::try_from(count).unwrap_or(usize::MAX);
    let ready = step.saturating_add(steps(terms.latency_steps));
    Order {
        bid,
        bid_max: bid.max(worth),
        growth_bps: growth_bps(terms.gas, terms.escalation_bps),
        ready,
        expires: ready.saturating_add(steps(terms.expire_after_steps)),
        job: deal,
    }
}

/// Runs a transaction that got into a block.
fn include(script: Script<'_>, floor: &mut Floor, order: &Order<Deal>) -> Result<(), RunError> {
    let mut deal = Deal { fee: order.bid, ..order.job.clone() };
    deal.position = floor.stage.pools[deal.pool].book.read(&floor.stage, deal.number)?;
    let market = floor.stage.desk.client.market(&floor.stage.pools[deal.pool].address)?;
    let _done = deal.close(script, floor, &market)?;
    Ok(())
}

/// Two in a hundred less than was expected: prices move before a transaction is included.
fn least(payout: Amount) -> Amount {
    let least = u128::from(payout.get()) * u128::from(LEAST_PAYOUT_BPS) / 10_000;
    Amount(u64::try_from(least).unwrap_or(payout.get()))
}
