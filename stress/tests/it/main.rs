//! The tests of the stress laboratory, in one binary.

mod closed_form;
mod deterministic;
mod fixture;
mod outcome;
mod prices;
mod process;
mod random_run;
mod report;
mod run;
mod scenario;
mod scenario_prices;
mod statistics;
mod units;
mod validate;
