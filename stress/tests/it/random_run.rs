//! Whole runs of a scenario with random prices, on the real program.

use cofferdam_stress::{
    engine::{Finished, run},
    prices::{MicroUsd, draw},
    scenario::{Scenario, parse},
};

const TEXT: &str = include_str!("../../../scenarios/black-thursday.toml");

/// The shipped scenario with few people, long steps, and another price of ETH.
fn scenario(seed: u64) -> Scenario {
    let from = TEXT.find("kind = \"daily_ohlc\"").expect("daily bars");
    let until = from + TEXT[from..].find("\n]").expect("the days end") + 2;
    let jumps = "process = \"kou\"\nopening = \"200\"\nvolatility = \"1.5\"\njumps_per_year = \"400\"\nup_probability = \"0.2\"\nup_mean = \"0.04\"\ndown_mean = \"0.12\"";
    let text = format!("{}{jumps}{}", &TEXT[..from], &TEXT[until..])
        .replace("count = 280", "count = 14")
        .replace("count = 160", "count = 8")
        .replace("step_s = 60", "step_s = 600");
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
