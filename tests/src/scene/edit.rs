//! A scene that is written to entry by entry, to follow one transaction from event to event.

use std::sync::Arc;

use cofferdam_host::Address;
use cofferdam_lending_interface::state::{Pool, Position, PriceFeed, Reserve, Stake};

use super::{Judgement, Scene};

impl Scene {
    /// Puts a reserve in place that has accrued up to the scene's moment.
    pub(crate) fn write_reserve(&mut self, address: Address, reserve: Reserve) {
        let reserve = Arc::new(reserve);
        self.accrued.set(address, Some(&reserve), self.now_s);
        let _previous = self.reserves.set(address, Some(reserve));
        self.forget_users(|position, _| position.used().any(|entry| entry.reserve == address));
    }

    /// Puts a position in place.
    pub(crate) fn write_position(&mut self, address: Address, position: Position) {
        let _previous = self.positions.set(address, Some(Arc::new(position)));
        let _previous = self.judgements.set(address, Some(Arc::default()));
    }

    /// Puts a stake in place.
    pub(crate) fn write_stake(&mut self, address: Address, stake: Stake) {
        let _previous = self.stakes.set(address, Some(Arc::new(stake)));
    }

    /// Puts a feed in place.
    pub(crate) fn write_feed(&mut self, address: Address, feed: PriceFeed) {
        let _previous = self.feeds.set(address, Some(Arc::new(feed)));
        self.forget_users(|position, scene| {
            let priced = |reserve| scene.reserves.get(reserve).is_some_and(|r| r.feed == address);
            position.used().any(|entry| priced(&entry.reserve))
        });
    }

    /// Puts a pool in place.
    pub(crate) fn write_pool(&mut self, address: Address, pool: Pool) {
        let _previous = self.pools.set(address, Some(Arc::new(pool)));
        self.forget_users(|position, _| position.pool == address);
    }

    fn forget_users(&mut self, uses: impl Fn(&Position, &Self) -> bool) {
        let users = self.positions.iter().filter(|(_, position)| uses(position, self));
        let users: Vec<Address> = users.map(|(address, _)| *address).collect();
        for address in users {
            let _previous = self.judgements.set(address, Some(Arc::<Judgement>::default()));
        }
    }
}
