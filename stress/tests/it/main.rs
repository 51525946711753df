//! The tests of the stress laboratory, in one binary.

mod campaign;
mod caps;
mod closed_form;
mod deterministic;
mod episodes;
mod fixture;
mod fixture_paths;
mod made;
mod outcome;
mod prepared;
mod prices;
mod process;
mod random_run;
mod report;
mod report_paths;
mod run;
mod scenario;
mod scenario_agents;
mod scenario_prices;
mod statistics;
mod two_speeds;
mod validate;
