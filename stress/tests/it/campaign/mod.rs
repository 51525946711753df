//! Campaigns: shards, figures, assertions and searches.

mod asserts;
mod figures;
mod real;
mod searches;
mod shards;

use cofferdam_stress::{
    campaign::{Plan, Player, Results, Size, Subject},
    engine::{Mode, RunError},
    outcome::PathOutcome,
};

use crate::{fixture::TEXT, fixture_paths};

/// Made-up paths, so that campaigns take no time.
struct MadeUp;

impl Player for MadeUp {
    fn play(&self, path: u64) -> Result<PathOutcome, RunError> {
        Ok(fixture_paths::path(path))
    }
}

fn subject() -> Subject {
    Subject::new("black-thursday.toml", TEXT, Vec::new()).unwrap()
}

fn plan(paths: u64, shards: u64) -> Plan {
    Plan::new(&subject(), Size { paths, shards, mode: Mode::Exact }, "test").unwrap()
}

fn results(rows: &[PathOutcome]) -> Results {
    let count = u64::try_from(rows.len()).unwrap();
    Results::of(&plan(count, 1), subject().scenario(), rows).unwrap()
}
