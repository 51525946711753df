//! From a scenario to its outcome.

use std::collections::BTreeMap;

use cofferdam_sdk::{
    Address, Backend, ClientError, Decimal, Market,
    human::NumberError,
    interface::{LendingError, state::Reserve, units::Fine},
    ledger::{Genesis, Ledger, WarpError},
};
use sha2::{Digest, Sha256};

use super::{
    audit,
    oracle::Publisher,
    play::{Floor, Paths, Play, Script, warp},
    stage::{Stage, StagedPool, Staging},
    view::positions,
    watch::Place,
};
use crate::{
    outcome::{
        BadDebt, Change, HealthDistribution, Liquidations, NativeAmount, PayerTotals, PoolSummary,
        ReserveSummary, Summary, Timeline, TimelinePoint,
    },
    prices::{Candles, PricesError, paths},
    scenario::{AmountError, PoolRole, Scenario},
};

/// How far a run is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Steps done.
    pub done: usize,
    /// Steps there are.
    pub steps: usize,
    /// Positions that may be liquidated now.
    pub liquidatable: u32,
}

/// A run that came to its end.
#[derive(Debug)]
pub struct Finished {
    /// The result.
    pub summary: Summary,
    /// The course of each shocked pool.
    pub timelines: Vec<Timeline>,
    /// Health of each pool's borrowers, before and after.
    pub health: Vec<HealthDistribution>,
    /// The ledger, with the journal of everything that happened.
    pub ledger: Ledger,
}

/// Why a run stopped.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The price paths cannot be made.
    #[error(transparent)]
    Prices(#[from] PricesError),
    /// An amount of the scenario is none of the asset's.
    #[error(transparent)]
    Amount(#[from] AmountError),
    /// A number cannot be what the ledger counts.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// A transaction that had to succeed did not.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The clock cannot be moved.
    #[error(transparent)]
    Warp(#[from] WarpError),
    /// The program's math refused a number of the scenario.
    #[error("the program cannot represent a number of the scenario: {0}")]
    Math(LendingError),
    /// The books of a reserve do not add up: a fault of the program, never of the scenario.
    #[error("pool `{pool}`, {symbol}: {what}; replay the run and inspect the step before")]
    Conservation {
        /// Name of the pool.
        pool: String,
        /// Symbol of the reserve's asset.
        symbol: String,
        /// What does not hold.
        what: &'static str,
    },
    /// No asset of that symbol.
    #[error("there is no asset `{0}` in the scenario")]
    UnknownAsset(String),
}

/// What is compared before and after.
struct Snapshot {
    pools: Vec<PoolSnapshot>,
}

struct PoolSnapshot {
    accounts_hash: String,
    market: Market,
    /// Health of each borrower in basis points; `None` without debt.
    health: Vec<Option<u64>>,
}

/// Plays `scenario`; `replayed` takes the place of the shocked asset's prices.
///
/// # Errors
/// [`RunError`]: a price file that does not fit, or a transaction of the set-up that fails.
pub fn run(
    scenario: &Scenario,
    replayed: Option<&Candles>,
    mut on_step: impl FnMut(Progress),
) -> Result<Finished, RunError> {
    let paths = paths(scenario, replayed)?;
    let (stage, publisher) =
        warmed_up(scenario, &paths, Genesis::default(), Staging::Transactions)?;
    let before = Snapshot::take(&stage)?;

    let mut play = Play::new(Script { scenario, paths: &paths, path: 0 }, stage, publisher, None);
    let mut timelines = timelines(scenario);
    let steps = scenario.grid().steps;
    for step in 0..steps {
        play.step(step)?;
        for timeline in &mut timelines {
            record(timeline, &play, &paths)?;
        }
        let watch = &play.floor.watch;
        let liquidatable = (0..play.floor.stage.pools.len()).map(|pool| watch.open(pool)).sum();
        on_step(Progress { done: step + 1, steps, liquidatable });
    }
    let Floor { stage, mut watch, .. } = play.floor;
    audit::people(&stage)?;
    let after = Snapshot::take(&stage)?;
    watch.finish(stage.desk.now_s());
    finish(scenario, stage, (&before, &after), watch.counts(), timelines)
}

/// The stage when the run begins: interest has accrued at the opening prices.
pub(super) fn warmed_up(
    scenario: &Scenario,
    paths: &Paths,
    genesis: Genesis,
    staging: Staging,
) -> Result<(Stage, Publisher), RunError> {
    let mut stage = Stage::set(scenario, paths, genesis, staging)?;
    let mut publisher = Publisher::new(scenario);
    warp(&mut stage, scenario.warmup_s)?;
    publisher.step(&mut stage, paths)?;
    Ok((stage, publisher))
}

fn finish(
    scenario: &Scenario,
    stage: Stage,
    (before, after): (&Snapshot, &Snapshot),
    counts: &BTreeMap<Place, Liquidations>,
    timelines: Vec<Timeline>,
) -> Result<Finished, RunError> {
    let mut pools = Vec::with_capacity(stage.pools.len());
    let mut health = Vec::with_capacity(stage.pools.len());
    for (index, pool) in stage.pools.iter().enumerate() {
        let (before, after) = (&before.pools[index], &after.pools[index]);
        let uncollected = uncollected(&stage, index, &after.market)?;
        let reserves = before.market.reserves.iter().zip(&after.market.reserves);
        let reserves = reserves.zip(&pool.reserves).map(|((before, after), (symbol, keys))| {
            let left = uncollected.get(&keys.reserve).copied().unwrap_or_default();
            let counts = counts.get(&(index, keys.reserve)).copied().unwrap_or_default();
            Ok(ReserveSummary {
                symbol: symbol.clone(),
                decimals: after.state.decimals,
                bad_debt: bad_debt(&after.state),
                uncollected: left,
                share_price: Change { before: before.share_price()?, after: after.share_price()? },
                insurance_fund: Change {
                    before: units_down(before.state.insurance),
                    after: units_down(after.state.insurance),
                },
                liquidations: counts,
            })
        });
        let reserves = reserves.collect::<Result<_, RunError>>()?;
        let accounts_hash =
            Change { before: before.accounts_hash.clone(), after: after.accounts_hash.clone() };
        let (name, role) = (pool.name.clone(), pool.role);
        pools.push(PoolSummary { name, role, accounts_hash, reserves });
        let healths = (before.health.iter().copied(), after.health.iter().copied());
        health.push(HealthDistribution::count(&pool.name, healths.0, healths.1));
    }
    let (transactions, ledger) = (stage.desk.counts, stage.desk.client.into_backend());
    let summary = Summary {
        scenario: scenario.name.clone(),
        seed: scenario.seed,
        state_root: hex::encode(ledger.state_root()),
        transactions,
        pools,
    };
    Ok(Finished { summary, timelines, health, ledger })
}

impl Snapshot {
    fn take(stage: &Stage) -> Result<Self, RunError> {
        let pools = stage.pools.iter().enumerate();
        let pools = pools.map(|(index, pool)| PoolSnapshot::take(stage, index, pool));
        Ok(Self { pools: pools.collect::<Result<_, _>>()? })
    }
}

impl PoolSnapshot {
    fn take(stage: &Stage, index: usize, pool: &StagedPool) -> Result<Self, RunError> {
        let market = stage.desk.client.market(&pool.address)?;
        let mut health = Vec::with_capacity(pool.book.len());
        for (_, position) in positions(stage, index)? {
            let factor = market.health(&position)?.factor;
            let bps = |factor: Decimal| (factor * Decimal::from(10_000)).floor();
            health.push(factor.map(|f| u64::try_from(bps(f)).unwrap_or(u64::MAX)));
        }
        Ok(Self { accounts_hash: accounts_hash(stage, pool), market, health })
    }
}

/// Hash over every account of a pool: the pool itself, its reserves and vaults, and all
/// positions in it.
fn accounts_hash(stage: &Stage, pool: &StagedPool) -> String {
    let client = &stage.desk.client;
    let mut addresses = vec![pool.address];
    addresses.extend(pool.reserves.iter().flat_map(|(_, keys)| [keys.reserve, keys.vault]));
    addresses.extend(client.positions(&pool.address).iter().map(|position| position.address));
    addresses.sort_unstable();
    let mut hash = Sha256::new();
    for address in addresses {
        hash.update(address);
        if let Some(account) = Backend::account(client.backend(), &address) {
            hash.update(account.lamports.to_le_bytes());
            hash.update(account.owner);
            hash.update((account.data.len() as u64).to_le_bytes());
            hash.update(&account.data);
        }
    }
    hex::encode(hash.finalize())
}

/// Bad debt that nobody recognised, by reserve.
fn uncollected(
    stage: &Stage,
    pool: usize,
    market: &Market,
) -> Result<BTreeMap<Address, NativeAmount>, RunError> {
    let mut left: BTreeMap<Address, NativeAmount> = BTreeMap::new();
    for (_, position) in positions(stage, pool)? {
        for (reserve, loss) in market.preview_loss_units(&position).unwrap_or_default() {
            left.entry(reserve).or_default().0 += units_down(loss.recognised).0;
        }
    }
    Ok(left)
}

/// What a reserve lost so far, in native units. The suppliers' part is what the others leave, so
/// that the payers add up after rounding too; where suppliers are spared, the deficit is.
fn bad_debt(reserve: &Reserve) -> BadDebt {
    let losses = &reserve.losses;
    let (recognised, fees) = (units_down(losses.recognised), units_down(losses.fees));
    let insurance = units_down(losses.insurance);
    let rest = NativeAmount(recognised.0 - fees.0 - insurance.0);
    let spared = losses.suppliers.is_zero() && !losses.deficit.is_zero();
    let deficit = if spared { rest } else { units_down(losses.deficit) };
    let suppliers = NativeAmount(rest.0 - deficit.0);
    BadDebt { recognised, fees, insurance, suppliers, deficit }
}

fn units_down(fine: Fine) -> NativeAmount {
    NativeAmount(fine.get() / cofferdam_sdk::interface::units::FINE_PER_UNIT)
}

/// One empty timeline for each shocked pool, following its first borrowers' assets.
fn timelines(scenario: &Scenario) -> Vec<Timeline> {
    let shocked = scenario.pools.iter().filter(|pool| pool.role == PoolRole::Shocked);
    let timelines = shocked.filter_map(|pool| {
        let group = pool.borrowers.first()?;
        Some(Timeline {
            pool: pool.name.clone(),
            collateral: group.collateral.clone(),
            debt: group.debt.clone(),
            debt_decimals: scenario.asset(&group.debt)?.decimals,
            points: Vec::new(),
        })
    });
    timelines.collect()
}

fn record(timeline: &mut Timeline, play: &Play<'_>, paths: &Paths) -> Result<(), RunError> {
    let (Floor { stage, watch, .. }, publisher) = (&play.floor, &play.publisher);
    let found = stage.pools.iter().enumerate().find(|(_, pool)| pool.name == timeline.pool);
    let Some((index, pool)) = found else { return Ok(()) };
    let Some(keys) = pool.reserve(&timeline.debt) else { return Ok(()) };
    let BadDebt { fees, insurance, suppliers, deficit, .. } =
        bad_debt(&stage.desk.client.reserve(&keys.reserve)?);
    let unix_s = stage.desk.now_s();
    let price = paths[&timeline.collateral].at(unix_s);
    timeline.points.push(TimelinePoint {
        unix_s,
        price,
        oracle_price: publisher.price(&timeline.collateral).unwrap_or(price),
        bad_debt: PayerTotals { fees, insurance, suppliers, deficit },
        liquidatable: watch.open(index),
    });
    Ok(())
}
