//! Sections about agents, markets, blocks and feeds: what they say, and what is refused.

use cofferdam_sdk::interface::state::LossPolicy;
use cofferdam_stress::scenario::{self, Behaviour, DepthModel, Gas, Scenario, Sizing};

use crate::fixture::TEXT;

const FEED: &str = r#"
[feeds.ETH]
lag_s = 30
heartbeat_s = 600
deviation_bps = 25
floor = "50"
frozen = [{ from = "2020-03-12T06:00:00Z", until = "2020-03-12T10:00:00Z" }]
wrong = [{ from = "2020-03-12T11:00:00Z", until = "2020-03-12T12:00:00Z", price = "1" }]
"#;

const MARKET: &str = r#"
[markets.ETH]
model = "square_root"
depth_usd = "20_000_000"
fee_bps = 30
impact_bps = 500
recovery_half_life_s = 1800
"#;

const FEES: &str = r#"
[fees]
capacity_per_step = 60
base_fee_usd = "0.5"
base_fee_min_usd = "0.01"
background_per_step = 40
background_bid_usd = "1.5"
"#;

const LIQUIDATORS: &str = r#"
[[liquidators]]
count = 5
capital = { DAI = "2_000_000" }
min_profit_usd = "20"
latency_steps = 1
participation_bps = 7000
sizing = "optimal"
gas = "escalate"
bid_usd = "1.25"
escalation_bps = 12000
expire_after_steps = 6
"#;

/// A place in the middle of a borrowers' section, and one in a reserve's.
const BORROWERS: &str = "ltv_bps = { from = 5500, to = 7200 }";
const RESERVE: &str = "insurance = \"500_000\"";

/// The frozen scenario with `section` and, in the place of `old`, `new`.
fn text(section: &str, (old, new): (&str, &str)) -> String {
    let all = TEXT.replacen("[oracle]", &format!("{section}\n[oracle]"), 1);
    assert!(all.contains(old), "the scenario has no `{old}` to replace");
    all.replacen(old, new, 1)
}

fn read(section: &str, edit: (&str, &str)) -> Scenario {
    scenario::parse("s.toml", &text(section, edit)).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(section: &str, edit: (&str, &str)) -> String {
    let line = scenario::parse("s.toml", &text(section, edit)).expect_err("must be refused");
    let line = line.to_string();
    assert!(!line.contains('\n'), "more than one line: {line}");
    line
}

#[test]
fn every_section_is_optional() {
    let plain = scenario::parse("s.toml", TEXT).expect("a scenario");
    assert!(plain.feeds.is_empty() && plain.markets.is_empty() && plain.liquidators.is_empty());
    assert_eq!(plain.fees, None);
    let group = &plain.pools[0].borrowers[0];
    assert_eq!((group.behaviour, group.wallet_bps), (Behaviour::Passive, 2_000));
    let reserve = &plain.pools[0].reserves[1];
    assert_eq!((reserve.loss_policy, reserve.runners), (LossPolicy::Waterfall, None));
}

#[test]
fn sections_are_read_as_they_are_written() {
    let all = [FEED, MARKET, FEES, LIQUIDATORS].concat();
    let scenario = read(&all, ("", ""));
    assert_eq!((scenario.feeds["ETH"].lag_s, scenario.feeds["ETH"].frozen.len()), (Some(30), 1));
    assert_eq!(scenario.markets["ETH"].model, DepthModel::SquareRoot);
    assert_eq!(scenario.fees.map(|fees| fees.capacity_per_step), Some(60));
    let group = &scenario.liquidators[0];
    assert_eq!((group.sizing, group.gas, group.latency_steps), (Sizing::Optimal, Gas::Escalate, 1));
    let policy = format!("{RESERVE}\nloss_policy = \"haircut\"");
    assert_eq!(read("", (RESERVE, &policy)).pools[0].reserves[1].loss_policy, LossPolicy::Haircut);
}

#[test]
fn faults_move_with_the_run() {
    let moved = read(FEED, ("", "")).moved_onto((1_600_000_000, 1_700_000_000));
    let by_s = moved.start.unix_s() - read("", ("", "")).start.unix_s();
    let (before, after) = (&read(FEED, ("", "")).feeds["ETH"], &moved.feeds["ETH"]);
    assert_eq!(after.frozen[0].from.unix_s() - before.frozen[0].from.unix_s(), by_s);
    assert_eq!(after.wrong[0].until.unix_s() - before.wrong[0].until.unix_s(), by_s);
}

#[test]
fn a_feed_is_refused_in_one_line() {
    for (old, new, line) in [
        ("[feeds.ETH]", "[feeds.BTC]", "feeds.BTC: `BTC` is not among the assets"),
        (
            "lag_s = 30",
            "lags = 30",
            "feeds.ETH.lags: unknown field `lags`, expected one of `lag_s`, `heartbeat_s`, `deviation_bps`, `floor`, `frozen`, `wrong`",
        ),
        (
            "heartbeat_s = 600",
            "heartbeat_s = 0",
            "feeds.ETH.heartbeat_s: 0 is not within 1 to 4294967295",
        ),
        (
            "deviation_bps = 25",
            "deviation_bps = 10001",
            "feeds.ETH.deviation_bps: 10001 is not within 0 to 10000",
        ),
        ("floor = \"50\"", "floor = \"-1\"", "feeds.ETH.floor: -1 is not above zero"),
        (
            "2020-03-12T06:00:00Z",
            "2020-03-01T06:00:00Z",
            "feeds.ETH.frozen[0].from: 2020-03-01T06:00:00Z is outside the run, 2020-03-11T00:00:00Z to 2020-03-15T00:00:00Z",
        ),
        (
            "2020-03-12T10:00:00Z\" }]\nwrong",
            "2020-03-12T05:00:00Z\" }]\nwrong",
            "feeds.ETH.frozen[0].until: 2020-03-12T05:00:00Z is not after from 2020-03-12T06:00:00Z",
        ),
        (
            ", price = \"1\"",
            "",
            "feeds.ETH.wrong[0]: needs either `price` or `share_bps`, and not both",
        ),
        (
            "price = \"1\"",
            "price = \"1\", share_bps = 5",
            "feeds.ETH.wrong[0]: needs either `price` or `share_bps`, and not both",
        ),
        ("price = \"1\"", "price = \"0\"", "feeds.ETH.wrong[0].price: 0 is not above zero"),
        (
            "price = \"1\"",
            "share_bps = 0",
            "feeds.ETH.wrong[0].share_bps: 0 is not within 1 to 1000000",
        ),
    ] {
        assert_eq!(refused(FEED, (old, new)), format!("s.toml: {line}"));
    }
}

#[test]
fn a_market_is_refused_in_one_line() {
    for (old, new, line) in [
        ("[markets.ETH]", "[markets.BTC]", "markets.BTC: `BTC` is not among the assets"),
        (
            "square_root",
            "linear",
            "markets.ETH.model: unknown variant `linear`, expected `constant_product` or `square_root`",
        ),
        (
            "square_root",
            "constant_product",
            "markets.ETH.impact_bps: belongs to model `square_root` only",
        ),
        ("impact_bps = 500\n", "", "markets.ETH.impact_bps: is missing"),
        (
            "impact_bps = 500",
            "impact_bps = 0",
            "markets.ETH.impact_bps: 0 is not within 1 to 10000",
        ),
        ("20_000_000", "0", "markets.ETH.depth_usd: 0 is not within 1 to 1000000000000"),
        ("fee_bps = 30", "fee_bps = 10001", "markets.ETH.fee_bps: 10001 is not within 0 to 10000"),
        (
            "half_life_s = 1800",
            "half_life_s = 0",
            "markets.ETH.recovery_half_life_s: 0 is not within 1 to 4294967295",
        ),
    ] {
        assert_eq!(refused(MARKET, (old, new)), format!("s.toml: {line}"));
    }
}

#[test]
fn a_fee_market_is_refused_in_one_line() {
    for (old, new, line) in [
        (
            "capacity_per_step = 60",
            "capacity_per_step = 0",
            "fees.capacity_per_step: 0 is not within 1 to 1000000",
        ),
        (
            "base_fee_usd = \"0.5\"",
            "base_fee_usd = \"0.001\"",
            "fees.base_fee_usd: 0.001 is not within 0.01 to 1000000000000",
        ),
        ("\"0.01\"", "\"0\"", "fees.base_fee_min_usd: 0 is not within 0.000001 to 1000000000000"),
        ("\"1.5\"", "\"1.0000001\"", "fees.background_bid_usd: 1.0000001 has more than 6 decimals"),
        ("background_per_step = 40\n", "", "fees.background_per_step: is missing"),
        (
            "background_per_step = 40",
            "background_per_step = -1",
            "fees.background_per_step: invalid value: integer `-1`, expected u32",
        ),
        (
            "keeper_participation",
            "fee_multiple = \"0.5\"\nkeeper_participation",
            "congestion.fee_multiple: 0.5 is not within 1 to 1000000",
        ),
    ] {
        assert_eq!(refused(FEES, (old, new)), format!("s.toml: {line}"));
    }
    let multiple = ("keeper_participation", "fee_multiple = 5\nkeeper_participation");
    assert_eq!(
        refused("", multiple),
        "s.toml: congestion.fee_multiple: means nothing without `fees`"
    );
    assert!(read(FEES, multiple).congestion.is_some_and(|window| window.fee_multiple.is_some()));
}

#[test]
fn liquidators_are_refused_in_one_line() {
    for (old, new, line) in [
        ("count = 5", "count = 0", "liquidators[0].count: 0 is not within 1 to 100000"),
        ("{ DAI = ", "{ BTC = ", "liquidators[0].capital.BTC: `BTC` is not among the assets"),
        ("\"2_000_000\"", "\"-2\"", "liquidators[0].capital.DAI: -2 is negative"),
        (
            "min_profit_usd = \"20\"",
            "min_profit_usd = \"-20\"",
            "liquidators[0].min_profit_usd: -20 is not within 0 to 1000000000000",
        ),
        (
            "participation_bps = 7000",
            "participation_bps = 10001",
            "liquidators[0].participation_bps: 10001 is not within 0 to 10000",
        ),
        (
            "latency_steps = 1",
            "latency_steps = 1000001",
            "liquidators[0].latency_steps: 1000001 is not within 0 to 1000000",
        ),
        (
            "\"optimal\"",
            "\"best\"",
            "liquidators[0].sizing: unknown variant `best`, expected one of `max`, `optimal`, `two_step`",
        ),
        (
            "\"escalate\"",
            "\"auction\"",
            "liquidators[0].gas: unknown variant `auction`, expected `fixed` or `escalate`",
        ),
        (
            "bid_usd = \"1.25\"",
            "bid_usd = \"1.2500001\"",
            "liquidators[0].bid_usd: 1.2500001 has more than 6 decimals",
        ),
        (
            "escalation_bps = 12000",
            "escalation_bps = 9999",
            "liquidators[0].escalation_bps: 9999 is not within 10000 to 1000000",
        ),
        (
            "expire_after_steps = 6",
            "expire_after_steps = 0",
            "liquidators[0].expire_after_steps: 0 is not within 1 to 1000000",
        ),
        (
            "count = 5",
            "count = 5\nspeed = 1",
            "liquidators[0].speed: unknown field `speed`, expected one of `count`, `capital`, `min_profit_usd`, `latency_steps`, `participation_bps`, `sizing`, `gas`, `bid_usd`, `escalation_bps`, `expire_after_steps`",
        ),
    ] {
        assert_eq!(refused(LIQUIDATORS, (old, new)), format!("s.toml: {line}"));
    }
}

#[test]
fn borrowers_who_act_are_refused_in_one_line() {
    for (new, line) in [
        (
            "behaviour = \"flee\"",
            "behaviour: unknown variant `flee`, expected one of `passive`, `top_up`, `deleverage`, `panic`",
        ),
        ("trigger_health_bps = 9999", "trigger_health_bps: 9999 is not within 10000 to 100000"),
        ("target_health_bps = 10400", "target_health_bps: 10400 is not within 10500 to 1000000"),
        ("wallet_bps = 1000001", "wallet_bps: 1000001 is not within 0 to 1000000"),
    ] {
        let new = format!("{BORROWERS}\n{new}");
        let expected = format!("s.toml: pools[0].borrowers[1].{line}");
        assert_eq!(refused("", (BORROWERS, &new)), expected);
    }
}

#[test]
fn runners_and_stakers_are_refused_in_one_line() {
    for (new, line) in [
        (
            "runners = { share_bps = 5000 }",
            "runners: needs `uncovered_loss_bps` or `utilisation_bps`, or both",
        ),
        (
            "runners = { share_bps = 0, utilisation_bps = 1 }",
            "runners.share_bps: 0 is not within 1 to 10000",
        ),
        (
            "runners = { share_bps = 1, utilisation_bps = 0 }",
            "runners.utilisation_bps: 0 is not within 1 to 10000",
        ),
        (
            "runners = { share_bps = 1, uncovered_loss_bps = 0 }",
            "runners.uncovered_loss_bps: 0 is not within 1 to 10000",
        ),
        (
            "stakers = { count = 0, share_bps = 1, uncovered_loss_bps = 1 }",
            "stakers.count: 0 is not within 1 to 1000",
        ),
        (
            "stakers = { count = 1, share_bps = 0, uncovered_loss_bps = 1 }",
            "stakers.share_bps: 0 is not within 1 to 10000",
        ),
        (
            "stakers = { count = 1, share_bps = 1, uncovered_loss_bps = 0 }",
            "stakers.uncovered_loss_bps: 0 is not within 1 to 10000",
        ),
        ("stakers = { count = 1, share_bps = 1 }", "stakers.uncovered_loss_bps: is missing"),
        (
            "loss_policy = \"nobody\"",
            "loss_policy: unknown variant `nobody`, expected one of `waterfall`, `haircut`, `insurance_then_haircut`, `negative_reserves`, `deficit`, `receivable`",
        ),
    ] {
        let new = format!("{RESERVE}\n{new}");
        let expected = format!("s.toml: pools[0].reserves[1].{line}");
        assert_eq!(refused("", (RESERVE, &new)), expected);
    }
    let none = "insurance = \"0\"\nstakers = { count = 1, share_bps = 1, uncovered_loss_bps = 1 }";
    let line = "s.toml: pools[0].reserves[1].stakers: means nothing without `insurance`";
    assert_eq!(refused("", (RESERVE, none)), line);
}

/// Every example of the page on agents is a scenario where it belongs.
#[test]
fn every_example_of_the_page_on_agents_is_a_scenario() {
    const PAGE: &str = include_str!("../../../docs/AGENTS.md");
    let mut examples = 0;
    for example in PAGE.split("```toml\n").skip(1) {
        let example = example.split("```").next().expect("an example ends").trim_end();
        if example.starts_with('[') {
            read(example, ("", ""));
        } else if example.starts_with("behaviour") {
            read("", (BORROWERS, &format!("{BORROWERS}\n{example}")));
        } else {
            read("", (RESERVE, &format!("{RESERVE}\n{example}")));
        }
        examples += 1;
    }
    assert_eq!(examples, 7);
}
