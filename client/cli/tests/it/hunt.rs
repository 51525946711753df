//! A hunt leaves what it says, replays, and takes up shards that are done.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

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
    assert!(!again.contains("shard 3: "), "nothing is run again: {again}");
    let replayed = session.ok("hunt replay hunt/corpus");
    assert!(replayed.ends_with("sequences keep every rule, 0 do not"), "{replayed}");
    assert!(session.ok("hunt report hunt").contains("wrote hunt/index.html"));
    let merged = session.ok("hunt merge hunt --out both --tries 40 --ungated");
    assert!(merged.starts_with("1 results add up, 0 are of another build or bug"), "{merged}");
    assert!(merged.contains("sequences show something; 0 findings are gone"), "{merged}");
    let page = fs::read_to_string(session.path("hunt/index.html")).unwrap();
    assert!(page.contains("Vacuity gate") && !page.contains("http://"), "{page}");
}

/// Every file below a folder, by its path from there.
fn tree(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let (mut files, mut folders) = (BTreeMap::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_owned();
                let _none = files.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// Some shards of one small campaign; `more` says on which threads or into which folder.
fn shards(range: &str, more: &str) -> String {
    format!("hunt run --shards {range} --rounds 6 --tries 1 --ungated {more}")
}

#[test]
fn threads_change_no_result() {
    let (one, three) = (Session::empty(), Session::empty());
    let _first = one.ok(&shards("0..3", "--threads 1 --out hunt"));
    let _second = three.ok(&shards("0..3", "--threads 3 --out hunt"));
    let files = tree(&one.path("hunt"));
    assert_eq!(files.keys().filter(|name| name.starts_with("results")).count(), 3);
    assert_eq!(files, tree(&three.path("hunt")));
}

#[test]
fn shards_that_were_stopped_or_done_elsewhere_add_up_to_the_same_campaign() {
    let session = Session::empty();
    let figures = |folder: &str| fs::read_to_string(session.path(folder).join("summary.json"));
    for line in [
        shards("0..3", "--out whole"),
        shards("0..2", "--out stopped"),
        shards("2", "--out rest"),
        "hunt merge stopped rest --tries 1 --ungated --out merged".to_owned(),
        "hunt merge rest stopped rest --tries 1 --ungated --out turned".to_owned(),
        shards("0..3", "--out stopped"),
    ] {
        let _said = session.ok(&line);
    }
    let whole = figures("whole").unwrap();
    assert!(whole.contains("\"sequences\": 18,"), "{whole}");
    assert_eq!(figures("stopped").unwrap(), whole, "taken up again");
    assert_eq!(figures("merged").unwrap(), whole, "put together");
    assert_eq!(tree(&session.path("merged")), tree(&session.path("turned")), "in any order");
    let worst = |folder: &str| tree(&session.path(folder).join("economic"));
    assert_eq!(worst("merged"), worst("whole"));
}

#[test]
fn a_result_of_another_campaign_or_shard_or_half_of_one_is_not_taken() {
    let session = Session::empty();
    let one = |more: &str| format!("hunt run --shards 0 --tries 1 --ungated --out hunt {more}");
    let takes = |line: &str| session.ok(line).contains("1 shards were done already");
    assert!(!takes(&one("--rounds 2")));
    let file = fs::read_dir(session.path("hunt/results")).unwrap().next().unwrap().unwrap().path();
    for other in ["--rounds 3", "--rounds 2 --seed 2", "--rounds 2 --strategy random"] {
        assert!(!takes(&one(other)), "{other}");
    }
    assert!(takes(&one("--rounds 2")));
    let renamed = file.to_string_lossy().replace("-0.json", "-1.json");
    let _bytes = fs::copy(&file, &renamed).unwrap();
    let said = session.ok("hunt run --shards 1 --tries 1 --ungated --out hunt --rounds 2");
    assert!(said.contains("shard 1: "), "shard 0 under another name was taken for it: {said}");
    fs::remove_file(renamed).unwrap();
    let whole = fs::read_to_string(&file).unwrap();
    let other = whole.replacen("\"shard\":0", "\"shard\":1", 1);
    assert_ne!(whole, other);
    for wrong in [&other, &whole[..whole.len() / 2], ""] {
        fs::write(&file, wrong).unwrap();
        let merged = session.ok("hunt merge hunt --tries 1 --ungated --out merged");
        assert!(merged.starts_with("3 results add up, 1 are of another build or bug"), "{merged}");
        assert!(!takes(&one("--rounds 2")), "{wrong}");
        assert_eq!(fs::read_to_string(&file).unwrap(), whole, "it was done again");
    }
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
        ("hunt merge hunt --out all --bug first_out", "this build has no bugs in it"),
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

/// A fuzz target's files, for each target that takes records: their folder says which, or
/// `--target` does. libFuzzer's have no extension and any length.
#[test]
fn what_a_fuzz_target_was_given_is_replayed_and_told() {
    let session = Session::empty();
    let records = [[0_u8; 12], [7; 12]].concat();
    for (target, head) in [
        ("insolvency", 0),
        ("loss_policies", 1),
        ("differential", 0),
        ("profit", 0),
        ("tx_mutate", 2),
    ] {
        let folder = session.path(&format!("artifacts/{target}"));
        fs::create_dir_all(&folder).unwrap();
        let bytes = [&vec![1; head], &records[..], &[9; 5]].concat();
        for file in [folder.join("crash-1"), session.path("crash-2")] {
            fs::write(file, &bytes).unwrap();
        }
        let clean = "1 sequences keep every rule, 0 do not";
        let own = format!("artifacts/{target}/crash-1");
        assert_eq!(session.ok(&format!("hunt replay {own}")), clean, "{target}");
        assert_eq!(session.ok(&format!("hunt replay artifacts/{target}")), clean, "{target}");
        let line = format!("hunt replay crash-2 --target {target}");
        assert_eq!(session.ok(&line), clean, "{target}");
        let story = session.ok(&format!("hunt show {own}"));
        assert!(story.contains("### 1. deposit") && story.ends_with("every rule is kept"));
        let test = session.ok(&format!("hunt show {own} --as code"));
        let call = match target {
            "insolvency" => "Checked::wild()".to_owned(),
            "loss_policies" => "target::loss_policies::world(1, options)".to_owned(),
            target => format!("let _end = {target}::run(&bytes("),
        };
        assert!(test.contains(&call), "{target}: {test}");
    }
    for (line, part) in [
        ("hunt shrink artifacts/profit/crash-1", "keeps every rule, there is nothing to shrink"),
        ("hunt show crash-2 --target math", "no target \"math\" takes records"),
        ("hunt show artifacts/math/crash-1", "cargo fuzz run -s none math artifacts/math/crash-1"),
        ("hunt show artifacts/profit/crash-1 --bug first_out", "bugs are planted in the hunt's"),
    ] {
        let output = session.run(line);
        assert_eq!(output.status.code(), Some(2), "{line}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(part), "{line}: {error}");
    }
}
