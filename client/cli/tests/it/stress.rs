//! `cofferdam stress validate` prints its table and says with its exit code whether it holds.

use crate::session::Session;

#[test]
fn single_formulas_are_validated_and_told() {
    let session = Session::empty();
    let table = session.ok("stress validate --only B6,b7 --paths 1024 --jobs 1");
    assert!(table.contains("B6  165 for 160: bad debt") && table.contains("  ok"), "{table}");
    assert!(!table.contains("OFF") && !table.contains("B5"), "{table}");
    assert!(table.contains("of 17 figures are what they must be"), "{table}");
}

#[test]
fn wrong_lines_are_told() {
    let session = Session::empty();
    for (line, part) in [
        ("stress validate --only Z9", "Z9 is no formula; take A1 to A9, B1 to B7 or L"),
        ("stress validate --paths 10", "take at least 1024"),
        ("stress validate --only B6 --page page.md", "cannot be used with"),
    ] {
        let output = session.run(line);
        assert_eq!(output.status.code(), Some(2), "{line}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(part), "{line}: {error}");
    }
}
