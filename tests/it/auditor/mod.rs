//! Random campaigns with a second opinion on every transaction.

mod params;
mod stories;
mod tamper;
mod wild;
#[cfg(zoo)]
mod zoo;

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
        Asset::{self, Dai, Usdc, Wbtc, Weth},
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
    /// The first disagreement, and what led to it.
    fault: Option<String>,
}

impl Audit {
    fn action(&mut self, action: &Action) {
        let outcome = self.world.run(action);
        self.observe(&outcome);
    }

    fn transaction(&mut self, (signers, sent): (Vec<Actor>, Vec<Instruction>)) {
        // Any verb: the auditor looks at what was sent.
        let outcome = self.world.run_sent(Verb::Deposit, &signers, sent);
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
        if self.fault.is_none()
            && let Err(disagreement) = self.auditor.observe(&self.world, outcome)
        {
            let story = &self.story[self.story.len().saturating_sub(20)..];
            self.fault = Some(format!("{disagreement}\n{}", story.join("\n")));
        }
    }
}

/// Runs campaigns of [`ACTIONS`] steps each, up to the first disagreement.
fn audit(
    world: &World,
    campaigns: usize,
    mut step: impl FnMut(&mut Audit),
) -> Result<Counts, String> {
    let start = Auditor::new(world);
    let mut counts = Counts::default();
    for _ in 0..campaigns {
        let (world, auditor) = (world.clone(), start.clone());
        let mut audit = Audit { world, auditor, story: Vec::new(), fault: None };
        for _ in 0..ACTIONS {
            step(&mut audit);
            if let Some(fault) = audit.fault {
                return Err(fault);
            }
        }
        audit.auditor.verify(&audit.world).map_err(|disagreement| disagreement.to_string())?;
        counts.merge(audit.auditor.counts());
    }
    Ok(counts)
}

/// A transaction of any kind, an action, or a story.
fn anything(audit: &mut Audit, dice: &mut Dice) {
    if dice.once_in(3) {
        audit.action(&dice.action());
    } else if dice.once_in(6) {
        stories::tell(audit, dice);
    } else {
        audit.transaction(wild::transaction(&audit.world, dice));
    }
    if dice.once_in(4) {
        audit.world.advance(dice.seconds());
        if !dice.once_in(3) {
            audit.action(&Action { verb: Verb::Refresh, ..dice.action() });
        }
    }
}

/// Nothing was passed over, and enough was seen.
fn agreed(result: Result<Counts, String>) -> Counts {
    let counts = result.unwrap_or_else(|fault| panic!("{fault}"));
    assert_eq!(counts.unmodelled, BTreeMap::new());
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
                borrow_factor: Bps(if number % 4 == 1 { 11_000 } else { 10_000 }),
                rate_model: if adaptive { RateModel::Adaptive } else { RateModel::Curve },
                loss_policy: LossPolicy::ALL[number % LossPolicy::ALL.len()],
                collateral_factor: Bps(7_500 - 100 * u32::try_from(number).unwrap_or_default()),
                liquidation_protocol_fee: Bps(if number == 4 { 0 } else { 1_000 }),
                borrow_cap: if number % 4 == 1 { Amount(1 << 38) } else { Amount::MAX },
                supply_cap: if number % 4 == 2 { Amount(1 << 49) } else { Amount::MAX },
                max_utilisation: Bps(if number % 4 == 3 { 9_000 } else { 10_000 }),
                max_divergence: Bps(if number % 3 == 0 { 2_000 } else { 10_000 }),
                outflow_hour_max: if adaptive { Amount(1 << 46) } else { Amount::MAX },
                outflow_day_max: if adaptive { Amount(1 << 47) } else { Amount::MAX },
                ..base_config()
            },
        );
    }
    let (wbtc, min_position_value) = (configs[&(Lagoon, Wbtc)], Value(WAD));
    let pool = PoolConfig {
        withdrawal_notice_s: notice_s,
        grace_s: 3_600,
        min_position_value,
        ..Default::default()
    };
    let mut world = World::lively(&Options { configs, pool, second_feeds, ..Options::fast() });
    for owner in Actor::OWNERS {
        for (pool, asset) in [(Harbour, Usdc), (Harbour, Weth), (Lagoon, Dai)] {
            let opened = world.open_stake(owner, pool, asset);
            assert!(opened.is_ok(), "{opened:?}");
        }
    }
    let added = world.add_reserve(Lagoon, Wbtc, wbtc);
    assert!(added.is_ok(), "{added:?}");
    let supplied = world.deposit(Actor::Dave, Lagoon, Wbtc, Wbtc.whole(10));
    assert!(supplied.is_ok(), "{supplied:?}");
    let (publisher, symbol) = (world.person(Actor::Publisher), wild::PANEL);
    let create = build::create_feed(&publisher, &publisher, symbol, wild::panel(&world));
    let created = world.send(&[Actor::Publisher], &[create]);
    assert!(created.is_ok(), "{created:?}");
    world
}

#[test]
fn actions_are_predicted() {
    let mut dice = dice(11);
    let step = |audit: &mut Audit| audit.action(&dice.action());
    let counts = agreed(audit(&world(0, BTreeSet::new()), campaigns(10), step));
    for name in ["Deposit", "Withdraw", "Borrow", "Repay", "Liquidate", "AbsorbBadDebt"] {
        assert!(counts.succeeded.get(name) > Some(&0), "{name} never succeeded: {counts:#?}");
    }
}

/// Transactions of several instructions, of every kind, between random actions.
#[test]
fn transactions_of_any_kind_are_predicted() {
    let mut all = Counts::default();
    for (notice_s, second_feeds) in [(0, BTreeSet::from([Weth])), (3_600, BTreeSet::new())] {
        let mut dice = dice(12);
        let step = |audit: &mut Audit| anything(audit, &mut dice);
        all.merge(&agreed(audit(&world(notice_s, second_feeds), campaigns(10), step)));
    }
    println!("{all:#?}");
    // Each of the 33 but those that a short run may miss.
    assert!(all.succeeded.len() > 28, "{all:#?}");
    assert!(all.predicted.len() > 45, "{all:#?}");
}
