//! All that stands in the program's accounts at one moment, decoded once, with the positions'
//! health at the prices of that moment.
//!
//! A scene follows its world: [`Scene::follow`] looks only at the accounts that changed, and a
//! clone shares everything with the scene it came from. What costs arithmetic, interest and
//! health, is computed when somebody asks for it and kept until something it depends on changes.

mod accrued;
mod edit;
mod follow;
mod market;
mod sums;
mod table;
pub(crate) mod worth;

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use cofferdam_host::{Address, cpi::TokenAccount};
use cofferdam_ledger::Ledger;
use cofferdam_lending_interface::{
    math::health::Health,
    state::{Pool, Position, PriceFeed, QueuedPoolChange, QueuedReserveChange, Reserve, Stake},
    units::Amount,
};

use crate::world::World;

pub use accrued::Accrued;
pub use follow::{Changed, Delta};
pub use market::AnyAge;
pub use sums::{ReserveSums, Sums};
pub use table::Table;
pub(crate) use worth::Books;

/// All that stands in the program's accounts at one moment.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The ledger at that moment; of a scene that follows entries only, at some moment before.
    pub ledger: Arc<Ledger>,
    /// Unix time.
    pub now_s: i64,
    /// Tokens sent into each vault past the program.
    pub donations: Arc<BTreeMap<Address, u64>>,
    /// Pools.
    pub pools: Table<Pool>,
    /// Reserves as stored.
    pub reserves: Table<Reserve>,
    /// Reserves with interest up to the moment; those whose interest overflows are missing.
    pub accrued: Accrued,
    /// Positions.
    pub positions: Table<Position>,
    /// Stakes in insurance funds.
    pub stakes: Table<Stake>,
    /// Feeds.
    pub feeds: Table<PriceFeed>,
    /// Changes to reserves that wait.
    pub reserve_changes: Table<QueuedReserveChange>,
    /// Changes to pools that wait.
    pub pool_changes: Table<QueuedPoolChange>,
    /// Token accounts.
    pub tokens: Table<TokenAccount>,
    /// Supply of each mint.
    pub supply: Table<u64>,
    /// Accounts of the program that are none of its types, or not written as the program would.
    pub foreign: Table<()>,
    /// What the entries add up to.
    pub sums: Sums,
    judgements: Table<Judgement>,
}

/// What a position is worth, once somebody asked. It is replaced when anything that it depends on
/// changes.
#[derive(Debug)]
struct Judgement {
    /// A bit for the pool and for each reserve of the position; some share one. Who may depend on
    /// an account is told by its bit, without a look at the positions that do not.
    uses: u64,
    last: OnceLock<Option<Health>>,
    strict: OnceLock<Option<Health>>,
    insolvent: OnceLock<bool>,
}

impl Judgement {
    fn of(position: &Position) -> Arc<Self> {
        let reserves = position.used().map(|entry| bit(&entry.reserve));
        Self::fresh(reserves.fold(bit(&position.pool), |uses, bit| uses | bit))
    }

    /// Nothing known yet.
    fn fresh(uses: u64) -> Arc<Self> {
        let (last, strict, insolvent) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        Arc::new(Self { uses, last, strict, insolvent })
    }
}

/// One of 64 bits for an address. Addresses are hashes, so any byte of them will do.
fn bit(address: &Address) -> u64 {
    1 << (address.as_array()[0] & 0x3f)
}

impl Scene {
    /// Reads a world from nothing.
    #[must_use]
    pub fn of(world: &World) -> Self {
        let mut scene = Self::empty(world.ledger().clone(), world.now_s());
        let mut delta = Delta::default();
        for (address, account) in world.ledger().accounts() {
            scene.replace(address, None, Some(account), &mut delta);
        }
        scene.settle(world, &delta);
        scene
    }

    fn empty(ledger: Ledger, now_s: i64) -> Self {
        Self {
            ledger: Arc::new(ledger),
            now_s,
            donations: Arc::default(),
            pools: Table::default(),
            reserves: Table::default(),
            accrued: Accrued::default(),
            positions: Table::default(),
            stakes: Table::default(),
            feeds: Table::default(),
            reserve_changes: Table::default(),
            pool_changes: Table::default(),
            tokens: Table::default(),
            supply: Table::default(),
            foreign: Table::default(),
            sums: Sums::default(),
            judgements: Table::default(),
        }
    }

    /// Health of a position at the last prices, however old; `None` when there is none or the
    /// math overflows.
    #[must_use]
    pub fn health(&self, position: &Address) -> Option<Health> {
        let judgement = self.judgements.get(position)?;
        *judgement.last.get_or_init(|| worth::health(self, position, worth::Doubt::Ignored))
    }

    /// The same with every doubt about a price counted against the position, as a loan is judged.
    #[must_use]
    pub fn strict_health(&self, position: &Address) -> Option<Health> {
        let judgement = self.judgements.get(position)?;
        *judgement.strict.get_or_init(|| worth::health(self, position, worth::Doubt::Counted))
    }

    /// Whether the collateral recovers less than the debt, so that bad debt can be recognised.
    #[must_use]
    pub fn is_insolvent(&self, position: &Address) -> bool {
        let judge = |judgement: &Judgement| {
            *judgement.insolvent.get_or_init(|| worth::is_insolvent(self, position) == Some(true))
        };
        self.judgements.get(position).is_some_and(judge)
    }

    /// What a position can claim of a reserve, rounded down.
    #[must_use]
    pub fn held(&self, position: &Address, reserve: &Address) -> Amount {
        let held = || {
            let entry = self.positions.get(position).map(|position| position.entry(reserve));
            let books = self.accrued.books(reserve)?;
            books.claim_down(entry.unwrap_or_default().supply.get())
        };
        Amount(held().and_then(worth::units_down).unwrap_or_default())
    }

    /// What a position owes a reserve, with what was written off and is still claimed, both
    /// rounded up.
    #[must_use]
    pub fn owed(&self, position: &Address, reserve: &Address) -> Amount {
        let owed = || {
            let entry = self.positions.get(position).map(|position| position.entry(reserve));
            let entry = entry.unwrap_or_default();
            let debt = worth::debt_up(entry.debt.get(), self.accrued.get(reserve)?)?;
            worth::units_up(debt)?.checked_add(worth::units_up(entry.claim.get())?)
        };
        Amount(owed().unwrap_or_default())
    }

    /// The most a position may still borrow from a reserve, rounded down.
    #[must_use]
    pub fn room(&self, position: &Address, reserve: &Address) -> Amount {
        let room = || {
            let health = self.strict_health(position).unwrap_or_default();
            let left = health.borrow_limit.get().checked_sub(health.debt_weighted.get())?;
            let accrued = self.accrued.get(reserve)?;
            let price = worth::prices(self, accrued)?.1;
            let units = worth::units_for_down(left, price, accrued.decimals)?;
            Some(units.min(worth::available_down(accrued)?))
        };
        Amount(room().unwrap_or_default())
    }

    /// Balance of a token account.
    #[must_use]
    pub fn balance(&self, account: &Address) -> Amount {
        Amount(self.tokens.get(account).map_or(0, |account| account.amount))
    }

    /// Whether anybody can be liquidated.
    #[must_use]
    pub fn has_liquidatable(&self) -> bool {
        let mut healths = self.positions.keys().filter_map(|position| self.health(position));
        healths.any(Health::is_liquidatable)
    }

    /// The first thing in which two scenes of one moment differ; `None` when they are the same.
    /// For the check that a scene which followed its world is the one read from nothing.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Option<&'static str> {
        let parts = [
            (self.now_s == other.now_s, "the time"),
            (self.donations == other.donations, "donations"),
            (self.pools == other.pools, "pools"),
            (self.reserves == other.reserves, "reserves"),
            (self.accrued == other.accrued, "accrued reserves"),
            (self.positions == other.positions, "positions"),
            (self.stakes == other.stakes, "stakes"),
            (self.feeds == other.feeds, "feeds"),
            (self.reserve_changes == other.reserve_changes, "changes of reserves"),
            (self.pool_changes == other.pool_changes, "changes of pools"),
            (self.tokens == other.tokens, "token accounts"),
            (self.supply == other.supply, "the supply of mints"),
            (self.foreign == other.foreign, "foreign accounts"),
            (self.sums == other.sums, "sums"),
            (self.judged() == other.judged(), "health"),
            (self.ledger.accounts_root() == other.ledger.accounts_root(), "the ledger"),
        ];
        parts.into_iter().find(|(same, _)| !same).map(|(_, what)| what)
    }

    fn judged(&self) -> Vec<(Address, Option<Health>, Option<Health>, bool)> {
        let judge = |position: &Address| {
            let (last, strict) = (self.health(position), self.strict_health(position));
            (*position, last, strict, self.is_insolvent(position))
        };
        self.judgements.keys().map(judge).collect()
    }
}
