//! The publisher: reports each price late, when it has moved enough or time is up, unless its feed
//! is out of order.

use super::{play::Paths, run::RunError, stage::Stage};
use crate::{
    prices::MicroUsd,
    scenario::{Feed, Scenario},
};

const BPS_PER_ONE: u128 = 10_000;

/// What the chain was last told, by asset.
#[derive(Clone, Debug)]
pub(super) struct Publisher {
    /// In order of symbol.
    lines: Vec<Line>,
}

/// The way of one price to the chain.
#[derive(Clone, Debug)]
struct Line {
    symbol: String,
    lag_s: i64,
    heartbeat_s: i64,
    deviation_bps: u128,
    faults: Option<Feed>,
    last: Option<Publication>,
}

/// A price on its way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Publication {
    pub(super) price: MicroUsd,
    pub(super) observed_at_s: i64,
    pub(super) at_s: i64,
}

impl Publisher {
    pub(super) fn new(scenario: &Scenario) -> Self {
        let mut lines: Vec<Line> =
            scenario.assets.iter().map(|asset| Line::new(scenario, &asset.symbol)).collect();
        lines.sort_unstable_by(|a, b| a.symbol.cmp(&b.symbol));
        Self { lines }
    }

    /// What is due at `now_s`, by number of the asset in order of symbol. It counts as published.
    pub(super) fn due<'p>(
        &'p mut self,
        paths: &'p Paths,
        now_s: i64,
    ) -> impl Iterator<Item = (usize, Publication)> + 'p {
        // Paths are in order of symbol too.
        let lines = self.lines.iter_mut().zip(paths.values()).enumerate();
        lines.filter_map(move |(number, (line, path))| {
            let found = line.found(now_s, |at_s| path.at(at_s))?;
            line.last = Some(found);
            Some((number, found))
        })
    }

    /// Publishes what is due now. A price `lag_s` old is published with the time at which it was
    /// observed, so the program sees how old it is.
    pub(super) fn step(&mut self, stage: &mut Stage, paths: &Paths) -> Result<(), RunError> {
        let now_s = stage.desk.now_s();
        let due: Vec<_> = self.due(paths, now_s).collect();
        for (number, found) in due {
            let symbol = &self.lines[number].symbol;
            stage.publish(symbol, found.price, found.observed_at_s)?;
        }
        Ok(())
    }

    /// The price the chain knows.
    pub(super) fn price(&self, symbol: &str) -> Option<MicroUsd> {
        let line = self.lines.iter().find(|line| line.symbol == symbol);
        line.and_then(|line| line.last).map(|last| last.price)
    }

    /// Symbols in the order of their numbers.
    pub(super) fn symbols(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(|line| line.symbol.as_str())
    }

    /// What was published last, by number of the asset.
    pub(super) fn last(&self, number: usize) -> Option<Publication> {
        self.lines[number].last
    }
}

/// How old the prices of `symbol` are when they are published, in seconds.
pub(super) fn lag_s(scenario: &Scenario, symbol: &str) -> i64 {
    let own = scenario.feeds.get(symbol).and_then(|feed| feed.lag_s);
    i64::from(own.unwrap_or(scenario.oracle.lag_s))
}

impl Line {
    fn new(scenario: &Scenario, symbol: &str) -> Self {
        let (all, own) = (scenario.oracle, scenario.feeds.get(symbol));
        let heartbeat_s = own.and_then(|feed| feed.heartbeat_s).unwrap_or(all.heartbeat_s);
        let deviation_bps = own.and_then(|feed| feed.deviation_bps).unwrap_or(all.deviation_bps);
        Self {
            symbol: symbol.to_owned(),
            lag_s: lag_s(scenario, symbol),
            heartbeat_s: heartbeat_s.into(),
            deviation_bps: deviation_bps.into(),
            faults: own.cloned(),
            last: None,
        }
    }

    /// What is published at `now_s` of a price that is `path` on the market, if anything is.
    fn found(&self, now_s: i64, path: impl Fn(i64) -> MicroUsd) -> Option<Publication> {
        let observed_at_s = now_s - self.lag_s;
        let mut price = path(observed_at_s);
        if let Some(feed) = &self.faults {
            price = feed.told(price, now_s)?;
        }
        self.is_due(price, now_s).then_some(Publication { price, observed_at_s, at_s: now_s })
    }

    fn is_due(&self, price: MicroUsd, now_s: i64) -> bool {
        let Some(last) = self.last else { return true };
        let waited_s = now_s - last.at_s;
        if waited_s >= self.heartbeat_s {
            return true;
        }
        let moved = u128::from(last.price.0.abs_diff(price.0)) * BPS_PER_ONE;
        moved > 0 && moved >= u128::from(last.price.0) * self.deviation_bps
    }
}
