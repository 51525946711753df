//! What lets a path skip time in which nobody can act: who is near liquidation, and what the
//! chain will have to be told before anybody acts again.

use std::sync::Arc;

use cofferdam_host::encode_account;
use cofferdam_sdk::{
    Address, Market, PositionView,
    interface::{
        plan::UNPRICEABLE_AFTER_S,
        state::{PriceFeed, PublisherQuote, Reserve},
        units::Price,
    },
};

use super::{
    borrowers::trigger_bps,
    index::{Base, Index, Key, MARGIN, Pair, critical, critical_at_par, real},
    oracle::{Publication, Publisher},
    run::RunError,
    runners::may_run,
    stage::Stage,
    view::each,
};
use crate::{
    prices::MicroUsd,
    scenario::{Pool, Scenario},
};

/// A millionth of a dollar as the chain counts prices.
const PRICE_PER_MICRO: u128 = 1_000_000_000_000;

/// What all paths share.
#[derive(Clone, Debug)]
pub(super) struct Map {
    pools: Vec<PoolMap>,
    feeds: Vec<(Address, PriceFeed)>,
    end_s: i64,
}

#[derive(Clone, Debug)]
struct PoolMap {
    base: Arc<Base>,
    /// Addresses and decimals.
    reserves: Vec<(Address, u8)>,
    /// Number of the asset of each reserve, in order of symbol.
    assets: Vec<usize>,
    books: Vec<Reserve>,
    /// The pool as the scenario has it.
    plan: Arc<Pool>,
}

/// The same on one path.
#[derive(Debug)]
pub(super) struct Near {
    pools: Vec<PoolNear>,
    feeds: Vec<FeedNear>,
    end_s: i64,
    /// Seconds that have passed and that the chain has not been told.
    pub(super) behind_s: u64,
}

#[derive(Debug)]
struct PoolNear {
    index: Index,
    reserves: Vec<(Address, u8)>,
    assets: Vec<usize>,
    books: Vec<Reserve>,
    plan: Arc<Pool>,
    /// What is left of the critical ratio where borrowers act before they are liquidatable.
    share: f64,
    gate: Gate,
}

#[derive(Debug)]
struct FeedNear {
    address: Address,
    state: PriceFeed,
    pending: Vec<Publication>,
}

/// When a pool needs no look: a sure bound until somebody touches it.
#[derive(Debug)]
enum Gate {
    Unknown,
    /// Whatever the prices are, somebody may act.
    Open,
    /// Nobody while for each pair of assets the first price is above so many of the second.
    Above(Vec<(usize, usize, f64)>),
}

impl Map {
    /// Reads what a staged pool looks like.
    pub(super) fn read(
        stage: &Stage,
        publisher: &Publisher,
        scenario: &Scenario,
    ) -> Result<Self, RunError> {
        let end_s = scenario.grid().end_s();
        let client = &stage.desk.client;
        let symbols: Vec<&str> = publisher.symbols().collect();
        let mut feeds = Vec::with_capacity(symbols.len());
        for symbol in &symbols {
            let address = stage.token(symbol)?.feed;
            feeds.push((address, client.feed(&address)?));
        }
        let mut pools = Vec::with_capacity(stage.pools.len());
        for (pool, staged) in stage.pools.iter().enumerate() {
            let books = read_books(stage, pool)?;
            let reserves: Vec<(Address, u8)> = staged
                .reserves
                .iter()
                .zip(&books)
                .map(|((_, keys), state)| (keys.reserve, state.decimals))
                .collect();
            let asset = |symbol: &String| symbols.iter().position(|other| other == symbol);
            let assets = staged.reserves.iter().filter_map(|(symbol, _)| asset(symbol)).collect();
            let keys = each(stage, pool).map(|found| Ok(Key::of(&found?.1.state, &reserves)));
            let keys = keys.collect::<Result<_, RunError>>()?;
            let plan = Arc::new(scenario.pools[pool].clone());
            pools.push(PoolMap { base: Arc::new(Base::new(keys)), reserves, assets, books, plan });
        }
        Ok(Self { pools, feeds, end_s })
    }
}

impl Near {
    /// The beginning of a path.
    pub(super) fn new(map: &Map) -> Self {
        let pools = map.pools.iter().map(|pool| PoolNear {
            index: Index::new(Arc::clone(&pool.base)),
            reserves: pool.reserves.clone(),
            assets: pool.assets.clone(),
            books: pool.books.clone(),
            plan: Arc::clone(&pool.plan),
            share: trigger_bps(&pool.plan).map_or(1.0, |bps| 10_000.0 / f64::from(bps)),
            gate: Gate::Unknown,
        });
        let feeds = map.feeds.iter().map(|(address, state)| FeedNear {
            address: *address,
            state: state.clone(),
            pending: Vec::new(),
        });
        Self { pools: pools.collect(), feeds: feeds.collect(), end_s: map.end_s, behind_s: 0 }
    }

    /// Keeps a publication until the chain needs it.
    pub(super) fn keep(&mut self, number: usize, publication: Publication) {
        self.feeds[number].pending.push(publication);
    }

    /// Reads again what a transaction has changed.
    pub(super) fn touched(
        &mut self,
        stage: &Stage,
        pool: usize,
        number: u32,
    ) -> Result<(), RunError> {
        let near = &mut self.pools[pool];
        let position = stage.pools[pool].book.read(stage, number)?;
        near.index.put(number, Key::of(&position.state, &near.reserves));
        self.pool_touched(stage, pool)
    }

    /// Reads again what a transaction has changed of the pool itself.
    pub(super) fn pool_touched(&mut self, stage: &Stage, pool: usize) -> Result<(), RunError> {
        let near = &mut self.pools[pool];
        near.books = read_books(stage, pool)?;
        near.gate = Gate::Unknown;
        Ok(())
    }

    /// Whether nobody can act on a pool at the prices published last.
    pub(super) fn is_quiet(&mut self, pool: usize, publisher: &Publisher, now_s: i64) -> bool {
        let end_s = self.end_s;
        let near = &mut self.pools[pool];
        if matches!(near.gate, Gate::Unknown) {
            near.gate = near.gate(end_s);
        }
        let Gate::Above(bounds) = &near.gate else { return false };
        let patience_s = i64::try_from(UNPRICEABLE_AFTER_S).unwrap_or(i64::MAX);
        bounds.iter().all(|(collateral, debt, bound)| {
            let last = (publisher.last(*collateral), publisher.last(*debt));
            let (Some(collateral), Some(debt)) = last else { return false };
            // Collateral that nobody prices is judged by other rules.
            now_s - collateral.observed_at_s <= patience_s
                && micros(collateral.price) > micros(debt.price) * bound
        })
    }

    /// Tells the chain what it has missed: the prices, as the program itself takes them.
    pub(super) fn tell(&mut self, stage: &mut Stage) -> Result<(), RunError> {
        for feed in &mut self.feeds {
            if feed.pending.is_empty() {
                continue;
            }
            for publication in feed.pending.drain(..) {
                take(&mut feed.state, publication).map_err(RunError::Math)?;
            }
            let ledger = stage.desk.client.backend_mut();
            let Some(mut account) = ledger.account(&feed.address).cloned() else { continue };
            encode_account(&feed.state, &mut account.data)
                .expect("a feed fits the account it was read from");
            ledger
                .cheat()
                .set_account(&feed.address, account)
                .map_err(cofferdam_sdk::ClientError::from)?;
        }
        Ok(())
    }

    /// The positions of a pool that may be liquidatable on `market`, and `others`, in order.
    pub(super) fn positions(
        &self,
        stage: &Stage,
        pool: usize,
        market: &Market,
        others: impl Iterator<Item = u32>,
    ) -> Result<Vec<(u32, PositionView)>, RunError> {
        let near = &self.pools[pool];
        let share = near.share;
        let mut numbers = near.index.near(|pair| Some(critical(market, pair)? * share));
        numbers.extend(others);
        self.read(stage, pool, numbers.into_iter())
    }

    /// The positions of a pool with these numbers, as they stand.
    pub(super) fn read(
        &self,
        stage: &Stage,
        pool: usize,
        numbers: impl Iterator<Item = u32>,
    ) -> Result<Vec<(u32, PositionView)>, RunError> {
        let book = &stage.pools[pool].book;
        let read = |number: u32| Ok((number, book.read(stage, number)?));
        numbers.map(read).collect()
    }

    /// The reserves of a pool as they stand on the chain.
    pub(super) fn books(&self, pool: usize) -> &[Reserve] {
        &self.pools[pool].books
    }

    /// The index of a pool.
    pub(super) fn index(&self, pool: usize) -> &Index {
        &self.pools[pool].index
    }
}

impl PoolNear {
    /// A bound on prices that holds until `end_s`: share prices only rise while no loss is booked,
    /// and debts never grow beyond what they are at the end.
    fn gate(&self, end_s: i64) -> Gate {
        if self.index.has_restless() || may_run(&self.plan, &self.books, end_s) {
            return Gate::Open;
        }
        let mut bounds = Vec::new();
        for pair in self.index.pairs() {
            let Some(critical) = self.critical_until(pair, end_s) else { return Gate::Open };
            let bound = self.index.highest(pair) / (critical * self.share) * (1.0 + 2.0 * MARGIN);
            bounds.push((self.assets[pair.collateral()], self.assets[pair.debt()], bound));
        }
        Gate::Above(bounds)
    }

    fn critical_until(&self, pair: Pair, end_s: i64) -> Option<f64> {
        let mut debt = self.books[pair.debt()].clone();
        debt.accrue(end_s).ok()?;
        critical_at_par(&self.books[pair.collateral()], &debt)
    }
}

/// Takes a quote as the program does. The slot of the publication is left out: nothing reads it.
fn take(
    feed: &mut PriceFeed,
    publication: Publication,
) -> Result<(), cofferdam_sdk::interface::LendingError> {
    let price = Price(u128::from(publication.price.0) * PRICE_PER_MICRO);
    let (confidence, observed_at_s) = (Price::ZERO, publication.observed_at_s);
    let quote = PublisherQuote { price, confidence, observed_at_s };
    feed.take(0, quote, publication.at_s)?;
    feed.sequence += 1;
    Ok(())
}

fn micros(price: MicroUsd) -> f64 {
    real(price.0.into())
}

/// The reserves of a pool as they stand on the chain.
pub(super) fn read_books(stage: &Stage, pool: usize) -> Result<Vec<Reserve>, RunError> {
    let reserves = stage.pools[pool].reserves.iter();
    let read = |(_, keys): &(String, _)| Ok(stage.desk.client.reserve(&reserve_of(keys))?);
    reserves.map(read).collect()
}

const fn reserve_of(keys: &cofferdam_sdk::instruction::ReserveKeys) -> Address {
    keys.reserve
}
