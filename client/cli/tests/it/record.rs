//! What happened: counted, exported, traced and bisected.

use std::fs;

use crate::session::Session;

#[test]
fn a_dry_run_of_any_verb_changes_nothing() {
    let session = Session::with_pool();
    session.ok("borrow 1500 USD --as bob");
    session.ok("token mint 1 USD --to alice --as admin");
    session.ok("warp --seconds 31536000");
    session.ok("oracle publish USD 1 --as admin");
    session.ok("oracle publish ETH 120 --as admin");
    let before = session.ledger();
    let verbs = [
        "airdrop carol 5",
        "warp --seconds 60",
        "token create XYZ --as admin",
        "token mint 1 ETH --to bob --as admin",
        "token account ETH --as alice",
        "oracle create XYZ --as admin",
        "oracle publish ETH 119 --as admin",
        "pool create other --as admin",
        "pool update --grace-s 60 --as admin",
        "pool mode frozen --as admin",
        "pool admin propose bob --as admin",
        "reserve update ETH --liquidation-bonus-max-bps 500 --as admin",
        "reserve mode ETH reduce-only --as admin",
        "change queue-reserve ETH --flash-fee-bps 9 --as admin",
        "change queue-pool --grace-s 60 --as admin",
        "position open --number 1 --as alice",
        "deposit 1 USD --as alice",
        "withdraw 1 USD --as alice",
        "borrow 1 ETH --as alice",
        "repay 1 USD --as bob",
        "absorb bob --as carol",
        "liquidate bob --debt USD --collateral ETH --as carol",
        "insurance fund 1 USD --as carol",
        "fees collect all USD --as admin",
    ];
    for verb in verbs {
        let said = session.ok(&format!("{verb} --dry-run"));
        assert!(said.contains("dry run, nothing was kept: "), "{verb}: {said}");
        assert_eq!(session.ledger(), before, "{verb}");
    }
    let told = session.ok("airdrop carol 5 --dry-run");
    assert_eq!(told, "dry run, nothing was kept: carol has 5 SOL more");
    let slot = |line: &str| session.json(line)["slot"].as_str().unwrap().parse::<u64>().unwrap();
    assert_eq!(slot("warp --slots 7 --dry-run"), slot("warp --slots 7 --dry-run"));
}

#[test]
fn a_dry_run_of_init_makes_no_file() {
    let session = Session::empty();
    let told = session.ok("init --seed 7 --dry-run");
    assert_eq!(told, "dry run, nothing was kept: made cofferdam.ledger.json with seed 7");
    assert_eq!(fs::read_dir(session.path(".")).unwrap().count(), 0);
    session.ok("init");
    let (code, line) = session.refusal("init --dry-run");
    assert_eq!(code, 2);
    assert!(line.contains("exists already"), "{line}");
}

#[test]
fn an_export_replaces_its_file_as_a_whole() {
    let session = Session::with_pool();
    fs::write(session.path("journal.json"), "old").unwrap();
    session.ok("journal export journal.json");
    assert!(session.ok("replay journal.json").contains("every state root equal"));
    assert!(!session.path("journal.json.new").exists());
    // A directory in the way of the new file: the old one stands.
    let exported = fs::read(session.path("journal.json")).unwrap();
    fs::create_dir(session.path("journal.json.new")).unwrap();
    session.ok("warp --slots 1");
    let (code, line) = session.refusal("journal export journal.json");
    assert_eq!(code, 1);
    assert!(line.contains("nothing was kept"), "{line}");
    assert_eq!(fs::read(session.path("journal.json")).unwrap(), exported);
}

#[test]
fn stats_count_what_the_journal_holds() {
    let session = Session::with_pool();
    let before = session.json("stats");
    assert_eq!(before["failed"], "0");
    session.ok("borrow 1 USD --as bob");
    session.refusal("borrow 1600 USD --as bob");
    session.ok("warp --slots 10");
    session.ok("airdrop dave 1");
    let after = session.json("stats");
    let number = |stats: &serde_json::Value, key: &str| -> u64 {
        stats[key].as_str().unwrap().parse().unwrap()
    };
    let more = |key| number(&after, key) - number(&before, key);
    assert_eq!((more("succeeded"), more("failed"), more("cheats")), (1, 1, 1));
    // A slot passes after each transaction.
    assert_eq!((more("warps"), more("slots")), (3, 12));
    assert_eq!(more("fees_lamports"), 10_000);
    assert_eq!(more("accounts_created"), 1, "Bob's account of USD");
    assert_eq!(after["failures"].as_array().unwrap().len(), 1);
    let failure = &after["failures"][0];
    assert_eq!(failure["error"], "BorrowLimitExceeded (6300)");
    assert_eq!(
        (&failure["program"], &failure["count"]),
        (&"cofferdam-lending".into(), &"1".into())
    );
    let lending = |stats: &serde_json::Value| {
        let programs = stats["programs"].as_array().unwrap().clone();
        programs.into_iter().find(|row| row["program"] == "cofferdam-lending").unwrap()
    };
    let (was, is) = (lending(&before), lending(&after));
    assert_eq!(number(&is, "instructions") - number(&was, "instructions"), 2);
    assert_eq!(number(&is, "failures") - number(&was, "failures"), 1);
    assert!(number(&is, "compute_units") > number(&was, "compute_units"));
    assert_eq!(after["depths"].as_array().unwrap().len(), 2);
    // The file says the same as the ledger it was exported from.
    session.ok("journal export journal.json");
    assert_eq!(session.json("stats --journal journal.json"), after);
    let table = session.ok("stats");
    assert!(table.contains("BorrowLimitExceeded (6300)") && table.contains("bytes_written"));
}

#[test]
fn a_bisection_names_the_first_entry_where_two_builds_differ() {
    let session = Session::with_pool();
    session.ok("borrow 1500 USD --as bob");
    session.ok("journal export journal.json");
    session.ok("journal trace journal.json one.trace");
    session.ok("journal trace journal.json two.trace");
    let told = session.ok("journal bisect one.trace two.trace");
    assert!(told.starts_with("no difference in "), "{told}");

    // What a build with another loan would have written at entry 38.
    let text = fs::read_to_string(session.path("two.trace")).unwrap();
    let mut lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let step = &mut lines[1 + 38];
    step["outcome"] = "InstructionError(0, Custom(6300))".into();
    step["state_root"] = "11".repeat(32).into();
    let reserve = &mut step["changes"][1]["after"];
    let lamports = reserve["lamports"].as_u64().unwrap();
    reserve["lamports"] = (lamports + 1).into();
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    fs::write(session.path("two.trace"), lines.join("\n")).unwrap();

    let output = session.run("journal bisect one.trace two.trace --output json");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said, "error: the builds differ at entry 38\n");
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["entry"], "38");
    assert!(told["summary"].as_str().unwrap().starts_with("#38 "), "{told}");
    assert_eq!(told["builds"][0]["outcome"], "ok");
    assert_eq!(told["builds"][1]["outcome"], "InstructionError(0, Custom(6300))");
    assert_eq!(told["accounts"].as_array().unwrap().len(), 1);
    let account = &told["accounts"][0];
    assert_eq!(account["lamports_first"], lamports.to_string());
    assert_eq!(account["lamports_second"], (lamports + 1).to_string());
    assert_eq!(account["first_byte_that_differs"], "none");
    assert!(!told["log_of_first"].as_array().unwrap().is_empty());
}

#[test]
fn files_that_are_no_traces_are_refused_in_one_line() {
    let session = Session::with_pool();
    session.ok("journal export journal.json");
    let (code, line) = session.refusal("journal bisect journal.json journal.json");
    assert_eq!(code, 2);
    assert!(line.contains("journal.json: this is no trace of version 1"), "{line}");
    assert_eq!(session.refusal("journal trace none.json one.trace").0, 2);
}
