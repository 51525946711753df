//! The inputs that are kept for the fuzz targets, `fuzz/seeds`: each of them runs without a fault,
//! here as under libFuzzer. `fuzz/coverage` says how much of the programs they reach.

use std::{fs, path::PathBuf};

use cofferdam_tests::target::{
    decode, differential, insolvency, ledger_rules, loss_policies, math, profit, tx_mutate,
};

fn folder(target: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds").join(target)
}

/// Runs a target on every input that is kept for it, in the order of their names.
fn replay(target: &str, run: impl Fn(&[u8])) {
    let files = fs::read_dir(folder(target)).unwrap_or_else(|error| panic!("{target}: {error}"));
    let mut paths: Vec<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{target} has no inputs");
    for path in paths {
        println!("{}", path.display());
        run(&fs::read(&path).expect("it can be read"));
    }
}

#[test]
fn insolvency_keeps_every_rule() {
    replay("insolvency", |bytes| {
        let _gauge = insolvency::run(bytes);
    });
}

#[test]
fn loss_policies_keep_every_rule() {
    replay("loss_policies", |bytes| {
        let _gauge = loss_policies::run(bytes);
    });
}

#[test]
fn two_opinions_agree() {
    replay("differential", |bytes| {
        let _done = differential::run(bytes);
    });
}

#[test]
fn nobody_profits() {
    replay("profit", |bytes| {
        let _done = profit::run(bytes);
    });
}

#[test]
fn damages_hurt_nobody() {
    replay("tx_mutate", |bytes| {
        let _probed = tx_mutate::run(bytes);
    });
}

#[test]
fn what_decodes_has_one_form() {
    replay("decode", |bytes| {
        let _read = decode::run(bytes);
        let _read = decode::run_dressed(bytes);
    });
}

#[test]
fn arithmetic_is_exact() {
    replay("math", |bytes| {
        let _cases = math::run(bytes);
    });
}

#[test]
fn the_ledger_s_rules_hold() {
    replay("ledger_rules", |bytes| {
        let _done = ledger_rules::run(bytes);
    });
}

/// Every target has inputs, also the one that runs elsewhere.
#[test]
fn every_target_has_inputs() {
    let sources = folder("..").join("fuzz_targets");
    for source in fs::read_dir(sources).expect("the targets") {
        let path = source.expect("a file").path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let is_target = fs::read_to_string(&path).is_ok_and(|text| text.contains("fuzz_target!"));
        assert!(
            !is_target || folder(&name).read_dir().is_ok_and(|mut dir| dir.next().is_some()),
            "{name}"
        );
    }
}
