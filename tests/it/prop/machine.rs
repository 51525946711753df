//! The actions as a state machine: the auditor says after each transaction what should have come
//! of it, every invariant is checked, and what fails is shrunk by leaving out transitions at
//! the end and then by making each plainer. A transition is a record, so what is left can be kept as any other path.

use std::sync::atomic::Ordering;

use cofferdam_tests::{
    action::{Action, Record, Swarm, any_record},
    auditor::Auditor,
    hunt::{reduce, text},
    invariant::Watch,
    world::{Actor, Asset, Options, PoolId, World},
};
use proptest::{
    prelude::*,
    test_runner::{TestError, TestRunner},
};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};

use super::config;

/// Sequences of the suite.
const CASES: u32 = 24;

/// What a run prefers. It is the whole reference state: roles and amounts are resolved when an action
/// runs, so every record may follow every other, and the auditor, which needs the outcome of each,
/// stands beside the world.
struct Reference;

impl ReferenceStateMachine for Reference {
    type State = Swarm;
    type Transition = Record;

    fn init_state() -> BoxedStrategy<Swarm> {
        any::<u64>().prop_map(Swarm::from_seed).no_shrink().boxed()
    }

    fn transitions(swarm: &Swarm) -> BoxedStrategy<Record> {
        let swarm = swarm.clone();
        any_record().prop_map(move |Record(bytes)| swarm.record(bytes)).boxed()
    }

    fn apply(swarm: Swarm, _record: &Record) -> Swarm {
        swarm
    }
}

/// A world with everything that holds an opinion on it.
struct Audited {
    watch: Watch,
    auditor: Auditor,
}

impl Audited {
    fn new(world: World) -> Self {
        let auditor = Auditor::new(&world);
        Self { watch: Watch::new(world), auditor }
    }

    /// Runs a record in a transaction of its own; what is wrong, if anything.
    fn step(&mut self, record: &Record) -> Result<(), String> {
        let outcome = self.watch.step(&Action::from(record.alone())).map_err(|v| v.to_string())?;
        let agreed = self.auditor.observe(self.watch.world(), &outcome);
        agreed.map_err(|disagreement| format!("{}: {disagreement}", outcome.label))
    }
}

impl StateMachineTest for Audited {
    type SystemUnderTest = Self;
    type Reference = Reference;

    fn init_test(_swarm: &Swarm) -> Self {
        Self::new(World::lively(&Options::wild()))
    }

    fn apply(mut audited: Self, _swarm: &Swarm, record: Record) -> Self {
        audited.step(&record).unwrap_or_else(|wrong| panic!("{wrong}"));
        audited
    }

    fn teardown(audited: Self, _swarm: Swarm) {
        audited.watch.finish().unwrap_or_else(|violation| panic!("{violation}"));
    }
}

prop_state_machine! {
    #![proptest_config(ProptestConfig { cases: CASES, ..config() })]

    #[test]
    fn every_transition_is_as_the_auditor_says(sequential 1..40 => Audited);
}

/// Somebody slipped tokens into a vault past everybody, and one record shows it. A state machine's
/// shrinking removes from the end only, so that a few stay before that one; they are records, and
/// the hunt's shrinking takes them from there.
#[test]
fn a_failure_is_shrunk_to_records_that_can_be_kept() {
    let mut world = World::lively(&Options::fast());
    let gift = world.donation(Actor::Admin, PoolId::Harbour, Asset::Usdc, Asset::Usdc.whole(1));
    let _receipt = world.send(&[Actor::Admin], &[gift]).expect("a transfer");
    let strategy = Reference::sequential_strategy(1..40);
    let config = ProptestConfig { max_shrink_iters: 4_000, ..config() };
    let failed = TestRunner::new(config).run(&strategy, |(_swarm, records, seen)| {
        let mut audited = Audited::new(world.clone());
        records.iter().try_for_each(|record| {
            // What was never reached is left out first.
            let _before = seen.as_ref().map(|seen| seen.fetch_add(1, Ordering::SeqCst));
            audited.step(record).map_err(TestCaseError::fail)
        })
    });
    let Err(TestError::Fail(reason, (_swarm, records, _seen))) = failed else {
        panic!("a gift past the books was not found: {failed:?}");
    };
    assert!(reason.message().contains("CONS-1"), "{reason}");
    let lines: String = records.iter().map(|Record(bytes)| hex(bytes)).collect();
    assert_eq!(text::read(&lines), Ok(records.clone()));
    assert!(records.len() < 6, "{lines}");
    let (short, _tries) = reduce(&records, 500, &mut |records| {
        let mut audited = Audited::new(world.clone());
        let broken = records.iter().position(|record| audited.step(record).is_err());
        broken.map(|at| at + 1)
    });
    assert_eq!(short.len(), 1, "{short:?}");
}

/// A line of `tests/regressions`.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).chain(["\n".to_owned()]).collect()
}
