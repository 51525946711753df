//! The tests of the stress laboratory, in one binary.

mod fixture;
mod outcome;
mod prices;
mod report;
mod run;
mod scenario;
mod units;
