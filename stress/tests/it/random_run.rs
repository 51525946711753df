//! Whole runs of a scenario with random prices, on the real program.

use cofferdam_stress::{
    engine::{Finished, run},
    prices::{MicroUsd, draw},
    scenario::{Scenario, parse},
};

use crate::fixture::jumping;

/// The shipped scenario with few people, long steps, and another price of ETH.
fn scenario(seed: u64) -> Scenario {
    let text = jumping("1.5", "0.12").replace("step_s = 60", "step_s = 600");
    Scenario { seed, ..parse("random.toml", &text).unwrap_or_else(|error| panic!("{error}")) }
}

fn play(seed: u64) -> Finished {
    run(&scenario(seed), None, |_| {}).expect("the run ends")
}

#[test]
fn a_run_plays_the_first_draw_of_its_seed() {
    let (one, again, other) = (play(1), play(1), play(2));
    assert_eq!(one.summary.state_root, again.summary.state_root);
    assert_ne!(one.summary.state_root, other.summary.state_root);
    let drawn = draw(&scenario(1), None, 0).expect("prices");
    let played: Vec<MicroUsd> = one.timelines[0].points.iter().map(|point| point.price).collect();
    assert_eq!(played, drawn.paths["ETH"].prices());
    assert_eq!(played[0], MicroUsd(200_000_000));
    assert!(played.iter().any(|price| *price != played[0]));
}
