//! What a scenario asserts of its own result: the section `[assert]`.

use std::collections::BTreeMap;
use std::fmt;

use rust_decimal::Decimal;
use serde::Deserialize;

use super::{Fault, Scenario};
use crate::campaign::{Unit, unit_of};

/// The lines of `[assert]`, in the order of their figures.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "BTreeMap<String, String>")]
pub struct Assertions(pub Vec<Assertion>);

/// A figure and what it must be, such as `"bad_debt.p95" = "<= 2%"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assertion {
    /// The figure: `bad_debt.p95`, `pools.NAME.untouched`.
    pub figure: String,
    /// How it compares.
    pub comparison: Comparison,
    /// With what.
    pub bound: Bound,
}

/// How a figure compares with its bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `<=`
    AtMost,
    /// `>=`
    AtLeast,
    /// `<`
    Below,
    /// `>`
    Above,
    /// `=`
    Equal,
}

/// What a figure is held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bound {
    /// Dollars, a count or seconds, as the figure is.
    Number(Decimal),
    /// Hundredths of what was supplied, or of certainty.
    Percent(Decimal),
    /// Yes or no.
    Truth(bool),
    /// Another figure of the same result: a direction.
    Figure(String),
}

/// A line of `[assert]` that says nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{figure}` = `{found}` is no assertion; write a comparison (<=, >=, <, >, =) and a number, a share such as 2%, true or another figure"
)]
pub struct AssertionError {
    /// The figure.
    pub figure: String,
    /// What stands beside it.
    pub found: String,
}

const SIGNS: [(&str, Comparison); 5] = [
    // The longer ones first: `<` is the beginning of `<=`.
    ("<=", Comparison::AtMost),
    (">=", Comparison::AtLeast),
    ("<", Comparison::Below),
    (">", Comparison::Above),
    ("=", Comparison::Equal),
];

impl Assertion {
    /// Reads what stands beside a figure: `<= 2%`.
    ///
    /// # Errors
    /// Without a comparison, or with nothing to compare with.
    pub fn parse(figure: &str, text: &str) -> Result<Self, AssertionError> {
        let refuse = || AssertionError { figure: figure.to_owned(), found: text.to_owned() };
        let split = |(sign, comparison): &(&str, Comparison)| {
            Some((*comparison, text.trim().strip_prefix(sign)?.trim()))
        };
        let (comparison, bound) = SIGNS.iter().find_map(split).ok_or_else(refuse)?;
        let bound = Bound::parse(bound).ok_or_else(refuse)?;
        Ok(Self { figure: figure.to_owned(), comparison, bound })
    }

    /// Reads a whole line: `bad_debt.p95 <= 2%`.
    ///
    /// # Errors
    /// As [`Assertion::parse`].
    pub fn parse_line(text: &str) -> Result<Self, AssertionError> {
        let at = text.find(['<', '>', '=']).unwrap_or(text.len());
        let (figure, rest) = text.split_at(at);
        Self::parse(figure.trim(), rest)
    }

    /// What the figure should be, as the scenario states it.
    pub fn wanted(&self) -> String {
        format!("{} {}", self.comparison, self.bound)
    }
}

impl Bound {
    fn parse(text: &str) -> Option<Self> {
        let number = |text: &str| text.replace('_', "").parse::<Decimal>().ok();
        if let Some(percent) = text.strip_suffix('%') {
            return number(percent.trim()).map(Self::Percent);
        }
        match (text.parse::<bool>(), number(text)) {
            (Ok(truth), _) => Some(Self::Truth(truth)),
            (_, Some(number)) => Some(Self::Number(number)),
            _ => text.contains('.').then(|| Self::Figure(text.to_owned())),
        }
    }
}

impl TryFrom<BTreeMap<String, String>> for Assertions {
    type Error = AssertionError;

    fn try_from(lines: BTreeMap<String, String>) -> Result<Self, AssertionError> {
        let parse = |(figure, text): (&String, &String)| Assertion::parse(figure, text);
        lines.iter().map(parse).collect::<Result<_, _>>().map(Self)
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = SIGNS.iter().find(|(_, comparison)| comparison == self);
        f.write_str(sign.map_or("", |(sign, _)| sign))
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Percent(percent) => write!(f, "{percent}%"),
            Self::Truth(truth) => write!(f, "{truth}"),
            Self::Figure(figure) => f.write_str(figure),
        }
    }
}

/// Checks that every figure is one, of a pool that is there, and can be held against its bound.
pub(super) fn check(scenario: &Scenario) -> Result<(), (String, Fault)> {
    for assertion in &scenario.assert.0 {
        let refuse =
            |reason| (format!("assert.\"{}\"", assertion.figure), Fault::Malformed(reason));
        fits(scenario, assertion).map_err(refuse)?;
    }
    Ok(())
}

/// Whether an assertion can be decided on the results of a scenario.
///
/// # Errors
/// One line saying what does not fit.
pub fn fits(scenario: &Scenario, assertion: &Assertion) -> Result<(), String> {
    let Assertion { figure, comparison, bound } = assertion;
    let unit = known(scenario, figure)?;
    let reason = match (unit, bound) {
        (Unit::Truth, Bound::Truth(_)) if *comparison == Comparison::Equal => return Ok(()),
        (Unit::Truth, _) => "is true or false; write `= true` or `= false`",
        (_, Bound::Truth(_)) => "is a number; compare it with one",
        (Unit::Count | Unit::Seconds, Bound::Percent(_)) => {
            "is no share of anything; compare it with a number"
        }
        (_, Bound::Figure(other)) if known(scenario, other)? != unit => {
            "and its bound are not of one unit"
        }
        _ => return Ok(()),
    };
    Err(format!("`{figure}` {reason}"))
}

fn known(scenario: &Scenario, figure: &str) -> Result<Unit, String> {
    let name = match figure.strip_prefix("pools.") {
        Some(rest) => {
            let pool = |name: &str| rest.strip_prefix(name)?.strip_prefix('.');
            let found = scenario.pools.iter().find_map(|found| pool(&found.name));
            found.ok_or_else(|| format!("`{figure}` is of no pool of the scenario"))?
        }
        None => figure,
    };
    unit_of(name).ok_or_else(|| {
        format!("`{figure}` is no figure; they are those of summary.json, see docs/STRESS.md")
    })
}
