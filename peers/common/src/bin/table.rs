//! `table < SAMPLES`: the samples of all rounds as tables in Markdown.
//!
//! A rate is the median of the rounds, a ratio the median of the rounds' ratios: each round runs
//! everything once, so that a machine that is busy for a while is busy for all of them.

use std::{
    collections::BTreeMap,
    io::{BufRead, stdin},
};

use peers_common::Row;

/// Seconds that an operation takes, round by round, by row and subject.
type Samples = BTreeMap<(String, String), Vec<f64>>;

/// A column: whose it is, and what stands above it.
type Column = (&'static str, &'static str);

const TRANSFERS: [&str; 4] =
    ["token transfer", "token transfer, signed", "system transfer", "system transfer, signed"];
const LENDING: [&str; 6] = ["deposit", "borrow", "repay", "withdraw", "liquidate", "accrue"];
const HUNTS: [&str; 3] = ["hunt, nothing checked", "hunt, invariants on", "hunt, the whole search"];
const TARGETS: [&str; 2] = ["fuzz target insolvency", "fuzz target profit"];

fn main() {
    let mut samples = read();
    derive(&mut samples);
    let chains = [("litesvm", "LiteSVM"), ("mollusk", "Mollusk")];
    println!("Transfers a second:\n");
    print("transaction", &TRANSFERS, &chains, &samples);
    let protocols = [
        ("litesvm", "the ELF in LiteSVM"),
        ("morpho", "Morpho on revm"),
        ("token-lending", "spl-token-lending"),
    ];
    println!("\nLending operations a second, a second apart, so that each accrues interest:\n");
    print("operation", &LENDING, &protocols, &samples);
    println!("\nActions of stateful fuzzing a second:\n");
    let fuzzed = [
        ("litesvm", "LiteSVM, nothing checked"),
        ("litesvm, checked", "LiteSVM, the same invariants"),
    ];
    print("what runs", &[HUNTS.as_slice(), &TARGETS].concat(), &fuzzed, &samples);
}

fn read() -> Samples {
    let mut samples = Samples::new();
    let lines = stdin().lock().lines().map_while(Result::ok);
    for row in lines.filter_map(|line| Row::parse(&line)) {
        let seconds = row.spent.as_secs_f64() / row.operations.max(1) as f64;
        samples.entry((row.name, row.subject)).or_default().push(seconds);
    }
    samples
}

/// The hunt's flow is one for LiteSVM and stands beside every row of ours. With the invariants on,
/// what checking costs us is added to it.
fn derive(samples: &mut Samples) {
    let of = |name: &str, subject: &str, samples: &Samples| {
        samples.get(&(name.to_owned(), subject.to_owned())).cloned().unwrap_or_default()
    };
    let sent = of("hunt", "litesvm", samples);
    let bare = of(HUNTS[0], "ledger", samples);
    let watched = of(HUNTS[1], "ledger", samples);
    let rounds = sent.iter().zip(bare.iter().zip(&watched));
    let checked: Vec<f64> = rounds.map(|(sent, (bare, watched))| sent + watched - bare).collect();
    for name in HUNTS.iter().chain(&TARGETS) {
        samples.insert(((*name).to_owned(), "litesvm".into()), sent.clone());
        if *name != HUNTS[0] {
            samples.insert(((*name).to_owned(), "litesvm, checked".into()), checked.clone());
        }
    }
}

fn print(title: &str, rows: &[&str], columns: &[Column], samples: &Samples) {
    let heads = columns.iter().map(|(_, head)| format!(" {head} | ratio |"));
    println!("| {title} | our ledger |{}", heads.collect::<String>());
    println!("|---|--:|{}", "--:|--:|".repeat(columns.len()));
    for row in rows {
        let of = |subject: &str| samples.get(&((*row).to_owned(), subject.to_owned()));
        let ours = of("ledger").cloned().unwrap_or_default();
        let cells = columns.iter().map(|(subject, _)| {
            let theirs = of(subject).cloned().unwrap_or_default();
            format!(" {} | {} |", rate(&theirs), ratio(&ours, &theirs))
        });
        println!("| {row} | {} |{}", rate(&ours), cells.collect::<String>());
    }
}

fn rate(seconds: &[f64]) -> String {
    median(seconds).map_or_else(|| "–".into(), |seconds| grouped(1.0 / seconds))
}

/// How many times as fast ours is.
fn ratio(ours: &[f64], theirs: &[f64]) -> String {
    let ratios: Vec<f64> = ours.iter().zip(theirs).map(|(ours, theirs)| theirs / ours).collect();
    median(&ratios).map_or_else(|| "–".into(), |ratio| format!("{ratio:.1}"))
}

fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}

fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
