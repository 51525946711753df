//! The list of invariants and its document say the same, and every test it names exists.

use std::{collections::BTreeSet, fs, path::PathBuf};

use cofferdam_tests::invariant::{SPEC, table};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn document_shows_the_list() {
    let path = root().join("docs/INVARIANTS.md");
    let document = fs::read_to_string(&path).expect("it is there");
    if std::env::var_os("COFFERDAM_WRITE_INVARIANTS").is_some() {
        let rows = |line: &&str| line.starts_with("| ") || line.starts_with("|---");
        let (start, end) = (document.find("| id |").expect("a table"), document.rfind("` |\n"));
        let (before, after) = (&document[..start], &document[end.expect("a table") + 4..]);
        assert!(!after.lines().any(|line| rows(&line)), "the document has another table");
        fs::write(&path, [before, &table(), after].concat()).expect("it can be written");
        return;
    }
    assert!(document.contains(&table()), "docs/INVARIANTS.md should have this table:\n{}", table());
}

#[test]
fn ids_are_unique() {
    let ids: BTreeSet<_> = SPEC.iter().map(|invariant| invariant.id).collect();
    assert_eq!(ids.len(), SPEC.len());
}

#[test]
fn named_tests_exist() {
    for invariant in SPEC {
        let (module, function) = invariant.test.split_once("::").expect("module::function");
        let tests = root().join("tests/it");
        let file = [format!("{module}.rs"), format!("{module}/mod.rs")];
        let source = file.iter().find_map(|file| fs::read_to_string(tests.join(file)).ok());
        let source = source.unwrap_or_else(|| panic!("{}: no module {module}", invariant.id));
        let wanted = format!("fn {function}()");
        assert!(source.contains(&wanted), "{}: no {wanted} in {module}", invariant.id);
    }
}
