//! Paths that were found once are run for ever, with every invariant checked after each step.

use std::{fs, path::PathBuf};

use cofferdam_tests::hunt::{Count, Engine, Ground, Plan, reproduce, text};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("regressions")
}

/// Every file, by name.
fn paths() -> Vec<(String, String)> {
    let files = fs::read_dir(folder()).expect("tests/regressions exists");
    let files = files.map(|file| file.expect("it can be read").path());
    let mut texts: Vec<_> = files
        .filter(|file| file.extension().is_some_and(|extension| extension == "txt"))
        .map(|file| {
            let text = fs::read_to_string(&file).expect("a text");
            (file.file_name().unwrap_or_default().to_string_lossy().into_owned(), text)
        })
        .collect();
    texts.sort();
    texts
}

#[test]
fn every_rule_is_kept_on_every_path() {
    let ground = Ground::wild();
    let paths = paths();
    assert!(!paths.is_empty(), "tests/regressions is empty");
    for (name, content) in paths {
        let records = text::read(&content).unwrap_or_else(|error| panic!("{name}: {error}"));
        if let Some(finding) = reproduce(&ground, &records, true) {
            panic!("{name}: {finding}");
        }
        // A path on which everything is refused would show nothing.
        let mut engine = Engine::new(&ground, Plan::default());
        let _finding = engine.feed(&records);
        assert!(done(engine.count()) > 0, "{name}: nothing on it succeeds");
    }
}

fn done(count: &Count) -> u64 {
    let ends = count.tally.counts();
    ends.filter(|(_, end, _)| *end == "ok").map(|(_, _, times)| times).sum()
}
