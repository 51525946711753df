//! `cofferdam-svm diff|hostile|units|replay --elf FILE`: the ledger and LiteSVM side by side.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use cofferdam_ledger::{Journal, Recording};
use cofferdam_sdk::local;
use cofferdam_svm::{hostile, known, machine::Machine, pair::Pair, scenario, twin::Twin, units};
use cofferdam_tests::{
    tally::Tally,
    world::{Options, World},
};

/// Runs the same transactions on the ledger and in LiteSVM and compares all that they do.
#[derive(Debug, Parser)]
struct Arguments {
    /// The program, as `cargo xtask sbf` builds it.
    #[arg(long)]
    elf: PathBuf,
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Random scenarios of the lending program.
    Diff {
        /// How many scenarios.
        #[arg(long, default_value_t = 100)]
        scenarios: u64,
        /// Actions in a scenario; each is a transaction, or time that passes.
        #[arg(long, default_value_t = 100)]
        actions: usize,
        /// First scenario's seed; the others follow.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Where the journal of a divergence goes.
        #[arg(long, default_value = "out/svm")]
        out: PathBuf,
    },
    /// Hostile transactions to the System and SPL Token programs alone.
    Hostile {
        /// How many scenarios.
        #[arg(long, default_value_t = 100)]
        scenarios: u64,
        /// Transactions in a scenario.
        #[arg(long, default_value_t = 100)]
        transactions: u64,
        /// First scenario's seed; the others follow.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Compute units of every instruction, compared with the table of a page.
    Units {
        /// The page.
        #[arg(long, default_value = "docs/SOLANA.md")]
        page: PathBuf,
        /// Write the table instead of comparing it.
        #[arg(long)]
        write: bool,
    },
    /// A saved journal on both.
    Replay {
        /// The journal.
        journal: PathBuf,
    },
}

fn main() -> ExitCode {
    let Arguments { elf, task } = Arguments::parse();
    let done = match task {
        Task::Diff { scenarios, actions, seed, out } => {
            diff(&elf, (seed, scenarios), actions, &out)
        }
        Task::Hostile { scenarios, transactions, seed } => {
            attack(&elf, (seed, scenarios), transactions)
        }
        Task::Units { page, write } => measure(&elf, &page, write),
        Task::Replay { journal } => replay(&elf, &journal),
    };
    match done {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(1),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

/// Runs scenarios; and tells how many diverged.
fn diff(
    elf: &Path,
    (seed, scenarios): (u64, u64),
    actions: usize,
    out: &Path,
) -> Result<u64, String> {
    let options = Options { recording: Recording::Journal, ..Options::default() };
    let start = Twin::new(World::lively(&options), Machine::new(elf)?)?;
    let (mut transactions, mut divergences, mut units_max) = (0, 0, 0);
    let mut tally = Tally::default();
    for seed in seed..seed + scenarios {
        let (mut twin, records) = (start.clone(), scenario::records(seed, actions));
        if let Err((ran, divergence)) = scenario::play(&mut twin, &records, &mut tally) {
            divergences += 1;
            let file = out.join(format!("{seed}.journal.json"));
            let left = scenario::save(&start, &records[..ran], &divergence, &file)?;
            eprintln!("scenario {seed}, action {ran}: {divergence}");
            eprintln!("shortened to {left} actions: {}", file.display());
        }
        transactions += twin.transactions() - start.transactions();
        units_max = units_max.max(twin.units_max());
    }
    print!("{tally}");
    println!("most compute units in one transaction: {units_max}");
    println!("{scenarios} scenarios, {transactions} transactions, {divergences} divergences");
    Ok(divergences)
}

fn attack(elf: &Path, (seed, scenarios): (u64, u64), count: u64) -> Result<u64, String> {
    let stage = hostile::Stage::set(Machine::new(elf)?)?;
    let (mut transactions, mut succeeded, mut divergences) = (0, 0, 0);
    for seed in seed..seed + scenarios {
        match stage.scenario(seed, count) {
            Ok(counts) => {
                transactions += counts.transactions;
                succeeded += counts.succeeded;
            }
            Err(divergence) => {
                divergences += 1;
                eprintln!("scenario {seed}: {divergence}");
            }
        }
    }
    println!("{succeeded} of the transactions succeeded");
    println!(
        "{scenarios} hostile scenarios, {transactions} transactions, {divergences} divergences"
    );
    Ok(divergences)
}

fn measure(elf: &Path, page: &Path, write: bool) -> Result<u64, String> {
    let table = units::table(elf)?;
    print!("{table}");
    if write { units::write(page, &table) } else { units::compare(page, &table) }.map(|()| 0)
}

fn replay(elf: &Path, file: &Path) -> Result<u64, String> {
    let bytes = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let journal = Journal::from_bytes(&bytes).map_err(|error| error.to_string())?;
    let mut pair =
        Pair::new(local::ledger(journal.genesis().clone()), Machine::new(elf)?, known::none)?;
    for (number, entry) in journal.iter().enumerate() {
        let label = format!("entry {number}");
        pair.step(entry, &label).map_err(|divergence| divergence.to_string())?;
    }
    pair.compare_all("the whole journal").map_err(|divergence| divergence.to_string())?;
    println!("{} entries, 0 divergences", journal.len());
    Ok(0)
}
