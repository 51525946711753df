//! docs/RUNTIME.md names tests, rows of the table of hostile programs, and functions. They have
//! to exist, or the page tells of a runtime that is no more.

use std::{collections::BTreeSet, fs, path::Path};

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn doc() -> String {
    read("../docs/RUNTIME.md")
}

/// What stands between two `mark`s on one line.
fn quoted(text: &str, mark: char) -> impl Iterator<Item = &str> {
    text.lines().flat_map(move |line| line.split(mark).skip(1).step_by(2))
}

/// The source of a test named `module::test`: below `src` where the module has a path.
fn test_source(module: &str) -> String {
    let path = if module.contains('/') {
        format!("src/{module}.rs")
    } else {
        format!("tests/it/{module}.rs")
    };
    read(&path)
}

#[test]
fn every_test_it_names_exists() {
    let doc = doc();
    let is_test = |name: &&str| name.contains("::") && name.chars().all(|c| !c.is_uppercase());
    let named: BTreeSet<&str> = quoted(&doc, '`').filter(is_test).collect();
    assert!(named.len() > 30, "{named:?}");
    for name in named {
        let (module, test) = name.rsplit_once("::").unwrap();
        let found = test_source(module).contains(&format!("fn {test}("));
        assert!(
            found,
            "docs/RUNTIME.md names the test {name}, which does not exist: rename it there"
        );
    }
}

#[test]
fn every_row_it_names_exists() {
    let (doc, table) = (doc(), read("tests/it/rules.rs"));
    let rows = doc.lines().filter(|line| line.contains("ow \"") || line.contains("ows \""));
    let named: BTreeSet<&str> = rows.flat_map(|line| quoted(line, '"')).collect();
    assert!(named.len() > 25, "{named:?}");
    for row in named {
        assert!(
            table.contains(&format!("\"{row}\"")),
            "docs/RUNTIME.md names the row {row:?} of rules.rs, which does not exist: rename it there"
        );
    }
}

#[test]
fn every_function_it_names_exists() {
    let doc = doc();
    let cells = doc.lines().filter_map(|line| line.split(" | ").nth(3));
    let mut count = 0;
    for cell in cells.filter(|cell| cell.contains(".rs`")) {
        let mut names = quoted(cell, '`');
        let file = names.next().unwrap();
        let source = read(&format!("src/{file}"));
        for function in names {
            let found = source.contains(&format!("fn {function}("));
            assert!(found, "docs/RUNTIME.md: {file} has no function {function}: correct the page");
            count += 1;
        }
    }
    assert!(count > 15, "{count}");
}

#[test]
fn it_names_every_file_that_enforces_a_rule() {
    let doc = doc();
    for file in ["execute/rules.rs", "execute/frame.rs", "execute/commit.rs", "execute/fees.rs"] {
        assert!(doc.contains(&format!("`{file}`: ")), "{file}");
    }
}
