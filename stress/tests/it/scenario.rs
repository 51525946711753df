use std::path::Path;

use cofferdam_stress::prices;
use cofferdam_stress::scenario::{self, PoolRole, Scenario};

use crate::fixture::TEXT;

const SHIPPED: &str = include_str!("../../../scenarios/black-thursday.toml");

fn black_thursday() -> Scenario {
    scenario::parse("black-thursday.toml", SHIPPED).expect("the shipped scenario is valid")
}

fn frozen() -> Scenario {
    scenario::parse("scenario.toml", TEXT).expect("the frozen scenario is valid")
}

/// The one-line error of the scenario after each `(from, to)` replacement.
fn refused(edits: &[(&str, &str)]) -> String {
    let mut text = TEXT.to_owned();
    for (from, to) in edits {
        assert!(text.contains(from), "the scenario has no `{from}` to replace");
        text = text.replacen(from, to, 1);
    }
    let line = scenario::parse("s.toml", &text).expect_err("must be refused").to_string();
    assert!(!line.contains('\n'), "more than one line: {line}");
    line
}

#[test]
fn black_thursday_is_what_it_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios/black-thursday.toml");
    let loaded = scenario::load(&path).expect("loads");
    assert_eq!(loaded.text, SHIPPED);
    let scenario = loaded.scenario;
    let roles: Vec<_> = scenario.pools.iter().map(|pool| pool.role).collect();
    assert_eq!(roles, [PoolRole::Shocked, PoolRole::Dry]);
    assert_eq!(scenario.grid().steps, 4 * 1_440);
    let congestion = scenario.congestion.expect("has a window");
    assert_eq!(congestion.from.to_string(), "2020-03-12T10:00:00Z");
    assert_eq!(scenario.oracle.lag_s, 3_600);
}

#[test]
fn the_opening_debt_is_in_reach_of_the_real_one() {
    let scenario = black_thursday();
    let paths = prices::paths(&scenario, None).expect("prices");
    let debt: u64 = scenario::plan(&scenario, &scenario.pools[0])
        .expect("plan")
        .iter()
        .map(|p| p.debt_native_down((paths["ETH"].first(), 9), (paths["DAI"].first(), 9)).unwrap())
        .sum();
    let million_dai = debt / 1_000_000_000_000_000;
    assert!((100..=150).contains(&million_dai), "{million_dai} million DAI");
}

#[test]
fn planned_positions_use_all_collateral_and_span_the_ratios() {
    let scenario = frozen();
    let positions = scenario::plan(&scenario, &scenario.pools[0]).expect("plan");
    assert_eq!(positions.len(), 64);
    assert_eq!(positions, scenario::plan(&scenario, &scenario.pools[0]).unwrap());
    let (careful, bold) = positions.split_at(40);
    let total = |group: &[scenario::PlannedPosition]| -> u64 {
        group.iter().map(|position| position.collateral_native).sum()
    };
    assert_eq!(total(careful), 800_000_000_000_000);
    assert_eq!(total(bold), 350_000_000_000_000);
    assert_eq!((careful[0].ltv_bps, careful[39].ltv_bps), (3_500, 5_500));
    assert_eq!((bold[0].ltv_bps, bold[23].ltv_bps), (5_500, 7_200));
    assert!(positions.iter().all(|position| position.collateral_native > 0));
    let mut other = scenario.clone();
    other.seed += 1;
    assert_ne!(positions, scenario::plan(&other, &other.pools[0]).unwrap());
}

#[test]
fn debt_is_rounded_down() {
    let position = scenario::PlannedPosition {
        collateral: "A".into(),
        debt: "B".into(),
        collateral_native: 3,
        ltv_bps: 5_000,
    };
    let usd = |micros| prices::MicroUsd(micros);
    assert_eq!(position.debt_native_down((usd(1_000_000), 0), (usd(1_000_000), 0)), Some(1));
    assert_eq!(position.debt_native_down((usd(1_000_000), 0), (usd(1_000_000), 3)), Some(1_500));
    assert_eq!(position.debt_native_down((usd(1), 0), (usd(0), 0)), None);
}

#[test]
fn amounts_may_be_numbers_and_times_may_be_toml_dates() {
    let text = TEXT
        .replacen("\"160_000_000\"", "160000000", 1)
        .replacen("\"0.1\"", "0.1", 1)
        .replacen("date = \"2020-03-11\"", "date = 2020-03-11", 1)
        .replacen("start = \"2020-03-11T00:00:00Z\"", "start = 2020-03-11T00:00:00Z", 1);
    assert_eq!(scenario::parse("s.toml", &text).expect("valid"), frozen());
}

#[test]
fn a_scenario_may_have_no_congestion() {
    let from = TEXT.find("[congestion]").unwrap();
    let until = TEXT.find("[chain]").unwrap();
    let text = format!("{}{}", &TEXT[..from], &TEXT[until..]);
    assert_eq!(scenario::parse("s.toml", &text).expect("valid").congestion, None);
}

#[test]
fn a_scenario_names_its_sources() {
    let from = TEXT.find("sources = [").unwrap();
    let until = TEXT.find("seed =").unwrap();
    let text = format!("{}sources = []\n{}", &TEXT[..from], &TEXT[until..]);
    let error = scenario::parse("s.toml", &text).expect_err("must be refused");
    assert_eq!(error.to_string(), "s.toml: sources: is empty");
}

#[test]
fn a_missing_file_is_one_line() {
    let error = scenario::load(Path::new("no/such.toml")).expect_err("must fail");
    assert_eq!(
        error.to_string(),
        "no/such.toml: cannot read it: No such file or directory (os error 2)"
    );
}

/// Defines one test a row: name, edits, the exact line.
macro_rules! refusals {
    ($($name:ident: [$($from:literal => $to:literal),+] $line:literal;)+) => {
        mod refused {
            use super::refused;
            $(#[test]
            fn $name() {
                assert_eq!(refused(&[$(($from, $to)),+]), $line);
            })+
        }
    };
}

refusals! {
    broken_toml: ["seed = 21412" => "seed = = 1"] "s.toml:21: extra `=`, expected nothing";
    a_key_twice: ["step_s = 60" => "step_s = 60\nstep_s = 60"] "s.toml:25: duplicate key";
    unknown_root_key: ["step_s = 60" => "step_s = 60\ncolour = 1"] "s.toml: colour: unknown field `colour`, expected one of `name`, `description`, `sources`, `seed`, `start`, `end`, `step_s`, `warmup_s`, `prices_asset`, `assets`, `correlations`, `common_jump_share`, `sampling`, `oracle`, `feeds`, `markets`, `fees`, `liquidators`, `congestion`, `chain`, `keepers`, `pools`, `assert`, `sweep`";
    unknown_nested_key: ["max_price_age_s = 7200" => "max_price_age_s = 7200\ncolour = 1"] "s.toml: pools[0].reserves[0].colour: unknown field `colour`, expected one of `asset`, `collateral_factor_bps`, `liquidation_threshold_bps`, `target_health_bps`, `full_close_health_bps`, `liquidation_bonus_min_bps`, `liquidation_bonus_max_bps`, `insolvent_bonus_bps`, `liquidation_protocol_fee_bps`, `reserve_factor_bps`, `max_price_age_s`, `loss_policy`, `curve`, `supply_cap`, `borrow_cap`, `supplied`, `suppliers`, `insurance`, `runners`, `stakers`";
    missing_root_key: ["seed = 21412" => ""] "s.toml: seed: is missing";
    missing_nested_key: ["decimals = 9" => ""] "s.toml: assets[0].decimals: is missing";
    wrong_unit: ["lag_s = 3600" => "lag_s = \"1h\""] "s.toml: oracle.lag_s: invalid type: string \"1h\", expected u32";
    wrong_unit_key: ["lag_s = 3600" => "lag_m = 60"] "s.toml: oracle.lag_m: unknown field `lag_m`, expected one of `lag_s`, `heartbeat_s`, `deviation_bps`";
    negative_seconds: ["lag_s = 3600" => "lag_s = -1"] "s.toml: oracle.lag_s: invalid value: integer `-1`, expected u32";
    no_number: ["supplied = \"160_000_000\"" => "supplied = \"plenty\""] "s.toml: pools[0].reserves[1].supplied: invalid value: string \"plenty\", expected a Decimal type representing a fixed-point number";
    unknown_role: ["role = \"dry\"" => "role = \"wet\""] "s.toml: pools[1].role: unknown variant `wet`, expected `shocked` or `dry`";
    curve_point_of_three: ["[8000, 400]" => "[8000, 400, 1]"] "s.toml: pools[0].reserves[0].curve[1]: a point is [utilisation_bps, rate_bps], found 3 numbers";
    unknown_price_kind: ["kind = \"constant\"" => "kind = \"random\""] "s.toml: assets[1].price.kind: unknown variant `random`, expected one of `constant`, `daily_ohlc`, `ramp`, `steps`, `replay`";
    constant_without_value: ["{ kind = \"constant\", value = \"1.00\" }" => "{ kind = \"constant\" }"] "s.toml: assets[1].price: kind `constant` needs the key `value`";
    constant_with_days: ["value = \"1.00\" }" => "value = \"1.00\", days = [] }"] "s.toml: assets[1].price: kind `constant` has no key `days`";
    daily_with_value: ["kind = \"daily_ohlc\"" => "kind = \"daily_ohlc\"\nvalue = 1"] "s.toml: assets[0].price: kind `daily_ohlc` has no key `value`";
    constant_of_zero: ["value = \"1.00\"" => "value = \"0\""] "s.toml: assets[1].price: value: 0 is not above zero";
    a_bad_day: ["date = \"2020-03-12\"" => "date = \"2020-03-32\""] "s.toml: assets[0].price.days[1].date: `2020-03-32` is no calendar day, such as 2020-03-12";
    a_day_missing: ["date = \"2020-03-12\"" => "date = \"2020-03-13\""] "s.toml: assets[0].price: days[1].date: 2020-03-13 does not follow 2020-03-11 by one day";
    high_below_low: ["low = \"111.21\"" => "low = \"211.21\""] "s.toml: assets[0].price.days[1]: high 195.15 is below low 211.21";
    close_outside: ["close = \"112.35\"" => "close = \"100\""] "s.toml: assets[0].price.days[1]: close 100 is outside low 111.21 to high 195.15";
    negative_price: ["low = \"111.21\"" => "low = \"-1\""] "s.toml: assets[0].price.days[1]: low: -1 is not above zero";
    pin_on_another_day: ["low_at = \"2020-03-12T23:30:00Z\"" => "low_at = \"2020-03-13T23:30:00Z\""] "s.toml: assets[0].price.days[1].low_at: the time is outside the bar it belongs to";
    pins_on_one_step: ["low_at = \"2020-03-12T23:30:00Z\"" => "low_at = \"2020-03-12T00:30:00Z\""] "s.toml: assets[0].price.days[1].low_at: the time falls on the step of another price of the bar; move it by a step or more";
    time_of_another_zone: ["start = \"2020-03-11T00:00:00Z\"" => "start = \"2020-03-11T01:00:00+01:00\""] "s.toml: start: `2020-03-11T01:00:00+01:00` is no RFC 3339 time in UTC with whole seconds, such as 2020-03-12T10:00:00Z";
    horizon_of_zero: ["end = \"2020-03-15T00:00:00Z\"" => "end = \"2020-03-11T00:00:00Z\""] "s.toml: end: 2020-03-11T00:00:00Z is not after start 2020-03-11T00:00:00Z";
    ragged_window: ["end = \"2020-03-15T00:00:00Z\"" => "end = \"2020-03-14T23:59:30Z\""] "s.toml: end: the run of 345570 s is no multiple of step_s = 60";
    step_of_zero: ["step_s = 60" => "step_s = 0"] "s.toml: step_s: 0 is not within 1 to 86400";
    step_too_long: ["step_s = 60" => "step_s = 43200"] "s.toml: step_s: a bar of 86400 s at step_s = 43200 has no four whole steps for open, high, low and close; choose a step_s that divides 86400 at least four times";
    too_many_steps: ["step_s = 60" => "step_s = 1", "end = \"2020-03-15T00:00:00Z\"" => "end = \"2021-03-15T00:00:00Z\""] "s.toml: step_s: gives the run 31881600 steps; 3153600 is the most";
    start_before_the_first_day: ["start = \"2020-03-11T00:00:00Z\"" => "start = \"2020-03-10T00:00:00Z\""] "s.toml: assets[0].price.days: no bar covers the first 86400 s";
    end_after_the_last_day: ["end = \"2020-03-15T00:00:00Z\"" => "end = \"2020-03-16T00:00:00Z\""] "s.toml: assets[0].price.days: no bar covers the last 86400 s";
    too_few_steps_a_day: ["step_s = 60" => "step_s = 7000", "end = \"2020-03-15T00:00:00Z\"" => "end = \"2020-03-11T01:56:40Z\""] "s.toml: step_s: a bar of 86400 s at step_s = 7000 has no four whole steps for open, high, low and close; choose a step_s that divides 86400 at least four times";
    name_with_a_slash: ["name = \"black-thursday\"" => "name = \"../out\""] "s.toml: name: `../out` may only have a-z, 0-9 and `-`, 32 at most";
    empty_name: ["name = \"black-thursday\"" => "name = \"\""] "s.toml: name: is empty";
    asset_twice: ["symbol = \"USDC\"" => "symbol = \"DAI\""] "s.toml: assets[2].symbol: `DAI` stands twice";
    unknown_prices_asset: ["prices_asset = \"ETH\"" => "prices_asset = \"BTC\""] "s.toml: prices_asset: `BTC` is not among the assets";
    window_outside_the_run: ["until = \"2020-03-13T00:00:00Z\"" => "until = \"2020-03-16T00:00:00Z\""] "s.toml: congestion.until: 2020-03-16T00:00:00Z is outside the run, 2020-03-11T00:00:00Z to 2020-03-15T00:00:00Z";
    window_backwards: ["until = \"2020-03-13T00:00:00Z\"" => "until = \"2020-03-12T10:00:00Z\""] "s.toml: congestion.until: 2020-03-12T10:00:00Z is not after from 2020-03-12T10:00:00Z";
    share_above_one: ["capacity_share = \"0.1\"" => "capacity_share = \"1.1\""] "s.toml: congestion.capacity_share: 1.1 is not within 0 to 1";
    negative_participation: ["keeper_participation = \"0.64\"" => "keeper_participation = \"-0.1\""] "s.toml: congestion.keeper_participation: -0.1 is not within 0 to 1";
    no_keepers: ["count = 12" => "count = 0"] "s.toml: keepers.count: 0 is not within 1 to 100000";
    capital_in_an_unknown_asset: ["DAI = \"5_000_000\"" => "MKR = \"1\""] "s.toml: keepers.capital.MKR: `MKR` is not among the assets";
    negative_capital: ["DAI = \"5_000_000\"" => "DAI = \"-1\""] "s.toml: keepers.capital.DAI: -1 is negative";
    unknown_reserve_asset: ["asset = \"USDC\"" => "asset = \"BTC\""] "s.toml: pools[1].reserves[0].asset: `BTC` is not among the assets";
    reserve_twice: ["asset = \"USDC\"" => "asset = \"DAI\""] "s.toml: pools[1].reserves[1].asset: `DAI` stands twice";
    factor_above_threshold: ["collateral_factor_bps = 7500" => "collateral_factor_bps = 8001"] "s.toml: pools[0].reserves[0].collateral_factor_bps: 8001 is above liquidation_threshold_bps = 8000";
    factor_above_one: ["liquidation_threshold_bps = 8000" => "liquidation_threshold_bps = 10001"] "s.toml: pools[0].reserves[0].liquidation_threshold_bps: 10001 is not within 0 to 10000";
    toxic_bonus: ["liquidation_bonus_max_bps = 800" => "liquidation_bonus_max_bps = 2501"] "s.toml: pools[0].reserves[0].liquidation_bonus_max_bps: 2501 on a liquidation_threshold_bps of 8000 takes more collateral than the debt is worth at the threshold; lower one of the two";
    no_insolvent_bonus: ["insolvent_bonus_bps = 100" => "insolvent_bonus_bps = 9"] "s.toml: pools[0].reserves[0].insolvent_bonus_bps: 9 is not within 10 to 10000";
    insolvent_bonus_above: ["insolvent_bonus_bps = 100" => "insolvent_bonus_bps = 801"] "s.toml: pools[0].reserves[0].insolvent_bonus_bps: 801 is above liquidation_bonus_max_bps = 800";
    target_below_one: ["target_health_bps = 10500" => "target_health_bps = 9999"] "s.toml: pools[0].reserves[0].target_health_bps: 9999 is not within 10000 to 15000";
    curve_not_to_full: ["[10000, 6000]]" => "[9999, 6000]]"] "s.toml: pools[0].reserves[0].curve: utilisation must rise from 0 to 10000 and the rate must never fall; point 2 does not fit";
    falling_rate: ["[8000, 400]" => "[8000, 7000]"] "s.toml: pools[0].reserves[0].curve: utilisation must rise from 0 to 10000 and the rate must never fall; point 2 does not fit";
    too_many_decimals: ["insurance = \"500_000\"" => "insurance = \"0.0000000001\""] "s.toml: pools[0].reserves[1].insurance: 0.0000000001 has more than the asset's 9 decimals";
    too_large: ["insurance = \"500_000\"" => "insurance = \"99999999999\""] "s.toml: pools[0].reserves[1].insurance: 99999999999 does not fit into 64 bits at 9 decimals";
    no_suppliers: ["suppliers = 8" => "suppliers = 0"] "s.toml: pools[0].reserves[1].suppliers: 0 is not within 1 to 100000";
    collateral_without_reserve: ["collateral = \"ETH\"" => "collateral = \"USDC\""] "s.toml: pools[0].borrowers[0].collateral: `USDC` is no reserve of pool `eth-dai`";
    borrows_its_collateral: ["debt = \"DAI\"" => "debt = \"ETH\""] "s.toml: pools[0].borrowers[0].debt: `ETH` is the collateral too; a group borrows another asset";
    ratio_above_the_factor: ["to = 7200" => "to = 7501"] "s.toml: pools[0].borrowers[1].ltv_bps.to: 7501 is above collateral_factor_bps = 7500";
    ratios_backwards: ["from = 3500" => "from = 5501"] "s.toml: pools[0].borrowers[0].ltv_bps.from: 5501 is above to = 5500";
    unfunded: ["supplied = \"160_000_000\"" => "supplied = \"100_000_000\""] "s.toml: pools[0].reserves[1].supplied: 100000000 DAI cannot fund the 115991012.989591849 DAI that the borrowers open with";
    pool_twice: ["name = \"usdc-dai\"" => "name = \"eth-dai\""] "s.toml: pools[1].name: `eth-dai` stands twice";
    nothing_shocked: ["role = \"shocked\"" => "role = \"dry\""] "s.toml: pools: no pool has role `shocked`";
}
