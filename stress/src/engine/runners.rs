//! Suppliers who run from a loss they see coming, and stakers of the insurance fund who try to.

use std::collections::{BTreeMap, BTreeSet};

use cofferdam_sdk::{
    Address, ClientError, Keypair, Market, Signer, address,
    instruction::{self as build, ReserveKeys},
    interface::{
        math::loss::LossSplit,
        state::{Position, Reserve},
        units::{Amount, Fine, RAY, Shares},
    },
    keys::seeded,
};

use super::{
    deal::value_down,
    play::{Floor, Script},
    run::RunError,
    stage::Stage,
    tally::micros_down,
    view::View,
};
use crate::scenario::{self, Pool, Runners, Stakers};

const BPS_PER_ONE: u128 = 10_000;

/// Who has left, and with what.
#[derive(Debug, Default)]
pub(super) struct Flight {
    /// Withdrawals by pool.
    withdrawals: Vec<Withdrawal>,
    /// Stakes that cool down, and from when on they may leave.
    cooling: BTreeMap<(usize, Address, u32), i64>,
    /// Stakers who are through.
    out: BTreeSet<(usize, Address, u32)>,
}

#[derive(Clone, Copy, Debug)]
struct Withdrawal {
    pool: usize,
    reserve: Address,
    shares: Shares,
    amount: Amount,
}

/// The number of suppliers who run.
fn count(reserve: &scenario::Reserve, runners: &Runners) -> u32 {
    let part = u64::from(reserve.suppliers) * u64::from(runners.share_bps);
    u32::try_from(part.div_ceil(10_000)).unwrap_or(u32::MAX)
}

/// Whether somebody of the pool runs from utilisation alone, by `until_s` at the latest.
pub(super) fn may_run(pool: &Pool, books: &[Reserve], until_s: i64) -> bool {
    pool.reserves.iter().zip(books).any(|(reserve, state)| {
        let Some(most) = reserve.runners.and_then(|runners| runners.utilisation_bps) else {
            return false;
        };
        let mut state = state.clone();
        state.accrue(until_s).is_err() || utilisation_bps(&state) >= u128::from(most)
    })
}

fn utilisation_bps(state: &Reserve) -> u128 {
    state.utilisation_down().map_or(BPS_PER_ONE, |part| part / (RAY / BPS_PER_ONE))
}

impl Flight {
    /// Whether a stake of the pool may leave by `now_s`.
    pub(super) fn is_due(&self, pool: usize, now_s: i64) -> bool {
        self.cooling.iter().any(|((of, ..), ready_s)| *of == pool && *ready_s <= now_s)
    }

    /// Lets suppliers and stakers of a pool act; `true` when one did.
    pub(super) fn step(
        &mut self,
        script: Script<'_>,
        floor: &mut Floor,
        view: &View,
    ) -> Result<bool, RunError> {
        let pool = &script.scenario.pools[view.pool];
        if pool.reserves.iter().all(|of| of.runners.is_none() && of.stakers.is_none()) {
            return Ok(false);
        }
        let losses = losses(view);
        let mut acted = false;
        for reserve in &pool.reserves {
            let Some(keys) = floor.stage.pools[view.pool].reserve(&reserve.asset) else { continue };
            let loss = losses.get(&keys.reserve).copied().unwrap_or_default();
            let found = view.market.reserves.iter().find(|of| of.keys.reserve == keys.reserve);
            let Some(state) = found.map(|found| &found.state) else { continue };
            if let Some(runners) = reserve.runners.filter(|r| is_alarmed(r, state, loss)) {
                let number = count(reserve, &runners);
                acted |= self.run(script, floor, view, (reserve, &keys, number))?;
            }
            if let Some(stakers) = reserve.stakers {
                let afraid = exceeds(loss.recognised, state.insurance, stakers.uncovered_loss_bps);
                acted |=
                    self.unstake(script, floor, view, (&stakers, &keys, &reserve.asset), afraid)?;
            }
        }
        Ok(acted)
    }

    /// Every runner takes out what there is.
    fn run(
        &mut self,
        script: Script<'_>,
        floor: &mut Floor,
        view: &View,
        (reserve, keys, number): (&scenario::Reserve, &ReserveKeys, u32),
    ) -> Result<bool, RunError> {
        let mut acted = false;
        for supplier in 0..number {
            let key = supplier_key(script, &floor.stage, view.pool, reserve, supplier);
            let (position, _) = address::position(&keys.pool, &key.pubkey(), 0);
            let state = floor.stage.position(&position)?.state;
            let shares = state.entry(&keys.reserve).supply;
            if shares.is_zero() {
                continue;
            }
            let market = floor.stage.desk.client.market(&keys.pool)?;
            let Some(amount) = can_take(&market, keys, shares) else { break };
            let withdraw = build::withdraw(&key.pubkey(), &position, keys, &[], amount);
            match floor.stage.desk.send(&[&key], [withdraw]) {
                Ok(_) => {}
                Err(ClientError::Lending { .. } | ClientError::Submit(_)) => break,
                Err(error) => return Err(error.into()),
            }
            let left = floor.stage.position(&position)?.state;
            self.left(view.pool, keys, (&state, &left), amount)?;
            let value = value_down(script, &floor.stage, &reserve.asset, amount)?;
            floor.tally.pools[view.pool].fled += value;
            floor.pool_touched(view.pool)?;
            acted = true;
        }
        Ok(acted)
    }

    fn left(
        &mut self,
        pool: usize,
        keys: &ReserveKeys,
        (before, after): (&Position, &Position),
        amount: Amount,
    ) -> Result<(), RunError> {
        let held = |state: &Position| state.entry(&keys.reserve).supply;
        let shares = held(before).minus(held(after)).map_err(RunError::Math)?;
        self.withdrawals.push(Withdrawal { pool, reserve: keys.reserve, shares, amount });
        Ok(())
    }

    /// Stakers who are afraid let their stake cool down; what has cooled down leaves.
    fn unstake(
        &mut self,
        script: Script<'_>,
        floor: &mut Floor,
        view: &View,
        (stakers, keys, symbol): (&Stakers, &ReserveKeys, &str),
        afraid: bool,
    ) -> Result<bool, RunError> {
        let (pool, now_s) = (view.pool, view.market.now_s);
        let mut acted = false;
        for number in 0..stakers.count {
            let place = (pool, keys.reserve, number);
            let ready_s = self.cooling.get(&place).copied();
            let (goes, leaves) = (afraid && ready_s.is_none(), ready_s.is_some_and(|s| s <= now_s));
            if self.out.contains(&place) || !(goes || leaves) {
                continue;
            }
            let key = staker_key(script, &floor.stage, pool, symbol, number);
            let stake =
                floor.stage.desk.client.stake(&address::stake(&keys.reserve, &key.pubkey()).0)?;
            let step = if leaves {
                self.cooling.remove(&place);
                self.out.insert(place);
                build::unstake_insurance(&key.pubkey(), keys, stake.cooling)
            } else {
                build::start_cooldown(&key.pubkey(), keys, stake.shares)
            };
            match floor.stage.desk.send(&[&key], [step]) {
                Ok(_) if goes => {
                    let stake = address::stake(&keys.reserve, &key.pubkey()).0;
                    let stake = floor.stage.desk.client.stake(&stake)?;
                    self.cooling.insert(place, stake.ready_at_s().map_err(RunError::Math)?);
                }
                Ok(_) => {}
                // A fund that was used up has nothing to take out.
                Err(ClientError::Lending { .. } | ClientError::Submit(_)) => {
                    self.out.insert(place);
                }
                Err(error) => return Err(error.into()),
            }
            floor.pool_touched(pool)?;
            acted = true;
        }
        Ok(acted)
    }

    /// What those who ran from a pool would have lost by staying until now, in millionths of a
    /// dollar.
    pub(super) fn saved(
        &self,
        script: Script<'_>,
        stage: &Stage,
        market: &Market,
        pool: usize,
    ) -> Result<u128, RunError> {
        let mut saved = 0;
        for left in self.withdrawals.iter().filter(|left| left.pool == pool) {
            let number = market.reserves.iter().position(|of| of.keys.reserve == left.reserve);
            let Some(number) = number else { continue };
            let (state, symbol) =
                (&market.reserves[number].state, &stage.pools[pool].reserves[number].0);
            let worth = state.supply().and_then(|supply| supply.assets_down(left.shares));
            let worth = worth.map_err(RunError::Math)?;
            let lost = left.amount.fine().minus(worth).unwrap_or(Fine::ZERO);
            saved += micros_down(lost, state.decimals, script.paths[symbol].at(market.now_s));
        }
        Ok(saved)
    }
}

/// What a recognition of all bad debt would cost now, by reserve.
fn losses(view: &View) -> BTreeMap<Address, LossSplit> {
    let mut losses: BTreeMap<Address, LossSplit> = BTreeMap::new();
    for seen in view.positions.iter().filter(|seen| seen.is_liquidatable()) {
        for (reserve, loss) in view.market.preview_loss_units(&seen.position).unwrap_or_default() {
            let sum = losses.entry(reserve).or_default();
            *sum = sum.plus(loss).unwrap_or(*sum);
        }
    }
    losses
}

fn is_alarmed(runners: &Runners, state: &Reserve, loss: LossSplit) -> bool {
    // Each loss was split as if it came first; what all of them leave for suppliers is the rest.
    let spared = state.fees.plus(state.insurance).unwrap_or(Fine::MAX);
    let borne = loss.recognised.minus(spared).unwrap_or(Fine::ZERO);
    let supplied = state.supply().map_or(Fine::ZERO, |supply| supply.assets);
    let by_loss = runners.uncovered_loss_bps.is_some_and(|bps| exceeds(borne, supplied, bps));
    let used = runners.utilisation_bps;
    by_loss || used.is_some_and(|bps| utilisation_bps(state) >= u128::from(bps))
}

/// Whether `part` is something, and at least that share of `whole`.
fn exceeds(part: Fine, whole: Fine, bps: u32) -> bool {
    // The scale of 10⁻⁹ units leaves room for the product with a share.
    let least = whole.get() / BPS_PER_ONE * u128::from(bps);
    !part.is_zero() && part.get() >= least
}

/// What a supplier with `shares` can take out: all of it, or what there is.
fn can_take(market: &Market, keys: &ReserveKeys, shares: Shares) -> Option<Amount> {
    let state = &market.reserve_of(&keys.mint).ok()?.state;
    let held = state.supply().ok()?.assets_down(shares).ok()?.movable_down();
    let amount = held.min(state.available().ok()?);
    (!amount.is_zero()).then_some(amount)
}

fn supplier_key(
    script: Script<'_>,
    stage: &Stage,
    pool: usize,
    reserve: &scenario::Reserve,
    number: u32,
) -> Keypair {
    let name = &stage.pools[pool].name;
    seeded(script.scenario.seed, &format!("supplier:{name}:{}:{number}", reserve.asset))
}

fn staker_key(
    script: Script<'_>,
    stage: &Stage,
    pool: usize,
    symbol: &str,
    number: u32,
) -> Keypair {
    let name = &stage.pools[pool].name;
    seeded(script.scenario.seed, &staker_label(name, symbol, number))
}

/// The label of a staker's key.
pub(super) fn staker_label(pool: &str, symbol: &str, number: u32) -> String {
    format!("staker:{pool}:{symbol}:{number}")
}
