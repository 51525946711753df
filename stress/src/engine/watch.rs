//! Follows every position from the moment it may be liquidated to the moment it no longer may,
//! and counts what became of it.

use std::collections::BTreeMap;

use cofferdam_sdk::Address;

use super::view::View;
use crate::outcome::Liquidations;

/// Where a liquidation is counted: position of the pool, address of the debt's reserve.
pub(super) type Place = (usize, Address);

/// A position of a pool: number of the pool, number of the position in it.
pub(super) type Number = (usize, u32);

/// Open episodes and closed counts.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    late_after_s: i64,
    open: BTreeMap<Number, Episode>,
    counts: BTreeMap<Place, Liquidations>,
    /// How many liquidations of a pool took how many seconds.
    delays: BTreeMap<(usize, u32), u32>,
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
        Self {
            late_after_s,
            open: BTreeMap::new(),
            counts: BTreeMap::new(),
            delays: BTreeMap::new(),
        }
    }

    /// Opens and closes episodes at the prices of `view`.
    pub(super) fn look(&mut self, view: &View) {
        let (pool, now_s) = (view.pool, view.market.now_s);
        for seen in &view.positions {
            // Without a usable price nobody can tell, and an open episode stays open.
            let Some(health) = seen.health else { continue };
            if !health.is_liquidatable() {
                self.close((pool, seen.number), now_s);
            } else if let Some(entry) = seen.position.state.used().find(|e| !e.debt.is_zero()) {
                let place = (pool, entry.reserve);
                let episode = Episode { place, since_s: now_s, liquidated: false };
                self.open.entry((pool, seen.number)).or_insert(episode);
            }
        }
    }

    /// Counts a liquidation.
    pub(super) fn liquidated(&mut self, position: Number, place: Place, now_s: i64) {
        let counts = self.counts.entry(place).or_default();
        counts.executed += 1;
        let mut waited_s = 0;
        if let Some(episode) = self.open.get_mut(&position) {
            episode.liquidated = true;
            waited_s = now_s - episode.since_s;
            if waited_s > self.late_after_s {
                counts.late += 1;
            }
        }
        let waited_s = u32::try_from(waited_s).unwrap_or(u32::MAX);
        *self.delays.entry((position.0, waited_s)).or_default() += 1;
    }

    /// Positions of `pool` that may be liquidated now.
    pub(super) fn open(&self, pool: usize) -> u32 {
        u32::try_from(self.open_numbers(pool).count()).unwrap_or(u32::MAX)
    }

    /// Their numbers, in order.
    pub(super) fn open_numbers(&self, pool: usize) -> impl Iterator<Item = u32> + '_ {
        self.open.range((pool, 0)..=(pool, u32::MAX)).map(|((_, number), _)| *number)
    }

    /// Ends the watch at `now_s`: what is still open has been missed if it was nobody's.
    pub(super) fn finish(&mut self, now_s: i64) {
        while let Some((position, _)) = self.open.first_key_value() {
            let position = *position;
            self.close(position, now_s);
        }
    }

    /// The counts of an ended watch.
    pub(super) const fn counts(&self) -> &BTreeMap<Place, Liquidations> {
        &self.counts
    }

    /// The delays of a pool's liquidations, in order of seconds.
    pub(super) fn delays(&self, pool: usize) -> Vec<(u32, u32)> {
        let delays = self.delays.range((pool, 0)..=(pool, u32::MAX));
        delays.map(|((_, seconds), count)| (*seconds, *count)).collect()
    }

    /// A position that nobody liquidated was missed, unless it recovered before a liquidation
    /// would have counted as late.
    fn close(&mut self, position: Number, now_s: i64) {
        if let Some(episode) = self.open.remove(&position)
            && !episode.liquidated
            && now_s - episode.since_s > self.late_after_s
        {
            self.counts.entry(episode.place).or_default().missed += 1;
        }
    }
}
