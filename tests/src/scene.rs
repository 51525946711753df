//! All that stands in the program's accounts at one moment, decoded once, with the positions'
//! health at the prices of that moment.

use std::collections::BTreeMap;

use cofferdam_host::{
    AccountData, Address,
    cpi::{TOKEN_PROGRAM_ID, TokenAccount},
    decode_account,
};
use cofferdam_ledger::Ledger;
use cofferdam_lending_interface::{
    ID, LendingError,
    math::{
        health::Health,
        oracle::{self, Prices, Valuation},
        shares::debt_up,
        value::Quote,
    },
    plan::{self, Market},
    state::{Pool, Position, PriceFeed, Reserve, Stake},
    units::Amount,
};

use crate::world::World;

/// All that stands in the program's accounts at one moment.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The ledger at that moment.
    pub ledger: Ledger,
    /// Unix time.
    pub now_s: i64,
    /// Tokens sent into each vault past the program.
    pub donations: BTreeMap<Address, u64>,
    /// Pools.
    pub pools: BTreeMap<Address, Pool>,
    /// Reserves as stored.
    pub reserves: BTreeMap<Address, Reserve>,
    /// Reserves with interest up to the moment; those whose interest overflows are missing.
    pub accrued: BTreeMap<Address, Reserve>,
    /// Positions.
    pub positions: BTreeMap<Address, Position>,
    /// Stakes in insurance funds.
    pub stakes: BTreeMap<Address, Stake>,
    /// Feeds.
    pub feeds: BTreeMap<Address, PriceFeed>,
    /// Token accounts.
    pub tokens: BTreeMap<Address, TokenAccount>,
    /// Supply of each mint.
    pub supply: BTreeMap<Address, u64>,
}

/// Prices that a scene knows, however old: for what depends on value and not on freshness.
#[derive(Clone, Copy, Debug)]
pub struct AnyAge<'a>(&'a Scene);

impl Scene {
    /// Reads a world.
    #[must_use]
    pub fn of(world: &World) -> Self {
        let ledger = world.ledger().clone();
        let now_s = world.now_s();
        let (tokens, supply) = tokens(&ledger);
        let reserves: BTreeMap<_, Reserve> = decoded(&ledger);
        let accrued = reserves.iter().filter_map(|(address, reserve)| {
            let mut reserve = reserve.clone();
            reserve.accrue(now_s).ok().map(|_| (*address, reserve))
        });
        let accrued = accrued.collect();
        Self {
            now_s,
            donations: world.donations().clone(),
            pools: decoded(&ledger),
            reserves,
            accrued,
            positions: decoded(&ledger),
            stakes: decoded(&ledger),
            feeds: decoded(&ledger),
            tokens,
            supply,
            ledger,
        }
    }

    /// The scene as a market with prices of any age.
    #[must_use]
    pub const fn any_age(&self) -> AnyAge<'_> {
        AnyAge(self)
    }

    /// Health of a position at the last prices, however old; `None` when there is none or the
    /// math overflows.
    #[must_use]
    pub fn health(&self, position: &Address) -> Option<Health> {
        plan::health(self.positions.get(position)?, &self.any_age(), Valuation::Last).ok()
    }

    /// The same with every doubt about a price counted against the position, as a loan is judged.
    #[must_use]
    pub fn strict_health(&self, position: &Address) -> Option<Health> {
        plan::health(self.positions.get(position)?, &self.any_age(), Valuation::Strict).ok()
    }

    /// Whether the collateral recovers less than the debt, so that bad debt can be recognised.
    #[must_use]
    pub fn is_insolvent(&self, position: &Address) -> bool {
        let position = self.positions.get(position);
        position.is_some_and(|position| {
            let dust = self.pools.get(&position.pool).map(|pool| pool.config.min_position_value);
            plan::absorb(position, &self.any_age(), dust.unwrap_or_default()).is_ok()
        })
    }

    /// What a position can claim of a reserve, rounded down.
    #[must_use]
    pub fn held(&self, position: &Address, reserve: &Address) -> Amount {
        let held = || -> Result<Amount, LendingError> {
            let entry = self.positions.get(position).map(|position| position.entry(reserve));
            let reserve = self.accrued.get(reserve).ok_or(LendingError::MissingReserve)?;
            reserve.supply()?.assets_down(entry.unwrap_or_default().supply)?.units_down()
        };
        held().unwrap_or_default()
    }

    /// What a position owes a reserve, with what was written off and is still claimed, both
    /// rounded up.
    #[must_use]
    pub fn owed(&self, position: &Address, reserve: &Address) -> Amount {
        let owed = || -> Result<Amount, LendingError> {
            let entry = self.positions.get(position).map(|position| position.entry(reserve));
            let reserve = self.accrued.get(reserve).ok_or(LendingError::MissingReserve)?;
            let entry = entry.unwrap_or_default();
            let debt = debt_up(entry.debt, reserve.index)?.units_up()?;
            debt.plus(entry.claim.units_up()?)
        };
        owed().unwrap_or_default()
    }

    /// The most a position may still borrow from a reserve, rounded down.
    #[must_use]
    pub fn room(&self, position: &Address, reserve: &Address) -> Amount {
        let room = || -> Result<Amount, LendingError> {
            let market = self.any_age();
            let health = self.strict_health(position).unwrap_or_default();
            let left = health.borrow_limit.minus(health.debt_weighted)?;
            let prices = market.prices(reserve, Valuation::Strict)?;
            let most = prices.debt.units_down(left)?;
            Ok(most.min(market.reserve(reserve)?.available()?))
        };
        room().unwrap_or_default()
    }

    /// Balance of a token account.
    #[must_use]
    pub fn balance(&self, account: &Address) -> Amount {
        Amount(self.tokens.get(account).map_or(0, |account| account.amount))
    }
}

impl Market for AnyAge<'_> {
    fn reserve(&self, address: &Address) -> Result<&Reserve, LendingError> {
        self.0.accrued.get(address).ok_or(LendingError::MissingReserve)
    }

    fn prices(&self, address: &Address, valuation: Valuation) -> Result<Prices, LendingError> {
        let (last, feed) = (self.quote(address)?, self.feed(address)?);
        if valuation != Valuation::Strict {
            return Ok(Prices::even(last));
        }
        let average = feed.ema_at(self.0.now_s)?;
        let (collateral, debt) = oracle::doubtful(last.price, feed.confidence, average)?;
        let quote = |price| Quote { price, ..last };
        Ok(Prices { collateral: quote(collateral), debt: quote(debt) })
    }

    fn silent_for_s(&self, address: &Address) -> Result<u64, LendingError> {
        Ok(self.feed(address)?.head().silent_for_s(self.0.now_s))
    }
}

impl AnyAge<'_> {
    /// The last price of that reserve's asset.
    ///
    /// # Errors
    /// [`LendingError::MissingReserve`] when the scene does not have it.
    pub fn quote(&self, address: &Address) -> Result<Quote, LendingError> {
        let (price, decimals) =
            (self.feed(address)?.head().last_price(), self.reserve(address)?.decimals);
        Ok(Quote { price, decimals })
    }

    fn feed(&self, address: &Address) -> Result<&PriceFeed, LendingError> {
        let reserve = self.reserve(address)?;
        self.0.feeds.get(&reserve.feed).ok_or(LendingError::MissingReserve)
    }
}

fn decoded<T: AccountData>(ledger: &Ledger) -> BTreeMap<Address, T> {
    let accounts = ledger.accounts_owned_by(&ID);
    accounts
        .filter(|(_, account)| account.data.starts_with(&T::DISCRIMINATOR))
        .filter_map(|(address, account)| Some((address, decode_account(&account.data).ok()?)))
        .collect()
}

/// Token accounts, and the supply each mint claims.
fn tokens(ledger: &Ledger) -> (BTreeMap<Address, TokenAccount>, BTreeMap<Address, u64>) {
    let (mut accounts, mut supply) = (BTreeMap::new(), BTreeMap::new());
    for (address, account) in ledger.accounts_owned_by(&TOKEN_PROGRAM_ID) {
        if let Ok(token) = TokenAccount::decode(&account.data) {
            let _previous = accounts.insert(address, token);
        } else if let Some(units) = account.data.get(36..44).and_then(|b| b.try_into().ok()) {
            let _previous = supply.insert(address, u64::from_le_bytes(units));
        }
    }
    (accounts, supply)
}
