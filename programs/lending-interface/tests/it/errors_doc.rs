//! docs/ERRORS.md is written from the enum; this holds the two together.

use std::{env, fs, path::PathBuf};

use cofferdam_lending_interface::LendingError;

const HEAD: &str = "# Errors of the lending program

Written from `LendingError`; `COFFERDAM_WRITE_ERRORS=1 cargo test -p cofferdam-lending-interface errors_doc` writes it again.
Numbers are grouped and append-only. The transaction's log has the values that belong to an error.

| number | name | what it means and what to do |
|---|---|---|
";

fn rendered() -> String {
    let row = |error: &LendingError| format!("| {} | {} | {error} |\n", error.code(), error.name());
    let rows: String = LendingError::ALL.iter().map(row).collect();
    format!("{HEAD}{rows}")
}

#[test]
fn the_document_lists_every_error() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/ERRORS.md");
    if env::var_os("COFFERDAM_WRITE_ERRORS").is_some() {
        fs::write(&path, rendered()).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == rendered(), "docs/ERRORS.md is out of date; its head says how to write it");
}
