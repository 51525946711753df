//! Shocks of one kind, from none to the most, as changes to a scenario.

use super::{CampaignError, Change, Subject};
use crate::scenario::UtcTime;

/// A shock with a severity in whole steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shock {
    kind: Kind,
    last: u64,
    /// What is there whatever the severity.
    always: Vec<Change>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    /// Tenths of a percent off a price.
    Price { symbol: String, opening_micros: u64, after_s: u32, over_s: u32 },
    /// Steps of a congested chain.
    Congestion { from: UtcTime, step_s: u32, rest: String },
    /// Minutes until a price is on the chain.
    OracleDelay { least_s: u32 },
    /// Percent off a market's depth.
    Liquidity { symbol: String, depth_micros: u128 },
}

/// How a price falls: when it begins, and how long it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fall {
    /// Seconds after the start at which it begins.
    pub after_s: u32,
    /// Seconds that it takes.
    pub over_s: u32,
}

/// The largest fall of a price: 99.9 %, in thousandths.
const DROP_LAST: u64 = 999;
const MINUTE_S: u64 = 60;
const DAY_S: u32 = 86_400;
/// What is left of a chain that is as good as shut.
const SHUT: &str = "capacity_share = \"0.01\", keeper_participation = \"0.1\"";

impl Shock {
    /// A price that holds its opening, falls in a straight line and stays there.
    ///
    /// # Errors
    /// An asset that is none, or a fall that is not over before the run is.
    pub fn price(subject: &Subject, symbol: &str, fall: Fall) -> Result<Self, CampaignError> {
        let scenario = subject.scenario();
        let refuse = |reason: &str| refused(symbol, reason);
        let asset = scenario.asset(symbol).ok_or_else(|| refuse("is no asset of the scenario"))?;
        let opening = asset.price.opening().ok_or_else(|| refuse("has no opening price"))?;
        let Fall { after_s, over_s } = fall;
        let window_s = scenario.end.unix_s() - scenario.start.unix_s();
        if after_s == 0 || over_s == 0 || i64::from(after_s) + i64::from(over_s) >= window_s {
            return Err(refuse("falls within the run: after its start and before its end"));
        }
        let mut always = Vec::new();
        // Random prices of others stay random, but nothing can depend on this one any more.
        if !scenario.correlations.is_empty() {
            always.push(Change::new("correlations", "[]"));
        }
        if scenario.sampling.tilt().is_some() {
            always.push(Change::new("sampling", "{ method = \"independent\" }"));
        }
        let symbol = symbol.to_owned();
        let kind = Kind::Price { symbol, opening_micros: opening.0, after_s, over_s };
        Ok(Self { kind, last: DROP_LAST, always })
    }

    /// A chain that is as good as shut, from the scenario's own congestion or from `after_s` on.
    ///
    /// # Errors
    /// A start outside the run.
    pub fn congestion(subject: &Subject, after_s: u32) -> Result<Self, CampaignError> {
        let scenario = subject.scenario();
        let start_s = scenario.start.unix_s() + i64::from(after_s);
        let start =
            UtcTime::from_unix_s(start_s).ok_or_else(|| refused("congestion", "no time"))?;
        let (from, rest) = match scenario.congestion {
            Some(window) => {
                let kept = ["capacity_share", "keeper_participation", "fee_multiple"];
                let value = |key: &&str| {
                    let value = subject.value_at(&format!("congestion.{key}")).ok()?;
                    Some(format!("{key} = \"{value}\""))
                };
                (window.from, kept.iter().filter_map(value).collect::<Vec<_>>().join(", "))
            }
            None => (start, SHUT.to_owned()),
        };
        let room_s = scenario.end.unix_s() - from.unix_s();
        let steps = u64::try_from(room_s / i64::from(scenario.step_s)).unwrap_or(0);
        let last =
            steps.checked_sub(1).ok_or_else(|| refused("congestion", "starts in the run"))?;
        let kind = Kind::Congestion { from, step_s: scenario.step_s, rest };
        Ok(Self { kind, last, always: Vec::new() })
    }

    /// Prices that reach the chain later, by whole minutes up to a day, but not so late that a
    /// reserve would take none of them: nobody could borrow, so there would be nothing to lose.
    pub fn oracle_delay(subject: &Subject) -> Self {
        let scenario = subject.scenario();
        let least_s = scenario.oracle.lag_s;
        let reserves = scenario.pools.iter().flat_map(|pool| &pool.reserves);
        let oldest_s = reserves.map(|reserve| reserve.max_price_age_s).min().unwrap_or(DAY_S);
        let room_s = oldest_s.min(least_s.saturating_add(DAY_S)).saturating_sub(least_s);
        let kind = Kind::OracleDelay { least_s };
        Self { kind, last: u64::from(room_s) / MINUTE_S, always: Vec::new() }
    }

    /// A market with less depth, by whole percents.
    ///
    /// # Errors
    /// An asset without a section `[markets]`.
    pub fn liquidity(subject: &Subject, symbol: &str) -> Result<Self, CampaignError> {
        let depth = subject.value_at(&format!("markets.{symbol}.depth_usd"));
        let depth = depth.ok().and_then(|text| text.replace('_', "").parse().ok());
        let micros = depth.and_then(|depth: rust_decimal::Decimal| {
            u128::try_from((depth * rust_decimal::Decimal::from(1_000_000)).trunc().mantissa()).ok()
        });
        let micros =
            micros.ok_or_else(|| refused(symbol, "has no [markets] section with depth"))?;
        let kind = Kind::Liquidity { symbol: symbol.to_owned(), depth_micros: micros };
        Ok(Self { kind, last: 99, always: Vec::new() })
    }

    /// The most severe, in steps from 0 on.
    pub const fn last(&self) -> u64 {
        self.last
    }

    /// What is shocked.
    pub fn name(&self) -> String {
        match &self.kind {
            Kind::Price { symbol, after_s, over_s, .. } => {
                format!("fall of {symbol} within {over_s} s, {after_s} s after the start")
            }
            Kind::Congestion { from, .. } => format!("congestion from {from} on"),
            Kind::OracleDelay { .. } => "delay of prices on the chain".into(),
            Kind::Liquidity { symbol, .. } => format!("loss of depth of the market for {symbol}"),
        }
    }

    /// A severity as people read it.
    pub fn severity(&self, step: u64) -> String {
        match &self.kind {
            Kind::Price { .. } => format!("{}.{} %", step / 10, step % 10),
            Kind::Congestion { step_s, .. } => format!("{} s", (step + 1) * u64::from(*step_s)),
            Kind::OracleDelay { least_s } => format!("{} s", u64::from(*least_s) + step * MINUTE_S),
            Kind::Liquidity { .. } => format!("{step} %"),
        }
    }

    /// The keys of a shock that severe.
    pub fn changes(&self, step: u64) -> Vec<Change> {
        let shock = match &self.kind {
            Kind::Price { symbol, opening_micros, after_s, over_s } => {
                let left = u128::from(*opening_micros) * u128::from(1_000 - step) / 1_000;
                let (opening, left) = (decimal((*opening_micros).into()), decimal(left));
                let point = |after_s: u32, value: &str| {
                    format!("{{ after_s = {after_s}, value = \"{value}\" }}")
                };
                let points =
                    [point(0, &opening), point(*after_s, &opening), point(after_s + over_s, &left)];
                let value = format!("{{ kind = \"ramp\", points = [{}] }}", points.join(", "));
                Change::new(&format!("assets.{symbol}.price"), value)
            }
            Kind::Congestion { from, step_s, rest } => {
                let length_s = (step + 1) * u64::from(*step_s);
                let until_s = from.unix_s() + i64::try_from(length_s).unwrap_or(i64::MAX);
                let until = UtcTime::from_unix_s(until_s).unwrap_or(*from);
                let value = format!("{{ from = \"{from}\", until = \"{until}\", {rest} }}");
                Change::new("congestion", value)
            }
            Kind::OracleDelay { least_s } => {
                Change::new("oracle.lag_s", (u64::from(*least_s) + step * MINUTE_S).to_string())
            }
            Kind::Liquidity { symbol, depth_micros } => {
                let left = depth_micros * u128::from(100 - step) / 100;
                Change::new(&format!("markets.{symbol}.depth_usd"), decimal(left))
            }
        };
        self.always.iter().cloned().chain([shock]).collect()
    }
}

fn decimal(micros: u128) -> String {
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

fn refused(what: &str, reason: &str) -> CampaignError {
    CampaignError::Refused { what: what.to_owned(), reason: reason.to_owned() }
}
