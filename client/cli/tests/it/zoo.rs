//! The bug zoo on the command line.

use std::fs;
#[cfg(zoo)]
use std::path::PathBuf;

/// What only a build with bugs says; see `cofferdam_lending_interface::zoo::WARNING`.
const WARNING: &[u8] = b"this build of the lending program has known bugs in it";

#[test]
fn only_a_build_with_bugs_has_its_warning() {
    let binary = fs::read(env!("CARGO_BIN_EXE_cofferdam")).expect("the command was built");
    let warns = binary.windows(WARNING.len()).any(|bytes| bytes == WARNING);
    assert_eq!(warns, cfg!(zoo));
}

/// `zoo` and `hunt zoo` are one command.
#[cfg(not(zoo))]
#[test]
fn a_normal_build_says_how_to_build_one() {
    for verb in [&["zoo"][..], &["hunt", "zoo"]] {
        let (code, text) = super::refusal(verb);
        assert_eq!(code, 2);
        assert!(text.contains("RUSTFLAGS=\"--cfg zoo\" cargo build"), "{text}");
        let (code, text) = super::refusal(&[verb, &["moonwalk"]].concat());
        assert_eq!(code, 2);
        assert!(text.contains("no bug is called moonwalk"), "{text}");
    }
}

#[cfg(zoo)]
#[test]
fn a_hunt_for_a_bug_fails_and_tells_its_story() {
    let session = crate::session::Session::empty();
    let hunt = "hunt run --bug borrow_share_floor --shards 0..1 --rounds 40 --tries 60 --ungated";
    let output = session.run(&format!("{hunt} --out hunt"));
    let (said, error) = (String::from_utf8(output.stdout), String::from_utf8(output.stderr));
    assert_eq!(output.status.code(), Some(1), "{error:?}");
    let said = said.unwrap();
    assert!(said.contains("## What is wrong") && said.contains("SHARE-4"), "{said}");
    let findings = fs::read_dir(session.path("hunt/findings")).unwrap();
    let folders = findings.map(|finding| finding.unwrap().path());
    let of_rule = |folder: &PathBuf| folder.to_string_lossy().contains("/share-4-borrow-");
    let folder = folders.into_iter().find(of_rule).expect("SHARE-4 is broken by borrowing");
    for file in ["journal.json", "story.md", "page.html", "regression.rs", "records.txt"] {
        assert!(folder.join(file).is_file(), "{file}");
    }
    // Without the bug the same records break nothing, and its journal ends elsewhere.
    let name = folder.file_name().unwrap().to_string_lossy().into_owned();
    let code = |line: String| session.run(&line).status.code();
    for line in [
        format!("hunt replay hunt/findings/{name}"),
        format!("replay hunt/findings/{name}/journal.json --bug borrow_share_floor"),
    ] {
        assert_eq!(code(line.clone()), Some(0), "{line}");
    }
    for line in [
        format!("hunt replay hunt/findings/{name} --bug borrow_share_floor"),
        format!("replay hunt/findings/{name}/journal.json"),
    ] {
        assert_eq!(code(line.clone()), Some(1), "{line}");
    }
    merges_its_findings(&session);
}

/// Of the same bug the same findings; of the sound program's point of view none.
#[cfg(zoo)]
fn merges_its_findings(session: &crate::session::Session) {
    let merge = |more: &str, out: &str| {
        let output =
            session.run(&format!("hunt merge hunt --tries 60 --ungated --out {out}{more}"));
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let names = |folder: &str| {
        let folders = fs::read_dir(session.path(folder).join("findings")).unwrap();
        let names = folders.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let keys = names.map(|name| name.rsplit_once('-').unwrap().0.to_owned());
        keys.collect::<std::collections::BTreeSet<_>>()
    };
    let (code, said) = merge(" --bug borrow_share_floor", "all");
    assert_eq!(code, Some(1), "{said}");
    assert!(said.starts_with("1 results add up, 0 are of another build or bug"), "{said}");
    assert_eq!(names("all"), names("hunt"));
    let (code, said) = merge("", "none");
    assert_eq!(code, Some(0), "{said}");
    let gone = format!("{} findings are gone", names("hunt").len());
    assert!(said.starts_with("0 results add up, 1 are of another build or bug"), "{said}");
    assert!(said.contains(&gone), "{said}");
}
