//! What a validation consists of: figures, each against what it must be.

use serde::{Deserialize, Serialize};

/// Standard errors that a sampled figure may be away from what it must be.
pub const DEVIATIONS_MAX: f64 = 4.0;

/// A figure that the program's books gave, and what it must be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Number of the formula in the list of docs/VALIDATION.md, such as `A1`.
    pub id: String,
    /// What was measured, and with which parameters.
    pub figure: String,
    /// What the closed form says.
    pub expected: f64,
    /// What came out.
    pub measured: f64,
    /// How far apart the two may be.
    pub check: Check,
    /// How many times the program ran for this figure alone; rows that share their runs share them
    /// out to the first of them.
    pub runs: u64,
}

/// How far a figure may be from what it must be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// A mean over random paths: [`DEVIATIONS_MAX`] standard errors.
    Sampled {
        /// Standard error of the measured figure.
        standard_error: f64,
        /// By how much the closed form itself is known to be off, found by quadrature; zero for
        /// one that is exact. The gap counts only as far as it exceeds this.
        form_error: f64,
    },
    /// Nothing is random: the bound is what rounding to the chain's units can do, zero for none.
    Exact {
        /// Largest gap.
        bound: f64,
    },
}

/// All rows of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Validation {
    /// Seed of every random path.
    pub seed: u64,
    /// Paths of a sampled figure.
    pub paths: u64,
    /// The rows, in the order of their formulas.
    pub rows: Vec<Row>,
}

impl Row {
    /// How many standard errors the figure is off, signed; `None` when nothing is random.
    #[must_use]
    pub fn z(&self) -> Option<f64> {
        let gap = self.measured - self.expected;
        match self.check {
            Check::Sampled { standard_error, form_error } => {
                // Not `max`, which would take a gap that is no number for none.
                let within = gap.abs() <= form_error;
                let beyond = || (gap.abs() - form_error) / standard_error;
                Some(if within { 0.0 } else { beyond().copysign(gap) })
            }
            Check::Exact { .. } => None,
        }
    }

    /// Whether the figure is what it must be. One that is no number is not.
    #[must_use]
    pub fn passes(&self) -> bool {
        match self.check {
            Check::Sampled { standard_error, .. } => {
                standard_error.is_finite() && self.z().is_some_and(|z| z.abs() <= DEVIATIONS_MAX)
            }
            Check::Exact { bound } => (self.measured - self.expected).abs() <= bound,
        }
    }
}

impl Validation {
    /// Whether every row passes, of which there must be one.
    #[must_use]
    pub fn passes(&self) -> bool {
        !self.rows.is_empty() && self.rows.iter().all(Row::passes)
    }

    /// The rows that do not pass.
    pub fn failures(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| !row.passes())
    }

    /// How many times the program ran.
    #[must_use]
    pub fn runs(&self) -> u64 {
        self.rows.iter().map(|row| row.runs).sum()
    }
}
