//! Borrowers who do something about their falling health. Their transactions are assumed to get
//! in: they concern nobody else, and their owners pay what it takes.

use std::collections::BTreeSet;

use cofferdam_sdk::{
    ClientError, Instruction, Keypair, Market, Signer,
    instruction::{self as build, ReserveKeys},
    interface::{
        instruction::ALL,
        math::{health::Health, oracle::Valuation, value::Quote},
        plan::Market as _,
        units::{Amount, Value},
    },
    keys::seeded,
    token,
};

use super::{
    book::borrower_label,
    deal::value_down,
    play::{Floor, Script},
    run::RunError,
    view::{Seen, View},
};
use crate::scenario::{Behaviour, BorrowerGroup, Pool};

const BPS_PER_ONE: u128 = 10_000;

/// The borrowers who act, and those who can no longer.
#[derive(Debug, Default)]
pub(super) struct Borrowers {
    spent: BTreeSet<(usize, u32)>,
}

/// What a borrower can do.
struct Remedy {
    instructions: Vec<Instruction>,
    /// Value of the collateral that is sold for it, in millionths of a dollar.
    sold: u128,
}

/// Sides of a borrower's position.
struct Sides {
    collateral: (String, ReserveKeys),
    debt: (String, ReserveKeys),
}

/// The group that a position belongs to, by its number.
pub(super) fn group_of(pool: &Pool, number: u32) -> Option<&BorrowerGroup> {
    let mut left = number;
    pool.borrowers.iter().find(|group| {
        let found = left < group.count;
        left = left.saturating_sub(group.count);
        found
    })
}

/// Highest health at which a borrower of the pool does something, in basis points of 1; `None`
/// when all are passive.
pub(super) fn trigger_bps(pool: &Pool) -> Option<u32> {
    let active = pool.borrowers.iter().filter(|group| group.behaviour != Behaviour::Passive);
    active.map(|group| group.trigger_health_bps).max()
}

impl Borrowers {
    /// Lets the borrowers of a pool act; `true` when one did.
    pub(super) fn step(
        &mut self,
        script: Script<'_>,
        floor: &mut Floor,
        view: &View,
    ) -> Result<bool, RunError> {
        let pool = &script.scenario.pools[view.pool];
        if trigger_bps(pool).is_none() {
            return Ok(false);
        }
        let mut acted = false;
        for seen in &view.positions {
            let place = (view.pool, seen.number);
            let Some(group) = group_of(pool, seen.number) else { continue };
            let Some(health) = seen.health.filter(|health| is_alarming(group, *health)) else {
                continue;
            };
            if self.spent.contains(&place) {
                continue;
            }
            acted |= self.act(script, floor, view, (group, seen, health))?;
        }
        Ok(acted)
    }

    fn act(
        &mut self,
        script: Script<'_>,
        floor: &mut Floor,
        view: &View,
        (group, seen, health): (&BorrowerGroup, &Seen, Health),
    ) -> Result<bool, RunError> {
        let place = (view.pool, seen.number);
        let label = borrower_label(&floor.stage.pools[view.pool].name, seen.number);
        let key = seeded(script.scenario.seed, &label);
        let remedy = remedy(script, floor, view, (group, seen, health), &key)?;
        let Some(Remedy { instructions, sold }) = remedy else {
            self.spent.insert(place);
            return Ok(false);
        };
        let treasury = floor.stage.treasury.insecure_clone();
        match floor.stage.desk.send(&[&treasury, &key], instructions) {
            Ok(_) => {}
            Err(ClientError::Lending { .. } | ClientError::Submit(_)) => {
                self.spent.insert(place);
                return Ok(false);
            }
            Err(error) => return Err(error.into()),
        }
        if sold > 0 {
            let _proceeds = floor.markets.sell(&group.collateral, sold, view.market.now_s);
            self.spent.insert(place);
        }
        floor.touched(script.paths, view.pool, seen.number)?;
        Ok(true)
    }
}

fn is_alarming(group: &BorrowerGroup, health: Health) -> bool {
    let limit = times_bps(health.liquidation_limit, BPS_PER_ONE);
    let acts = group.behaviour != Behaviour::Passive && !health.debt.is_zero();
    acts && limit < times_bps(health.debt_weighted, group.trigger_health_bps.into())
}

/// What the borrower does, if there is still something to do it with.
fn remedy(
    script: Script<'_>,
    floor: &Floor,
    view: &View,
    (group, seen, health): (&BorrowerGroup, &Seen, Health),
    key: &Keypair,
) -> Result<Option<Remedy>, RunError> {
    let staged = &floor.stage.pools[view.pool];
    let sides = |symbol: &String| Some((symbol.clone(), staged.reserve(symbol)?));
    let Some((collateral, debt)) = sides(&group.collateral).zip(sides(&group.debt)) else {
        return Ok(None);
    };
    let sides = Sides { collateral, debt };
    let (owner, position) = (key.pubkey(), &seen.position.address);
    match group.behaviour {
        Behaviour::Passive => Ok(None),
        Behaviour::TopUp => {
            let keys = &sides.collateral.1;
            let held = floor.stage.desk.balance(key, &keys.mint);
            let wanted = missing_collateral(&view.market, group, health, keys);
            let amount = wanted.map_or(Amount::ZERO, |wanted| wanted.min(held));
            Ok(remedy_of(amount, build::deposit(&owner, position, keys, amount)))
        }
        Behaviour::Deleverage => {
            let keys = &sides.debt.1;
            let held = floor.stage.desk.balance(key, &keys.mint);
            let wanted = excess_debt(&view.market, group, health, keys);
            let amount = wanted.map_or(Amount::ZERO, |wanted| wanted.min(held));
            Ok(remedy_of(amount, build::repay(&owner, position, keys, amount)))
        }
        Behaviour::Panic => sell_out(script, floor, view, (seen, &sides), key),
    }
}

fn remedy_of(amount: Amount, instruction: Instruction) -> Option<Remedy> {
    (!amount.is_zero()).then(|| Remedy { instructions: vec![instruction], sold: 0 })
}

/// Collateral that brings the health back to the target, rounded up.
fn missing_collateral(
    market: &Market,
    group: &BorrowerGroup,
    health: Health,
    keys: &ReserveKeys,
) -> Option<Amount> {
    let threshold = market.reserve(&keys.reserve).ok()?.factors().liquidation_threshold;
    let wanted = times_bps(health.debt_weighted, group.target_health_bps.into());
    let missing = wanted.checked_sub(times_bps(health.liquidation_limit, BPS_PER_ONE))?;
    let value = Value(missing.checked_div(u128::from(threshold.get()))?);
    quote(market, keys)?.units_up(value).ok()
}

/// Debt whose repayment brings the health back to the target, rounded up.
fn excess_debt(
    market: &Market,
    group: &BorrowerGroup,
    health: Health,
    keys: &ReserveKeys,
) -> Option<Amount> {
    let borne = times_bps(health.liquidation_limit, BPS_PER_ONE);
    let borne = borne.checked_div(u128::from(group.target_health_bps))?;
    let excess = health.debt_weighted.get().checked_sub(borne)?;
    quote(market, keys)?.units_up(Value(excess)).ok()
}

/// All collateral is sold, the debt repaid, and what is left kept.
fn sell_out(
    script: Script<'_>,
    floor: &Floor,
    view: &View,
    (seen, sides): (&Seen, &Sides),
    key: &Keypair,
) -> Result<Option<Remedy>, RunError> {
    let stage = &floor.stage;
    let Sides { collateral: (symbol, keys), debt: (other, owed_keys) } = sides;
    let shares = seen.position.state.entry(&keys.reserve).supply;
    let held = view
        .market
        .reserve(&keys.reserve)
        .and_then(|reserve| reserve.supply()?.assets_down(shares)?.units_down());
    let held = held.map_err(RunError::Math)?;
    let sold = value_down(script, stage, symbol, held)?;
    let proceeds = floor.markets.proceeds_down(symbol, sold, view.market.now_s);
    let price = u128::from(script.paths[other].at(view.market.now_s).0);
    let unit = 10_u128.pow(stage.token(other)?.decimals.into());
    let Ok(proceeds) = u64::try_from(proceeds * unit / price) else { return Ok(None) };
    let owed = view.market.preview_repay(&seen.position, &owed_keys.mint, Amount(ALL));
    if !owed.is_ok_and(|plan| plan.amount <= Amount(proceeds)) {
        return Ok(None);
    }
    let (owner, position, treasury) =
        (key.pubkey(), &seen.position.address, stage.treasury.pubkey());
    let instructions = vec![
        token::mint_to(&owed_keys.mint, &owner, &treasury, Amount(proceeds)),
        build::repay(&owner, position, owed_keys, Amount(ALL)),
        build::withdraw(&owner, position, keys, &[], Amount(ALL)),
        token::transfer(&keys.mint, &owner, &treasury, held),
    ];
    Ok(Some(Remedy { instructions, sold }))
}

fn quote(market: &Market, keys: &ReserveKeys) -> Option<Quote> {
    market.prices(&keys.reserve, Valuation::Spot).ok().map(|prices| prices.collateral)
}

/// A value times a ratio in basis points, without dividing again. Values of a position are far
/// below 2¹¹⁰.
const fn times_bps(value: Value, bps: u128) -> u128 {
    value.get().saturating_mul(bps)
}
