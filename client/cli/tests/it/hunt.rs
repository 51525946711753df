//! A hunt leaves what it says, replays, and takes up shards that are done.

use std::{collections::BTreeMap, fs};

use crate::session::Session;

/// A few rounds of one shard.
const SHARD: &str = "hunt run --shards 3..4 --rounds 12 --tries 40 --ungated --out hunt";

#[test]
fn a_shard_is_hunted_once_replayed_shown_and_merged() {
    let session = Session::empty();
    let first = session.ok(SHARD);
    assert!(first.contains("shard 3: ") && first.contains("no protocol bug in"), "{first}");
    assert!(first.contains("gate FAILED"), "a dozen sequences pass no gate: {first}");
    let again = session.ok(SHARD);
    assert!(again.contains("1 shards were done already"), "{again}");
    let replayed = session.ok("hunt replay hunt/corpus");
    assert!(replayed.ends_with("sequences keep every rule, 0 do not"), "{replayed}");
    assert!(session.ok("hunt report hunt").contains("wrote hunt/index.html"));
    let merged = session.ok("hunt merge hunt --out both");
    assert!(merged.starts_with("both: ") && merged.ends_with(" 0 findings"), "{merged}");
    let page = fs::read_to_string(session.path("hunt/index.html")).unwrap();
    assert!(page.contains("Vacuity gate") && !page.contains("http://"), "{page}");
}

#[test]
fn threads_change_no_result() {
    let (one, three) = (Session::empty(), Session::empty());
    let line = |threads| {
        format!(
            "hunt run --shards 0..3 --rounds 6 --tries 1 --ungated --threads {threads} --out hunt"
        )
    };
    let figures = |session: &Session| fs::read(session.path("hunt/summary.json")).unwrap();
    let (_first, _second) = (one.ok(&line(1)), three.ok(&line(3)));
    assert_eq!(figures(&one), figures(&three));
    let shards = |session: &Session| {
        let files = fs::read_dir(session.path("hunt/shards")).unwrap();
        let read = |file: std::io::Result<fs::DirEntry>| {
            let path = file.unwrap().path();
            (path.file_name().unwrap().to_owned(), fs::read(path).unwrap())
        };
        files.map(read).collect::<BTreeMap<_, _>>()
    };
    assert_eq!(shards(&one).len(), 3);
    assert_eq!(shards(&one), shards(&three));
}

#[test]
fn too_little_is_exit_code_three() {
    let session = Session::empty();
    let output = session.run("hunt run --shards 0..1 --rounds 1 --tries 1 --out hunt");
    assert_eq!(output.status.code(), Some(3));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("the hunt tried too little to mean anything: never succeeded: "));
}

#[test]
fn wrong_lines_are_told() {
    let session = Session::empty();
    for (line, part) in [
        ("hunt --strategy luck", "no strategy \"luck\""),
        ("hunt --objective fame", "no measure \"fame\""),
        ("hunt run --shards 4..4", "is no range of shards"),
        ("hunt run --bug first_out", "this build has no bugs in it"),
        ("hunt replay nowhere", "nowhere: "),
    ] {
        let output = session.run(line);
        assert_eq!(output.status.code(), Some(2), "{line}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(part), "{line}: {error}");
    }
}

#[test]
fn seeds_are_as_long_as_they_should_be() {
    let session = Session::empty();
    assert!(session.ok("hunt seeds corpus --count 3 --records 5").contains("3 new sequences"));
    assert!(session.ok("hunt seeds corpus --count 3 --records 5").contains("0 new sequences"));
    for file in fs::read_dir(session.path("corpus")).unwrap() {
        assert_eq!(file.unwrap().metadata().unwrap().len(), 5 * 12);
    }
}
