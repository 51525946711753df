//! What a position is worth and what it owes. docs/MATH.md, "Health".

use std::sync::Arc;

use cofferdam_host::Address;
use cofferdam_lending_interface::{LendingError, state::Mode};

use super::{
    number::{Grain, Q},
    oracle::{Asked, Guess, Prices},
    state::{Entry, Feed, Position, Reserve},
};

/// A reserve at hand, with interest up to now, and its feed.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) address: Address,
    pub(super) reserve: Reserve,
    pub(super) feed: Arc<Feed>,
}

/// The reserves an instruction has at hand.
#[derive(Clone, Debug)]
pub(super) struct Book {
    pub(super) lines: Vec<Line>,
    pub(super) seconds: Vec<(Address, Arc<Feed>)>,
    pub(super) now_s: i64,
    pub(super) guess: Guess,
}

/// Values in dollars.
#[derive(Clone, Debug)]
pub(super) struct Health {
    pub(super) collateral: Q,
    pub(super) borrow_limit: Q,
    pub(super) liquidation_limit: Q,
    pub(super) debt: Q,
    pub(super) weighted: Q,
}

impl Book {
    pub(super) fn line(&self, address: &Address) -> Result<&Line, LendingError> {
        let line = self.lines.iter().find(|line| line.address == *address);
        line.ok_or(LendingError::MissingReserve)
    }

    pub(super) fn reserve_mut(&mut self, address: &Address) -> Result<&mut Reserve, LendingError> {
        let line = self.lines.iter_mut().find(|line| line.address == *address);
        line.map(|line| &mut line.reserve).ok_or(LendingError::MissingReserve)
    }

    pub(super) fn prices(&self, address: &Address, asked: Asked) -> Result<Prices, LendingError> {
        let line = self.line(address)?;
        let second = &line.reserve.second_feed;
        let named = self.seconds.iter().find(|(feed, _)| feed == second).map(|(_, feed)| feed);
        let own = self.lines.iter().find(|line| line.reserve.feed == *second);
        let second = named.or_else(|| own.map(|line| &line.feed)).map(AsRef::as_ref);
        line.feed.prices(&line.reserve, second, asked, (self.now_s, self.guess))
    }

    /// Health with each entry at the price that is asked for it; without one it does not count.
    pub(super) fn health(
        &self,
        position: &Position,
        asked: impl Fn(&Entry) -> Option<Asked>,
    ) -> Result<Health, LendingError> {
        let mut health = Health::nothing();
        for entry in position.used() {
            let reserve = &self.line(&entry.reserve)?.reserve;
            let Some(asked) = asked(entry) else { continue };
            let prices = self.prices(&entry.reserve, asked)?;
            if !entry.supply.is_zero() {
                let tokens = reserve.supply()?.claim(&entry.supply)?;
                health
                    .hold(reserve.value(&tokens, &prices.collateral).down(Grain::Dollar)?, reserve);
            }
            if !entry.debt.is_zero() {
                let owed = reserve.owed(&entry.debt).up(Grain::Fine)?;
                health.owe(reserve.value(&owed, &prices.debt).up(Grain::Dollar)?, reserve);
            }
        }
        Ok(health)
    }
}

impl Health {
    fn from(sums: [Q; 5]) -> Self {
        let [collateral, borrow_limit, liquidation_limit, debt, weighted] = sums;
        Self { collateral, borrow_limit, liquidation_limit, debt, weighted }
    }

    fn nothing() -> Self {
        Self::from([Q::zero(), Q::zero(), Q::zero(), Q::zero(), Q::zero()])
    }

    fn hold(&mut self, value: Q, reserve: &Reserve) {
        let share = |bps: u32| (&value * Q::bps(bps)).floor(Grain::Dollar);
        let active = reserve.mode == Mode::Active;
        let factor = if active { reserve.config.collateral_factor.0 } else { 0 };
        self.borrow_limit = &self.borrow_limit + share(factor);
        self.liquidation_limit = &self.liquidation_limit + share(reserve.threshold());
        self.collateral = &self.collateral + value;
    }

    fn owe(&mut self, value: Q, reserve: &Reserve) {
        let weighted = (&value * Q::bps(reserve.config.borrow_factor.0)).ceil(Grain::Dollar);
        self.weighted = &self.weighted + weighted;
        self.debt = &self.debt + value;
    }

    /// The health factor, rounded down.
    pub(super) fn factor(&self) -> Q {
        (&self.liquidation_limit / &self.weighted).floor(Grain::Wad)
    }
}

impl Reserve {
    /// Dollars that `tokens`, in units, are worth at `price`; exact.
    pub(super) fn value(&self, tokens: &Q, price: &Q) -> Q {
        tokens * price / self.token()
    }

    /// Units that `dollars` buy at `price`; exact.
    pub(super) fn bought(&self, dollars: &Q, price: &Q) -> Q {
        dollars * self.token() / price
    }

    /// Units of one token.
    fn token(&self) -> Q {
        Q::whole(10_u128.pow(u32::from(self.decimals)))
    }

    /// The threshold in force when the reserve last accrued, in basis points: on its way down, a
    /// straight line, rounded up.
    pub(super) fn threshold(&self) -> u32 {
        self.ramp.at(self.config.liquidation_threshold.0, self.accrued_at_s)
    }
}

impl Position {
    pub(super) fn used(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().flatten()
    }

    pub(super) fn entry(&self, reserve: &Address) -> Entry {
        let found = self.used().find(|entry| entry.reserve == *reserve);
        found.cloned().unwrap_or_else(|| Entry::nothing(*reserve))
    }

    pub(super) fn has_debt(&self) -> bool {
        self.used().any(|entry| !entry.debt.is_zero())
    }

    /// Puts an entry in its place: one side only, in the old place or the first free one.
    pub(super) fn set(&mut self, mut entry: Entry) -> Result<(), LendingError> {
        entry.noticed = entry.noticed.min(entry.supply.clone());
        let owing = !entry.debt.is_zero() || !entry.claim.is_zero();
        let holding = !entry.supply.is_zero();
        if owing && holding {
            return Err(LendingError::SameReserve);
        }
        let old = |kept: &Option<Entry>| kept.as_ref().is_some_and(|e| e.reserve == entry.reserve);
        let free = || self.entries.iter().position(Option::is_none);
        let place = self.entries.iter().position(old).or_else(free);
        match place {
            Some(place) => self.entries[place] = (owing || holding).then_some(entry),
            None if owing || holding => return Err(LendingError::PositionFull),
            None => {}
        }
        Ok(())
    }
}

impl Entry {
    fn nothing(reserve: Address) -> Self {
        Self {
            reserve,
            supply: Q::zero(),
            debt: Q::zero(),
            claim: Q::zero(),
            noticed: Q::zero(),
            noticed_at_s: 0,
        }
    }
}
