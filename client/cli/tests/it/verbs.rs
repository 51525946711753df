//! The verbs on a ledger file.

use std::{fs, process::Stdio};

use cofferdam_sdk::{Decimal, keys};

use crate::session::Session;

#[test]
fn from_deposit_to_who_paid_every_balance_moves_as_told() {
    let session = Session::with_pool();
    assert_eq!(
        session.ok("borrow 1500 USD --as bob"),
        "#38 borrowed 1500 USD, health factor 1.0666"
    );
    assert_eq!(session.balance("bob", "USD"), "1500");
    session.ok("oracle publish ETH 120 --as admin");
    let absorbed = session.json("absorb bob --as carol");
    let loss = &absorbed["losses"][0];
    // 10 ETH at 120 recover 1200 / 1.08 = 1111.111… of 1500 and a millionth of interest.
    assert_eq!((&loss["token"], &loss["insurance"]), (&"USD".into(), &"100".into()));
    let part = |key: &str| loss[key].as_str().unwrap().parse::<Decimal>().unwrap();
    assert_eq!(part("fees") + part("insurance") + part("suppliers"), part("bad_debt"));
    assert_eq!(part("bad_debt").round_dp(3).to_string(), "388.889");
    let done = session.json("liquidate bob --debt USD --collateral ETH --as carol");
    let repaid: Decimal = done["repaid"].as_str().unwrap().parse().unwrap();
    let seized: Decimal = done["seized"].as_str().unwrap().parse().unwrap();
    let fee: Decimal = done["protocol_fee"].as_str().unwrap().parse().unwrap();
    assert_eq!(session.balance("carol", "USD"), (Decimal::from(5_000) - repaid).to_string());
    assert_eq!(session.balance("carol", "ETH"), (seized - fee).to_string());
    assert_eq!(
        (session.balance("bob", "USD"), session.balance("bob", "ETH")),
        ("1500".into(), "0".into())
    );
    assert_eq!(session.balance("alice", "USD"), "0");
}

#[test]
fn a_dry_run_shows_the_transaction_and_keeps_nothing() {
    let session = Session::with_pool();
    let before = session.ledger();
    let text = session.ok("borrow 1500 USD --as bob --dry-run");
    assert!(text.contains("lending Borrow 1500000000 units"), "{text}");
    assert!(text.ends_with("dry run, nothing was kept: borrowed 1500 USD"), "{text}");
    let json = session.json("borrow 1500 USD --as bob --dry-run");
    assert_eq!(json["amount"], "1500");
    let (code, line) = session.refusal("withdraw 11 ETH --as bob --dry-run --output json");
    assert_eq!(code, 1);
    assert!(line.starts_with("error: InsufficientSupply (6103)"), "{line}");
    assert_eq!(session.ledger(), before);
}

#[test]
fn a_key_from_a_file_signs_like_the_same_key_by_name() {
    let session = Session::with_pool();
    let bytes = keys::seeded(0, "bob").to_bytes();
    fs::write(session.path("bob.json"), serde_json::to_string(&bytes.to_vec()).unwrap()).unwrap();
    session.ok("withdraw 1 ETH --keypair bob.json");
    assert_eq!(session.balance("bob", "ETH"), "1");
    let (code, line) = session.refusal("withdraw 1 ETH --keypair none.json");
    assert_eq!(code, 2);
    assert!(line.contains("none.json"), "{line}");
}

#[test]
fn a_refused_transaction_costs_its_fee_and_stands_in_the_journal() {
    let session = Session::with_pool();
    let sol = |session: &Session| -> u64 {
        let text = session.json("token balance bob")["SOL"].as_str().unwrap().to_owned();
        let sol: Decimal = text.parse().unwrap();
        (sol * Decimal::from(1_000_000_000)).try_into().unwrap()
    };
    let before = sol(&session);
    session.ok("borrow 1 USD --as bob");
    let paid = before - sol(&session);
    let (code, line) = session.refusal("borrow 1600 USD --as bob");
    assert_eq!(code, 1);
    assert!(line.starts_with("error: BorrowLimitExceeded (6300)"), "{line}");
    assert!(paid > 5_000, "the first loan pays the rent of a token account too");
    assert_eq!(before - paid - sol(&session), 5_000);
    let last = session.json("journal list --last 2");
    assert_eq!(last["entries"][0]["what"], "lending Borrow");
    assert_ne!(last["entries"][0]["outcome"], "ok");
    let shown = session.ok(&format!("tx show {}", last["entries"][0]["entry"].as_str().unwrap()));
    assert!(shown.contains("error 6300 BorrowLimitExceeded"), "{shown}");
}

#[test]
fn the_most_can_be_borrowed_and_withdrawn_and_a_bit_more_cannot() {
    let session = Session::with_pool();
    session.ok("borrow max USD --as bob");
    assert_eq!(session.balance("bob", "USD"), "1500");
    assert_eq!(session.refusal("borrow 0.000001 USD --as bob").0, 1);
    session.ok("repay 750 USD --as bob");
    session.ok("withdraw max ETH --as bob");
    assert_eq!(session.refusal("withdraw 0.000000001 ETH --as bob").0, 1);
    session.all(
        "token mint 1 USD --to bob --as admin
         repay all USD --as bob
         withdraw all ETH --as bob",
    );
    assert_eq!(session.balance("bob", "ETH"), "10");
    assert_eq!(session.json("position show bob")["stakes"].as_array().unwrap().len(), 0);
}

#[test]
fn wrong_input_is_named_in_one_line_with_exit_code_2() {
    let session = Session::with_pool();
    session.ok("pool create other --as admin");
    let rows = [
        ("deposit -1 ETH --pool main --as bob", "deposit is -1"),
        ("deposit 0.0000000001 ETH --pool main --as bob", "has more than 9 decimals"),
        ("deposit 1e3 ETH --pool main --as bob", "invalid value '1e3'"),
        ("deposit 99999999999999 ETH --pool main --as bob", "more than the ledger can count"),
        ("deposit max ETH --pool main --as bob", "deposit takes a number of tokens"),
        ("deposit 1 XYZ --pool main --as bob", "there is no token XYZ"),
        ("deposit 1 ETH --as bob", "there are several pools"),
        ("deposit 1 ETH --pool none --as bob", "there is no pool none"),
        ("deposit 1 ETH --pool other --as bob", "there is no Position"),
        ("deposit 1 ETH --pool main", "required arguments were not provided"),
        ("deposit 1 ETH --pool main --as bob/eve", "is no name"),
        ("position show dave --pool main", "dave has no position 0 in main"),
        ("oracle publish ETH -5 --as admin", "price is -5"),
        ("oracle publish DOGE 1 --as admin", "there is no feed DOGE"),
        (
            "reserve update ETH --pool main --target-health-bps 0 --as admin",
            "target_health must be",
        ),
        ("reserve update ETH --pool main --curve 1 --as admin", "curve is \"1\""),
        ("token create ETH --as admin", "there is a token ETH already"),
        ("token balance bob/eve", "is no name"),
        ("warp --to-slot 1", "time only moves forward"),
        ("warp", "required arguments were not provided"),
        ("tx show 9999", "entry 9999 is no transaction"),
        ("tx show nothing", "there is no transaction nothing"),
        ("init", "exists already"),
        ("pool list --ledger none.json", "none.json"),
    ];
    for (command, expected) in rows {
        let before = session.ledger();
        let (code, line) = session.refusal(command);
        assert_eq!(code, 2, "{command}: {line}");
        assert!(line.contains(expected), "{command}: {line}");
        assert_eq!(session.ledger(), before, "{command}");
    }
}

#[test]
fn strangers_are_refused_by_the_program() {
    let session = Session::with_pool();
    session.ok("airdrop mallory 10");
    let rows = [
        (
            "reserve update ETH --liquidation-bonus-max-bps 900 --as mallory",
            "WrongAuthority (6008)",
        ),
        ("fees collect all USD --as mallory", "WrongAuthority (6008)"),
        ("token mint 5 ETH --to mallory --as mallory", "custom program error: 0x4"),
    ];
    for (command, expected) in rows {
        let (code, line) = session.refusal(command);
        assert_eq!(code, 1, "{command}: {line}");
        assert!(line.contains(expected), "{command}: {line}");
    }
}

#[test]
fn parameters_change_one_by_one() {
    let session = Session::with_pool();
    let before = session.json("reserve show ETH");
    session.ok("reserve update ETH --liquidation-bonus-max-bps 500 --as admin");
    let mut after = session.json("reserve show ETH");
    assert_eq!(after["liquidation_bonus_max_bps"], "500");
    after["liquidation_bonus_max_bps"] = before["liquidation_bonus_max_bps"].clone();
    assert_eq!(after, before);
}

#[test]
fn the_adaptive_rate_moves_by_itself() {
    let session = Session::with_pool();
    assert_eq!(session.json("reserve show USD")["rate_model"], "curve");
    session.ok("reserve update USD --rate-model adaptive --as admin");
    let start = session.json("reserve show USD");
    assert_eq!(start["rate_model"], "adaptive");
    assert_eq!(start["rate_at_target"], "4 %");
    // 1,500 of 8,000 lent: the rate sinks, within a year to its lowest.
    session.ok("borrow 1500 USD --as bob");
    session.ok("warp --seconds 31536000");
    assert_eq!(session.json("reserve show USD")["rate_at_target"], "0.1 %");
    session.ok("reserve update USD --rate-model curve --as admin");
    assert_eq!(session.json("reserve show USD")["rate_model"], "curve");
}

#[test]
fn fees_accrue_with_time_and_are_collected() {
    let session = Session::with_pool();
    session.ok("borrow 1500 USD --as bob");
    session.ok("warp --seconds 31536000");
    let fees = session.json("reserve show USD")["fees"].as_str().unwrap().to_owned();
    assert_ne!(fees, "0");
    session.ok("fees collect all USD --as admin");
    // A slot of less than a second may add to what was shown.
    let collected: Decimal = session.balance("admin", "USD").parse().unwrap();
    let shown: Decimal = fees.parse().unwrap();
    assert!(
        collected >= shown && collected - shown < "0.01".parse().unwrap(),
        "{collected} {shown}"
    );
}

#[test]
fn the_exported_journal_replays_to_the_same_root() {
    let session = Session::with_pool();
    let root =
        session.json("journal export journal.json")["state_root"].as_str().unwrap().to_owned();
    assert!(!root.is_empty());
    let output = session.run("replay journal.json");
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("entries replayed, every state root equal"), "{text}");
}

#[test]
fn two_feeds_of_one_symbol_are_told_apart_by_address() {
    let session = Session::with_pool();
    session.ok("oracle create ETH --as alice");
    session.ok("oracle create ETH --as bob");
    let (code, line) = session.refusal("oracle publish ETH 1 --as carol");
    assert_eq!(code, 2);
    assert!(line.contains("feed ETH is ambiguous; use an address"), "{line}");
    // The signer's own feed comes first, and the pool's stays as it was.
    session.ok("oracle publish ETH 1 --as bob");
    assert_eq!(session.json("reserve show ETH")["price"], "200");
}

#[test]
fn a_damaged_ledger_is_refused_in_one_line() {
    let session = Session::with_pool();
    let text = String::from_utf8(session.ledger()).unwrap();
    let rows =
        [text.replacen("\"lamports\"", "\"lampords\"", 1), text[..text.len() / 2].to_owned()];
    for damaged in rows {
        fs::write(session.path("damaged.json"), damaged).unwrap();
        let (code, line) = session.refusal("pool list --ledger damaged.json");
        assert_eq!(code, 2);
        assert!(line.starts_with("error: damaged.json: damaged at"), "{line}");
    }
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let session = Session::with_pool();
    for line in ["accounts", "completions bash", "tx show 4", "borrow 1 USD --as bob --dry-run"] {
        let mut child = session.command(line).stdout(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        assert_eq!(child.wait().unwrap().code(), Some(0), "{line}");
    }
}

#[test]
fn several_publishers_make_a_price() {
    let session = Session::with_pool();
    session.ok("airdrop anna 1");
    session.ok("airdrop ben 1");
    session.ok("oracle create XAU --publisher anna --publisher ben --publisher alice --as admin");
    let feed = |session: &Session| session.json("oracle show XAU")["feeds"][0].clone();
    session.ok("oracle publish XAU 100 --confidence 1 --as anna");
    assert_eq!(feed(&session)["price"], "0");
    assert_eq!(feed(&session)["quotes"], "1 of 3, 2 needed, 0 may lie");
    // Votes 99 100 101 102 102 102: second from either end 100 and 102, the price between them 101.
    session.ok("oracle publish XAU 102 --as ben");
    let shown = feed(&session);
    assert_eq!((&shown["price"], &shown["confidence"]), (&"101".into(), &"1".into()));
    assert_eq!(shown["quotes"], "2 of 3, 2 needed, 0 may lie");
    for (verb, part) in [
        ("oracle publish XAU 100 --as bob", "NotAPublisher"),
        ("oracle publish XAU 1 --confidence 1 --as ben", "InvalidQuote"),
        ("oracle create PT --publisher anna --publisher ben --quorum 1 --as admin", "two thirds"),
        ("oracle create PT --publisher anna --publisher anna --as admin", "distinct"),
    ] {
        let (_, line) = session.refusal(verb);
        assert!(line.contains(part), "{line}");
    }
}

#[test]
fn a_reserve_compares_its_price_with_a_second_feed() {
    let session = Session::with_pool();
    session.ok("token create XAU --as admin");
    for symbol in ["XAU", "XAU-2"] {
        session.ok(&format!("oracle create {symbol} --as admin"));
        session.ok(&format!("oracle publish {symbol} 2000 --as admin"));
    }
    session.ok("reserve add XAU --second-feed XAU-2 --as admin");
    let (_, line) = session.refusal("reserve add ETH --second-feed ETH --as admin");
    assert!(line.contains("DuplicateAccount"), "{line}");
}
