//! `svm-diff --elf FILE [--scenarios N] [--actions N] [--seed N]`: random scenarios on both.

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;
use cofferdam_ledger::Recording;
use cofferdam_svm::{machine::Machine, twin::Twin};
use cofferdam_tests::{
    action::{Action, RECORD_LEN, Record},
    tally::Tally,
    world::{Options, World},
};
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};

/// Sends the same random transactions to the ledger and to LiteSVM and compares all that they do.
#[derive(Debug, Parser)]
struct Arguments {
    /// The program, as `cargo xtask sbf` builds it.
    #[arg(long)]
    elf: PathBuf,
    /// How many scenarios.
    #[arg(long, default_value_t = 100)]
    scenarios: u64,
    /// Actions in a scenario; each is a transaction, or time that passes.
    #[arg(long, default_value_t = 100)]
    actions: usize,
    /// First scenario's seed; the others follow.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(1),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

/// Runs all scenarios; and tells how many diverged.
fn run(arguments: &Arguments) -> Result<u64, String> {
    let options = Options { recording: Recording::Journal, ..Options::default() };
    let machine = Machine::new(&arguments.elf)?;
    let start = Twin::new(World::lively(&options), machine)?;
    let (mut transactions, mut divergences, mut units_max) = (0, 0, 0);
    let mut tally = Tally::default();
    for seed in arguments.seed..arguments.seed + arguments.scenarios {
        let mut twin = start.clone();
        if let Err(divergence) = scenario(&mut twin, seed, arguments.actions, &mut tally) {
            divergences += 1;
            eprintln!("scenario {seed}: {divergence}");
        }
        transactions += twin.transactions() - start.transactions();
        units_max = units_max.max(twin.units_max());
    }
    print!("{tally}");
    println!("most compute units in one transaction: {units_max}");
    let scenarios = arguments.scenarios;
    println!("{scenarios} scenarios, {transactions} transactions, {divergences} divergences");
    Ok(divergences)
}

fn scenario(twin: &mut Twin, seed: u64, actions: usize, tally: &mut Tally) -> Result<(), String> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    for at in 0..actions {
        let mut bytes = [0; RECORD_LEN];
        rng.fill_bytes(&mut bytes);
        let outcome = twin.step(&Action::from(Record(bytes)));
        let outcome = outcome.map_err(|divergence| format!("action {at}: {divergence}"))?;
        tally.count(&outcome);
    }
    twin.compare_all("the whole scenario").map_err(|divergence| divergence.to_string())
}
