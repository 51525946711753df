//! The OHLCV candle file of `--prices`.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::bridge::{self, BridgeError, Pins};
use super::{Bar, BarError, Grid, MicroUsd, MicroUsdError, PricePath};

/// The columns a file must have, in any order. `volume` is required by the format and not read.
const COLUMNS: [&str; 6] = ["timestamp_utc", "open", "high", "low", "close", "volume"];

/// The bars of one candle file, in time order. Bars may be missing; the gap keeps the last close.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candles {
    file: String,
    bar_s: u32,
    bars: Vec<(Bar, Pins)>,
}

/// A candle file that was refused: one line with the file, the line and the reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {reason}")]
pub struct PriceFileError {
    /// The file as it was named.
    pub file: String,
    /// Line of the file, from 1.
    pub line: u64,
    /// What is wrong there.
    pub reason: PriceFileReason,
}

/// What is wrong with a line of a candle file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PriceFileReason {
    /// The file cannot be opened or read.
    #[error("cannot read it: {0}")]
    Unreadable(String),
    /// Nothing in the file.
    #[error("the file is empty; it needs the header timestamp_utc,open,high,low,close,volume")]
    Empty,
    /// A header and no bar, or one only.
    #[error("{0} price row(s); at least two are needed to know the length of a bar")]
    TooFewRows(usize),
    /// A column is not in the header.
    #[error("column `{0}` is missing; the header is timestamp_utc,open,high,low,close,volume")]
    MissingColumn(&'static str),
    /// A row with more or fewer fields than the header.
    #[error("{found} field(s) where the header has {expected}")]
    FieldCount {
        /// Fields of the header.
        expected: u64,
        /// Fields of the row.
        found: u64,
    },
    /// A field that is no time.
    #[error("timestamp_utc `{0}` is no RFC 3339 time in UTC, such as 2020-03-12T10:00:00Z")]
    BadTime(String),
    /// A field that is no number.
    #[error("{column} `{text}` is not a number")]
    NotANumber {
        /// Name of the column.
        column: &'static str,
        /// What stands there.
        text: String,
    },
    /// A number that is no price.
    #[error("{column}: {source}")]
    BadPrice {
        /// Name of the column.
        column: &'static str,
        /// What is wrong with the number.
        source: MicroUsdError,
    },
    /// Four prices that make no bar.
    #[error(transparent)]
    BadBar(#[from] BarError),
    /// The same time twice.
    #[error("time {0} stands on the line before too; keep one of the two")]
    Duplicate(Timestamp),
    /// A time before the line above.
    #[error("time {0} is earlier than the line before; sort the file by time")]
    Unsorted(Timestamp),
    /// A spacing that is no whole number of bars.
    #[error("{spacing_s} s after the line before, which is no multiple of the {bar_s} s bar")]
    Spacing {
        /// Seconds since the line before.
        spacing_s: i64,
        /// Seconds of a bar: the smallest spacing of the file.
        bar_s: i64,
    },
    /// Bars too far apart to be bars.
    #[error("bars are {0} s apart; the longest bar is one of 30 days")]
    TooLong(i64),
}

/// Why a candle file does not fit a scenario.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CandlesError {
    /// The scenario's window is not within the file's span.
    #[error(
        "{file}: covers {from} to {until}, but the scenario runs from {start} to {end}; set its start and end within the file's span"
    )]
    NotCovered {
        /// The file.
        file: String,
        /// Its first second.
        from: Timestamp,
        /// The end of its last bar.
        until: Timestamp,
        /// First second of the scenario.
        start: Timestamp,
        /// End of the scenario.
        end: Timestamp,
    },
    /// A bar cannot be expanded to the scenario's steps.
    #[error("{file}: {source}")]
    Bridge {
        /// The file.
        file: String,
        /// What is wrong.
        source: BridgeError,
    },
}

const LONGEST_BAR_S: i64 = 30 * 86_400;

impl Candles {
    /// Reads and checks a candle file.
    ///
    /// # Errors
    /// The first line that is wrong, and why.
    pub fn load(path: &Path) -> Result<Self, PriceFileError> {
        let file = path.display().to_string();
        match File::open(path) {
            Ok(handle) => Self::read(&file, handle),
            Err(error) => {
                let reason = PriceFileReason::Unreadable(error.to_string());
                Err(PriceFileError { file, line: 1, reason })
            }
        }
    }

    /// Reads and checks candles from `source`; `file` is the name that errors give.
    ///
    /// # Errors
    /// The first line that is wrong, and why.
    pub fn read(file: &str, source: impl Read) -> Result<Self, PriceFileError> {
        let refuse = |(line, reason)| PriceFileError { file: file.to_owned(), line, reason };
        let rows = read_rows(source).map_err(refuse)?;
        let bar_s = bar_length(&rows).map_err(refuse)?;
        let bars = rows.into_iter().map(|(_, bar)| (bar, Pins::default())).collect();
        Ok(Self { file: file.to_owned(), bar_s, bars })
    }

    /// Length of a bar: the smallest spacing between two lines.
    pub fn bar_s(&self) -> u32 {
        self.bar_s
    }

    /// The bars, in time order.
    pub fn bars(&self) -> impl DoubleEndedIterator<Item = &Bar> + ExactSizeIterator {
        self.bars.iter().map(|(bar, _)| bar)
    }

    /// First second and end of the file's span, in Unix seconds.
    pub fn span_s(&self) -> (i64, i64) {
        let start_s = |bar: Option<&(Bar, Pins)>| bar.map_or(0, |(bar, _)| bar.start_s());
        (start_s(self.bars.first()), start_s(self.bars.last()) + i64::from(self.bar_s))
    }

    /// The price path on `grid`, each bar expanded by the [`bridge`]; bars of one to three steps
    /// keep their close, and what else there is room for.
    ///
    /// # Errors
    /// When the file does not cover the grid or a bar is no whole number of steps.
    pub fn path(&self, grid: &Grid, seed: u64, label: &str) -> Result<PricePath, CandlesError> {
        let (from_s, until_s) = self.span_s();
        if grid.start_s < from_s || grid.end_s() > until_s {
            let [from, until, start, end] =
                [from_s, until_s, grid.start_s, grid.end_s()].map(timestamp);
            return Err(CandlesError::NotCovered {
                file: self.file.clone(),
                from,
                until,
                start,
                end,
            });
        }
        let path = if bridge::is_coarse(self.bar_s, grid.step_s) {
            bridge::coarse_path(&self.bars, self.bar_s, grid)
        } else {
            bridge::path(&self.bars, self.bar_s, grid, seed, label)
        };
        path.map_err(|source| CandlesError::Bridge { file: self.file.clone(), source })
    }
}

type Refusal = (u64, PriceFileReason);

/// Line number and bar of each row, in strictly rising time order.
fn read_rows(source: impl Read) -> Result<Vec<(u64, Bar)>, Refusal> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(source);
    let columns = columns(reader.headers().map_err(|error| refusal(&error))?)?;
    let mut rows: Vec<(u64, Bar)> = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| refusal(&error))?;
        let line = record.position().map_or(1, csv::Position::line);
        let bar = bar(&record, columns).map_err(|reason| (line, reason))?;
        if let Some((_, before)) = rows.last() {
            in_order(before.start_s(), bar.start_s()).map_err(|reason| (line, reason))?;
        }
        rows.push((line, bar));
    }
    Ok(rows)
}

/// Where timestamp, open, high, low and close stand in a row.
fn columns(header: &csv::StringRecord) -> Result<[usize; 5], Refusal> {
    if header.is_empty() || header.iter().all(str::is_empty) {
        return Err((1, PriceFileReason::Empty));
    }
    let mut positions = [0; 6];
    for (position, column) in positions.iter_mut().zip(COLUMNS) {
        *position = header
            .iter()
            .position(|name| name == column)
            .ok_or((1, PriceFileReason::MissingColumn(column)))?;
    }
    let [time, open, high, low, close, _volume] = positions;
    Ok([time, open, high, low, close])
}

fn bar(record: &csv::StringRecord, columns: [usize; 5]) -> Result<Bar, PriceFileReason> {
    let text = |column: usize| record.get(columns[column]).unwrap_or_default();
    let start_s = unix_s(text(0))?;
    let mut prices = [MicroUsd(0); 4];
    for (column, price) in (1..).zip(&mut prices) {
        *price = read_price(COLUMNS[column], text(column))?;
    }
    Ok(Bar::new(start_s, prices)?)
}

fn unix_s(text: &str) -> Result<i64, PriceFileReason> {
    let time: Option<Timestamp> = text.parse().ok();
    time.filter(|time| text.ends_with('Z') && time.subsec_nanosecond() == 0)
        .map(Timestamp::as_second)
        .ok_or_else(|| PriceFileReason::BadTime(text.to_owned()))
}

fn read_price(column: &'static str, text: &str) -> Result<MicroUsd, PriceFileReason> {
    let number = text.parse().or_else(|_| Decimal::from_scientific(text));
    let number =
        number.map_err(|_| PriceFileReason::NotANumber { column, text: text.to_owned() })?;
    MicroUsd::nearest(number).map_err(|source| PriceFileReason::BadPrice { column, source })
}

fn in_order(before_s: i64, start_s: i64) -> Result<(), PriceFileReason> {
    match start_s.cmp(&before_s) {
        std::cmp::Ordering::Greater => Ok(()),
        std::cmp::Ordering::Equal => Err(PriceFileReason::Duplicate(timestamp(start_s))),
        std::cmp::Ordering::Less => Err(PriceFileReason::Unsorted(timestamp(start_s))),
    }
}

/// The smallest spacing of the rows, which all others must be multiples of.
fn bar_length(rows: &[(u64, Bar)]) -> Result<u32, Refusal> {
    let spacings =
        || rows.windows(2).map(|pair| (pair[1].0, pair[1].1.start_s() - pair[0].1.start_s()));
    let last_line = rows.last().map_or(1, |(line, _)| *line);
    let bar_s = spacings()
        .map(|(_, spacing_s)| spacing_s)
        .min()
        .ok_or((last_line, PriceFileReason::TooFewRows(rows.len())))?;
    let odd = spacings().find(|(_, spacing_s)| spacing_s % bar_s != 0);
    if let Some((line, spacing_s)) = odd {
        return Err((line, PriceFileReason::Spacing { spacing_s, bar_s }));
    }
    match u32::try_from(bar_s) {
        Ok(bar) if bar_s <= LONGEST_BAR_S => Ok(bar),
        _ => Err((last_line, PriceFileReason::TooLong(bar_s))),
    }
}

fn refusal(error: &csv::Error) -> Refusal {
    let line = error.position().map_or(1, csv::Position::line);
    let reason = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            PriceFileReason::FieldCount { expected: *expected_len, found: *len }
        }
        csv::ErrorKind::Utf8 { .. } => PriceFileReason::Unreadable("it is not UTF-8 text".into()),
        csv::ErrorKind::Io(error) => PriceFileReason::Unreadable(error.to_string()),
        _ => PriceFileReason::Unreadable(error.to_string()),
    };
    (line, reason)
}

/// A time that was read from a file or a scenario, so within the range of [`Timestamp`].
fn timestamp(unix_s: i64) -> Timestamp {
    Timestamp::from_second(unix_s).unwrap_or(Timestamp::MAX)
}
