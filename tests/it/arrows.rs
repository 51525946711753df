//! The architecture's arrows and the code's limits, held by reading the sources.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Longest source file, in lines, without tests.
const FILE_LINES_MAX: usize = 400;
/// Longest function, in lines.
const FUNCTION_LINES_MAX: usize = 70;
/// Folders whose sources are held to the limits.
const SOURCES: [&str; 6] = [
    "programs/host/src",
    "programs/lending-interface/src",
    "programs/lending/src",
    "ledger/src",
    "client/sdk/src",
    "tests/src",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    collect(&root().join(folder), &mut found);
    assert!(!found.is_empty(), "{folder} has no sources");
    found
}

fn collect(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    for entry in entries {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a source is text");
            found.push((path, text));
        }
    }
}

/// Names of the dependencies in a manifest's `[dependencies]`.
fn dependencies(manifest: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(manifest)).expect("the manifest exists");
    let section = text.split_once("[dependencies]").map_or("", |(_, rest)| rest);
    let section = section.split("\n[").next().unwrap_or(section);
    let name = |line: &str| line.split(['.', ' ', '=']).next().unwrap_or("").to_owned();
    section.lines().map(name).filter(|name| !name.is_empty()).collect()
}

/// The part of a file before its unit tests.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

#[test]
fn manifests_respect_the_arrows() {
    let arrows: [(&str, &[&str]); 4] = [
        ("programs/host/Cargo.toml", &[]),
        ("programs/lending-interface/Cargo.toml", &["cofferdam-host"]),
        ("programs/lending/Cargo.toml", &["cofferdam-host", "cofferdam-lending-interface"]),
        ("ledger/Cargo.toml", &["cofferdam-host"]),
    ];
    for (manifest, allowed) in arrows {
        let own = dependencies(manifest).into_iter().filter(|name| name.starts_with("cofferdam-"));
        assert_eq!(own.collect::<Vec<_>>(), allowed, "{manifest}");
    }
}

#[test]
fn ledger_and_host_know_nothing_about_lending() {
    let words = ["lending", "borrower", "collateral", "liquidat", "insurance", "interest rate"];
    for (path, text) in sources("ledger/src").into_iter().chain(sources("programs/host/src")) {
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let code = code.collect::<Vec<_>>().join("\n").to_lowercase();
        for word in words {
            assert!(!code.contains(word), "{} says {word:?}", path.display());
        }
    }
}

#[test]
fn programs_never_name_the_ledger_crate() {
    for folder in ["programs/lending/src", "programs/lending-interface/src", "programs/host/src"] {
        for (path, text) in sources(folder) {
            assert!(!text.contains("cofferdam_ledger"), "{}", path.display());
        }
    }
}

/// Floating point differs between machines and rounds in no direction anybody chose.
#[test]
fn programs_and_ledger_have_no_floats() {
    let folders = ["programs/host/src", "programs/lending-interface/src", "programs/lending/src"];
    for (path, text) in folders.into_iter().chain(["ledger/src"]).flat_map(sources) {
        let is_word =
            |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
        for float in ["f32", "f64"] {
            for (at, _) in text.match_indices(float) {
                let bytes = text.as_bytes();
                let before = at.checked_sub(1).and_then(|before| bytes.get(before));
                let whole = !is_word(before) && !is_word(bytes.get(at + float.len()));
                assert!(!whole, "{} uses {float}", path.display());
            }
        }
    }
}

#[test]
fn files_are_short() {
    for (path, text) in SOURCES.into_iter().flat_map(sources) {
        let lines = without_tests(&text).lines().count();
        assert!(lines <= FILE_LINES_MAX, "{} has {lines} lines", path.display());
    }
}

/// A function ends at the first closing brace that is indented like its first line: rustfmt
/// guarantees it.
#[test]
fn functions_are_short() {
    for (path, text) in SOURCES.into_iter().flat_map(sources) {
        let lines: Vec<&str> = text.lines().collect();
        for (start, line) in lines.iter().enumerate() {
            let code = line.trim_start();
            let is_function = ["fn ", "pub fn ", "pub(crate) fn ", "pub(super) fn ", "const fn "]
                .iter()
                .any(|keyword| code.starts_with(keyword));
            let closing = format!("{}}}", &line[..line.len() - code.len()]);
            let mut signature =
                lines[start..].iter().filter(|line| line.ends_with(['{', ';', '}']));
            let has_body = signature.next().is_some_and(|line| line.ends_with('{'));
            let end = lines[start..].iter().position(|line| *line == closing);
            if let Some(len) = end.filter(|_| is_function && has_body) {
                let at = format!("{}:{}", path.display(), start + 1);
                assert!(len < FUNCTION_LINES_MAX, "{at} has {} lines", len + 1);
            }
        }
    }
}
