//! The tables of `docs/ZOO.md`.

use std::{collections::BTreeMap, fs, path::Path};

use cofferdam_tests::zoo::CATALOGUE;

use super::result::{CONTROL, Search, named};
use crate::fault::Fault;

/// The ways to search that have a column.
const ARMS: [&str; 4] = ["random", "coverage", "objective", "ensemble"];
/// Moments of the survival curve, in CPU-milliseconds.
const MOMENTS_MS: [u64; 8] = [100, 300, 1_000, 3_000, 10_000, 20_000, 30_000, 60_000];

/// Replaces what stands between each pair of marks in the page.
pub(super) fn write(path: &Path, searches: &[Search]) -> Result<(), Fault> {
    let mut text = fs::read_to_string(path).map_err(|error| named(path, &error))?;
    let tables = [
        ("catalogue", catalogue()),
        ("results", results(searches)),
        ("survival", survival(searches)),
        ("ablations", ablations(searches)),
    ];
    for (mark, table) in tables {
        text = replaced(&text, mark, &table)
            .ok_or_else(|| Fault::Input(format!("{}: no marks for {mark}", path.display())))?;
    }
    fs::write(path, text).map_err(|error| named(path, &error))
}

fn replaced(text: &str, mark: &str, table: &str) -> Option<String> {
    let (begin, end) = (format!("<!-- {mark} -->\n"), format!("<!-- /{mark} -->"));
    let (before, rest) = text.split_once(&begin)?;
    let (_, after) = rest.split_once(&end)?;
    Some(format!("{before}{begin}{table}{end}{after}"))
}

fn catalogue() -> String {
    let mut table = String::from(
        "| id | bug | tier | incident | loss | source | what is planted | must be caught by |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    for entry in CATALOGUE.into_iter().flatten() {
        let ids = entry.caught_by.join(", ");
        let (tier, name) = (entry.tier.number(), entry.name);
        table += &format!(
            "| {} | `{name}` | {tier} | {} | {} | {} | {} | {ids} |\n",
            entry.id, entry.incident, entry.loss, entry.source, entry.planted
        );
    }
    table
}

fn results(searches: &[Search]) -> String {
    let mut table = String::from(
        "| bug | random | coverage | objective | ensemble | fired | shortest |\n\
         |---|---|---|---|---|---|---|\n",
    );
    let names = CATALOGUE.into_iter().flatten().map(|entry| entry.name).chain([CONTROL]);
    for name in names {
        let of_bug: Vec<&Search> = searches.iter().filter(|search| search.bug == name).collect();
        let cells = ARMS.map(|arm| cell(&of_bug, arm));
        let among = of_bug.iter().filter(|search| ARMS.contains(&search.arm.as_str()));
        let found: Vec<_> = among.filter_map(|search| search.found.as_ref()).collect();
        let mut fired: BTreeMap<&str, usize> = BTreeMap::new();
        for found in &found {
            *fired.entry(&found.id).or_default() += 1;
        }
        let mut fired: Vec<(&str, usize)> = fired.into_iter().collect();
        fired.sort_by_key(|(_, times)| usize::MAX - times);
        let fired: Vec<String> =
            fired.iter().take(3).map(|(id, times)| format!("{id} ×{times}")).collect();
        let shortest = found.iter().map(|found| found.length).min();
        let shortest = shortest.map_or_else(|| "–".to_owned(), |length| length.to_string());
        table +=
            &format!("| `{name}` | {} | {} | {shortest} |\n", cells.join(" | "), fired.join(", "));
    }
    table
}

/// How often a bug was found by an arm, and how soon: median and quartiles.
fn cell(of_bug: &[&Search], arm: &str) -> String {
    let tried: Vec<&&Search> = of_bug.iter().filter(|search| search.arm == arm).collect();
    let mut found: Vec<&&&Search> = tried.iter().filter(|search| search.found.is_some()).collect();
    if tried.is_empty() {
        return "–".to_owned();
    }
    let count = format!("{}/{}", found.len(), tried.len());
    if found.is_empty() {
        return count;
    }
    found.sort_by_key(|search| search.cpu_ms);
    let times: Vec<u64> = found.iter().map(|search| search.cpu_ms).collect();
    let mut actions: Vec<u64> = found.iter().map(|search| search.actions).collect();
    actions.sort_unstable();
    let [low, middle, high] = quartiles(&times).map(seconds);
    format!("{count}, {middle} s ({low}–{high}), {}", quartiles(&actions)[1])
}

/// Lower quartile, median and upper quartile of sorted figures, by nearest rank.
fn quartiles(sorted: &[u64]) -> [u64; 3] {
    [1, 2, 3].map(|quarter| {
        let rank = (sorted.len() * quarter).div_ceil(4).max(1);
        sorted.get(rank - 1).copied().unwrap_or_default()
    })
}

/// Milliseconds as seconds with two places.
fn seconds(ms: u64) -> String {
    format!("{}.{:02}", ms / 1_000, ms % 1_000 / 10)
}

/// Share of all searches that had found their bug by each moment.
fn survival(searches: &[Search]) -> String {
    let heads: Vec<String> = MOMENTS_MS.map(|ms| format!("{} s", seconds(ms))).to_vec();
    let rule = "---|".repeat(heads.len() + 2);
    let mut table = format!("| arm | searches | {} |\n|{rule}\n", heads.join(" | "));
    for arm in arms(searches) {
        table += &share_line(searches, arm, |_| true);
    }
    table
}

fn share_line(searches: &[Search], arm: &str, counts: impl Fn(&Search) -> bool) -> String {
    let of_arm = |search: &&Search| search.arm == arm && search.bug != CONTROL && counts(search);
    let all: Vec<&Search> = searches.iter().filter(of_arm).collect();
    let cells = MOMENTS_MS.map(|ms| {
        let by = all.iter().filter(|search| search.found.is_some() && search.cpu_ms <= ms).count();
        format!("{} %", (100 * by).checked_div(all.len()).unwrap_or_default())
    });
    format!("| {arm} | {} | {} |\n", all.len(), cells.join(" | "))
}

fn arms(searches: &[Search]) -> impl Iterator<Item = &'static str> {
    let tried = |arm: &str| searches.iter().any(|search| search.arm == arm);
    ARMS.into_iter().filter(move |arm| tried(arm))
}

/// The bare searcher with and without each of its parts, on the bugs that all of them were tried
/// on.
fn ablations(searches: &[Search]) -> String {
    use cofferdam_tests::zoo::Without;

    let names = Without::ALL.map(Without::name);
    let tried = |bug: &str, arm: &str| searches.iter().any(|s| s.bug == bug && s.arm == arm);
    let by_all = |search: &Search| names.iter().all(|arm| tried(&search.bug, arm));
    let heads: Vec<String> = MOMENTS_MS.map(|ms| format!("{} s", seconds(ms))).to_vec();
    let rule = "---|".repeat(heads.len() + 2);
    let mut table = format!("| searcher | searches | {} |\n|{rule}\n", heads.join(" | "));
    for name in names {
        table += &share_line(searches, name, by_all);
    }
    table
}
