//! Figures by name: the names are the ways through `summary.json`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    CampaignError,
    figures::figures,
    results::{Bounded, Figures, Results},
};
use crate::outcome::{PathOutcome, PoolOutcome};

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Dollars.
    Dollars,
    /// A share of one.
    Share,
    /// Things.
    Count,
    /// Seconds.
    Seconds,
    /// Yes or no, as 1 or 0.
    Truth,
}

/// A figure that was asked for by its name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Named {
    /// The figure and its ends.
    pub figure: Bounded,
    /// What it counts.
    pub unit: Unit,
    /// What was supplied to the pools that it is of, of assets that somebody owed, in dollars.
    pub supplied: f64,
}

impl Results {
    /// The figure of a name such as `bad_debt.p95` or `pools.NAME.insurance.exhausted`.
    ///
    /// # Errors
    /// A name that is none.
    pub fn figure(&self, name: &str) -> Result<Named, CampaignError> {
        let nothing = || CampaignError::NoFigure(name.to_owned());
        let (figures, own) = match name.strip_prefix("pools.") {
            Some(rest) => {
                let of = |name: &str| rest.strip_prefix(name)?.strip_prefix('.');
                let mut pools = self.pools.iter();
                let found = pools.find_map(|pool| Some((&pool.figures, of(&pool.name)?)));
                found.ok_or_else(nothing)?
            }
            None => (&self.total, name),
        };
        let figure = leaf(&json(figures), own).ok_or_else(nothing)?;
        let unit = unit_of(own).ok_or_else(nothing)?;
        Ok(Named { figure, unit, supplied: figures.supplied })
    }
}

/// What the figure of a name within a pool counts; `None` when it is no figure.
pub fn unit_of(name: &str) -> Option<Unit> {
    let _known = leaf(&sample(), name)?;
    let first = name.split('.').next().unwrap_or_default();
    Some(match (first, name) {
        (_, "bad_debt.probability" | "insurance.exhausted") => Unit::Share,
        (_, "untouched") => Unit::Truth,
        (_, "untouched_paths" | "delay_s.count") | ("liquidations", _) => Unit::Count,
        ("delay_s", _) => Unit::Seconds,
        _ => Unit::Dollars,
    })
}

fn leaf(tree: &Value, name: &str) -> Option<Bounded> {
    let found = name.split('.').try_fold(tree, |value, segment| value.get(segment))?;
    match found {
        Value::Bool(truth) => Some(exactly(f64::from(*truth))),
        Value::Number(number) => number.as_f64().map(exactly),
        _ => serde_json::from_value(found.clone()).ok(),
    }
}

fn exactly(value: f64) -> Bounded {
    Bounded { value, low: Some(value), high: Some(value) }
}

fn json(figures: &Figures) -> Value {
    serde_json::to_value(figures).unwrap_or_default()
}

/// The figures of a path on which nothing happened: they have the names of all.
fn sample() -> Value {
    let pools = vec![PoolOutcome::default()];
    let row = PathOutcome { path: 0, weight: 1.0, transactions: Default::default(), pools };
    figures(&[row], 1, &|_| true).map(|figures| json(&figures)).unwrap_or_default()
}
