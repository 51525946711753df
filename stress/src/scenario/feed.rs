//! What is different about the feed of one asset, and what goes wrong with it.

use rust_decimal::Decimal;
use serde::Deserialize;

use super::UtcTime;
use crate::prices::MicroUsd;

const BPS_PER_ONE: u128 = 10_000;

/// The feed of one asset, as far as it differs from [`Oracle`](super::Oracle).
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feed {
    /// Age of a price when it is published, in seconds.
    pub lag_s: Option<u32>,
    /// Longest time without a publication, in seconds.
    pub heartbeat_s: Option<u32>,
    /// A move since the last publication that triggers the next, in basis points.
    pub deviation_bps: Option<u32>,
    /// Price below which the feed never goes, in US dollars.
    pub floor: Option<Decimal>,
    /// Windows in which nothing is published.
    #[serde(default)]
    pub frozen: Vec<Window>,
    /// Windows in which something else than the market's price is published.
    #[serde(default)]
    pub wrong: Vec<WrongPrice>,
}

/// A window of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// First second of the window.
    pub from: UtcTime,
    /// The second after the window.
    pub until: UtcTime,
}

/// A window in which a feed tells a wrong price: a stated one, or a share of the market's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrongPrice {
    /// First second of the window.
    pub from: UtcTime,
    /// The second after the window.
    pub until: UtcTime,
    /// The price it tells, in US dollars.
    pub price: Option<Decimal>,
    /// What it tells of the market's price, in basis points.
    pub share_bps: Option<u32>,
}

impl Window {
    /// Whether the window is open at `unix_s`.
    pub fn covers(&self, unix_s: i64) -> bool {
        (self.from.unix_s()..self.until.unix_s()).contains(&unix_s)
    }
}

impl WrongPrice {
    /// Its window.
    pub const fn window(&self) -> Window {
        Window { from: self.from, until: self.until }
    }

    /// What is told of `price`: never nothing, which no feed takes for a price.
    fn told(&self, price: MicroUsd) -> MicroUsd {
        if let Some(stated) = self.price.and_then(|usd| MicroUsd::nearest(usd).ok()) {
            return stated;
        }
        let share = u128::from(self.share_bps.unwrap_or(10_000));
        let told = u128::from(price.0) * share / BPS_PER_ONE;
        MicroUsd(u64::try_from(told).unwrap_or(u64::MAX).max(1))
    }
}

impl Feed {
    /// What the feed would publish at `unix_s` of a price that it sees; nothing while it is frozen.
    pub fn told(&self, price: MicroUsd, unix_s: i64) -> Option<MicroUsd> {
        if self.frozen.iter().any(|window| window.covers(unix_s)) {
            return None;
        }
        let wrong = self.wrong.iter().find(|wrong| wrong.window().covers(unix_s));
        let told = wrong.map_or(price, |wrong| wrong.told(price));
        let floor = self.floor.and_then(|usd| MicroUsd::nearest(usd).ok());
        Some(floor.map_or(told, |floor| told.max(floor)))
    }

    /// The same faults `by_s` seconds later.
    pub(super) fn moved(&self, by_s: i64) -> Self {
        let at = |time: UtcTime| UtcTime::from_unix_s(time.unix_s() + by_s).unwrap_or(time);
        let mut moved = self.clone();
        for window in &mut moved.frozen {
            (window.from, window.until) = (at(window.from), at(window.until));
        }
        for wrong in &mut moved.wrong {
            (wrong.from, wrong.until) = (at(wrong.from), at(wrong.until));
        }
        moved
    }
}
