//! Both speeds give the same outcome, on scenarios that nobody thought of. What differs is made
//! smaller until nothing can be left out, and handed over as a scenario file.

use std::cell::RefCell;
use std::fs;
use std::path::Path;

use cofferdam_stress::{
    engine::{Mode, Prepared},
    outcome::PathOutcome,
    scenario::parse,
};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use crate::made::{Made, scenarios};

/// Scenarios that a run of the tests plays; `COFFERDAM_SCENARIOS` asks for more.
const CASES: u32 = 192;
const PATHS: u64 = 2;

/// What the scenarios did together, so that a run in which nothing happens does not pass.
#[derive(Debug, Default, Clone, Copy)]
struct Seen {
    lossy: u32,
    liquidated: u32,
    failed: u32,
    missed: u32,
    fled: u32,
    unpaid: u32,
    exhausted: u32,
    rested: u32,
}

fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[6; 32]))
}

/// Looks for a scenario on which `holds` fails, and returns the smallest with the reason.
fn smallest(
    cases: u32,
    holds: impl Fn(&Made) -> Result<(), TestCaseError>,
) -> Option<(String, Made)> {
    match runner(cases).run(&scenarios(), |made| holds(&made)) {
        Ok(()) => None,
        Err(TestError::Fail(why, made)) => Some((why.to_string(), made)),
        Err(TestError::Abort(why)) => panic!("{why}"),
    }
}

/// Plays a scenario at both speeds.
fn agree(made: &Made, seen: &mut Seen) -> Result<(), TestCaseError> {
    let fail = |error: &dyn std::fmt::Display| TestCaseError::fail(error.to_string());
    let scenario = parse("made.toml", &made.to_string()).map_err(|error| fail(&error))?;
    let prepared = Prepared::new(&scenario).map_err(|error| fail(&error))?;
    for path in 0..PATHS {
        let play = |mode| prepared.play(path, mode).map_err(|error| fail(&error));
        let (exact, fast) = (play(Mode::Exact)?, play(Mode::Fast)?);
        if exact != fast || exact.weight.to_bits() != fast.weight.to_bits() {
            return Err(fail(&difference(path, &exact, &fast)));
        }
        seen.count(&exact);
    }
    Ok(())
}

/// The first pool that differs.
fn difference(path: u64, exact: &PathOutcome, fast: &PathOutcome) -> String {
    let mut pools = exact.pools.iter().zip(&fast.pools).enumerate();
    match pools.find(|(_, (exact, fast))| exact != fast) {
        Some((pool, (exact, fast))) => {
            format!("path {path}, pool {pool}: exact {exact:?}\nand fast {fast:?}")
        }
        None => format!("path {path}: exact {exact:?}\nand fast {fast:?}"),
    }
}

impl Seen {
    fn count(&mut self, outcome: &PathOutcome) {
        for pool in &outcome.pools {
            let (debt, liquidations) = (pool.bad_debt, pool.liquidations);
            self.lossy += u32::from(debt.total() > 0);
            self.liquidated += u32::from(liquidations.executed > 0);
            self.failed += u32::from(liquidations.failed > 0);
            self.missed += u32::from(liquidations.missed > 0);
            self.fled += u32::from(pool.fled > 0);
            self.unpaid += u32::from(debt.deficit > 0);
            self.exhausted += u32::from(pool.exhausted_s.is_some());
            self.rested += u32::from(pool.untouched);
        }
    }

    /// The rarest of them.
    fn least(&self) -> u32 {
        let Self { lossy, liquidated, failed, missed, fled, unpaid, exhausted, rested } = *self;
        [lossy, liquidated, failed, missed, fled, unpaid, exhausted, rested]
            .into_iter()
            .min()
            .unwrap_or(0)
    }
}

#[test]
fn both_speeds_agree_on_scenarios_that_are_made_up() {
    let asked = std::env::var("COFFERDAM_SCENARIOS").ok().and_then(|text| text.parse().ok());
    let seen = RefCell::new(Seen::default());
    let found = smallest(asked.unwrap_or(CASES), |made| agree(made, &mut seen.borrow_mut()));
    if let Some((why, made)) = found {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("two-speeds.toml");
        fs::write(&file, made.to_string()).expect("the scenario is written");
        let file = file.display();
        panic!("{why}\n\n{made}\nplay it with: cofferdam stress {file} --paths 2 [--exact]");
    }
    let seen = seen.into_inner();
    println!("{seen:?}");
    assert!(seen.least() > 0, "something never happened: {seen:?}");
}

/// What is handed over has nothing in it that the fault does not need.
#[test]
fn a_fault_is_handed_over_as_the_smallest_scenario() {
    let (_, made) = smallest(256, |made| {
        let text = made.to_string();
        let at_fault = text.contains("\"top_up\"") && text.contains("[congestion]");
        if at_fault { Err(TestCaseError::fail("both are there")) } else { Ok(()) }
    })
    .expect("some scenario has both");
    let scenario = parse("made.toml", &made.to_string()).expect("a scenario");
    let pool = &scenario.pools[0];
    assert_eq!((scenario.pools.len(), pool.borrowers.len(), pool.borrowers[0].count), (1, 1, 1));
    assert!(scenario.congestion.is_some() && scenario.liquidators.is_empty());
    assert!(scenario.fees.is_none() && scenario.markets.is_empty() && scenario.feeds.is_empty());
    assert_eq!(scenario.seed, 0);
}
