//! The run itself: a scenario played on a ledger with the real program, through the client SDK,
//! one signed transaction after the other.
//!
//! Each step moves the clock, lets the publisher report a lagged price, lets keepers liquidate
//! what pays at the market's price, and recognises bad debt. Nothing here computes money: what
//! the program books is read back from its accounts and events.

mod audit;
mod bins;
mod book;
mod borrowers;
mod crowd;
mod deal;
mod desk;
mod index;
mod keepers;
mod market;
mod mempool;
mod near;
mod oracle;
mod play;
mod prepared;
mod run;
mod runners;
mod stage;
mod tally;
mod view;
mod watch;

pub use prepared::{Mode, Prepared};
pub use run::{Finished, Progress, RunError, run};
pub use stage::Staging;
