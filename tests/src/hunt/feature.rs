//! What counts as new: which verbs ended how and after what, which events were recorded, how large
//! the measures are, and in what condition the pools stand.

use cofferdam_ledger::Receipt;
use cofferdam_lending_interface::{math::health::Health, state::Reserve};

use super::{Gauge, Measure, rng::mix};
use crate::{
    action::{Outcome, Refusal, Verb},
    scene::Scene,
};

/// Features are numbers below this; two that collide count as one.
const FEATURES: usize = 1 << 16;
const WORDS: usize = FEATURES / 64;

/// A set of features.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Features(Vec<u64>);

/// One thing that can be new.
pub(super) type Feature = u16;

impl Default for Features {
    fn default() -> Self {
        Self(vec![0; WORDS])
    }
}

impl Features {
    /// Adds a feature and says whether it is new.
    pub(super) fn add(&mut self, feature: Feature) -> bool {
        let (word, bit) = (usize::from(feature) / 64, 1_u64 << (feature % 64));
        let known = self.0[word] & bit != 0;
        self.0[word] |= bit;
        !known
    }

    /// How many there are.
    pub(super) fn count(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    /// Whether another set has a feature that this one lacks.
    pub(super) fn lacks_any(&self, features: &[Feature]) -> bool {
        let has = |feature: &Feature| self.0[usize::from(*feature) / 64] >> (feature % 64) & 1 != 0;
        !features.iter().all(has)
    }
}

/// The features of a step: how it ended, what it followed, and what it recorded.
pub(super) fn of_step(previous: Option<(Verb, bool)>, outcome: &Outcome, found: &mut Vec<Feature>) {
    let verb = outcome.verb as u64;
    let end = end(outcome.refusal());
    found.push(fold(&[1, verb, end]));
    if let Some((before, done)) = previous {
        let pair = [2, before as u64, u64::from(done), verb, u64::from(end == 0)];
        found.push(fold(&pair));
    }
    if let Some(receipt) = outcome.success() {
        of_events(verb, receipt, found);
    }
}

fn of_events(verb: u64, receipt: &Receipt, found: &mut Vec<Feature>) {
    for event in &receipt.events {
        let kind = event.data.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
        found.push(fold(&[3, verb, kind]));
    }
    found.push(fold(&[4, verb, log2(receipt.events.len() as u128)]));
}

/// The features of a state: sizes of the measures, and each pool's condition as one number.
pub(super) fn of_state(scene: &Scene, gauge: &Gauge, found: &mut Vec<Feature>) {
    for measure in Measure::ALL {
        let size = log2(gauge.get(measure).max(0).unsigned_abs());
        found.push(fold(&[5, measure as u64, size]));
    }
    for pool in scene.pools.keys() {
        let reserves = scene.reserves.values().filter(|reserve| reserve.pool == *pool);
        let mut books = [0; 4];
        for (class, slot) in reserves.map(condition).zip((0..4).cycle()) {
            books[slot] = class;
            found.push(fold(&[6, class]));
        }
        found.push(fold(&[7, books[0], books[1], books[2], books[3], people(scene, pool)]));
    }
}

/// A number for the whole state: snapshots of the same class stand in for each other.
pub(super) fn class(scene: &Scene, gauge: &Gauge) -> u64 {
    let mut parts = vec![log2(gauge.get(Measure::BadDebt).unsigned_abs()) / 4];
    for pool in scene.pools.keys() {
        parts.push(people(scene, pool));
        let reserves = scene.reserves.values().filter(|reserve| reserve.pool == *pool);
        parts.push(reserves.fold(0, |all, reserve| all | troubles(reserve)));
    }
    parts.iter().fold(0, |hash, part| mix(hash ^ mix(*part)))
}

/// How a reserve stands: troubles, mode, and use.
fn condition(reserve: &Reserve) -> u64 {
    let debt = reserve.debt().map_or(0, |debt| debt.get());
    let cash = reserve.cash.fine().get();
    let used = debt.checked_mul(8).and_then(|debt8| debt8.checked_div(debt + cash)).unwrap_or(9);
    let used = u64::try_from(used).unwrap_or(9);
    troubles(reserve) | (reserve.mode as u64) << 8 | used << 12
}

fn troubles(reserve: &Reserve) -> u64 {
    let flags = [
        !reserve.losses.recognised.is_zero(),
        !reserve.losses.suppliers.is_zero(),
        !reserve.recovered.recognised.is_zero(),
        !reserve.deficit.is_zero(),
        !reserve.vesting.is_zero(),
        reserve.insurance.is_zero(),
        !reserve.insurance_staked.is_zero(),
        reserve.cash.is_zero(),
    ];
    flags.iter().zip(0..).map(|(flag, bit)| u64::from(*flag) << bit).sum()
}

/// How many of a pool's people are at which distance from trouble; up to three each.
fn people(scene: &Scene, pool: &cofferdam_host::Address) -> u64 {
    let of_pool = scene.positions.iter().filter(|(_, position)| position.pool == *pool);
    let healths = of_pool.filter_map(|(address, _)| scene.health(address));
    let mut counts = [0_u64; 4];
    for health in healths.filter(|health| !health.debt.is_zero()) {
        counts[distance(health)] += 1;
    }
    counts.iter().zip(0..).map(|(count, at)| (*count).min(3) << (2 * at)).sum()
}

fn distance(health: Health) -> usize {
    if health.debt > health.collateral {
        3
    } else if health.is_liquidatable() {
        2
    } else {
        usize::from(!health.is_within_borrow_limit())
    }
}

/// A number for how an action ended; zero when it was done.
fn end(refusal: Option<&Refusal>) -> u64 {
    match refusal {
        None => 0,
        Some(Refusal::Lending(error)) => u64::from(error.code()),
        Some(Refusal::Nothing) => 1,
        Some(Refusal::Congested) => 2,
        Some(Refusal::Ledger(text)) => {
            text.bytes().fold(3, |hash, byte| mix(hash ^ u64::from(byte)))
        }
    }
}

/// Digits in base two: sizes that differ by less than a factor of two are alike.
fn log2(number: u128) -> u64 {
    u64::from(u128::BITS - number.leading_zeros())
}

fn fold(parts: &[u64]) -> Feature {
    let hash = parts.iter().fold(0, |hash, part| mix(hash ^ mix(*part)));
    u16::try_from(hash >> 48).unwrap_or_default()
}
