//! The bug zoo on the command line.

use std::fs;

/// What only a build with bugs says; see `cofferdam_lending_interface::zoo::WARNING`.
const WARNING: &[u8] = b"this build of the lending program has known bugs in it";

#[test]
fn only_a_build_with_bugs_has_its_warning() {
    let binary = fs::read(env!("CARGO_BIN_EXE_cofferdam")).expect("the command was built");
    let warns = binary.windows(WARNING.len()).any(|bytes| bytes == WARNING);
    assert_eq!(warns, cfg!(zoo));
}

#[cfg(not(zoo))]
#[test]
fn a_normal_build_says_how_to_build_one() {
    let (code, text) = super::refusal(&["zoo"]);
    assert_eq!(code, 2);
    assert!(text.contains("RUSTFLAGS=\"--cfg zoo\" cargo build"), "{text}");
    let (code, text) = super::refusal(&["zoo", "moonwalk"]);
    assert_eq!(code, 2);
    assert!(text.contains("no bug is called moonwalk"), "{text}");
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
    let findings: Vec<_> = fs::read_dir(session.path("hunt/findings")).unwrap().collect();
    let folder = findings[0].as_ref().unwrap().path();
    for file in ["journal.json", "story.md", "page.html", "regression.rs", "records.txt"] {
        assert!(folder.join(file).is_file(), "{file}");
    }
    // Without the bug the same records break nothing.
    let name = folder.file_name().unwrap().to_string_lossy().into_owned();
    let replay = |bug: &str| session.run(&format!("hunt replay hunt/findings/{name}{bug}"));
    assert_eq!(replay("").status.code(), Some(0));
    assert_eq!(replay(" --bug borrow_share_floor").status.code(), Some(1));
}
