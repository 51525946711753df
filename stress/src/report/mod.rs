//! What a person reads: a table in the terminal, and a page that opens without a network.

mod charts;
mod html;
pub mod monte_carlo;
mod number;
pub mod svg;
mod table;

use crate::outcome::{HealthDistribution, Summary, Timeline};
use crate::scenario::Scenario;

pub use html::{html, page};
pub use monte_carlo::monte_carlo;
pub use table::table;

/// Everything a page shows.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// The scenario that ran.
    pub scenario: &'a Scenario,
    /// The text it was read from, which the page echoes.
    pub scenario_text: &'a str,
    /// The result.
    pub summary: &'a Summary,
    /// The course of each pool that is to be drawn.
    pub timelines: &'a [Timeline],
    /// Health before and after of each pool that is to be drawn.
    pub health: &'a [HealthDistribution],
}
