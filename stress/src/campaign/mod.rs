//! Campaigns: many paths of a scenario, on one machine or on many, and what they say together.
//!
//! A [`Plan`] has everything that decides a result, under one hash. Its shards are pure functions
//! of the plan and their number: each is played into a file of its own, under another name first,
//! and not again when it is there. [`collect`] puts them together, whatever their order, and
//! [`Results`] draws the figures.

mod course;
mod document;
mod error;
mod figures;
mod merge;
mod named;
mod plan;
mod results;
mod run;
pub mod shard;
pub mod store;
mod subject;
mod verdict;

pub use course::{Course, Fan};
pub use error::CampaignError;
pub use merge::{collect, count};
pub use named::{Named, Unit, unit_of};
pub use plan::{PATHS_MAX, Plan, SHARDS_MAX, Size};
pub use results::{
    BadDebtFigures, Bounded, CountFigures, DelayFigures, Figures, InsuranceFigures,
    LiquidatorFigures, PoolResults, ProfitFigures, Results, RunningFigures, Spread,
};
pub use run::{Progress, run};
pub use shard::{Done, Engine, Player};
pub use subject::{Change, Subject};
pub use verdict::{verdict, verdicts};
