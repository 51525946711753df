//! The grid of a scenario: the section `[sweep]`.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The axes of `[sweep]`, in the order of their keys.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "BTreeMap<String, Vec<Entry>>")]
pub struct Sweep(pub Vec<Axis>);

/// A key and the values it takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Axis {
    /// The way to the key: `pools.NAME.SYMBOL.liquidation_threshold_bps`.
    pub key: String,
    /// Its values, as they would be written in the file; decimals without quotes.
    pub values: Vec<String>,
}

/// An axis that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AxisError {
    /// An axis without a value.
    #[error("`{0}` has no values")]
    Empty(String),
    /// A value that stands twice.
    #[error("`{key}` has the value {value} twice")]
    Twice {
        /// The key.
        key: String,
        /// The value.
        value: String,
    },
    /// Text without `=`.
    #[error("`{0}` is no axis; write KEY=VALUE,VALUE,...")]
    Unread(String),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Entry {
    Truth(bool),
    Whole(i64),
    Decimal(Decimal),
    Text(String),
}

impl Axis {
    /// An axis from its parts.
    ///
    /// # Errors
    /// No values, or one that stands twice.
    pub fn new(key: &str, values: Vec<String>) -> Result<Self, AxisError> {
        if values.is_empty() || values.iter().any(String::is_empty) {
            return Err(AxisError::Empty(key.to_owned()));
        }
        for (index, value) in values.iter().enumerate() {
            if values[..index].contains(value) {
                return Err(AxisError::Twice { key: key.to_owned(), value: value.clone() });
            }
        }
        Ok(Self { key: key.to_owned(), values })
    }

    /// Reads `KEY=VALUE,VALUE,…`.
    ///
    /// # Errors
    /// As [`Axis::new`], or text without `=`.
    pub fn parse(text: &str) -> Result<Self, AxisError> {
        let (key, values) =
            text.split_once('=').ok_or_else(|| AxisError::Unread(text.to_owned()))?;
        Self::new(key.trim(), values.split(',').map(|value| value.trim().to_owned()).collect())
    }
}

impl TryFrom<BTreeMap<String, Vec<Entry>>> for Sweep {
    type Error = AxisError;

    fn try_from(axes: BTreeMap<String, Vec<Entry>>) -> Result<Self, AxisError> {
        let axis = |(key, values): (String, Vec<Entry>)| {
            Axis::new(&key, values.into_iter().map(text).collect())
        };
        axes.into_iter().map(axis).collect::<Result<_, _>>().map(Self)
    }
}

fn text(entry: Entry) -> String {
    match entry {
        Entry::Truth(truth) => truth.to_string(),
        Entry::Whole(number) => number.to_string(),
        Entry::Decimal(number) => number.to_string(),
        Entry::Text(text) => text,
    }
}
