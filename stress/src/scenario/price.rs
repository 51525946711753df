//! The price of an asset over time, as a scenario states it.

use std::fmt;
use std::path::Path;

use rust_decimal::Decimal;
use serde::Deserialize;

use super::fields::Fields;
use super::process::ProcessKind;
use super::{UtcDay, UtcTime};
use crate::prices::bridge::{DAY_S, Pins};
use crate::prices::process::{Model, ProcessError};
use crate::prices::{
    Bar, BarError, Bootstrap, BootstrapError, Candles, MicroUsd, MicroUsdError, Points,
    PointsError, PriceFileError,
};

/// Where the prices of an asset come from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Fields")]
pub enum PriceSource {
    /// One price throughout.
    Constant(MicroUsd),
    /// Published daily bars, expanded to steps by a seeded bridge.
    DailyOhlc(Vec<Day>),
    /// Prices that move in straight lines between stated points.
    Ramp(Points),
    /// Prices that hold from one stated point to the next.
    Steps(Points),
    /// Bars of a candle file, expanded to steps by a seeded bridge.
    Replay {
        /// The bars.
        candles: Candles,
        /// Open of the bar in which the run starts.
        opening: MicroUsd,
    },
    /// Blocks of bars of a candle file, drawn at random.
    Bootstrap(Bootstrap),
    /// A random process.
    Process(Model),
    /// A replay before its file is read; no loaded scenario has one.
    UnreadReplay {
        /// Path of the file, from the scenario's folder.
        file: String,
    },
    /// A bootstrap before its file is read; no loaded scenario has one.
    UnreadBootstrap {
        /// Path of the file, from the scenario's folder.
        file: String,
        /// Seconds of a block.
        block_s: u32,
        /// Price at the start.
        opening: MicroUsd,
    },
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
    /// The price at which the series opens: for bars the open of the one in which the run starts,
    /// which a path of one or two steps a bar may not show. `None` for a series without a day or
    /// a file that was not read.
    #[must_use]
    pub fn opening(&self) -> Option<MicroUsd> {
        match self {
            Self::Constant(price) => Some(*price),
            Self::DailyOhlc(days) => days.first().map(|day| day.bar.open()),
            Self::Ramp(points) | Self::Steps(points) => Some(points.opening()),
            Self::Replay { opening, .. } => Some(*opening),
            Self::Bootstrap(bootstrap) => Some(bootstrap.opening()),
            Self::Process(model) => Some(model.opening()),
            Self::UnreadBootstrap { opening, .. } => Some(*opening),
            Self::UnreadReplay { .. } => None,
        }
    }

    /// Reads the candle file that the prices come from, if there is one. Its path starts in
    /// `folder`, the run at `start_s` in Unix seconds.
    ///
    /// # Errors
    /// A file that is refused, or that has no room for a block.
    pub(super) fn read_file(&mut self, folder: &Path, start_s: i64) -> Result<(), PriceFault> {
        match self {
            Self::UnreadReplay { file } => {
                let candles = Candles::load(&folder.join(file))?;
                let opening = open_at(&candles, start_s);
                *self = Self::Replay { candles, opening };
            }
            Self::UnreadBootstrap { file, block_s, opening } => {
                let candles = Candles::load(&folder.join(file))?;
                *self = Self::Bootstrap(Bootstrap::new(candles, *block_s, *opening)?);
            }
            _ => {}
        }
        Ok(())
    }
}

/// Why a candle file that a scenario names cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PriceFault {
    /// The file is refused.
    #[error("{0}")]
    File(#[from] PriceFileError),
    /// It does not fit the bootstrap.
    #[error("{0}")]
    Bootstrap(#[from] BootstrapError),
}

/// Why the price of an asset is refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PriceSourceError {
    /// Neither a stated price nor a random one.
    #[error("needs the key `kind`, for a stated price, or `process`, for a random one")]
    NoShape,
    /// Both a stated price and a random one.
    #[error("has both `kind` and `process`; a price is stated or random")]
    TwoShapes,
    /// A key that this kind or process needs.
    #[error("{shape} needs the key `{key}`")]
    Missing {
        /// The kind or the process.
        shape: String,
        /// The key.
        key: &'static str,
    },
    /// A key of another kind or process.
    #[error("{shape} has no key `{key}`")]
    Foreign {
        /// The kind or the process.
        shape: String,
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
    /// Points that make no path.
    #[error("points: {0}")]
    Points(#[from] PointsError),
    /// Numbers that make no process.
    #[error(transparent)]
    Process(ProcessError),
}

/// The stated kinds of a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Constant,
    DailyOhlc,
    Ramp,
    Steps,
    Replay,
}

/// How a price is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Kind(Kind),
    Process(ProcessKind),
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

impl TryFrom<Fields> for PriceSource {
    type Error = PriceSourceError;

    fn try_from(mut fields: Fields) -> Result<Self, PriceSourceError> {
        let source = match fields.shape()? {
            Shape::Kind(Kind::Constant) => Self::Constant(fields.price("value")?),
            Shape::Kind(Kind::DailyOhlc) => Self::DailyOhlc(consecutive(fields.days()?)?),
            Shape::Kind(Kind::Ramp) => Self::Ramp(Points::new(fields.points()?)?),
            Shape::Kind(Kind::Steps) => Self::Steps(Points::new(fields.points()?)?),
            Shape::Kind(Kind::Replay) => Self::UnreadReplay { file: fields.file()? },
            Shape::Process(process) => process.read(&mut fields)?,
        };
        fields.done()?;
        Ok(source)
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kind(kind) => write!(f, "kind `{}`", kind.name()),
            Self::Process(process) => write!(f, "process `{}`", process.name()),
        }
    }
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Constant => "constant",
            Self::DailyOhlc => "daily_ohlc",
            Self::Ramp => "ramp",
            Self::Steps => "steps",
            Self::Replay => "replay",
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

/// Open of the bar in which a run starts, or of the first one.
fn open_at(candles: &Candles, start_s: i64) -> MicroUsd {
    let started = candles.bars().rfind(|bar| bar.start_s() <= start_s);
    let bar = started.or_else(|| candles.bars().next());
    bar.map(Bar::open).expect("an accepted candle file has two bars at least")
}

pub(super) fn price(key: &'static str, usd: Decimal) -> Result<MicroUsd, PriceSourceError> {
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
