//! Paths of a Monte Carlo run, on the real program.

use cofferdam_stress::{
    engine::{Mode, Prepared, Staging, run},
    outcome::{COURSE_POINTS, PathOutcome},
    scenario::{Scenario, parse},
};

use crate::fixture::{SHIPPED, fewer, jumping};

/// The shipped scenario with a twentieth of the people, longer steps and less room.
fn small() -> Scenario {
    let text = fewer(SHIPPED)
        .replace("capacity_share = \"0.1\"", "capacity_share = \"0.002\"")
        .replace("step_s = 60", "step_s = 600");
    parse("small", &text).expect("a scenario")
}

/// A random price in place of the daily bars.
fn jumpy(seed: u64, volatility: &str, jump: &str, extra: &str) -> Scenario {
    let lag = if seed.is_multiple_of(2) { "lag_s = 600" } else { "lag_s = 3600" };
    let text = jumping(volatility, jump)
        .replace("lag_s = 3600", lag)
        .replace("step_s = 60", "step_s = 900")
        .replace("[oracle]", &format!("{extra}\n[oracle]"));
    let text =
        if extra.contains("liquidators") || extra.is_empty() { text } else { peopled(&text) };
    Scenario { seed, ..parse("random.toml", &text).unwrap_or_else(|error| panic!("{error}")) }
}

const fn shared<T: Send + Sync>() {}
const _: () = shared::<Prepared>();

#[test]
fn the_first_path_is_the_single_run() {
    let scenario = small();
    let (single, path) =
        (run(&scenario, None, |_| {}), Prepared::new(&scenario).unwrap().play(0, Mode::Exact));
    let (single, path) = (single.unwrap(), path.unwrap());
    let (reserves, pool) = (&single.summary.pools[0].reserves, &path.pools[0]);
    // DAI is a dollar: its 10⁻⁹ units are 10⁻³ of a millionth.
    let lost = reserves[1].bad_debt.recognised.0 / 1_000;
    let paid = pool.bad_debt.recognised();
    assert!(lost > 0 && lost - paid <= 4 * 22, "{lost} against {paid}");
    let counts = (pool.liquidations.executed, pool.liquidations.late, pool.liquidations.missed);
    let of = reserves[1].liquidations;
    assert_eq!(
        (counts.0.into(), counts.1.into(), counts.2.into()),
        (of.executed, of.late, of.missed)
    );
    assert_eq!(pool.delays.iter().map(|(_, count)| count).sum::<u32>(), counts.0);
    assert_eq!(pool.health_before, single.health[0].before);
    assert_eq!(pool.health_after, single.health[0].after);
    assert_eq!(pool.course.len(), COURSE_POINTS);
    let last = pool.course.last().unwrap();
    assert_eq!(last.bad_debt.recognised(), paid);
    assert_eq!(Some(last.price), single.timelines[0].points.last().map(|point| point.price));
    assert_eq!((pool.untouched, path.pools[1].untouched), (false, true));
}

#[test]
fn a_path_is_a_pure_function_of_its_number() {
    let prepared = Prepared::new(&small()).unwrap();
    let play = |path| prepared.play(path, Mode::Exact).unwrap();
    let (first, second): (PathOutcome, PathOutcome) = (play(1), play(2));
    assert_ne!(first.pools, second.pools);
    assert_eq!(first, play(1));
}

const CROWD: &str = r#"
[markets.ETH]
model = "constant_product"
depth_usd = "20_000_000"
fee_bps = 30
recovery_half_life_s = 1800
[[liquidators]]
count = 3
capital = { DAI = "1_000_000" }
latency_steps = 1
participation_bps = 7000
sizing = "optimal"
[[liquidators]]
count = 2
capital = { DAI = "4_000_000" }
min_profit_usd = "50"
bid_usd = "2"
gas = "escalate"
sizing = "two_step"
"#;

const PRICED: &str = r#"
[fees]
capacity_per_step = 6
base_fee_usd = "0.5"
base_fee_min_usd = "0.01"
background_per_step = 12
background_bid_usd = "4"
[markets.ETH]
model = "square_root"
depth_usd = "5_000_000"
impact_bps = 800
recovery_half_life_s = 3600
[[liquidators]]
count = 4
capital = { DAI = "2_000_000" }
bid_usd = "1"
gas = "escalate"
expire_after_steps = 3
[[liquidators]]
count = 4
capital = { DAI = "500_000" }
latency_steps = 2
bid_usd = "20"
[feeds.ETH]
lag_s = 900
floor = "90"
frozen = [{ from = "2020-03-12T06:00:00Z", until = "2020-03-12T10:00:00Z" }]
wrong = [{ from = "2020-03-13T06:00:00Z", until = "2020-03-13T07:00:00Z", share_bps = 7000 }]
"#;

/// People who do something: borrowers of each kind, runners, stakers.
fn peopled(text: &str) -> String {
    text.replace("to = 5500 }", "to = 5500 }\nbehaviour = \"top_up\"\ntrigger_health_bps = 11000")
        .replace("to = 7200 }", "to = 7200 }\nbehaviour = \"deleverage\"\nwallet_bps = 1500")
        .replace("count = 8", "count = 4")
        .replace("[[pools]]\nname = \"usdc-dai\"", "[[pools.borrowers]]\ncollateral = \"ETH\"\ndebt = \"DAI\"\ncount = 5\ncollateral_total = \"100_000\"\nltv_bps = { from = 5000, to = 7300 }\nbehaviour = \"panic\"\n\n[[pools]]\nname = \"usdc-dai\"")
        .replace("insurance = \"500_000\"", "insurance = \"500_000\"\nrunners = { share_bps = 5000, uncovered_loss_bps = 1, utilisation_bps = 9900 }\nstakers = { count = 3, share_bps = 6000, uncovered_loss_bps = 500 }")
}

const DEEP: &str = r#"
[markets.ETH]
model = "constant_product"
depth_usd = "50_000_000"
recovery_half_life_s = 1800
"#;

#[test]
fn both_speeds_agree_on_people_who_act() {
    let prepared = Prepared::new(&jumpy(9, "2.5", "0.2", DEEP)).unwrap();
    let (mut fled, mut saved) = (0, 0);
    for path in 0..4 {
        let exact = prepared.play(path, Mode::Exact).unwrap();
        assert_eq!(exact, prepared.play(path, Mode::Fast).unwrap(), "path {path}");
        fled += exact.pools[0].fled;
        saved += exact.pools[0].saved_by_running;
        assert!(exact.pools[1].untouched);
        assert_eq!(exact.pools[1].fled, 0);
    }
    assert!(fled > 0 && saved > 0 && saved < fled, "{fled} fled and saved {saved}");
}

/// Plays paths of random scenarios in both modes and returns how many lost anything.
fn both(seeds: &[(u64, &str, &str)], extra: &str, paths: u64) -> (u32, u32) {
    let (mut lost, mut failed) = (0, 0);
    for (seed, volatility, jump) in seeds {
        let prepared = Prepared::new(&jumpy(*seed, volatility, jump, extra)).unwrap();
        for path in 0..paths {
            let exact = prepared.play(path, Mode::Exact).unwrap();
            let fast = prepared.play(path, Mode::Fast).unwrap();
            assert_eq!(exact, fast, "seed {seed}, path {path}, {extra}");
            lost += u32::from(exact.bad_debt() > 0);
            failed += exact.pools[0].liquidations.failed;
        }
    }
    (lost, failed)
}

#[test]
fn both_speeds_give_the_same_to_the_last_bit() {
    let seeds = [(1, "1.5", "0.12"), (2, "2.5", "0.2"), (3, "0.6", "0.05"), (4, "4", "0.3")];
    let (lost, _) = both(&seeds, "", 4);
    assert!(lost > 4, "only {lost} paths of 16 lose anything");
}

#[test]
fn both_speeds_agree_on_liquidators_who_compete() {
    let (lost, failed) = both(&[(5, "1.5", "0.12"), (6, "2.5", "0.2")], CROWD, 3);
    assert!(lost > 0 && failed > 0, "{lost} paths lose, {failed} transactions fail");
}

#[test]
fn both_speeds_agree_where_blocks_are_priced_and_feeds_fail() {
    let (lost, _) = both(&[(7, "1.5", "0.12"), (8, "2.5", "0.2")], PRICED, 3);
    assert!(lost > 0, "{lost} paths lose");
}

#[test]
fn positions_on_the_shelf_play_the_same_paths() {
    for extra in ["", CROWD] {
        let scenario = jumpy(6, "2.5", "0.2", extra);
        let staged = Prepared::staged(&scenario, Staging::Transactions).unwrap();
        let shelved = Prepared::staged(&scenario, Staging::Shelved).unwrap();
        let mut lost = 0;
        for path in 0..3 {
            let expected = staged.play(path, Mode::Fast).unwrap();
            assert_eq!(expected, shelved.play(path, Mode::Fast).unwrap(), "path {path}, fast");
            lost += u32::from(expected.bad_debt() > 0);
        }
        assert_eq!(staged.play(0, Mode::Exact).unwrap(), shelved.play(0, Mode::Exact).unwrap());
        assert!(lost > 0);
    }
}
