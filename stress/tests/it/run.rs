//! Whole runs: scenario in, outcome out, on the real program.

use std::path::PathBuf;

use cofferdam_stress::{
    engine::{Finished, run},
    outcome::{BadDebt, NativeAmount},
    prices::Candles,
    scenario::{Scenario, parse},
};

const TEXT: &str = include_str!("../../../scenarios/black-thursday.toml");

/// The shipped scenario with a twentieth of the people, longer steps and less room, so that a run
/// takes a second without optimisation and still floods.
fn scenario() -> Scenario {
    let text = TEXT
        .replace("count = 280", "count = 14")
        .replace("count = 160", "count = 8")
        .replace("capacity_share = \"0.1\"", "capacity_share = \"0.002\"")
        .replace("step_s = 60", "step_s = 600");
    parse("small", &text).unwrap()
}

fn play(scenario: &Scenario) -> Finished {
    run(scenario, None, |_| {}).unwrap()
}

/// Bad debt of the shocked pool's DAI.
fn bad_debt(finished: &Finished) -> BadDebt {
    finished.summary.pools[0].reserves[1].bad_debt
}

#[test]
fn the_same_scenario_gives_the_same_state_root_and_journal() {
    let (first, second) = (play(&scenario()), play(&scenario()));
    assert_eq!(first.summary, second.summary);
    assert_eq!(first.timelines, second.timelines);
    let json = |finished: &Finished| finished.ledger.journal().unwrap().to_json();
    assert_eq!(json(&first), json(&second));
    let other = Scenario { seed: 1, ..scenario() };
    assert_ne!(play(&other).summary.state_root, first.summary.state_root);
}

#[test]
fn every_unit_of_bad_debt_has_a_payer_and_the_waterfall_has_an_order() {
    let debt = bad_debt(&play(&scenario()));
    assert!(debt.is_attributed(), "{debt:?}");
    // Suppliers pay only what fees and insurance could not: both are used up first.
    assert!(debt.fees.0 > 0 && debt.suppliers.0 > 0, "{debt:?}");
    // The half million that the fund began with, and what it earned until then.
    assert!((500_000_000_000_001..520_000_000_000_000).contains(&debt.insurance.0), "{debt:?}");
}

#[test]
fn without_congestion_bad_debt_is_smaller() {
    let calm = Scenario { congestion: None, ..scenario() };
    let (jammed, calm) = (bad_debt(&play(&scenario())), bad_debt(&play(&calm)));
    assert!(jammed.recognised > calm.recognised, "{jammed:?} against {calm:?}");
}

#[test]
fn the_neighbouring_pool_stays_dry_to_the_last_byte() {
    let finished = play(&scenario());
    let [shocked, dry] = &finished.summary.pools[..] else { panic!("two pools") };
    assert_eq!(dry.accounts_hash.before, dry.accounts_hash.after);
    assert_ne!(shocked.accounts_hash.before, shocked.accounts_hash.after);
    for reserve in &dry.reserves {
        assert_eq!(reserve.bad_debt, BadDebt::default());
        assert_eq!(reserve.uncollected, NativeAmount(0));
    }
}

#[test]
fn the_share_price_falls_by_what_suppliers_paid() {
    let finished = play(&scenario());
    let reserve = &finished.summary.pools[0].reserves[1];
    assert!(reserve.share_price.after < reserve.share_price.before);
    let last = finished.timelines[0].points.last().unwrap();
    assert_eq!(last.bad_debt.suppliers, reserve.bad_debt.suppliers);
    let rising = finished.timelines[0].points.windows(2);
    for pair in rising {
        assert!(pair[0].bad_debt.suppliers <= pair[1].bad_debt.suppliers);
        assert!(pair[0].unix_s < pair[1].unix_s);
    }
}

#[test]
fn nothing_happens_to_anybody_at_constant_prices() {
    let text = TEXT
        .replace("count = 280", "count = 14")
        .replace("count = 160", "count = 8")
        .replace("step_s = 60", "step_s = 3600");
    let start = text.find("[assets.price]").unwrap();
    let end = text[start..].find("[[assets]]").unwrap() + start;
    let constant = "price = { kind = \"constant\", value = \"200.77\" }\n\n";
    let text = [&text[..start], constant, &text[end..]].concat();
    let finished = play(&parse("constant", &text).unwrap());
    for pool in &finished.summary.pools {
        for reserve in &pool.reserves {
            assert_eq!(reserve.bad_debt, BadDebt::default());
            assert_eq!(reserve.liquidations, Default::default());
        }
    }
}

#[test]
fn real_candles_replace_the_shocked_assets_prices() {
    let Some(candles) = candles("eth_usdt_1h_2020-03_black_thursday.csv") else { return };
    let own = play(&scenario());
    let replayed = run(&scenario(), Some(&candles), |_| {}).unwrap();
    assert_ne!(replayed.summary.state_root, own.summary.state_root);
    let lowest = replayed.timelines[0].points.iter().map(|point| point.price.0).min();
    // The candles' low of 86.00 on 13 March, hourly; the daily series stops at 95.18.
    assert_eq!(lowest, Some(86_000_000));
    assert!(bad_debt(&replayed).is_attributed());
}

#[test]
fn candles_of_other_days_move_the_scenario_onto_their_days() {
    let Some(candles) = candles("eth_usdt_1h_2021-05_crash.csv") else { return };
    let moved = scenario().moved_onto(candles.span_s());
    assert_eq!(moved.start.to_string(), "2021-04-05T00:00:00Z");
    assert_eq!(moved.end.to_string(), "2021-04-09T00:00:00Z");
    assert_eq!(moved.congestion.unwrap().from.to_string(), "2021-04-06T10:00:00Z");
    let finished = run(&moved, Some(&candles), |_| {}).unwrap();
    assert_eq!(finished.timelines[0].points.len(), moved.grid().steps);
}

/// A price file of the reference material, when it is there.
fn candles(name: &str) -> Option<Candles> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/prices").join(name);
    if !path.exists() {
        println!("skipped: no ../shared");
        return None;
    }
    Some(Candles::load(&path).unwrap())
}
