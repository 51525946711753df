//! Campaigns on the real program.

use std::num::NonZeroUsize;

use cofferdam_stress::{
    campaign::{
        Fall, Floor, Shock, Size, Subject,
        reverse::{replay, smallest},
    },
    engine::{self, Mode},
    scenario::{Assertion, parse},
};

const TEXT: &str = include_str!("../../../../scenarios/black-thursday.toml");

/// Few people, long steps and one day.
fn small() -> Subject {
    let text = TEXT
        .replace("count = 280", "count = 4")
        .replace("count = 160", "count = 4")
        .replace("count = 12", "count = 2")
        .replace("capacity_share = \"0.1\"", "capacity_share = \"0.01\"")
        .replace("step_s = 60", "step_s = 900")
        .replace("warmup_s = 2_592_000", "warmup_s = 3_600");
    Subject::new("small.toml", &text, Vec::new()).unwrap()
}

fn floor(dir: &std::path::Path, paths: u64, mode: Mode, jobs: usize) -> Floor {
    let jobs = NonZeroUsize::new(jobs).unwrap();
    Floor { dir: dir.to_owned(), size: Size::of(paths, mode), build: "test".into(), jobs }
}

#[test]
fn real_paths_are_the_same_on_any_number_of_threads() {
    let dirs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let subject = small();
    let play = |dir: &tempfile::TempDir, jobs| {
        floor(dir.path(), 4, Mode::Fast, jobs).play(&subject, &mut |_| {}).unwrap()
    };
    let (one, three) = (play(&dirs[0], 1), play(&dirs[1], 3));
    assert_eq!(one, three);
    assert!(one.results.figure("bad_debt.mean").unwrap().figure.value > 0.0);
    let exact = floor(dirs[0].path(), 4, Mode::Exact, 2).play(&subject, &mut |_| {}).unwrap();
    assert_eq!(exact.rows, one.rows);
    assert_ne!(exact.plan.hash, one.plan.hash);
}

#[test]
fn the_smallest_fall_that_breaks_replays_as_a_scenario() {
    let dir = tempfile::tempdir().unwrap();
    let (subject, floor) = (small(), floor(dir.path(), 1, Mode::Fast, 1));
    let fall = Fall { after_s: 3_600, over_s: 7_200 };
    let shock = Shock::price(&subject, "ETH", fall).unwrap();
    let until = Assertion::parse_line("bad_debt.suppliers.max > 1").unwrap();
    let found = smallest(&subject, &shock, &until, &mut |subject| {
        Ok(floor.play(subject, &mut |_| {})?.results)
    });
    let found = found.unwrap().found.expect("a fall of 99.9 % breaks every pool");
    let lesser = found.lesser.clone().expect("a price that stays breaks none");
    assert!(found.figure > 1.0 && lesser.figure <= 1.0, "{found:?}");
    let suppliers = |text: &str| {
        let scenario = parse("break.toml", text).unwrap();
        let summary = engine::run(&scenario, None, |_| {}).unwrap().summary;
        summary.pools[0].reserves[1].bad_debt.suppliers.0
    };
    // DAI is a dollar and has nine decimals.
    assert!(suppliers(&replay(&subject, "price", &found).unwrap()) > 1_000_000_000);
    let changes = subject.with(&lesser.changes).unwrap();
    assert!(suppliers(changes.effective_text()) <= 1_000_000_000);
}
