//! The hunt: a campaign that searches for sequences of transactions by which somebody loses what
//! nobody should lose.
//!
//! - [`Ground`]: the world that every sequence starts from.
//! - [`Engine`]: one searcher. It draws sequences in three ways ([`Strategy`]), runs them, keeps
//!   what showed something new, and goes on after a finding.
//! - [`Finding`]: a violation with the records that lead to it; [`shrink`] makes it short,
//!   [`Tale`] tells it, [`code`] writes it as a test.
//! - [`Measure`]: what an objective search maximises.
//! - [`gate()`]: whether a campaign has tried enough to mean anything.
//!
//! Nothing here looks at a clock, starts a thread or touches a file: an engine is a pure function
//! of its ground and its seed. Whoever runs it decides when it has run long enough.

mod book;
mod call;
mod canary;
mod checked;
mod climb;
pub mod code;
mod corpus;
mod course;
mod draw;
mod engine;
mod feature;
mod finding;
mod gate;
mod ground;
mod measure;
mod mutate;
mod rng;
mod run;
mod shrink;
mod tale;
pub mod text;

pub use book::{Best, Count, Discoveries};
pub use canary::Canary;
pub use checked::Checked;
pub use corpus::{Entry, Snapshot};
pub use course::{Before, Course};
pub(crate) use engine::panic_words;
pub use engine::{Engine, Plan, Strategy};
pub use finding::{Finding, Key, Kind};
pub use gate::{Gate, UNREACHED, gate};
pub use ground::Ground;
pub use measure::{Gauge, Measure, owns};
pub use rng::Rng;
pub use shrink::{Holds, Shrunk, reduce, reproduce, shrink, shrink_path};
pub use tale::{Chapter, Point, Tale};
