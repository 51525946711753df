//! A scene that is written to entry by entry, to follow one transaction from event to event.

use std::sync::Arc;

use cofferdam_host::Address;
use cofferdam_lending_interface::state::{Pool, Position, PriceFeed, Reserve, Stake};
use smallvec::SmallVec;

use super::Scene;

impl Scene {
    /// Puts a reserve in place that has accrued up to the scene's moment.
    pub(crate) fn write_reserve(&mut self, address: Address, reserve: Reserve) {
        let reserve = Arc::new(reserve);
        self.accrued.set(address, Some(&reserve), self.now_s);
        let _previous = self.reserves.set(address, Some(reserve));
        self.forget_users(&[address]);
    }

    /// Puts a position in place.
    pub(crate) fn write_position(&mut self, address: Address, position: Position) {
        let _previous = self.positions.set(address, Some(Arc::new(position)));
        self.forget(&address);
    }

    /// Puts a stake in place.
    pub(crate) fn write_stake(&mut self, address: Address, stake: Stake) {
        let _previous = self.stakes.set(address, Some(Arc::new(stake)));
    }

    /// Puts a feed in place.
    pub(crate) fn write_feed(&mut self, address: Address, feed: PriceFeed) {
        let _previous = self.feeds.set(address, Some(Arc::new(feed)));
        let priced: SmallVec<[Address; 8]> = self.priced_by(&address).collect();
        self.forget_users(&priced);
    }

    /// Puts a pool in place.
    pub(crate) fn write_pool(&mut self, address: Address, pool: Pool) {
        let _previous = self.pools.set(address, Some(Arc::new(pool)));
        self.forget_users(&[address]);
    }
}
