//! `cofferdam init`.

use cofferdam_sdk::{ledger::Genesis, local};

use crate::{
    fault::Fault,
    options::{At, Keep, Mode},
    sheet::Sheet,
    store::{self, Store},
};

/// Make a ledger file with the lending program on it.
///
/// Example: cofferdam init --seed 7
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Number from which every named key derives.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    #[command(flatten)]
    keep: Keep,
    #[command(flatten)]
    at: At,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&args.seed.to_le_bytes());
    let ledger = local::ledger(Genesis { seed, ..Genesis::default() });
    let mode = args.keep.mode();
    match mode {
        Mode::Send => Store::create(&args.at.ledger)?.save(&ledger)?,
        Mode::DryRun => store::require_free(&args.at.ledger)?,
    }
    let file = args.at.ledger.display();
    let sheet = Sheet::said(mode.said(&format!("made {file} with seed {}", args.seed)))
        .detail("ledger", file)
        .detail("seed", args.seed)
        .detail("state_root", ledger.state_root());
    sheet.show(args.at.output);
    Ok(())
}
