//! The laboratory's own proof: closed forms, reproduced by the real program.
//!
//! Every figure comes from signed transactions on forks of a staged ledger, through the client SDK,
//! and every loss from the program's own events; nothing here re-implements the protocol.
//! docs/VALIDATION.md has the table and says where parameters had to be chosen.

mod row;

pub use row::{Check, DEVIATIONS_MAX, Row, Validation};
