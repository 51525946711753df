//! The largest or smallest value of a key for which a target holds.

use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::Serialize;

use super::{
    Bounded, CampaignError, Change, Results, Subject,
    edge::{Edge, edge},
    verdict,
};
use crate::scenario::{Assertion, Comparison, fits};

/// Which end of a range is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// The largest value: what is safe is low.
    Largest,
    /// The smallest value: what is safe is high.
    Smallest,
}

/// A key that moves along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    /// The way to it.
    pub key: String,
    /// How far it is from the value that is asked for.
    pub offset: Decimal,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The way to the key.
    pub key: String,
    /// Keys that move along with it.
    pub ties: Vec<Tie>,
    /// Which end of the range is wanted.
    pub goal: Goal,
    /// The range, ends included.
    pub between: (Decimal, Decimal),
    /// From one value to the next.
    pub step: Decimal,
    /// What has to hold.
    pub target: Assertion,
}

/// The answer and what it rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Advice {
    /// The key.
    pub key: String,
    /// Which end was wanted.
    pub goal: Goal,
    /// The target, as it was written.
    pub target: String,
    /// The value; `None` when the target holds nowhere in the range.
    pub answer: Option<Decimal>,
    /// From one value to the next: the answer is not known more finely.
    pub step: Decimal,
    /// Everything that was played, in rising order of the value.
    pub trials: Vec<Trial>,
    /// Whether the target holds up to one value and nowhere beyond, as far as was tried.
    pub turns_once: bool,
    /// Whether the figure itself only rises or only falls.
    pub is_monotone: bool,
}

/// A value that was played.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trial {
    /// The value.
    pub value: Decimal,
    /// The figure, with its 95 % interval.
    pub figure: Bounded,
    /// What it is held against, in the same unit.
    pub bound: f64,
    /// What is supplied of assets that somebody owes, in dollars.
    pub supplied: f64,
    /// Whether the far end of the interval is on the right side.
    pub holds: bool,
}

/// The most values of a range.
pub const VALUES_MAX: u64 = 1_000_000;

impl Tie {
    /// Reads `KEY=+N` or `KEY=-N`.
    ///
    /// # Errors
    /// Text that is neither.
    pub fn parse(text: &str) -> Result<Self, CampaignError> {
        let refuse = || CampaignError::Refused {
            what: format!("`{text}`"),
            reason: "is no tie; write KEY=+N or KEY=-N, the distance from the value".into(),
        };
        let (key, offset) = text.split_once('=').ok_or_else(refuse)?;
        let offset = offset.trim().trim_start_matches('+').replace('_', "");
        let offset = offset.parse().map_err(|_| refuse())?;
        Ok(Self { key: key.trim().to_owned(), offset })
    }
}

/// Finds the value, by halving the range. Every trial has the same seed, so two values differ by
/// what they do and not by their luck; and a trial counts as safe only when the far end of its
/// interval is.
///
/// # Errors
/// A range that is none, a target that the scenario has no figure for, a value that the
/// scenario's checks refuse, or what `probe` fails with.
pub fn advise(
    subject: &Subject,
    question: &Question,
    probe: &mut dyn FnMut(&Subject) -> Result<Results, CampaignError>,
) -> Result<Advice, CampaignError> {
    let last = question.last()?;
    fits(subject.scenario(), &question.target)
        .map_err(|reason| CampaignError::Refused { what: "target".into(), reason })?;
    let Edge { tried, .. } = edge(
        last,
        |step| {
            let value = question.value_at(step);
            let results = probe(&subject.with(&question.changes(value))?)?;
            Trial::of(&results, &question.target, value)
        },
        |trial| !trial.holds,
    )?;
    Ok(question.advice(tried.into_values().collect()))
}

impl Question {
    fn last(&self) -> Result<u64, CampaignError> {
        let (low, high) = self.between;
        let refuse = |reason: &str| CampaignError::Refused {
            what: format!("{low}..{high} in steps of {}", self.step),
            reason: reason.to_owned(),
        };
        if self.step <= Decimal::ZERO {
            return Err(refuse("a step is above zero"));
        }
        if low >= high {
            return Err(refuse("a range ends above its start"));
        }
        let steps = ((high - low) / self.step).floor().to_u64();
        steps.filter(|steps| *steps <= VALUES_MAX).ok_or_else(|| refuse("is too many values"))
    }

    /// Counted from the safe end.
    fn value_at(&self, step: u64) -> Decimal {
        let way = self.step * Decimal::from(step);
        match self.goal {
            Goal::Largest => self.between.0 + way,
            Goal::Smallest => self.between.1 - way,
        }
    }

    fn changes(&self, value: Decimal) -> Vec<Change> {
        let tied =
            self.ties.iter().map(|tie| Change::new(&tie.key, (value + tie.offset).to_string()));
        [Change::new(&self.key, value.to_string())].into_iter().chain(tied).collect()
    }

    /// `trials` go from the safe end on. The answer is the last before the first that fails, so a
    /// line that turns twice gives the careful answer.
    fn advice(&self, mut trials: Vec<Trial>) -> Advice {
        let safe = trials.iter().take_while(|trial| trial.holds).count();
        let answer = safe.checked_sub(1).map(|last| trials[last].value);
        let turns_once = trials[safe..].iter().all(|trial| !trial.holds);
        if self.goal == Goal::Smallest {
            trials.reverse();
        }
        let figures = || trials.windows(2).map(|pair| (pair[0].figure.value, pair[1].figure.value));
        let is_monotone = figures().all(|(a, b)| a <= b) || figures().all(|(a, b)| a >= b);
        Advice {
            key: self.key.clone(),
            goal: self.goal,
            target: format!("{} {}", self.target.figure, self.target.wanted()),
            answer,
            step: self.step,
            trials,
            turns_once,
            is_monotone,
        }
    }
}

impl Trial {
    fn of(results: &Results, target: &Assertion, value: Decimal) -> Result<Self, CampaignError> {
        let named = results.figure(&target.figure)?;
        let bound = verdict::bound(results, target, &named)?;
        let far = match target.comparison {
            Comparison::AtMost | Comparison::Below => named.figure.high,
            Comparison::AtLeast | Comparison::Above => named.figure.low,
            Comparison::Equal => Some(named.figure.value),
        };
        let holds = far.is_some_and(|far| verdict::holds(target.comparison, far, bound));
        Ok(Self { value, figure: named.figure, bound, supplied: named.supplied, holds })
    }
}
