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
