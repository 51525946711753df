//! Random campaigns with a second opinion on every transaction.

mod stories;
mod tamper;
mod wild;

use std::collections::{BTreeMap, BTreeSet};

use cofferdam_lending_interface::{
    state::{LossPolicy, PoolConfig, RateModel, ReserveConfig},
    units::{Amount, Bps, Value, WAD},
};
use cofferdam_sdk::{
    Instruction, address,
    instruction::{self as build, ReserveKeys},
};
use cofferdam_tests::{
    action::{Action, Outcome, Verb},
    auditor::{Auditor, Counts},
    world::{
        Actor,
        Asset::{self, Dai, Usdc, Weth},
        Options,
        PoolId::{self, Harbour, Lagoon},
        World, base_config,
    },
};
use proptest::test_runner::{RngAlgorithm, TestRng};

use self::wild::Dice;

/// Steps of a campaign before it begins anew.
const ACTIONS: usize = 100;

/// A world under audit.
struct Audit {
    world: World,
    auditor: Auditor,
    story: Vec<String>,
}

impl Audit {
    fn action(&mut self, action: &Action) {
        let outcome = self.world.run(action);
        self.observe(&outcome);
    }

    fn transaction(&mut self, (signers, sent): (Vec<Actor>, Vec<Instruction>)) {
        let outcome = wild::send(&mut self.world, &signers, sent);
        self.observe(&outcome);
    }

    /// Shares of somebody's stake.
    fn stake(&self, owner: Actor, keys: &ReserveKeys) -> u128 {
        let place = address::stake(&keys.reserve, &self.world.person(owner)).0;
        self.world.client().stake(&place).map_or(0, |stake| stake.shares.0)
    }

    fn observe(&mut self, outcome: &Outcome) {
        let end = outcome.refusal().map_or_else(|| "ok".into(), ToString::to_string);
        self.story.push(format!("{}: {end}", outcome.label));
        if let Err(disagreement) = self.auditor.observe(&self.world, outcome) {
            let story = &self.story[self.story.len().saturating_sub(20)..];
            panic!("{disagreement}\n{}", story.join("\n"));
        }
    }
}

/// Runs campaigns of [`ACTIONS`] steps each.
fn audit(world: &World, campaigns: usize, mut step: impl FnMut(&mut Audit)) -> Counts {
    let start = Auditor::new(world);
    let mut counts = Counts::default();
    for _ in 0..campaigns {
        let (world, auditor) = (world.clone(), start.clone());
        let mut audit = Audit { world, auditor, story: Vec::new() };
        (0..ACTIONS).for_each(|_| step(&mut audit));
        if let Err(disagreement) = audit.auditor.verify(&audit.world) {
            panic!("{disagreement}\n{}", audit.story.join("\n"));
        }
        counts.merge(audit.auditor.counts());
    }
    counts
}

fn dice(seed: u8) -> Dice {
    Dice(TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]))
}

/// How many campaigns to run: so many, or as the environment says.
fn campaigns(usual: usize) -> usize {
    std::env::var("COFFERDAM_AUDITS").ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

/// Adaptive and fixed curves, every loss policy, limits, a pool with a guardian.
fn world(notice_s: u32, second_feeds: BTreeSet<Asset>) -> World {
    let mut configs = BTreeMap::new();
    let places = PoolId::ALL.into_iter().flat_map(|pool| Asset::ALL.map(|asset| (pool, asset)));
    for (number, place) in places.enumerate() {
        let adaptive = number % 2 == 0;
        let _before = configs.insert(
            place,
            ReserveConfig {
                rate_model: if adaptive { RateModel::Adaptive } else { RateModel::Curve },
                loss_policy: LossPolicy::ALL[number % LossPolicy::ALL.len()],
                collateral_factor: Bps(7_500 - 100 * u32::try_from(number).unwrap_or_default()),
                outflow_hour_max: if adaptive { Amount(1 << 46) } else { Amount::MAX },
                outflow_day_max: if adaptive { Amount(1 << 47) } else { Amount::MAX },
                ..base_config()
            },
        );
    }
    let min_position_value = Value(WAD);
    let pool =
        PoolConfig { withdrawal_notice_s: notice_s, min_position_value, ..Default::default() };
    let mut world = World::lively(&Options { configs, pool, second_feeds, ..Options::fast() });
    for owner in Actor::OWNERS {
        for (pool, asset) in [(Harbour, Usdc), (Harbour, Weth), (Lagoon, Dai)] {
            let opened = world.open_stake(owner, pool, asset);
            assert!(opened.is_ok(), "{opened:?}");
        }
    }
    let (publisher, symbol) = (world.person(Actor::Publisher), wild::PANEL);
    let create = build::create_feed(&publisher, &publisher, symbol, wild::panel(&world));
    let created = world.send(&[Actor::Publisher], &[create]);
    assert!(created.is_ok(), "{created:?}");
    world
}

#[test]
fn actions_are_predicted() {
    let mut dice = dice(11);
    let counts = audit(&world(0, BTreeSet::new()), campaigns(20), |audit| {
        audit.action(&dice.action());
    });
    println!("{counts:#?}");
    assert_eq!(counts.unmodelled, BTreeMap::new());
}

/// Transactions of several instructions, of every kind, between random actions.
#[test]
fn transactions_of_any_kind_are_predicted() {
    for (notice_s, second_feeds) in [(0, BTreeSet::from([Weth])), (3_600, BTreeSet::new())] {
        let mut dice = dice(12);
        let counts = audit(&world(notice_s, second_feeds), campaigns(20), |audit| {
            if dice.once_in(3) {
                audit.action(&dice.action());
            } else if dice.once_in(6) {
                stories::tell(audit, &mut dice);
            } else {
                audit.transaction(wild::transaction(&audit.world, &mut dice));
            }
            if dice.once_in(4) {
                audit.world.advance(dice.seconds());
                if !dice.once_in(3) {
                    audit.action(&Action { verb: Verb::Refresh, ..dice.action() });
                }
            }
        });
        println!("{counts:#?}");
        assert_eq!(counts.unmodelled, BTreeMap::new());
    }
}
