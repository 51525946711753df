//! A test that fails leaves its journal behind. The failing tests are run by this very program, in
//! a process of their own and a directory of their own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use cofferdam_ledger::{Dump, Genesis, Journal, Ledger, Recorder, Recording, Warp, replay};
use tempfile::TempDir;

use crate::support::*;

const VARIABLE: &str = "COFFERDAM_RECORDINGS";

fn lively() -> Ledger {
    let mut ledger = world([], &["alice"]);
    ledger.warp(Warp::Slots(3)).unwrap();
    ledger
}

#[test]
#[ignore = "fails on purpose: `a_failing_test_leaves_its_journal` runs it"]
fn victim() {
    let ledger = Recorder::new(lively());
    assert_eq!(ledger.clock().slot, 4, "on purpose");
}

#[test]
#[ignore = "fails on purpose: `without_a_journal_it_leaves_a_ledger_with_its_tail` runs it"]
fn victim_with_a_tail() {
    let mut ledger = Recorder::labelled(lively(), "first");
    ledger.set_recording(Recording::Tail(1));
    panic!("on purpose");
}

#[test]
#[ignore = "is run by `asked_to_it_records_success_too`"]
fn success() {
    let ledger = Recorder::new(lively());
    assert_eq!(ledger.clock().slot, 3);
}

/// Runs one of the tests above; `recordings` is what the environment says.
fn run(test: &str, temporary: &Path, recordings: Option<&Path>) -> Output {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", &format!("recorder::{test}"), "--ignored"]);
    command.env("TMPDIR", temporary).env_remove(VARIABLE);
    command.envs(recordings.map(|dir| (VARIABLE, dir)));
    command.output().unwrap()
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).into_iter().flatten();
    sorted(entries.map(|entry| entry.unwrap().path()).collect())
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn a_failing_test_leaves_its_journal() {
    let dir = TempDir::new().unwrap();
    let output = run("victim", dir.path(), None);
    assert!(!output.status.success());
    let recordings = dir.path().join("cofferdam-recordings");
    let file = recordings.join("it.recorder-victim.journal.json");
    assert_eq!(files(&recordings), std::slice::from_ref(&file));
    let told = format!("run it again with: cofferdam replay {}", file.display());
    assert!(stdout(&output).contains(&told), "{}", stdout(&output));
    let journal = Journal::from_bytes(&fs::read(file).unwrap()).unwrap();
    assert_eq!(&journal, lively().journal().unwrap());
    assert_eq!(replay(&journal, []).unwrap().clock().slot, 3);
}

#[test]
fn without_a_journal_it_leaves_a_ledger_with_its_tail() {
    let dir = TempDir::new().unwrap();
    assert!(!run("victim_with_a_tail", dir.path(), None).status.success());
    let recordings = dir.path().join("cofferdam-recordings");
    let file = recordings.join("it.recorder-victim_with_a_tail.first.ledger.json");
    assert_eq!(files(&recordings), std::slice::from_ref(&file));
    let dump = Dump::from_json(&fs::read_to_string(file).unwrap()).unwrap();
    let ledger = Ledger::load(dump, []).unwrap();
    assert_eq!((ledger.clock().slot, ledger.tail().unwrap().len()), (3, 1));
}

#[test]
fn success_leaves_nothing() {
    let dir = TempDir::new().unwrap();
    assert!(run("success", dir.path(), None).status.success());
    assert!(files(dir.path()).is_empty());
}

#[test]
fn asked_to_it_records_success_too() {
    let dir = TempDir::new().unwrap();
    let recordings = dir.path().join("here");
    assert!(run("success", dir.path(), Some(&recordings)).status.success());
    assert_eq!(files(&recordings), [recordings.join("it.recorder-success.journal.json")]);
}

#[test]
fn where_nothing_can_be_written_the_test_fails_as_it_would() {
    let dir = TempDir::new().unwrap();
    let occupied = dir.path().join("occupied");
    fs::write(&occupied, "a file, no directory").unwrap();
    let output = run("victim", dir.path(), Some(&occupied));
    let text = stdout(&output);
    assert!(text.contains("on purpose") && text.contains("could not be recorded"), "{text}");
    assert!(text.contains("1 failed"), "{text}");
}

#[test]
fn it_is_used_as_the_ledger_it_holds() {
    let mut recorder = Recorder::new(Ledger::new(Genesis::default(), []));
    recorder.cheat().airdrop(&address("alice"), SOL).unwrap();
    assert_eq!(recorder.lamports(&address("alice")), SOL);
}
