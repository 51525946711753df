//! Campaigns: many paths of a scenario, on one machine or on many, and what they say together.
//!
//! A [`Plan`] has everything that decides a result, under one hash. Its shards are pure functions
//! of the plan and their number: each is played into a file of its own, under another name first,
//! and not again when it is there. [`collect`] puts them together, whatever their order, and
//! [`Results`] draws the figures.

pub mod advise;
#[cfg(feature = "parquet")]
mod columnar;
mod course;
mod document;
mod edge;
mod error;
mod figures;
mod merge;
mod named;
mod plan;
mod play;
mod policies;
mod results;
pub mod reverse;
mod rows;
mod run;
pub mod shard;
mod shock;
pub mod store;
mod subject;
mod summary;
pub mod sweep;
mod verdict;

#[cfg(feature = "parquet")]
pub use columnar::parquet;
pub use course::{Course, Fan};
pub use error::CampaignError;
pub use merge::{collect, count};
pub use named::{Named, Unit, unit_of};
pub use plan::{PATHS_MAX, Plan, SHARDS_MAX, Size};
pub use play::{Floor, Played};
pub use policies::{POLICIES, under};
pub use results::{
    BadDebtFigures, Bounded, CountFigures, DelayFigures, Figures, InsuranceFigures,
    LiquidatorFigures, PoolResults, ProfitFigures, Results, RunningFigures, Spread,
};
pub use rows::csv;
pub use run::{Progress, run};
pub use shard::{Done, Engine, Player};
pub use shock::{Fall, Shock};
pub use subject::{Change, Subject};
pub use summary::{summary, thousands};
pub use verdict::{verdict, verdicts};
