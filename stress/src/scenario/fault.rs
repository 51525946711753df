//! Why a scenario is refused: always one line.

use rust_decimal::Decimal;

use super::price::PriceFault;
use super::{AmountError, UtcTime};
use crate::prices::bridge::BridgeError;
use crate::prices::process::MarketError;
use crate::prices::{MicroUsdError, PricesError};

/// A scenario that was refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ScenarioError {
    /// The file cannot be opened or is not text.
    #[error("{file}: cannot read it: {reason}")]
    Unreadable {
        /// The file as it was named.
        file: String,
        /// What the system said.
        reason: String,
    },
    /// The file is not TOML.
    #[error("{file}:{line}: {reason}")]
    Syntax {
        /// The file as it was named.
        file: String,
        /// Line, from 1.
        line: usize,
        /// What the parser expected.
        reason: String,
    },
    /// A key is missing, unknown, or has a value that cannot be.
    #[error("{file}: {key}: {reason}")]
    Key {
        /// The file as it was named.
        file: String,
        /// Dotted path of the key, such as `pools[0].reserves[1].supplied`.
        key: String,
        /// What is wrong with it.
        reason: Box<Fault>,
    },
}

/// What is wrong with the value of a key.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Fault {
    /// The value does not have the key's type or format, or the key is unknown.
    #[error("{0}")]
    Malformed(String),
    /// A key that every scenario has.
    #[error("is missing")]
    Missing,
    /// Empty text or an empty list.
    #[error("is empty")]
    Empty,
    /// A name that cannot be a directory or a symbol everywhere.
    #[error("`{found}` may only have {allowed}")]
    Name {
        /// The name.
        found: String,
        /// What a name may consist of.
        allowed: &'static str,
    },
    /// A number outside its range.
    #[error("{found} is not within {low} to {high}")]
    Range {
        /// The number.
        found: Decimal,
        /// Lowest allowed.
        low: Decimal,
        /// Highest allowed.
        high: Decimal,
    },
    /// A time that must come later than another.
    #[error("{found} is not after {than_key} {than}")]
    NotAfter {
        /// The time.
        found: UtcTime,
        /// The key of the other.
        than_key: &'static str,
        /// The other.
        than: UtcTime,
    },
    /// A time outside the run.
    #[error("{found} is outside the run, {start} to {end}")]
    OutsideRun {
        /// The time.
        found: UtcTime,
        /// Start of the run.
        start: UtcTime,
        /// End of the run.
        end: UtcTime,
    },
    /// A window that is no whole number of steps.
    #[error("the run of {window_s} s is no multiple of step_s = {step_s}")]
    RaggedWindow {
        /// Seconds from start to end.
        window_s: i64,
        /// Seconds of a step.
        step_s: u32,
    },
    /// A run that would exhaust memory before it says anything.
    #[error("gives the run {steps} steps; {most} is the most")]
    TooManySteps {
        /// Steps of the run.
        steps: i64,
        /// The most a run may have.
        most: i64,
    },
    /// Two things of one name.
    #[error("`{0}` stands twice")]
    Duplicate(String),
    /// A symbol that is no asset of the scenario.
    #[error("`{0}` is not among the assets")]
    UnknownAsset(String),
    /// A symbol that is no reserve of the pool.
    #[error("`{symbol}` is no reserve of pool `{pool}`")]
    NoReserve {
        /// The symbol.
        symbol: String,
        /// The pool.
        pool: String,
    },
    /// A group that borrows what it deposits.
    #[error("`{0}` is the collateral too; a group borrows another asset")]
    SameAsset(String),
    /// An amount that is no amount of native units.
    #[error(transparent)]
    Amount(#[from] AmountError),
    /// A number that may not exceed another key's.
    #[error("{found} is above {than_key} = {than}")]
    Above {
        /// The number.
        found: u32,
        /// The key of the other.
        than_key: &'static str,
        /// The other.
        than: u32,
    },
    /// A bonus with which a liquidation makes the position worse.
    #[error(
        "{bonus_bps} on a liquidation_threshold_bps of {threshold_bps} takes more collateral than the debt is worth at the threshold; lower one of the two"
    )]
    ToxicBonus {
        /// The bonus.
        bonus_bps: u32,
        /// The threshold.
        threshold_bps: u32,
    },
    /// An interest curve that is no curve.
    #[error(
        "utilisation must rise from 0 to 10000 and the rate must never fall; point {0} does not fit"
    )]
    Curve(usize),
    /// More debt than there is to borrow.
    #[error("{supplied} {symbol} cannot fund the {debt} {symbol} that the borrowers open with")]
    Unfunded {
        /// What is supplied, in whole tokens.
        supplied: Decimal,
        /// What is borrowed, in whole tokens.
        debt: Decimal,
        /// The asset.
        symbol: String,
    },
    /// A cap under which nobody can do anything.
    #[error("is zero; leave the key out for no cap")]
    CapOfNothing,
    /// Caps that leave some borrowers less than a unit.
    #[error("the caps leave some of them nothing to borrow; raise a cap or have fewer borrowers")]
    CapTooLow,
    /// A scenario in which nothing can happen.
    #[error("no pool has role `{0}`")]
    NoPoolOfRole(&'static str),
    /// An opening debt that is no amount of native units.
    #[error("the opening debt in {0} does not fit into 64 bits")]
    DebtTooLarge(String),
    /// Daily bars that cannot be expanded to the run's steps.
    #[error(transparent)]
    Bridge(BridgeError),
    /// A symbol without random prices where random ones are needed.
    #[error("`{0}` is no asset whose price has a `process` of its own")]
    NotRandom(String),
    /// Random prices that cannot depend on each other like that.
    #[error(transparent)]
    Market(MarketError),
    /// A candle file that cannot be used.
    #[error(transparent)]
    PriceFile(PriceFault),
    /// Two keys of which exactly one is needed.
    #[error("needs either `{0}` or `{1}`, and not both")]
    OneOf(&'static str, &'static str),
    /// Two keys of which at least one is needed.
    #[error("needs `{0}` or `{1}`, or both")]
    AnyOf(&'static str, &'static str),
    /// A key of something else.
    #[error("belongs to model `{0}` only")]
    Foreign(&'static str),
    /// A key without the one that it changes.
    #[error("means nothing without `{0}`")]
    Needs(&'static str),
    /// Dollars finer than a millionth.
    #[error("{0} has more than 6 decimals")]
    TooFineUsd(Decimal),
    /// A number that is no price.
    #[error(transparent)]
    Price(MicroUsdError),
    /// A price that does not fit the run.
    #[error(transparent)]
    Prices(#[from] PricesError),
}

/// Line breaks would make one error look like several.
pub(super) fn one_line(text: &str) -> String {
    text.split('\n').map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}

pub(super) fn syntax(file: &str, text: &str, error: &toml::de::Error) -> ScenarioError {
    let at = error.span().map_or(0, |span| span.start).min(text.len());
    let line = 1 + text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count();
    ScenarioError::Syntax { file: file.to_owned(), line, reason: one_line(error.message()) }
}

pub(super) fn value(
    file: &str,
    error: &serde_path_to_error::Error<toml::de::Error>,
) -> ScenarioError {
    let message = one_line(error.inner().message());
    let path = error.path().to_string();
    let parent = if path == "." { String::new() } else { format!("{path}.") };
    let missing = message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`'));
    let (key, reason) = match missing {
        Some(field) => (format!("{parent}{field}"), Fault::Missing),
        None => (path, Fault::Malformed(message)),
    };
    ScenarioError::Key { file: file.to_owned(), key, reason: Box::new(reason) }
}
