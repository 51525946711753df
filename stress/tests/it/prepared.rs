//! Paths of a Monte Carlo run, on the real program.

use cofferdam_stress::{
    engine::{Mode, Prepared, run},
    outcome::{COURSE_POINTS, PathOutcome},
    scenario::{Scenario, parse},
};

const TEXT: &str = include_str!("../../../scenarios/black-thursday.toml");

/// The shipped scenario with a twentieth of the people, longer steps and less room.
fn small() -> Scenario {
    let text = TEXT
        .replace("count = 280", "count = 14")
        .replace("count = 160", "count = 8")
        .replace("capacity_share = \"0.1\"", "capacity_share = \"0.002\"")
        .replace("step_s = 60", "step_s = 600");
    parse("small", &text).expect("a scenario")
}

/// A random price in place of the daily bars.
fn jumpy(seed: u64, volatility: &str, jump: &str) -> Scenario {
    let from = TEXT.find("kind = \"daily_ohlc\"").expect("daily bars");
    let until = from + TEXT[from..].find("\n]").expect("the days end") + 2;
    let jumps = format!(
        "process = \"kou\"\nopening = \"200\"\nvolatility = \"{volatility}\"\njumps_per_year = \"400\"\nup_probability = \"0.2\"\nup_mean = \"0.04\"\ndown_mean = \"{jump}\""
    );
    let text = format!("{}{jumps}{}", &TEXT[..from], &TEXT[until..])
        .replace("count = 280", "count = 14")
        .replace("count = 160", "count = 8")
        .replace(
            "lag_s = 3600",
            if seed.is_multiple_of(2) { "lag_s = 600" } else { "lag_s = 3600" },
        )
        .replace("step_s = 60", "step_s = 900");
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

#[test]
fn both_speeds_give_the_same_to_the_last_bit() {
    let mut lost = 0;
    for (seed, volatility, jump) in
        [(1, "1.5", "0.12"), (2, "2.5", "0.2"), (3, "0.6", "0.05"), (4, "4", "0.3")]
    {
        let prepared = Prepared::new(&jumpy(seed, volatility, jump)).unwrap();
        for path in 0..4 {
            let exact = prepared.play(path, Mode::Exact).unwrap();
            let fast = prepared.play(path, Mode::Fast).unwrap();
            assert_eq!(exact, fast, "seed {seed}, path {path}");
            lost += u32::from(exact.bad_debt() > 0);
        }
    }
    assert!(lost > 4, "only {lost} paths of 16 lose anything");
}
