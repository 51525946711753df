//! Random sequences of actions in a lively world, with every invariant checked after each.

mod flight;
mod machine;

use cofferdam_ledger::Recording;
use cofferdam_lending_interface::LendingError;
use cofferdam_tests::{
    action::{RECORD_LEN, Record, Swarm, Verb, any_record, any_run, bundles},
    hunt::UNREACHED,
    invariant::Watch,
    tally::Tally,
    world::{Options, Signatures, World},
};
use proptest::{
    prelude::*,
    test_runner::{RngAlgorithm, TestRng, TestRunner},
};

/// Sequences that each property test runs.
const CASES: u32 = 96;
/// Actions in one sequence.
const ACTIONS: usize = 40;
/// Actions of the campaign that must reach every instruction.
const CAMPAIGN: u64 = 20_000;
/// Actions in one run of it.
const RUN: u64 = 100;

/// A fixed seed: the same sequences everywhere.
pub(crate) fn config() -> ProptestConfig {
    ProptestConfig {
        cases: CASES,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: proptest::test_runner::RngSeed::Fixed(0x0c0f_fe12_da4d),
        failure_persistence: None,
        max_shrink_iters: 200,
        ..ProptestConfig::default()
    }
}

fn run(world: &World, records: &[Record]) -> Result<Watch, TestCaseError> {
    let mut watch = Watch::new(world.clone());
    for bundle in bundles(records) {
        let step = watch.bundle(&bundle);
        let _outcome = step.map_err(|violation| TestCaseError::fail(violation.to_string()))?;
    }
    watch.finish().map_err(|violation| TestCaseError::fail(violation.to_string()))?;
    Ok(watch)
}

#[test]
fn invariants_hold() {
    let world = World::lively(&Options::wild());
    let mut runner = TestRunner::new(config());
    let result = runner.run(&any_run(ACTIONS), |records| run(&world, &records).map(|_| ()));
    if let Err(error) = result {
        panic!("{error}");
    }
}

/// In the plain world and without preferences, as whoever begins with this library would.
#[test]
fn invariants_hold_in_the_plain_world() {
    let world = World::lively(&Options::fast());
    let mut runner = TestRunner::new(ProptestConfig { cases: CASES / 4, ..config() });
    let sequences = prop::collection::vec(any_record(), 1..=ACTIONS);
    let result = runner.run(&sequences, |records| run(&world, &records).map(|_| ()));
    if let Err(error) = result {
        panic!("{error}");
    }
}

#[test]
fn runs_replay_from_their_journal() {
    let (signatures, recording) = (Signatures::Checked, Recording::Journal);
    let world = World::lively(&Options { signatures, recording, ..Options::wild() });
    let mut runner = TestRunner::new(ProptestConfig { cases: 2, ..config() });
    let sequences = prop::collection::vec(any_record(), ACTIONS / 2);
    let result = runner.run(&sequences, |records| {
        let watch = run(&world, &records)?;
        prop_assert!(watch.world().ledger().journal().is_some(), "nothing was recorded");
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

/// A campaign that never liquidated anybody would prove nothing.
#[test]
fn every_instruction_succeeds_and_is_refused() {
    let world = World::lively(&Options::wild());
    let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut tally = Tally::default();
    for seed in 0..CAMPAIGN / RUN {
        let swarm = Swarm::from_seed(seed);
        let mut watch = Watch::new(world.clone());
        let records: Vec<Record> = (0..RUN).map(|_| swarm.record(uniform(&mut rng))).collect();
        for bundle in bundles(&records) {
            if let Err(violation) = watch.bundle(&bundle) {
                panic!("{violation}");
            }
        }
        tally.merge(watch.tally());
    }
    let known = |error: &LendingError| UNREACHED.iter().any(|(unseen, _)| unseen == error);
    let unseen = LendingError::ALL.iter().filter(|error| tally.refused(error.name()) == 0);
    let unseen: Vec<&LendingError> = unseen.filter(|error| !known(error)).collect();
    assert!(unseen.is_empty(), "never refused with {unseen:?}:\n{tally}");
    assert_eq!(tally.never(), Vec::<Verb>::new(), "never succeeded:\n{tally}");
    for (verb, percent) in [(Verb::Liquidate, 5), (Verb::AbsorbBadDebt, 1)] {
        let (succeeded, tried) = (tally.succeeded(verb), tally.tried(verb));
        assert!(
            succeeded * 100 >= tried * percent,
            "{} {succeeded} of {tried}:\n{tally}",
            verb.name()
        );
    }
}

fn uniform(rng: &mut TestRng) -> [u8; RECORD_LEN] {
    let mut bytes = [0; RECORD_LEN];
    rng.fill_bytes(&mut bytes);
    bytes
}
