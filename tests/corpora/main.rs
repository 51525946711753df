//! The inputs that are kept for the fuzz targets, `fuzz/seeds`: each of them runs without a fault,
//! here as under libFuzzer. `fuzz/reach` says how much of the programs they reach.

use std::{collections::BTreeMap, fs, path::PathBuf};

use cofferdam_lending_interface::ID;
use cofferdam_tests::{
    action::{bundles, records},
    invariant::Watch,
    target::{
        decode, differential, insolvency, ledger_rules, loss_policies, math, profit, tx_mutate,
    },
    world::{Options, World},
};

fn folder(target: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds").join(target)
}

/// Every input that is kept for a target, in the order of their names.
fn inputs(target: &str) -> Vec<Vec<u8>> {
    let files = fs::read_dir(folder(target)).unwrap_or_else(|error| panic!("{target}: {error}"));
    let mut paths: Vec<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{target} has no inputs");
    paths.iter().map(|path| fs::read(path).expect("it can be read")).collect()
}

/// Runs a target on each of its inputs.
fn replay(target: &str, run: impl Fn(&[u8])) {
    inputs(target).iter().for_each(|bytes| run(bytes));
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

/// One of each kind of account, instruction and event that the inputs of `insolvency` leave behind
/// decodes; with `COFFERDAM_WRITE_SEEDS` these become inputs of `decode`.
#[test]
fn what_is_written_decodes() {
    let start = Watch::new(World::lively(&Options::wild()));
    let mut kinds = BTreeMap::new();
    for input in inputs("insolvency") {
        let mut watch = start.clone();
        let records: Vec<_> = records(&input).collect();
        for bundle in bundles(&records) {
            let outcome = watch.bundle(&bundle).unwrap_or_else(|violation| panic!("{violation}"));
            let Some(receipt) = outcome.success() else { continue };
            for sent in outcome.sent.iter().filter(|sent| sent.program_id == ID) {
                kinds.entry(sent.data[..1].to_vec()).or_insert_with(|| sent.data.clone());
            }
            for event in &receipt.events {
                kinds.entry(event.data[..8].to_vec()).or_insert_with(|| event.data.clone());
            }
            let written = receipt.changes.iter().filter_map(|change| change.after.as_ref());
            for account in written.filter(|account| account.owner == ID) {
                kinds.entry(account.data[..8].to_vec()).or_insert_with(|| account.data.clone());
            }
        }
    }
    // 33 instructions, as many events, seven kinds of accounts.
    assert!(kinds.len() > 60, "only {} kinds", kinds.len());
    for (kind, bytes) in &kinds {
        assert_eq!(decode::run(bytes).len(), 1, "{kind:?}");
        if std::env::var_os("COFFERDAM_WRITE_SEEDS").is_some() {
            let name: String = kind.iter().map(|byte| format!("{byte:02x}")).collect();
            fs::write(folder("decode").join(name), bytes).expect("it can be written");
        }
    }
}
