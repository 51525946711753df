//! The stress laboratory: how bad debt accumulates in a crash, and who pays.
//!
//! A run starts from a [`scenario`] file, expands its [`prices`] to one price a step, is played
//! by the [`engine`] on a ledger with the real program, and ends in an [`outcome`], which
//! [`report`] turns into a terminal table and a self-contained page. [`closed_form`] says what some
//! outcomes must be, and [`statistics`] how sure a figure is.
//! Everything here is a pure function of the scenario and its seed.

pub mod campaign;
pub mod closed_form;
pub mod engine;
pub mod math;
pub mod outcome;
pub mod prices;
pub mod report;
pub mod scenario;
pub mod seeded;
pub mod statistics;
pub mod validate;
