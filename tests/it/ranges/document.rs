//! The tables of ranges in docs/PROTOCOL.md.

use std::{fs, path::PathBuf};

/// A line of a table.
pub(super) struct Range {
    pub(super) parameter: String,
    pub(super) least: String,
    pub(super) most: String,
    /// Other parameters and what they are set to.
    pub(super) beside: Vec<(String, u128)>,
}

/// The lines of the table that follows `title`.
pub(super) fn ranges(title: &str) -> Vec<Range> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/PROTOCOL.md");
    let document = fs::read_to_string(path).expect("docs/PROTOCOL.md");
    let (_, rest) = document.split_once("### Ranges").expect("the ranges");
    let (_, rest) = rest.split_once(title).unwrap_or_else(|| panic!("no table {title}"));
    let lines = rest.lines().skip_while(|line| !line.starts_with("|---")).skip(1);
    lines.take_while(|line| line.starts_with('|')).map(range).collect()
}

fn range(line: &str) -> Range {
    let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
    let [parameter, least, most, beside] = cells[..] else { panic!("four cells: {line}") };
    let beside = beside.split(", ").filter_map(|pair| pair.rsplit_once(' '));
    Range {
        parameter: parameter.trim_matches('`').to_owned(),
        least: least.to_owned(),
        most: most.to_owned(),
        beside: beside.map(|(name, value)| (name.to_owned(), number(value))).collect(),
    }
}

/// A bound's value, when `get` knows what the parameters are.
pub(super) fn value(bound: &str, get: &impl Fn(&str) -> u128) -> u128 {
    let sides = |at: usize, sign: &str| {
        let (left, right) = (&bound[..at], &bound[at + sign.len()..]);
        (value(left, get), value(right, get))
    };
    if let Some(at) = outside(bound, " − ") {
        let (left, right) = sides(at, " − ");
        return left - right;
    }
    if let Some(at) = outside(bound, " + ") {
        let (left, right) = sides(at, " + ");
        return left + right;
    }
    if let Some(at) = outside(bound, " ÷ ") {
        let (left, right) = sides(at, " ÷ ");
        return left / right;
    }
    if let Some(inner) = bound.strip_prefix('(').and_then(|bound| bound.strip_suffix(')')) {
        return value(inner, get);
    }
    if bound.starts_with(|first: char| first.is_ascii_digit()) { number(bound) } else { get(bound) }
}

/// Where a sign stands outside of brackets.
fn outside(bound: &str, sign: &str) -> Option<usize> {
    let open = |at: usize| bound[..at].matches('(').count() > bound[..at].matches(')').count();
    bound.match_indices(sign).map(|(at, _)| at).find(|at| !open(*at))
}

fn number(text: &str) -> u128 {
    text.parse().unwrap_or_else(|_| panic!("no number: {text}"))
}

#[test]
fn bounds_are_computed() {
    let get = |name: &str| if name == "bonus" { 800 } else { 5 };
    assert_eq!(value("100000000 ÷ (10000 + bonus)", &get), 9_259);
    assert_eq!(value("100000000 ÷ bonus − 10000", &get), 115_000);
    assert_eq!(value("publishers ÷ 2 + 1", &get), 3);
}
