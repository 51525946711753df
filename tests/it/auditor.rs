//! Random campaigns with a second opinion on every transaction.

use cofferdam_lending_interface::state::{RateModel, ReserveConfig};
use cofferdam_tests::{
    action::{Action, RECORD_LEN, Record},
    auditor::{Auditor, Counts},
    world::{
        Asset::{Dai, Usdc, Wbtc, Weth},
        Options,
        PoolId::{Harbour, Lagoon},
        World, base_config,
    },
};
use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};

/// Actions of a campaign before it begins anew.
const ACTIONS: usize = 100;

/// Runs `campaigns` campaigns by the random records of `seed`.
fn audit(world: &World, seed: u8, campaigns: usize) -> Counts {
    let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let start = Auditor::new(world);
    let mut counts = Counts::default();
    for _ in 0..campaigns {
        let (mut world, mut auditor) = (world.clone(), start.clone());
        let mut story = Vec::new();
        for _ in 0..ACTIONS {
            let mut bytes = [0; RECORD_LEN];
            rng.fill_bytes(&mut bytes);
            let outcome = world.run(&Action::from(Record(bytes)));
            let end = outcome.refusal().map_or_else(|| "ok".into(), ToString::to_string);
            story.push(format!("{}: {end}", outcome.label));
            if let Err(disagreement) = auditor.observe(&world, &outcome) {
                panic!("{disagreement}\n{}", story.join("\n"));
            }
        }
        if let Err(disagreement) = auditor.verify(&world) {
            panic!("{disagreement}\n{}", story.join("\n"));
        }
        counts.merge(auditor.counts());
    }
    counts
}

fn world() -> World {
    let config = ReserveConfig { rate_model: RateModel::Adaptive, ..base_config() };
    let adaptive = [(Harbour, Usdc), (Harbour, Wbtc), (Lagoon, Weth), (Lagoon, Dai)];
    let configs = adaptive.map(|reserve| (reserve, config)).into();
    World::lively(&Options { configs, ..Options::fast() })
}

#[test]
fn campaigns_are_predicted() {
    let campaigns = std::env::var("AUDIT").ok().and_then(|n| n.parse().ok()).unwrap_or(20);
    let counts = audit(&world(), 11, campaigns);
    println!("{counts:#?}");
}
