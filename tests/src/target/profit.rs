//! Nobody gains anything while prices and time stand and the admin does nothing; and whoever
//! signed nothing loses nothing.

use std::{collections::BTreeSet, sync::LazyLock};

use cofferdam_host::Address;

use crate::{
    action::{Outcome, Record, bundles, records},
    hunt::owns,
    invariant::Watch,
    scene::Scene,
    world::{Actor, Options, World},
};

/// Longest sequence run from one input.
const ACTIONS_MAX: usize = 192;
/// Those whose wealth is watched.
const PEOPLE: [Actor; 6] =
    [Actor::Alice, Actor::Bob, Actor::Carol, Actor::Dave, Actor::Liquidator, Actor::Mallory];

static WATCH: LazyLock<Watch> = LazyLock::new(|| Watch::new(World::lively(&Options::fast())));

/// Runs those actions of some bytes that leave prices, time and parameters alone, and says how
/// many of them succeeded.
///
/// # Panics
/// When an invariant does not hold, when all people together own more than at the start, or when
/// somebody who signed nothing owns less.
pub fn run(bytes: &[u8]) -> u32 {
    let mut watch = WATCH.clone();
    let start = wealth(watch.world(), watch.scene());
    let mut signed = BTreeSet::new();
    let mut done = 0;
    let records: Vec<Record> = records(bytes).take(ACTIONS_MAX).collect();
    for bundle in bundles(&records) {
        let before = watch.fork();
        let outcome = watch.bundle(&bundle).unwrap_or_else(|violation| panic!("{violation}"));
        if is_environment(&before, &watch, &outcome) {
            watch = before;
            continue;
        }
        if outcome.success().is_some() {
            done += 1;
            signed.extend(outcome.signers.iter().copied());
            check(&watch, &start, &signed, &outcome);
        }
    }
    done
}

/// What this target leaves out: time, prices, and whatever the protocol's own people sign.
fn is_environment(before: &Watch, after: &Watch, outcome: &Outcome) -> bool {
    let world = after.world();
    let own = [Actor::Admin, Actor::Publisher].map(|actor| world.person(actor));
    world.now_s() != before.world().now_s()
        || outcome.signers.iter().any(|signer| own.contains(signer))
}

fn check(watch: &Watch, start: &[i128], signed: &BTreeSet<Address>, outcome: &Outcome) {
    let (world, label) = (watch.world(), &outcome.label);
    let now = wealth(world, watch.scene());
    let (had, have): (i128, i128) = (start.iter().sum(), now.iter().sum());
    // Each figure is rounded down to a millionth of a dollar once per asset and side.
    let rounding = 64;
    assert!(have <= had + rounding, "{label}: all together own {have}, at the start {had}");
    for ((actor, had), have) in PEOPLE.into_iter().zip(start).zip(now) {
        let passive = !signed.contains(&world.person(actor));
        let name = actor.name();
        assert!(
            !passive || have + rounding >= *had,
            "{label}: {name} signed nothing and owns {have}, at the start {had}"
        );
    }
}

fn wealth(world: &World, scene: &Scene) -> Vec<i128> {
    PEOPLE.map(|actor| owns(world, scene, actor)).to_vec()
}
