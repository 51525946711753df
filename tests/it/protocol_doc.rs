//! docs/PROTOCOL.md states requirements with ids and names the tests that hold them. Ids are
//! unique, every requirement has a test, and every test it names exists.

use std::{collections::BTreeSet, fs, path::PathBuf};

/// A requirement: its id and the tests it names, as (file, function).
struct Requirement {
    id: String,
    tests: Vec<(String, String)>,
}

fn read(path: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every list item of the document that opens with a bold id.
fn requirements(document: &str) -> Vec<Requirement> {
    let items = document.split("\n- **").skip(1);
    items
        .filter_map(|item| {
            let (id, rest) = item.split_once("** ")?;
            let text = rest.split("\n\n").next().unwrap_or_default().replace("\n  ", " ");
            let tests = text.split('`').skip(1).step_by(2).filter_map(|quoted| {
                let (file, function) = quoted.split_once(".rs: ")?;
                Some((format!("{file}.rs"), function.to_owned()))
            });
            Some(Requirement { id: id.into(), tests: tests.collect() })
        })
        .collect()
}

#[test]
fn every_requirement_has_an_id_of_its_own_and_a_test() {
    let requirements = requirements(&read("docs/PROTOCOL.md"));
    assert!(requirements.len() > 60, "{}", requirements.len());
    let mut seen = BTreeSet::new();
    for Requirement { id, tests } in &requirements {
        assert!(seen.insert(id), "{id} stands twice in docs/PROTOCOL.md");
        assert!(!tests.is_empty(), "{id} names no test: write it as `path/file.rs: function`");
    }
}

#[test]
fn every_test_it_names_exists() {
    for Requirement { id, tests } in requirements(&read("docs/PROTOCOL.md")) {
        for (file, function) in tests {
            let found = read(&file).contains(&format!("fn {function}("));
            assert!(found, "{id}: {file} has no function {function}; correct docs/PROTOCOL.md");
        }
    }
}
