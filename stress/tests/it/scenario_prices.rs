//! Random and stated prices in scenario files.

use std::fs;

use cofferdam_stress::prices::process::Scheme;
use cofferdam_stress::prices::{self, MicroUsd, PricePath};
use cofferdam_stress::scenario::{self, Scenario};

use crate::fixture::TEXT;

const DAI: &str = "price = { kind = \"constant\", value = \"1.00\" }";
/// The line after which root keys may stand.
const ROOT: &str = "prices_asset = \"ETH\"";

/// The frozen scenario with another price of DAI and further root keys.
fn text(price: &str, root: &str) -> String {
    assert!(TEXT.contains(DAI) && TEXT.contains(ROOT));
    TEXT.replacen(DAI, &format!("price = {{ {price} }}"), 1).replacen(
        ROOT,
        &format!("{ROOT}\n{root}"),
        1,
    )
}

fn parsed(price: &str, root: &str) -> Scenario {
    scenario::parse("s.toml", &text(price, root)).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(price: &str, root: &str) -> String {
    let error = scenario::parse("s.toml", &text(price, root)).expect_err("must be refused");
    let line = error.to_string();
    assert!(!line.contains('\n'), "more than one line: {line}");
    line
}

fn dai(scenario: &Scenario, number: u64) -> PricePath {
    let mut drawn = prices::draw(scenario, None, number).expect("prices");
    drawn.paths.remove("DAI").expect("DAI")
}

const GBM: &str = "process = \"gbm\", opening = \"1\", volatility = \"0.2\"";
const MERTON: &str = "process = \"merton\", opening = 1, drift_per_year = 0.1, volatility = \"0.8\", jumps_per_year = 50, jump_mean = \"-0.10\", jump_deviation = \"0.08\"";
const KOU: &str = "process = \"kou\", opening = 1, volatility = 0.6, jumps_per_year = 40, up_probability = 0.3, up_mean = 0.05, down_mean = 0.1";
const HESTON: &str = "process = \"heston\", opening = 1, volatility = 0.9, long_volatility = 0.7, reversion_per_year = 5, vol_of_variance = 0.8, correlation = -0.6";
const OU: &str =
    "process = \"ou\", opening = \"0.98\", peg = 1, reversion_per_year = 200, volatility = 0.3";

#[test]
fn every_process_is_drawn_from_a_scenario() {
    for (price, opening) in [
        (GBM, 1_000_000),
        (MERTON, 1_000_000),
        (KOU, 1_000_000),
        (HESTON, 1_000_000),
        (OU, 980_000),
    ] {
        let scenario = parsed(price, "");
        assert_eq!(scenario.assets[1].price.opening(), Some(MicroUsd(opening)));
        let (one, other) = (dai(&scenario, 0), dai(&scenario, 1));
        assert_eq!(one.first(), MicroUsd(opening));
        assert_eq!(one, dai(&scenario, 0));
        assert_ne!(one, other);
        assert_eq!(one.grid(), &scenario.grid());
        assert_eq!(prices::paths(&scenario, None).unwrap()["DAI"], one);
    }
}

#[test]
fn a_bridge_is_filled_anew_for_each_draw_and_keeps_its_bars() {
    let scenario = scenario::parse("s.toml", TEXT).unwrap();
    let eth = |number| prices::draw(&scenario, None, number).unwrap().paths.remove("ETH").unwrap();
    let (one, other) = (eth(0), eth(1));
    assert_eq!(one, prices::paths(&scenario, None).unwrap()["ETH"]);
    assert_ne!(one, other);
    let lows = |path: &PricePath| {
        path.prices().chunks(1_440).map(|day| *day.iter().min().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(lows(&one), lows(&other));
}

#[test]
fn ramps_and_steps_pass_through_their_points() {
    let points = "points = [{ after_s = 0, value = 1 }, { after_s = 3600, value = \"0.4\" }, { after_s = 3690, value = 2 }]";
    let ramp = dai(&parsed(&format!("kind = \"ramp\", {points}"), ""), 0);
    let at = |path: &PricePath, step: usize| path.prices()[step].0;
    assert_eq!(at(&ramp, 0), 1_000_000);
    assert_eq!(at(&ramp, 1), 990_000);
    assert_eq!(at(&ramp, 30), 700_000);
    assert_eq!(at(&ramp, 60), 400_000);
    // Two thirds of the way up, and to the nearest millionth.
    assert_eq!(at(&ramp, 61), 1_466_667);
    assert_eq!(ramp.prices()[62..].iter().min(), Some(&MicroUsd(2_000_000)));
    let steps = dai(&parsed(&format!("kind = \"steps\", {points}"), ""), 0);
    assert_eq!(
        [0, 59, 60, 61, 62, 5_759].map(|step| at(&steps, step)),
        [1_000_000, 1_000_000, 400_000, 400_000, 2_000_000, 2_000_000]
    );
}

/// A folder with a scenario and a candle file of five days of hours beside it.
fn beside(price: &str) -> (tempfile::TempDir, Result<Scenario, String>) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut candles = "timestamp_utc,open,high,low,close,volume\n".to_owned();
    for hour in 0..120 {
        let (day, hour) = (11 + hour / 24, hour % 24);
        let (open, close) = (100 + (hour * 7) % 13, 100 + ((hour + 1) * 7) % 13);
        let (high, low) = (open.max(close) + 1, open.min(close) - 1);
        candles += &format!("2020-03-{day}T{hour:02}:00:00Z,{open},{high},{low},{close},1\n");
    }
    let short: Vec<&str> = candles.lines().take(31).collect();
    fs::write(folder.path().join("short.csv"), short.join("\n")).expect("written");
    fs::write(folder.path().join("h.csv"), candles).expect("written");
    let file = folder.path().join("s.toml");
    fs::write(&file, text(price, "")).expect("written");
    let loaded = scenario::load(&file).map(|loaded| loaded.scenario);
    let error = loaded
        .map_err(|error| error.to_string().replace(&folder.path().display().to_string(), "DIR"));
    (folder, error)
}

#[test]
fn a_replay_is_read_from_beside_the_scenario() {
    let scenario = beside("kind = \"replay\", file = \"h.csv\"").1.expect("valid");
    assert_eq!(scenario.assets[1].price.opening(), Some(MicroUsd(100_000_000)));
    let path = dai(&scenario, 0);
    let hourly: Vec<u64> = path.prices().chunks(60).take(3).map(|hour| hour[0].0).collect();
    assert_eq!(hourly, [100_000_000, 107_000_000, 101_000_000]);
    assert_eq!(path.prices()[59], MicroUsd(107_000_000));
}

#[test]
fn a_bootstrap_draws_blocks_of_a_history() {
    let price = "process = \"bootstrap\", file = \"h.csv\", block_s = 21600, opening = \"50\"";
    let scenario = beside(price).1.expect("valid");
    let (one, other) = (dai(&scenario, 0), dai(&scenario, 1));
    assert_eq!(one.first(), MicroUsd(50_000_000));
    assert_eq!(one, dai(&scenario, 0));
    assert_ne!(one, other);
    // Every hour moves as some hour of the history did, and blocks join without a gap.
    let history: Vec<f64> = (0..13)
        .map(|i| ratio(100 + (i * 7) % 13, 100 + (i * 7 + 7) % 13))
        .chain([ratio(100 + 161 % 13, 100)])
        .collect();
    let hours: Vec<_> = one.prices().chunks(60).collect();
    for (index, hour) in hours.iter().enumerate() {
        let moved = ratio(hour[0].0, hour[59].0);
        assert!(history.iter().any(|known| (moved / known - 1.0).abs() < 1e-6), "{index}: {moved}");
        if index % 6 == 0 && index > 0 {
            assert_eq!(hour[0], hours[index - 1][59], "block {index}");
        }
    }
}

fn ratio(from: u64, to: u64) -> f64 {
    to as f64 / from as f64
}

#[test]
fn files_that_do_not_fit_are_refused() {
    let refused = |price| beside(price).1.expect_err("must be refused");
    assert_eq!(
        refused("kind = \"replay\", file = \"no.csv\""),
        "DIR/s.toml: assets[1].price: DIR/no.csv:1: cannot read it: No such file or directory (os error 2)"
    );
    assert_eq!(
        refused("process = \"bootstrap\", file = \"h.csv\", block_s = 5400, opening = 1"),
        "DIR/s.toml: assets[1].price: block_s: 5400 is no multiple of the file's bars of 3600 s"
    );
    assert_eq!(
        refused("process = \"bootstrap\", file = \"h.csv\", block_s = 435600, opening = 1"),
        "DIR/s.toml: assets[1].price: block_s: a block of 121 bars does not fit into the file's 120"
    );
    assert_eq!(
        refused("kind = \"replay\", file = \"short.csv\""),
        "DIR/s.toml: assets[1].price: DIR/short.csv: covers 2020-03-11T00:00:00Z to 2020-03-12T06:00:00Z, but the scenario runs from 2020-03-11T00:00:00Z to 2020-03-15T00:00:00Z; set its start and end within the file's span"
    );
}

fn two_random() -> (String, String) {
    let usdc = "price = { process = \"ou\", opening = 1, peg = 1, reversion_per_year = 50, volatility = 0.2 }";
    let text = text(MERTON, "");
    let at = text.rfind(DAI).expect("USDC is constant too");
    let text = format!("{}{usdc}{}", &text[..at], &text[at + DAI.len()..]);
    (text, "correlations = [{ assets = [\"DAI\", \"USDC\"], coefficient = \"0.9\" }]".into())
}

fn with_root(root: &str) -> Result<Scenario, String> {
    let (text, _) = two_random();
    let text = text.replacen(ROOT, &format!("{ROOT}\n{root}"), 1);
    scenario::parse("s.toml", &text).map_err(|error| error.to_string())
}

#[test]
fn random_prices_depend_on_each_other_as_stated() {
    let alone = with_root("").expect("valid");
    let together = with_root(&two_random().1).expect("valid");
    let path = |scenario: &Scenario, symbol: &str| {
        prices::draw(scenario, None, 5).unwrap().paths.remove(symbol).unwrap()
    };
    assert_eq!(path(&alone, "DAI"), path(&together, "DAI"));
    assert_ne!(path(&alone, "USDC"), path(&together, "USDC"));
    assert_eq!(alone.sampling.scheme(), Scheme::Independent);
    let common = with_root("common_jump_share = \"0.5\"").expect("valid");
    assert_ne!(path(&alone, "DAI"), path(&common, "DAI"));
}

#[test]
fn a_scenario_says_how_paths_are_drawn() {
    let sobol = with_root("sampling = { method = \"sobol\", replicate_paths = 1024 }").unwrap();
    assert_eq!(sobol.sampling.scheme(), Scheme::sobol(1_024).unwrap());
    let pairs = with_root("sampling = { method = \"antithetic\" }").unwrap();
    assert_eq!(pairs.sampling.scheme(), Scheme::Antithetic);
    let tilted =
        with_root("sampling = { tilt = { asset = \"DAI\", shift = -2, jump_multiple = 3 } }")
            .unwrap();
    assert_eq!(tilted.sampling.scheme(), Scheme::Independent);
    let weight = |scenario| prices::draw(scenario, None, 0).unwrap().weight;
    assert_eq!(weight(&pairs), 1.0);
    assert!(weight(&tilted) != 1.0 && weight(&tilted) > 0.0);
}

/// Defines one test a row: name, price of DAI, the exact line.
macro_rules! refusals {
    ($($name:ident: $price:expr, $line:literal;)+) => {
        mod refused_price {
            use super::*;
            $(#[test]
            fn $name() {
                assert_eq!(refused(&$price, ""), concat!("s.toml: assets[1].price", $line));
            })+
        }
    };
}

refusals! {
    no_kind: "value = 1", ": needs the key `kind`, for a stated price, or `process`, for a random one";
    two_kinds: "kind = \"constant\", process = \"gbm\", value = 1", ": has both `kind` and `process`; a price is stated or random";
    unknown_process: "process = \"garch\"", ".process: unknown variant `garch`, expected one of `gbm`, `merton`, `kou`, `heston`, `ou`, `bootstrap`";
    unknown_key: "process = \"gbm\", sigma = 1", ".sigma: unknown field `sigma`, expected one of `kind`, `process`, `value`, `days`, `points`, `file`, `block_s`, `opening`, `drift_per_year`, `volatility`, `jumps_per_year`, `jump_mean`, `jump_deviation`, `up_probability`, `up_mean`, `down_mean`, `long_volatility`, `reversion_per_year`, `vol_of_variance`, `correlation`, `peg`";
    no_opening: "process = \"gbm\", volatility = 1", ": process `gbm` needs the key `opening`";
    no_volatility: "process = \"gbm\", opening = 1", ": process `gbm` needs the key `volatility`";
    key_of_another_process: format!("{GBM}, jump_mean = 1"), ": process `gbm` has no key `jump_mean`";
    key_of_a_kind: format!("{GBM}, value = 1"), ": process `gbm` has no key `value`";
    points_of_a_kind: format!("{OU}, points = []"), ": process `ou` has no key `points`";
    negative_volatility: "process = \"gbm\", opening = 1, volatility = \"-0.8\"", ": volatility: -0.8 is not within 0 to 100";
    volatility_in_percent: "process = \"gbm\", opening = 1, volatility = 120", ": volatility: 120 is not within 0 to 100";
    volatility_with_a_unit: "process = \"gbm\", opening = 1, volatility = \"80%\"", ".volatility: invalid value: string \"80%\", expected a Decimal type representing a fixed-point number";
    opening_of_zero: "process = \"gbm\", opening = 0, volatility = 1", ": opening: 0 is not above zero";
    negative_jump_rate: MERTON.replace("jumps_per_year = 50", "jumps_per_year = -50"), ": jumps_per_year: -50 is not within 0 to 1000000";
    negative_jump_deviation: MERTON.replace("\"0.08\"", "\"-0.08\""), ": jump_deviation: -0.08 is not within 0 to 10";
    jumps_up_without_end: KOU.replace("up_mean = 0.05", "up_mean = 1"), ": up_mean: 1 is not within 0 to 0.99";
    no_jumps_down: KOU.replace("down_mean = 0.1", "down_mean = 0"), ": down_mean: 0 is not above zero";
    probability_above_one: KOU.replace("up_probability = 0.3", "up_probability = 1.3"), ": up_probability: 1.3 is not within 0 to 1";
    negative_heston_volatility: HESTON.replace("volatility = 0.9", "volatility = -0.9"), ": volatility: -0.9 is not within 0 to 100";
    no_long_volatility: HESTON.replace("long_volatility = 0.7", "long_volatility = 0"), ": long_volatility: 0 is not above zero";
    correlation_beyond: HESTON.replace("correlation = -0.6", "correlation = -1.6"), ": correlation: -1.6 is not within -1 to 1";
    no_reversion: OU.replace("reversion_per_year = 200", "reversion_per_year = 0"), ": reversion_per_year: 0 is not above zero";
    negative_peg: OU.replace("peg = 1", "peg = -1"), ": peg: -1 is not above zero";
    no_points: "kind = \"ramp\"", ": kind `ramp` needs the key `points`";
    empty_points: "kind = \"ramp\", points = []", ": points: is empty";
    late_points: "kind = \"steps\", points = [{ after_s = 60, value = 1 }]", ": points: the first point is at after_s = 60; it must be at 0";
    points_out_of_order: "kind = \"ramp\", points = [{ after_s = 0, value = 1 }, { after_s = 60, value = 2 }, { after_s = 60, value = 3 }]", ": points: point 2: after_s = 60 does not come after 60";
    point_of_zero: "kind = \"ramp\", points = [{ after_s = 0, value = 0 }]", ": points: 0 is not above zero";
    point_with_a_unit: "kind = \"ramp\", points = [{ after_m = 0, value = 1 }]", ".points[0].after_m: unknown field `after_m`, expected `after_s` or `value`";
    replay_without_file: "kind = \"replay\"", ": kind `replay` needs the key `file`";
    bootstrap_without_block: "process = \"bootstrap\", opening = 1, file = \"h.csv\"", ": process `bootstrap` needs the key `block_s`";
    too_large: "process = \"gbm\", opening = \"18446744073709\", volatility = 100", ": the price of DAI at step 10 is too large for millionths of a dollar; lower its drift, its volatility or its jumps";
}

/// Defines one test a row: name, root keys, the exact line.
macro_rules! refused_roots {
    ($($name:ident: $root:literal, $line:literal;)+) => {
        mod refused_root {
            use super::with_root;
            $(#[test]
            fn $name() {
                assert_eq!(with_root($root).expect_err("must be refused"), concat!("s.toml: ", $line));
            })+
        }
    };
}

refused_roots! {
    correlation_with_itself: "correlations = [{ assets = [\"DAI\", \"DAI\"], coefficient = 0.5 }]", "correlations[0].assets: `DAI and DAI` stands twice";
    correlation_twice: "correlations = [{ assets = [\"DAI\", \"USDC\"], coefficient = 0.5 }, { assets = [\"USDC\", \"DAI\"], coefficient = 0.4 }]", "correlations[1].assets: `USDC and DAI` stands twice";
    correlation_of_a_stated_price: "correlations = [{ assets = [\"ETH\", \"DAI\"], coefficient = 0.5 }]", "correlations[0].assets: `ETH` is no asset whose price has a `process` of its own";
    correlation_above_one: "correlations = [{ assets = [\"DAI\", \"USDC\"], coefficient = 1.5 }]", "correlations: 1.5 is not within -1 to 1";
    correlation_not_positive_definite: "correlations = [{ assets = [\"DAI\", \"USDC\"], coefficient = 1 }]", "correlations: the correlations contradict each other at asset 1: their matrix is not positive definite; bring them nearer to zero";
    too_many_common_jumps: "common_jump_share = 1.1", "common_jump_share: 1.1 is not within 0 to 1";
    unknown_method: "sampling = { method = \"latin\" }", "sampling.method: unknown variant `latin`, expected one of `independent`, `antithetic`, `sobol`";
    sobol_without_size: "sampling = { method = \"sobol\" }", "sampling: method `sobol` needs the key `replicate_paths`";
    size_without_sobol: "sampling = { replicate_paths = 64 }", "sampling: only method `sobol` has the key `replicate_paths`";
    size_of_sobol: "sampling = { method = \"sobol\", replicate_paths = 100 }", "sampling: replicate_paths: 100 is no power of two from 2 to 65536";
    tilt_of_a_stated_price: "sampling = { tilt = { asset = \"ETH\", shift = -2 } }", "sampling.tilt.asset: `ETH` is no asset whose price has a `process` of its own";
    tilt_too_far: "sampling = { tilt = { asset = \"DAI\", shift = -30 } }", "sampling.tilt: shift: -30 is not within -20 to 20";
}
