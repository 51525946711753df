//! What all sides of the table of peers share: the flows they run, the clock, and the rows they
//! print.

mod flow;
mod row;

pub use flow::{Export, Flow, Start, Step, StoredAccount, Time};
pub use row::{Effort, Row, cpu};
