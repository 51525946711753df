use alloc::{boxed::Box, vec::Vec};

use cofferdam_host::{Address, Host, ProgramError, ProgramResult};
use cofferdam_lending_interface::{
    LendingError,
    math::{
        oracle::{Prices, Valuation},
        value::Quote,
    },
    plan::Market,
    state::{Position, PriceFeed, Reserve},
};

use super::{Loaded, account::accrued_reserve, feed, now_s};
use crate::refuse::{refuse, require};

/// Places of a reserve and its feed.
#[derive(Clone, Copy)]
pub(crate) struct Pair {
    pub(crate) reserve: usize,
    pub(crate) feed: usize,
}

struct Line {
    reserve: Loaded<Reserve>,
    feed: Box<PriceFeed>,
}

/// The reserves an instruction has at hand, each loaded once, accrued, with its feed. Loading a
/// reserve twice would let one copy's changes overwrite the other's.
pub(crate) struct Book {
    lines: Vec<Line>,
    now_s: i64,
}

impl Book {
    /// Loads the pairs in `fixed`, then all that stand from `rest` on, two by two.
    pub(crate) fn load<H: Host>(
        host: &mut H,
        pool: &Address,
        fixed: &[Pair],
        rest: usize,
    ) -> Result<Self, ProgramError> {
        let count = host.account_count();
        let mut book = Self { lines: Vec::with_capacity(fixed.len() + 1), now_s: now_s(host)? };
        let rest = (rest..count).step_by(2).map(|slot| Pair { reserve: slot, feed: slot + 1 });
        for pair in fixed.iter().copied().chain(rest) {
            book.push(host, pool, pair)?;
        }
        Ok(book)
    }

    fn push<H: Host>(&mut self, host: &mut H, pool: &Address, pair: Pair) -> ProgramResult {
        let reserve = accrued_reserve(host, pair.reserve, pool)?;
        let address = reserve.address;
        let seen = self.lines.iter().any(|line| line.reserve.address == address);
        require!(host, !seen, DuplicateAccount, "reserve {address} was passed twice");
        let feed = feed(host, pair.feed, Some(&reserve.state.feed))?.state;
        self.lines.push(Line { reserve, feed });
        Ok(())
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
                format_args!("reserve {reserve} is not among the accounts"),
            );
        };
        let (feed, seen_s, now_s) = (line.reserve.state.feed, line.feed.observed_at_s, self.now_s);
        let max_age_s = line.reserve.state.config.max_price_age_s;
        refuse(
            host,
            error,
            format_args!(
                "feed {feed} of reserve {reserve}: price {} observed at {seen_s}, now {now_s}, \
                 oldest allowed {max_age_s} s",
                line.feed.price
            ),
        )
    }

    /// The reserve at `address`, to be changed.
    pub(crate) fn reserve_mut(
        &mut self,
        address: &Address,
    ) -> Result<&mut Loaded<Reserve>, LendingError> {
        let line = self.lines.iter_mut().find(|line| line.reserve.address == *address);
        line.map(|line| &mut line.reserve).ok_or(LendingError::MissingReserve)
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
        let price = match valuation {
            Valuation::Last => line.feed.price,
            _ => line.feed.fresh_price(self.now_s, reserve.config.max_price_age_s)?,
        };
        Ok(Prices::even(Quote { price, decimals: reserve.decimals }))
    }

    fn silent_for_s(&self, address: &Address) -> Result<u64, LendingError> {
        Ok(self.line(address)?.feed.silent_for_s(self.now_s))
    }
}
