use alloc::vec::Vec;

use cofferdam_host::{AccountData, Address, Host, ProgramError, ProgramResult, Shown};
use cofferdam_lending_interface::{
    LendingError,
    math::{
        health::Health,
        oracle::{Prices, Valuation},
    },
    plan::{self, Market},
    state::{Position, PriceFeed, PriceHead, Reserve},
};

use super::{
    Loaded,
    account::{Seen, accrued_reserve},
    feed, now_s,
};
use crate::refuse::{refuse, require};

/// Places of a reserve and its feed.
#[derive(Clone, Copy)]
pub(crate) struct Pair {
    pub(crate) reserve: usize,
    pub(crate) feed: usize,
}

struct Line {
    reserve: Loaded<Reserve>,
    feed: PriceHead,
}

/// The reserves an instruction has at hand, each loaded once, accrued, with its feed. Loading a
/// reserve twice would let one copy's changes overwrite the other's.
pub(crate) struct Book {
    lines: Vec<Line>,
    second_feeds: Vec<Seen<PriceHead>>,
    now_s: i64,
}

impl Book {
    /// Loads the pairs in `fixed`, then all that stand from `rest` on: reserves, each followed by
    /// its feed, and second feeds, wherever a reserve might stand.
    pub(crate) fn load<H: Host>(
        host: &mut H,
        pool: &Address,
        fixed: &[Pair],
        rest: usize,
    ) -> Result<Self, ProgramError> {
        let count = host.account_count();
        let lines = Vec::with_capacity(fixed.len() + 1);
        let mut book = Self { lines, second_feeds: Vec::new(), now_s: now_s(host)? };
        for pair in fixed {
            book.push(host, pool, *pair)?;
        }
        let mut slot = rest;
        while slot < count {
            if host.account(slot)?.data.starts_with(&PriceFeed::DISCRIMINATOR) {
                // Any feed may stand here: which one is looked at, the reserve alone says.
                book.second_feeds.push(feed(host, slot, None)?);
                slot += 1;
            } else {
                book.push(host, pool, Pair { reserve: slot, feed: slot + 1 })?;
                slot += 2;
            }
        }
        Ok(book)
    }

    fn push<H: Host>(&mut self, host: &mut H, pool: &Address, pair: Pair) -> ProgramResult {
        let reserve = accrued_reserve(host, pair.reserve, pool)?;
        let address = reserve.address;
        let seen = self.lines.iter().any(|line| line.reserve.address == address);
        require!(
            host,
            !seen,
            DuplicateAccount,
            "reserve {address} was passed twice",
            address = Shown(&address)
        );
        let feed = feed(host, pair.feed, Some(&reserve.state.feed))?.state;
        self.lines.push(Line { reserve, feed });
        Ok(())
    }

    /// What `position` is worth and owes, if every reserve it uses is here with a price to act on.
    pub(crate) fn health<H: Host>(
        &self,
        host: &mut H,
        position: &Position,
        valuation: Valuation,
    ) -> Result<Health, ProgramError> {
        plan::health(position, self, valuation).or_else(|error| {
            // Only on the way to a refusal is it worth asking which reserve was to blame.
            self.require_prices(host, position, valuation)?;
            Err(error.into())
        })
    }

    /// Refuses unless every reserve that `position` uses is here with a price to act on.
    pub(crate) fn require_prices<H: Host>(
        &self,
        host: &mut H,
        position: &Position,
        valuation: Valuation,
    ) -> ProgramResult {
        position.used().try_for_each(|entry| self.require_price(host, &entry.reserve, valuation))
    }

    /// Refuses unless the reserve is here with a price to act on.
    pub(crate) fn require_price<H: Host>(
        &self,
        host: &mut H,
        reserve: &Address,
        valuation: Valuation,
    ) -> ProgramResult {
        match self.prices(reserve, valuation) {
            Ok(_) => Ok(()),
            Err(error) => Err(self.refuse_price(host, reserve, error)),
        }
    }

    fn refuse_price<H: Host>(
        &self,
        host: &mut H,
        reserve: &Address,
        error: LendingError,
    ) -> ProgramError {
        let Ok(line) = self.line(reserve) else {
            return refuse(
                host,
                error,
                format_args!("reserve {} is not among the accounts", Shown(reserve)),
            );
        };
        let (state, feed) = (&line.reserve.state, &line.feed);
        let (config, second) = (&state.config, &state.second_feed);
        let second_price = self.find_feed(second).map(|feed| (feed.price, feed.observed_at_s));
        refuse(
            host,
            error,
            format_args!(
                "feed {} of reserve {reserve}: price {} ± {} observed at {}, average {}, now {}; \
                 second feed {second}: {second_price:?}; allowed: age {} s, confidence {} bps, \
                 divergence {} bps",
                Shown(&state.feed),
                feed.price,
                feed.confidence,
                feed.observed_at_s,
                feed.ema_at(self.now_s).unwrap_or_default(),
                self.now_s,
                config.max_price_age_s,
                config.max_confidence,
                config.max_divergence,
                reserve = Shown(reserve),
                second = Shown(second),
            ),
        )
    }

    /// A feed that is at hand, as a second feed or as another reserve's own.
    fn find_feed(&self, address: &Address) -> Option<&PriceHead> {
        let second = self.second_feeds.iter().find(|feed| feed.address == *address);
        let own = || self.lines.iter().find(|line| line.reserve.state.feed == *address);
        second.map(|feed| &feed.state).or_else(|| own().map(|line| &line.feed))
    }

    /// The reserve at `address`, to be changed.
    pub(crate) fn reserve_mut(
        &mut self,
        address: &Address,
    ) -> Result<&mut Loaded<Reserve>, LendingError> {
        let line = self.lines.iter_mut().find(|line| line.reserve.address == *address);
        line.map(|line| &mut line.reserve).ok_or(LendingError::MissingReserve)
    }

    /// The reserves, in the order of their accounts.
    pub(super) fn reserves(&self) -> impl Iterator<Item = &Loaded<Reserve>> {
        self.lines.iter().map(|line| &line.reserve)
    }

    /// The reserve at `address` with where it came from.
    pub(crate) fn loaded(&self, address: &Address) -> Result<&Loaded<Reserve>, LendingError> {
        self.line(address).map(|line| &line.reserve)
    }

    /// Address of the reserve loaded at `index` among the fixed pairs.
    pub(crate) fn fixed(&self, index: usize) -> Result<Address, LendingError> {
        let line = self.lines.get(index).ok_or(LendingError::MissingReserve)?;
        Ok(line.reserve.address)
    }

    fn line(&self, address: &Address) -> Result<&Line, LendingError> {
        let line = self.lines.iter().find(|line| line.reserve.address == *address);
        line.ok_or(LendingError::MissingReserve)
    }
}

impl Market for Book {
    fn reserve(&self, address: &Address) -> Result<&Reserve, LendingError> {
        self.line(address).map(|line| &*line.reserve.state)
    }

    fn prices(&self, address: &Address, valuation: Valuation) -> Result<Prices, LendingError> {
        let line = self.line(address)?;
        let reserve = &line.reserve.state;
        let second = self.find_feed(&reserve.second_feed);
        plan::prices(reserve, &line.feed, second, valuation, self.now_s)
    }

    fn silent_for_s(&self, address: &Address) -> Result<u64, LendingError> {
        Ok(self.line(address)?.feed.silent_for_s(self.now_s))
    }
}
