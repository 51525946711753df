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
