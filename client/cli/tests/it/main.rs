//! The `cofferdam` command as people run it.
#![allow(missing_docs, reason = "tests")]

mod governance;
mod guides;
mod help;
mod hunt;
mod insurance;
mod kill;
mod record;
mod session;
mod stress;
mod verbs;
mod zoo;

use std::{
    fs,
    path::{Path, PathBuf},
};

use assert_cmd::Command;
use serde_json::Value;

fn cofferdam() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cofferdam"));
    command.current_dir(root());
    command
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The scenario with fewer people and less room, so that it takes seconds without optimisation.
fn small_scenario(dir: &Path) -> PathBuf {
    let text = fs::read_to_string(root().join("scenarios/black-thursday.toml")).unwrap();
    let text = text
        .replace("count = 280", "count = 14")
        .replace("count = 160", "count = 8")
        .replace("capacity_share = \"0.1\"", "capacity_share = \"0.002\"")
        .replace("step_s = 60", "step_s = 600");
    let path = dir.join("small.toml");
    fs::write(&path, text).unwrap();
    path
}

/// Exit code and standard error of a command that must not succeed, which must be one line.
fn refusal(args: &[&str]) -> (i32, String) {
    let output = cofferdam().args(args).output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(text.lines().count(), 1, "{args:?}: {text}");
    (output.status.code().unwrap(), text.trim().to_owned())
}

#[test]
fn wrong_arguments_give_one_line_and_exit_code_2() {
    let rows: [(&[&str], &str); 5] = [
        (&[], "error: no command given; try: cofferdam --help"),
        (&["drown"], "error: unrecognized subcommand 'drown'; try: cofferdam --help"),
        (
            &["run"],
            "error: the following required arguments were not provided: <SCENARIO>; try: cofferdam --help",
        ),
        (&["run", "--wet", "x"], "error: unexpected argument '--wet' found; try: cofferdam --help"),
        (
            &["run", "x", "--seed", "x"],
            "error: invalid value 'x' for '--seed <SEED>': invalid digit found in string; try: cofferdam --help",
        ),
    ];
    for (args, line) in rows {
        let (code, text) = refusal(args);
        assert_eq!(code, 2, "{args:?}");
        // The parser may put a tip between the reason and our hint.
        let (reason, hint) = line.rsplit_once("; ").unwrap();
        assert!(text.starts_with(reason) && text.ends_with(hint), "{args:?}: {text}");
    }
}

#[test]
fn a_missing_file_is_named() {
    for args in [&["run", "nowhere.toml"][..], &["replay", "nowhere.json"]] {
        let (code, text) = refusal(args);
        assert_eq!(code, 2, "{args:?}");
        assert!(text.contains(args[1]), "{text}");
    }
    let (code, text) = refusal(&["run", "scenarios/black-thursday.toml", "--prices", "none.csv"]);
    assert_eq!(code, 2);
    assert!(text.contains("none.csv"), "{text}");
}

#[test]
fn a_malformed_scenario_is_named_with_key_and_reason() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bad.toml");
    fs::write(&path, "name = \"bad\"\nwet = true\n").unwrap();
    let (code, text) = refusal(&["run", path.to_str().unwrap()]);
    assert_eq!(code, 2);
    assert!(text.contains("bad.toml") && text.contains("wet"), "{text}");
}

#[test]
fn a_run_writes_its_outputs_and_its_journal_replays() {
    let dir = tempfile::tempdir().unwrap();
    let (scenario, out) = (small_scenario(dir.path()), dir.path().join("out"));
    let run = cofferdam().arg("run").arg(&scenario).arg("--out").arg(&out).assert().success();
    let table = String::from_utf8(run.get_output().stdout.clone()).unwrap();
    assert!(table.contains("eth-dai / DAI") && table.contains("stayed dry"), "{table}");
    let progress = String::from_utf8(run.get_output().stderr.clone()).unwrap();
    assert!(progress.contains("running 100 %"), "{progress}");

    let summary: Value =
        serde_json::from_slice(&fs::read(out.join("summary.json")).unwrap()).unwrap();
    let paid = |payer: &str| -> u128 {
        let text = summary["pools"][0]["reserves"][1]["bad_debt"][payer].as_str().unwrap();
        text.parse().unwrap()
    };
    assert!(paid("recognised") > 0, "nobody lost anything: {table}");
    assert_eq!(paid("fees") + paid("insurance") + paid("suppliers"), paid("recognised"));
    let html = fs::read_to_string(out.join("report.html")).unwrap();
    assert!(html.contains("<svg") && !html.contains("http://") && !html.contains("src="));

    let journal = out.join("journal.json");
    let replay = cofferdam().arg("replay").arg(&journal).assert().success();
    let text = String::from_utf8(replay.get_output().stdout.clone()).unwrap();
    assert!(text.contains(summary["state_root"].as_str().unwrap()), "{text}");

    let part = cofferdam().arg("replay").arg(&journal).args(["--until", "3"]).assert().success();
    let text = String::from_utf8(part.get_output().stdout.clone()).unwrap();
    assert!(text.contains("3 entries replayed"), "{text}");
    let fourth = fs::read_to_string(&journal).unwrap().lines().nth(3).unwrap().to_owned();
    let root = text.trim().rsplit(' ').next().unwrap();
    assert!(fourth.ends_with(&format!("{root}\"}}")), "{fourth} has another root than {text}");
}

#[test]
fn a_changed_byte_is_found_at_its_entry() {
    let dir = tempfile::tempdir().unwrap();
    let (scenario, out) = (small_scenario(dir.path()), dir.path().join("out"));
    cofferdam().arg("run").arg(&scenario).arg("--out").arg(&out).assert().success();
    let journal = out.join("journal.json");
    let bytes = fs::read(&journal).unwrap();
    // A dozen places all over the file; the ledger's own tests try every byte of a small one.
    for at in (0..bytes.len()).step_by(bytes.len() / 12) {
        let mut changed = bytes.clone();
        changed[at] = if changed[at] == b'7' { b'8' } else { b'7' };
        fs::write(&journal, &changed).unwrap();
        let output = cofferdam().arg("replay").arg(&journal).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "byte {at}");
        let newlines = |bytes: &[u8]| bytes.iter().filter(|byte| **byte == b'\n').count();
        let (line, last) = (newlines(&bytes[..at]), newlines(&bytes) - 1);
        let place = match line {
            0 => "header".to_owned(),
            line if line == last => "footer".to_owned(),
            line => format!("entry {}:", line - 1),
        };
        let text = String::from_utf8(output.stderr).unwrap();
        let error = text.lines().last().unwrap_or_default();
        assert!(error.contains(&place), "byte {at} in line {line}: {text}");
    }
}
