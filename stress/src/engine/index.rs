//! The positions of a pool in order of the price at which they become liquidatable.
//!
//! A position with one collateral and one debt is liquidatable when
//! `debt shares × index × debt price × borrow factor > supply shares × share price × price ×
//! threshold`, that is when its ratio of debt shares to supply shares exceeds a number that is the
//! same for all of them. Ratios stay as they are until somebody touches the position, so the ones
//! to look at are the tail of a sorted list.
//!
//! Numbers here are binary floating point and only ever decide whom to look at, a millionth too
//! early. Whether a position is liquidatable is then asked of the program's own function.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use cofferdam_sdk::{
    Address, Market,
    interface::{
        plan::UNPRICEABLE_AFTER_S,
        state::{Position, Reserve},
        units::Bps,
    },
};

/// How much too early a position is looked at. Rounding moves a ratio by a ten-millionth at most,
/// since smaller positions are always looked at.
pub(super) const MARGIN: f64 = 1e-6;

/// Least tokens on either side of a position whose rounding does not matter.
const TOKENS_MIN: f64 = 1e-4;
const FINE_PER_UNIT: f64 = 1e9;
/// Fine units of a share when a reserve is new.
const FINE_PER_SHARE: f64 = 1e3;
const RAY: f64 = 1e27;

/// A collateral and a debt: numbers of two reserves of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pair {
    collateral: u16,
    debt: u16,
}

impl Pair {
    fn new(collateral: usize, debt: usize) -> Option<Self> {
        Some(Self { collateral: collateral.try_into().ok()?, debt: debt.try_into().ok()? })
    }

    /// Number of the collateral's reserve.
    pub(super) fn collateral(self) -> usize {
        self.collateral.into()
    }

    /// Number of the debt's reserve.
    pub(super) fn debt(self) -> usize {
        self.debt.into()
    }
}

/// Where a position stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Key {
    /// Without debt it is nobody's business.
    Safe,
    /// It has to be looked at every time: too small, or of several assets.
    Always,
    /// By its ratio of debt shares to supply shares, infinite without collateral.
    At(Pair, f64),
}

/// The positions as they were staged. Paths share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Base {
    keys: Vec<Key>,
    /// Ratios in rising order, with the numbers of their positions.
    sorted: BTreeMap<Pair, Vec<(f64, u32)>>,
    always: Vec<u32>,
}

/// The positions as they are on a path.
#[derive(Clone, Debug)]
pub(super) struct Index {
    base: Arc<Base>,
    moved: BTreeMap<u32, Key>,
}

impl Key {
    /// The key of a position in a pool with these reserves and their decimals.
    pub(super) fn of(position: &Position, reserves: &[(Address, u8)]) -> Self {
        let mut sides = (None, None);
        for entry in position.used() {
            let found = reserves.iter().position(|(address, _)| *address == entry.reserve);
            let Some(number) = found else { return Self::Always };
            let unit = power_of_ten(reserves[number].1) * FINE_PER_UNIT;
            let place = |side: &mut Option<_>, shares: f64, fine: f64| {
                let small = fine < FINE_PER_UNIT || fine / unit < TOKENS_MIN;
                side.replace((number, shares, small)).is_some()
            };
            let (supply, debt) = (entry.supply.get(), entry.debt.get());
            let twice = match (supply, debt) {
                (0, 0) => false,
                (_, 0) => place(&mut sides.0, real(supply), real(supply) * FINE_PER_SHARE),
                _ => place(&mut sides.1, real(debt), real(debt)),
            };
            if twice {
                return Self::Always;
            }
        }
        match sides {
            (_, None) => Self::Safe,
            (Some((collateral, supply, false)), Some((debt, owed, false))) => {
                Pair::new(collateral, debt)
                    .map_or(Self::Always, |pair| Self::At(pair, owed / supply))
            }
            _ => Self::Always,
        }
    }
}

impl Base {
    /// An index of positions with these keys, by number.
    pub(super) fn new(keys: Vec<Key>) -> Self {
        let mut base = Self { keys, ..Self::default() };
        for (number, key) in (0..).zip(&base.keys) {
            match key {
                Key::Safe => {}
                Key::Always => base.always.push(number),
                Key::At(pair, ratio) => {
                    base.sorted.entry(*pair).or_default().push((*ratio, number));
                }
            }
        }
        for ratios in base.sorted.values_mut() {
            ratios.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        }
        base
    }
}

impl Index {
    pub(super) const fn new(base: Arc<Base>) -> Self {
        Self { base, moved: BTreeMap::new() }
    }

    /// Puts a position where it belongs now.
    pub(super) fn put(&mut self, number: u32, key: Key) {
        self.moved.insert(number, key);
    }

    /// Pairs that positions have.
    pub(super) fn pairs(&self) -> BTreeSet<Pair> {
        let moved = self.moved.values().filter_map(|key| match key {
            Key::At(pair, _) => Some(*pair),
            _ => None,
        });
        self.base.sorted.keys().copied().chain(moved).collect()
    }

    /// Whether some position has to be looked at every time.
    pub(super) fn has_restless(&self) -> bool {
        self.restless().next().is_some()
    }

    /// The highest ratio of a pair; zero when nobody has it.
    pub(super) fn highest(&self, pair: Pair) -> f64 {
        let staged = self.staged(pair).iter().rev().find(|(_, n)| !self.moved.contains_key(n));
        let moved = self.moved_at(pair).map(|(ratio, _)| ratio).fold(0.0, f64::max);
        staged.map_or(0.0, |(ratio, _)| *ratio).max(moved)
    }

    /// Numbers of the positions that may be liquidatable, in order; `critical` is the ratio from
    /// which on those of a pair are, `None` when that cannot be told.
    pub(super) fn near(&self, critical: impl Fn(Pair) -> Option<f64>) -> BTreeSet<u32> {
        let mut near: BTreeSet<u32> = self.restless().collect();
        for pair in self.pairs() {
            let least = critical(pair).map_or(0.0, |ratio| ratio * (1.0 - MARGIN));
            let staged = self.staged(pair);
            let from = staged.partition_point(|(ratio, _)| *ratio < least);
            let staged = staged[from..].iter().filter(|(_, n)| !self.moved.contains_key(n));
            near.extend(staged.map(|(_, number)| *number));
            let moved = self.moved_at(pair).filter(|(ratio, _)| *ratio >= least);
            near.extend(moved.map(|(_, number)| number));
        }
        near
    }

    /// Staged positions of a pair by rising ratio, those that moved since included.
    pub(super) fn staged(&self, pair: Pair) -> &[(f64, u32)] {
        self.base.sorted.get(&pair).map_or(&[], Vec::as_slice)
    }

    /// Whether a position has moved since it was staged.
    pub(super) fn has_moved(&self, number: u32) -> bool {
        self.moved.contains_key(&number)
    }

    /// Positions that moved, and staged ones that have no place by ratio.
    pub(super) fn unsorted(&self) -> impl Iterator<Item = u32> + '_ {
        let always = self.base.always.iter().copied();
        self.moved.keys().copied().chain(always.filter(|n| !self.moved.contains_key(n)))
    }

    fn restless(&self) -> impl Iterator<Item = u32> + '_ {
        let staged = self.base.always.iter().copied().filter(|n| !self.moved.contains_key(n));
        let moved = self.moved.iter().filter(|(_, key)| **key == Key::Always);
        staged.chain(moved.map(|(number, _)| *number))
    }

    fn moved_at(&self, wanted: Pair) -> impl Iterator<Item = (f64, u32)> + '_ {
        self.moved.iter().filter_map(move |(number, key)| match key {
            Key::At(pair, ratio) if *pair == wanted => Some((*ratio, *number)),
            _ => None,
        })
    }
}

/// The ratio of debt shares to supply shares from which on a position is liquidatable at prices
/// of one; `None` for reserves whose rounding matters or whose threshold moves. It scales with the
/// collateral's price and inversely with the debt's.
pub(super) fn critical_at_par(collateral: &Reserve, debt: &Reserve) -> Option<f64> {
    const ASSETS_MIN: u128 = 10_000_000_000_000_000;
    let supply = collateral.supply().ok()?;
    let per_share = real(supply.assets.get()) / real(supply.shares.get() + 1_000_000);
    if supply.assets.get() < ASSETS_MIN || per_share < FINE_PER_SHARE / 10.0 {
        return None;
    }
    let threshold = collateral.liquidation_threshold();
    if threshold == Bps::ZERO || threshold != collateral.config.liquidation_threshold {
        return None;
    }
    let units = power_of_ten(debt.decimals) / power_of_ten(collateral.decimals);
    let factors = f64::from(threshold.get()) / f64::from(debt.config.borrow_factor.get());
    Some(per_share * units * factors * (RAY / real(debt.index.get())))
}

/// The critical ratio of a pair on a market with interest up to now.
pub(super) fn critical(market: &Market, pair: Pair) -> Option<f64> {
    let (collateral, debt) = (&market.reserves[pair.collateral()], &market.reserves[pair.debt()]);
    // Collateral that counts as unpriceable is judged by other rules.
    let silent_s = collateral.feed.head().silent_for_s(market.now_s);
    if silent_s > UNPRICEABLE_AFTER_S || debt.feed.price.is_zero() {
        return None;
    }
    let at_par = critical_at_par(&collateral.state, &debt.state)?;
    Some(at_par * real(collateral.feed.price.get()) / real(debt.feed.price.get()))
}

/// The binary number nearest to a whole one.
#[expect(clippy::cast_precision_loss, reason = "it decides whom to look at, with a margin")]
pub(super) const fn real(whole: u128) -> f64 {
    whole as f64
}

/// A power of ten, exact on every machine.
fn power_of_ten(exponent: u8) -> f64 {
    (0..exponent).fold(1.0, |power, _| power * 10.0)
}
