//! The price of an asset over time, as a scenario states it.

use rust_decimal::Decimal;
use serde::Deserialize;

use super::{UtcDay, UtcTime};
use crate::prices::bridge::{DAY_S, Pins};
use crate::prices::{Bar, BarError, MicroUsd, MicroUsdError};

/// Where the prices of an asset come from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "PriceFields")]
pub enum PriceSource {
    /// One price throughout.
    Constant(MicroUsd),
    /// Published daily bars, expanded to steps by a seeded bridge.
    DailyOhlc(Vec<Day>),
}

/// One day's bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "DayFields")]
pub struct Day {
    /// The day.
    pub date: UtcDay,
    /// Its prices; starts at midnight.
    pub bar: Bar,
    /// When its extremes were seen, where that is known.
    pub pins: Pins,
}

impl PriceSource {
    /// The price at which the series opens; `None` for a series without a day.
    #[must_use]
    pub fn opening(&self) -> Option<MicroUsd> {
        match self {
            Self::Constant(price) => Some(*price),
            Self::DailyOhlc(days) => days.first().map(|day| day.bar.open()),
        }
    }
}

/// Why the price of an asset is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PriceSourceError {
    /// A key that this kind needs.
    #[error("kind `{kind}` needs the key `{key}`")]
    Missing {
        /// The kind.
        kind: &'static str,
        /// The key.
        key: &'static str,
    },
    /// A key of another kind.
    #[error("kind `{kind}` has no key `{key}`")]
    Foreign {
        /// The kind.
        kind: &'static str,
        /// The key.
        key: &'static str,
    },
    /// No day at all.
    #[error("`days` is empty")]
    NoDays,
    /// Days out of order or with a gap.
    #[error("days[{index}].date: {found} does not follow {before} by one day")]
    NotConsecutive {
        /// Position in `days`.
        index: usize,
        /// The day before it in the file.
        before: UtcDay,
        /// The day found.
        found: UtcDay,
    },
    /// A number that is no price.
    #[error("{key}: {source}")]
    NoPrice {
        /// The key.
        key: &'static str,
        /// What is wrong with the number.
        source: MicroUsdError,
    },
    /// Four prices that make no bar.
    #[error(transparent)]
    Bar(#[from] BarError),
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Constant,
    DailyOhlc,
}

/// The keys of every kind. One flat table, because a tagged enum loses the path to a wrong key.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PriceFields {
    kind: Kind,
    value: Option<Decimal>,
    days: Option<Vec<Day>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DayFields {
    date: UtcDay,
    open: Decimal,
    high: Decimal,
    low: Decimal,
    close: Decimal,
    high_at: Option<UtcTime>,
    low_at: Option<UtcTime>,
}

impl TryFrom<PriceFields> for PriceSource {
    type Error = PriceSourceError;

    fn try_from(fields: PriceFields) -> Result<Self, PriceSourceError> {
        match (fields.kind, fields.value, fields.days) {
            (Kind::Constant, Some(value), None) => Ok(Self::Constant(price("value", value)?)),
            (Kind::Constant, _, Some(_)) => {
                Err(PriceSourceError::Foreign { kind: "constant", key: "days" })
            }
            (Kind::Constant, None, None) => {
                Err(PriceSourceError::Missing { kind: "constant", key: "value" })
            }
            (Kind::DailyOhlc, None, Some(days)) => consecutive(days).map(Self::DailyOhlc),
            (Kind::DailyOhlc, Some(_), _) => {
                Err(PriceSourceError::Foreign { kind: "daily_ohlc", key: "value" })
            }
            (Kind::DailyOhlc, None, None) => {
                Err(PriceSourceError::Missing { kind: "daily_ohlc", key: "days" })
            }
        }
    }
}

impl TryFrom<DayFields> for Day {
    type Error = PriceSourceError;

    fn try_from(fields: DayFields) -> Result<Self, PriceSourceError> {
        let prices = [
            price("open", fields.open)?,
            price("high", fields.high)?,
            price("low", fields.low)?,
            price("close", fields.close)?,
        ];
        let bar = Bar::new(fields.date.start().unix_s(), prices)?;
        let pins = Pins {
            high_at_s: fields.high_at.map(UtcTime::unix_s),
            low_at_s: fields.low_at.map(UtcTime::unix_s),
        };
        Ok(Self { date: fields.date, bar, pins })
    }
}

fn price(key: &'static str, usd: Decimal) -> Result<MicroUsd, PriceSourceError> {
    MicroUsd::nearest(usd).map_err(|source| PriceSourceError::NoPrice { key, source })
}

/// A missing day would be carried forward and hide a day of the crash, so it is refused.
fn consecutive(days: Vec<Day>) -> Result<Vec<Day>, PriceSourceError> {
    if days.is_empty() {
        return Err(PriceSourceError::NoDays);
    }
    for (index, pair) in (1..).zip(days.windows(2)) {
        if pair[1].bar.start_s() - pair[0].bar.start_s() != i64::from(DAY_S) {
            let (before, found) = (pair[0].date, pair[1].date);
            return Err(PriceSourceError::NotConsecutive { index, before, found });
        }
    }
    Ok(days)
}
