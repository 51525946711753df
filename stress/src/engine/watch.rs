//! Follows every position from the moment it may be liquidated to the moment it no longer may,
//! and counts what became of it.

use std::collections::BTreeMap;

use cofferdam_sdk::{Address, Market, PositionView};

use crate::outcome::Liquidations;

/// Where a liquidation is counted: position of the pool, address of the debt's reserve.
pub(super) type Place = (usize, Address);

/// Open episodes and closed counts.
#[derive(Debug)]
pub(super) struct Watch {
    late_after_s: i64,
    open: BTreeMap<Address, Episode>,
    counts: BTreeMap<Place, Liquidations>,
}

#[derive(Clone, Copy, Debug)]
struct Episode {
    place: Place,
    since_s: i64,
    liquidated: bool,
}

impl Watch {
    pub(super) fn new(late_after_s: u32) -> Self {
        let late_after_s = i64::from(late_after_s);
        Self { late_after_s, open: BTreeMap::new(), counts: BTreeMap::new() }
    }

    /// Opens and closes episodes at the prices of `market`.
    pub(super) fn look(&mut self, pool: usize, market: &Market, positions: &[PositionView]) {
        for position in positions {
            // Without a usable price nobody can tell, and an open episode stays open.
            let Ok(health) = market.health(position) else { continue };
            if !health.liquidatable {
                self.close(&position.address, market.now_s);
            } else if let Some(entry) = position.state.used().find(|e| !e.debt.is_zero()) {
                let place = (pool, entry.reserve);
                let episode = Episode { place, since_s: market.now_s, liquidated: false };
                self.open.entry(position.address).or_insert(episode);
            }
        }
    }

    /// Counts a liquidation.
    pub(super) fn liquidated(&mut self, position: &Address, place: Place, now_s: i64) {
        let counts = self.counts.entry(place).or_default();
        counts.executed += 1;
        if let Some(episode) = self.open.get_mut(position) {
            episode.liquidated = true;
            if now_s - episode.since_s > self.late_after_s {
                counts.late += 1;
            }
        }
    }

    /// Positions of `pool` that may be liquidated now.
    pub(super) fn open(&self, pool: usize) -> u32 {
        let open = self.open.values().filter(|episode| episode.place.0 == pool).count();
        u32::try_from(open).unwrap_or(u32::MAX)
    }

    /// Ends the watch and returns the counts.
    pub(super) fn finish(mut self, now_s: i64) -> BTreeMap<Place, Liquidations> {
        while let Some((address, _)) = self.open.first_key_value() {
            let address = *address;
            self.close(&address, now_s);
        }
        self.counts
    }

    /// A position that nobody liquidated was missed, unless it recovered before a liquidation
    /// would have counted as late.
    fn close(&mut self, position: &Address, now_s: i64) {
        if let Some(episode) = self.open.remove(position)
            && !episode.liquidated
            && now_s - episode.since_s > self.late_after_s
        {
            self.counts.entry(episode.place).or_default().missed += 1;
        }
    }
}
