//! Plans, shards and merging.

use std::{
    fs,
    num::NonZeroUsize,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

use cofferdam_stress::{
    campaign::{
        Change, Done, Plan, Player, Size, Subject, collect, csv, run,
        shard::{self, file},
    },
    engine::{Mode, RunError},
    outcome::PathOutcome,
};

use super::{MadeUp, plan, results, subject};
use crate::{fixture::TEXT, fixture_paths};

const PATHS: u64 = 97;

/// Plays until it has played so many, then fails.
struct Mortal {
    left: AtomicU64,
}

impl Player for Mortal {
    fn play(&self, path: u64) -> Result<PathOutcome, RunError> {
        let left = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1));
        left.map_err(|_| RunError::UnknownAsset("plug pulled".into()))?;
        Ok(fixture_paths::path(path))
    }
}

fn jobs(count: usize) -> NonZeroUsize {
    NonZeroUsize::new(count).unwrap()
}

fn shard_bytes(dir: &Path, plan: &Plan) -> Vec<Vec<u8>> {
    (0..plan.shards).map(|index| fs::read(file(dir, plan, index)).unwrap()).collect()
}

#[test]
fn threads_change_no_byte() {
    let plan = plan(PATHS, 10);
    let (one, four) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut last = None;
    let rows = run(&plan, &MadeUp, one.path(), jobs(1), &mut |_| {}).unwrap();
    let same = run(&plan, &MadeUp, four.path(), jobs(4), &mut |told| last = Some(told)).unwrap();
    assert_eq!(rows, fixture_paths::paths(PATHS));
    assert_eq!(rows, same);
    assert_eq!(shard_bytes(one.path(), &plan), shard_bytes(four.path(), &plan));
    let last = last.unwrap();
    assert_eq!((last.done, last.resumed), (PATHS, 0));
    assert_eq!(last.bad_debt, rows.iter().map(PathOutcome::bad_debt).sum());
    let (results, table) = (results(&rows), csv(subject().scenario(), &rows).unwrap());
    assert_eq!(
        serde_json::to_string(&results).unwrap(),
        serde_json::to_string(&self::results(&same)).unwrap()
    );
    assert_eq!(table, csv(subject().scenario(), &same).unwrap());
    assert_eq!(String::from_utf8(table).unwrap().lines().count(), 1 + 2 * 97);
}

#[test]
fn what_is_done_stays_done() {
    let (plan, dir) = (plan(PATHS, 10), tempfile::tempdir().unwrap());
    let mortal = Mortal { left: AtomicU64::new(42) };
    let error = run(&plan, &mortal, dir.path(), jobs(2), &mut |_| {}).unwrap_err().to_string();
    assert!(error.starts_with("path ") && error.contains("plug pulled"), "{error}");
    let counted = Mortal { left: AtomicU64::new(PATHS) };
    let mut last = None;
    let rows = run(&plan, &counted, dir.path(), jobs(2), &mut |told| last = Some(told)).unwrap();
    assert_eq!(rows, fixture_paths::paths(PATHS));
    let (last, left) = (last.unwrap(), counted.left.into_inner());
    assert!(left >= 20, "only {left} paths were there from before");
    assert_eq!((last.done, last.resumed), (PATHS, left));
    // A third run plays nothing.
    let none = Mortal { left: AtomicU64::new(0) };
    assert_eq!(run(&plan, &none, dir.path(), jobs(1), &mut |_| {}).unwrap(), rows);
}

#[test]
fn shards_merge_in_any_order_and_missing_ones_are_named() {
    let plan = plan(PATHS, 6);
    let dirs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    for index in [5, 0, 3, 1, 4] {
        let dir = dirs[usize::try_from(index % 2).unwrap()].path();
        assert_eq!(shard::run(&plan, &MadeUp, index, dir, &|_| {}).unwrap(), Done::Played);
    }
    let [a, b] = dirs.each_ref().map(|dir| dir.path().to_owned());
    let error = collect(&plan, &[a.clone(), b.clone()]).unwrap_err().to_string();
    assert!(error.starts_with("1 of 6 shards are missing or damaged, the first is 2"), "{error}");
    let _done = shard::run(&plan, &MadeUp, 2, &b, &|_| {}).unwrap();
    let (there, back) = (collect(&plan, &[a.clone(), b.clone()]), collect(&plan, &[b, a]));
    assert_eq!(there.unwrap(), fixture_paths::paths(PATHS));
    assert_eq!(back.unwrap(), fixture_paths::paths(PATHS));
}

#[test]
fn two_results_of_one_shard_must_agree() {
    struct Other;
    impl Player for Other {
        fn play(&self, path: u64) -> Result<PathOutcome, RunError> {
            Ok(PathOutcome { weight: 0.5, ..fixture_paths::path(path) })
        }
    }
    let (plan, dirs) = (plan(4, 1), [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()]);
    let _done = shard::run(&plan, &MadeUp, 0, dirs[0].path(), &|_| {}).unwrap();
    let _done = shard::run(&plan, &Other, 0, dirs[1].path(), &|_| {}).unwrap();
    let error = collect(&plan, &dirs.each_ref().map(|dir| dir.path().to_owned())).unwrap_err();
    assert!(error.to_string().starts_with("two results of shard 0 differ"), "{error}");
}

#[test]
fn a_damaged_shard_is_refused_and_played_again() {
    let (plan, dir) = (plan(6, 2), tempfile::tempdir().unwrap());
    let _done = shard::run(&plan, &MadeUp, 1, dir.path(), &|_| {}).unwrap();
    let path = file(dir.path(), &plan, 1);
    let whole = fs::read(&path).unwrap();
    assert!(shard::read(&path, &plan, 0).is_none(), "a shard passed for another");
    for at in (0..whole.len()).step_by(whole.len() / 40) {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        fs::write(&path, &bytes).unwrap();
        assert!(shard::read(&path, &plan, 1).is_none(), "byte {at}");
        fs::write(&path, &whole[..at]).unwrap();
        assert!(shard::read(&path, &plan, 1).is_none(), "cut at {at}");
    }
    assert_eq!(shard::run(&plan, &MadeUp, 1, dir.path(), &|_| {}).unwrap(), Done::Played);
    assert_eq!(fs::read(&path).unwrap(), whole);
    assert_eq!(shard::run(&plan, &MadeUp, 1, dir.path(), &|_| {}).unwrap(), Done::Before);
    // The same file under the name of another plan is none of its shards.
    let other =
        Plan::new(&subject(), Size { paths: 6, shards: 2, mode: Mode::Fast }, "test").unwrap();
    assert_ne!(other.hash, plan.hash);
    assert!(shard::read(&path, &other, 1).is_none());
}

#[test]
fn shards_cover_every_path_once() {
    for (paths, shards) in [(1, 1), (7, 7), (97, 10), (1_000, 256), (3, 9)] {
        let plan = plan(paths, shards);
        let all: Vec<u64> = (0..plan.shards).flat_map(|index| plan.shard(index).unwrap()).collect();
        assert_eq!(all, (0..paths).collect::<Vec<_>>());
    }
    let error = plan(8, 4).shard(4).unwrap_err().to_string();
    assert_eq!(error, "there is no shard 4: the plan has shards 0 to 3");
}

#[test]
fn everything_that_decides_a_result_is_in_the_hash() {
    let hash = |subject: &Subject, size, build: &str| Plan::new(subject, size, build).unwrap().hash;
    let size = Size { paths: 8, shards: 2, mode: Mode::Exact };
    let (base, subject) = (hash(&subject(), size, "a"), subject());
    let seed = subject.with(&[Change::new("seed", "8")]).unwrap();
    let text = Subject::new("x", &TEXT.replace("count = 12", "count = 13"), Vec::new()).unwrap();
    for (what, other) in [
        ("paths", hash(&subject, Size { paths: 9, ..size }, "a")),
        ("shards", hash(&subject, Size { shards: 3, ..size }, "a")),
        ("mode", hash(&subject, Size { mode: Mode::Fast, ..size }, "a")),
        ("build", hash(&subject, size, "b")),
        ("change", hash(&seed, size, "a")),
        ("text", hash(&text, size, "a")),
    ] {
        assert_ne!(base, other, "{what}");
    }
    let moved = Subject::new("elsewhere/black.toml", TEXT, Vec::new()).unwrap();
    assert_eq!(base, hash(&moved, size, "a"));
}

#[test]
fn a_plan_is_refused_when_it_or_its_prices_were_changed() {
    let dir = tempfile::tempdir().unwrap();
    let candles = "timestamp_utc,open,high,low,close,volume\n\
        2020-03-11T00:00:00Z,200,201,199,200,1\n2020-03-12T00:00:00Z,200,201,150,160,1\n\
        2020-03-13T00:00:00Z,160,170,120,130,1\n2020-03-14T00:00:00Z,130,140,125,130,1\n";
    let (prices, scenario) = (dir.path().join("eth.csv"), dir.path().join("replay.toml"));
    fs::write(&prices, candles).unwrap();
    fs::write(&scenario, TEXT).unwrap();
    let replayed = Change::new("assets.ETH.price", "{ kind = \"replay\", file = \"eth.csv\" }");
    let subject = Subject::load(&scenario).unwrap().with(&[replayed]).unwrap();
    let size = Size { paths: 2, shards: 1, mode: Mode::Exact };
    let (plan, file) = (Plan::new(&subject, size, "a").unwrap(), dir.path().join("plan.json"));
    plan.save(&file).unwrap();
    assert_eq!(Plan::load(&file, "a").unwrap(), plan);
    assert_eq!(plan.subject().unwrap(), subject);
    let refused = |build: &str| Plan::load(&file, build).unwrap_err().to_string();
    assert!(refused("b").contains("another build"), "{}", refused("b"));
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("\"paths\": 2", "\"paths\": 3")).unwrap();
    assert!(refused("a").starts_with("the plan was changed"), "{}", refused("a"));
    fs::write(&file, "{}").unwrap();
    assert!(refused("a").contains("is no plan"), "{}", refused("a"));
    fs::write(&prices, candles.replace("150", "151")).unwrap();
    let error = plan.subject().unwrap_err().to_string();
    assert!(error.starts_with("eth.csv is not the file"), "{error}");
}

#[test]
fn sizes_that_cannot_be_are_refused_in_one_line() {
    let pairs = "[sampling]\nmethod = \"antithetic\"\n\n[oracle]";
    let pairs = Subject::new("x", &TEXT.replace("[oracle]", pairs), Vec::new()).unwrap();
    for (paths, shards, reason) in
        [(0, 1, "paths are 1 to"), (5, 0, "shards are 1 to"), (3, 1, "draws groups of 2 paths")]
    {
        let size = Size { paths, shards, mode: Mode::Exact };
        let error = Plan::new(&pairs, size, "a").unwrap_err().to_string();
        assert!(error.contains(reason) && !error.contains('\n'), "{error}");
    }
}
