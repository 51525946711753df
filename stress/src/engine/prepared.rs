//! A scenario made ready once and played on as many paths as anybody likes.

use std::collections::BTreeSet;

use cofferdam_sdk::{
    Address, Market,
    interface::{
        state::{Position, Reserve},
        units::Fine,
    },
    ledger::{AccountChange, Genesis, Recording},
};

use serde::{Deserialize, Serialize};

use super::{
    audit,
    bins::healths,
    near::{Map, Near, read_books},
    oracle::Publisher,
    play::{Floor, Paths, Play, Script},
    run::{RunError, warmed_up},
    stage::{Stage, Staging},
    tally::{insurance, micros_down},
    view::positions,
};
use crate::{
    outcome::{CoursePoint, LiquidationCounts, PathOutcome, PoolOutcome, course_times},
    prices::{self, Drawn},
    scenario::Scenario,
};

/// How a path is played. Both give the same result to the last bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Every step goes through the ledger, and every position is looked at.
    #[default]
    Exact,
    /// Only positions near their critical price are looked at, and time in which nobody can act
    /// is skipped.
    Fast,
}

/// A scenario with its stage set, before the first step of any path.
#[derive(Debug)]
pub struct Prepared {
    scenario: Scenario,
    staging: Staging,
    stage: Stage,
    publisher: Publisher,
    opening: Vec<Opening>,
    map: Map,
    /// First price of each asset, at which the stage was set.
    opened_at: Paths,
    course_times: Vec<usize>,
}

/// Most borrowers that are staged by transactions.
const TRANSACTIONS_MAX: u64 = 20_000;

/// A pool before the run.
#[derive(Clone, Debug)]
struct Opening {
    supplied: u128,
    borrowed: u128,
    insurance: u128,
    health: Vec<u32>,
}

impl Prepared {
    /// Sets the stage of `scenario` and lets it warm up, once for all paths; by transactions, unless
    /// there are more than twenty thousand borrowers.
    ///
    /// The ledger records nothing and does not check the signatures that it is handed: what is
    /// signed here was signed by us. A single [`run`](super::run()) does both.
    ///
    /// # Errors
    /// [`RunError`] when a transaction of the set-up fails.
    pub fn new(scenario: &Scenario) -> Result<Self, RunError> {
        let borrowers = scenario.pools.iter().flat_map(|pool| &pool.borrowers);
        let count: u64 = borrowers.map(|group| u64::from(group.count)).sum();
        let many = count > TRANSACTIONS_MAX;
        Self::staged(scenario, if many { Staging::Shelved } else { Staging::Transactions })
    }

    /// The same with borrowers staged in a given way. Both play the same paths.
    ///
    /// # Errors
    /// Those of [`Prepared::new`].
    pub fn staged(scenario: &Scenario, staging: Staging) -> Result<Self, RunError> {
        let opened_at = prices::draw(scenario, None, 0)?.paths;
        let (stage, publisher) = staged(scenario, &opened_at, staging)?;
        let mut opening = Vec::with_capacity(stage.pools.len());
        for pool in 0..stage.pools.len() {
            opening.push(Opening::read(&stage, &opened_at, pool)?);
        }
        let grid = scenario.grid();
        let map = Map::read(&stage, &publisher, scenario)?;
        Ok(Self {
            scenario: scenario.clone(),
            staging,
            stage,
            publisher,
            opening,
            map,
            opened_at,
            course_times: course_times(grid.steps),
        })
    }

    /// Transactions that set the stage.
    pub const fn staged_by(&self) -> u64 {
        self.stage.desk.counts.submitted
    }

    /// The scenario.
    pub const fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// Plays the path of that number: a pure function of the scenario and the number.
    ///
    /// # Errors
    /// [`RunError`]: prices that cannot be drawn, or a transaction that had to succeed and failed.
    pub fn play(&self, path: u64, mode: Mode) -> Result<PathOutcome, RunError> {
        let Drawn { paths, weight } = prices::draw(&self.scenario, None, path)?;
        let (stage, publisher) = self.stage_at(&paths)?;
        let script = Script { scenario: &self.scenario, paths: &paths, path };
        let near = match mode {
            Mode::Exact => None,
            Mode::Fast => Some(Near::new(&self.map)),
        };
        let mut play = Play::new(script, stage, publisher, near);
        let mut times = self.course_times.iter().peekable();
        for step in 0..self.scenario.grid().steps {
            play.step(step)?;
            if times.next_if_eq(&&step).is_some() {
                record(&mut play, &paths, self.scenario.grid().unix_s(step))?;
                if mode == Mode::Exact {
                    audit::people(&play.floor.stage)?;
                }
            }
        }
        // The last step is a point of the course, so an exact path ends with its audit.
        play.catch_up()?;
        self.close(play, script, weight)
    }

    /// A fork of the stage; a new one for prices that open elsewhere, which no kind of price does
    /// today.
    fn stage_at(&self, paths: &Paths) -> Result<(Stage, Publisher), RunError> {
        let same =
            paths.iter().all(|(symbol, path)| self.opened_at[symbol].first() == path.first());
        if same {
            return Ok((self.stage.fork(), self.publisher.clone()));
        }
        staged(&self.scenario, paths, self.staging)
    }

    fn close(
        &self,
        play: Play<'_>,
        script: Script<'_>,
        weight: f64,
    ) -> Result<PathOutcome, RunError> {
        let Script { paths, path, .. } = script;
        let flight = play.flight;
        let Floor { stage, mut watch, tally, near, .. } = play.floor;
        let near = near.as_ref();
        watch.finish(stage.desk.now_s());
        let (before, after) = (self.stage.desk.client.backend(), stage.desk.client.backend());
        let changes = before.diff(after);
        let mut pools = Vec::with_capacity(stage.pools.len());
        for (pool, (opening, sums)) in self.opening.iter().zip(tally.pools).enumerate() {
            let market = stage.desk.client.market(&stage.pools[pool].address)?;
            let mut bad_debt = sums.paid;
            bad_debt.uncollected = uncollected(&stage, near, paths, pool, &market)?;
            let counts = watch.counts().range((pool, Address::default())..);
            let counts = counts.take_while(|((of, _), _)| *of == pool).map(|(_, counts)| *counts);
            let mut liquidations = LiquidationCounts {
                failed: sums.failed,
                toxic: sums.toxic,
                ..LiquidationCounts::default()
            };
            for found in counts {
                liquidations.executed += short(found.executed);
                liquidations.late += short(found.late);
                liquidations.missed += short(found.missed);
            }
            pools.push(PoolOutcome {
                supplied: opening.supplied,
                borrowed: opening.borrowed,
                insurance_before: opening.insurance,
                insurance_after: insurance(
                    market_books(&market),
                    market.now_s,
                    &stage,
                    paths,
                    pool,
                )?,
                bad_debt,
                liquidated: sums.liquidated,
                liquidations,
                delays: watch.delays(pool),
                liquidator_profit: sums.profit,
                bonus_paid: sums.bonus_paid,
                fled: sums.fled,
                saved_by_running: flight.saved(script, &stage, &market, pool)?,
                first_loss_s: sums.first_loss_s,
                exhausted_s: sums.exhausted_s,
                untouched: is_untouched(&stage, pool, &changes),
                health_before: opening.health.clone(),
                health_after: healths(&stage, near, pool, &market)?,
                course: sums.course,
            });
        }
        Ok(PathOutcome { path, weight, transactions: stage.desk.counts, pools })
    }
}

impl Opening {
    fn read(stage: &Stage, paths: &Paths, pool: usize) -> Result<Self, RunError> {
        let market = stage.desk.client.market(&stage.pools[pool].address)?;
        let (mut supplied, mut borrowed) = (0, 0);
        for ((symbol, _), reserve) in stage.pools[pool].reserves.iter().zip(&market.reserves) {
            let state = &reserve.state;
            let worth =
                |fine: Fine| micros_down(fine, state.decimals, paths[symbol].at(market.now_s));
            let debt = state.debt().map_err(RunError::Math)?;
            // Losses are held against what can be lost: collateral that nobody owes would make
            // every share of a loss look smaller.
            if debt > Fine::ZERO {
                supplied += worth(state.supply().map_err(RunError::Math)?.assets);
            }
            borrowed += worth(debt);
        }
        let insurance = insurance(market_books(&market), market.now_s, stage, paths, pool)?;
        Ok(Self { supplied, borrowed, insurance, health: healths(stage, None, pool, &market)? })
    }
}

fn staged(
    scenario: &Scenario,
    paths: &Paths,
    staging: Staging,
) -> Result<(Stage, Publisher), RunError> {
    let genesis = Genesis { verify_signatures: false, ..Genesis::default() };
    let (mut stage, publisher) = warmed_up(scenario, paths, genesis, staging)?;
    let _recording = stage.desk.client.backend_mut().set_recording(Recording::Nothing);
    Ok((stage, publisher))
}

/// A point of the course of every pool.
fn record(play: &mut Play<'_>, paths: &Paths, now_s: i64) -> Result<(), RunError> {
    let Floor { stage, watch, tally, near, .. } = &mut play.floor;
    for (pool, sums) in tally.pools.iter_mut().enumerate() {
        let read = if near.is_none() { read_books(stage, pool)? } else { Vec::new() };
        let books = near.as_ref().map_or(&read[..], |near| near.books(pool));
        let symbol = &stage.pools[pool].followed;
        let price = paths[symbol].at(now_s);
        sums.course.push(CoursePoint {
            price,
            oracle_price: play.publisher.price(symbol).unwrap_or(price),
            bad_debt: sums.paid,
            insurance: insurance(books.iter(), now_s, stage, paths, pool)?,
            liquidatable: watch.open(pool),
        });
    }
    Ok(())
}

fn market_books(market: &Market) -> impl Iterator<Item = &Reserve> {
    market.reserves.iter().map(|reserve| &reserve.state)
}

/// Bad debt that nobody recognised, in millionths of a dollar.
fn uncollected(
    stage: &Stage,
    near: Option<&Near>,
    paths: &Paths,
    pool: usize,
    market: &Market,
) -> Result<u128, RunError> {
    let suspects = match near {
        Some(near) => near.positions(stage, pool, market, std::iter::empty())?,
        None => positions(stage, pool)?,
    };
    let mut left = 0;
    for (_, position) in suspects {
        for (reserve, loss) in market.preview_loss_units(&position).unwrap_or_default() {
            let found = stage.pools[pool].reserves.iter().find(|(_, keys)| keys.reserve == reserve);
            let Some((symbol, _)) = found else { continue };
            let price = paths[symbol].at(market.now_s);
            left += micros_down(loss.recognised, stage.token(symbol)?.decimals, price);
        }
    }
    Ok(left)
}

/// Whether no account of a pool has changed: the pool itself, its reserves, vaults and positions.
fn is_untouched(stage: &Stage, pool: usize, changes: &[AccountChange]) -> bool {
    let staged = &stage.pools[pool];
    let mut own: BTreeSet<Address> = BTreeSet::from([staged.address]);
    own.extend(staged.reserves.iter().flat_map(|(_, keys)| [keys.reserve, keys.vault]));
    let is_position = |change: &AccountChange| {
        let account = change.after.as_ref().or(change.before.as_ref());
        account
            .and_then(|account| cofferdam_host::decode_account::<Position>(&account.data).ok())
            .is_some_and(|position| position.pool == staged.address)
    };
    !changes.iter().any(|change| own.contains(&change.address) || is_position(change))
}

fn short(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
