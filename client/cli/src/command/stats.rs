//! `cofferdam stats`.

use std::path::PathBuf;

use cofferdam_host::ErrorCode;
use cofferdam_sdk::{
    interface::LendingError,
    ledger::{FailureKind, Journal, Metrics, ProgramMetrics, replay_counting},
    local,
};

use crate::{bar::Bar, command::journal, desk::Desk, fault::Fault, options::At, sheet::Sheet};

/// Count what happened: transactions and failures, instructions and compute units of every program,
/// depth of calls, accounts and bytes. The journal is run again to count it, so transactions that
/// were rejected, which leave no trace, are not in it.
///
/// Example: cofferdam stats
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Count a journal file instead of the ledger's own.
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
    #[command(flatten)]
    at: At,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let metrics = match &args.journal {
        Some(file) => count(&journal::load(file)?)?,
        None => count(journal::of(&Desk::read(&args.at)?)?)?,
    };
    sheet(&metrics).show(args.at.output);
    Ok(())
}

fn count(journal: &Journal) -> Result<Metrics, Fault> {
    let mut bar = Bar::new("counting");
    let on_entry = |done| bar.at(done, journal.len(), String::new);
    let counted = replay_counting(journal, [local::program()], on_entry);
    bar.finish();
    let mut ledger = counted.map_err(|error| Fault::failed(&error))?;
    Ok(ledger.set_metrics(None).unwrap_or_default())
}

fn sheet(metrics: &Metrics) -> Sheet {
    let accounts = &metrics.accounts;
    let programs = metrics.programs.values().map(program).collect();
    let failures = metrics.failed.iter().map(|failure| self::failure(metrics, failure)).collect();
    let depths = metrics.instructions_by_depth.iter();
    let depths = depths.map(|(depth, count)| vec![depth.to_string(), count.to_string()]).collect();
    Sheet::default()
        .field("succeeded", metrics.succeeded)
        .field("failed", metrics.failed_total())
        .field("fees_lamports", metrics.fees_lamports)
        .field("compute_units", metrics.units)
        .field("compute_units_max", metrics.units_max)
        .field("accounts_created", accounts.created)
        .field("accounts_changed", accounts.changed)
        .field("accounts_closed", accounts.closed)
        .field("bytes_written", accounts.bytes_written)
        .field("bytes_grown", accounts.bytes_grown)
        .field("bytes_freed", accounts.bytes_freed)
        .field("warps", metrics.warps)
        .field("slots", metrics.slots)
        .field("cheats", metrics.cheats)
        .list("failures", &["program", "error", "count"], failures)
        .list("programs", &PROGRAM_COLUMNS, programs)
        .list("depths", &["depth", "instructions"], depths)
}

const PROGRAM_COLUMNS: [&str; 8] = [
    "program",
    "instructions",
    "calls",
    "failures",
    "compute_units",
    "log_lines",
    "events",
    "event_bytes",
];

fn program(program: &ProgramMetrics) -> Vec<String> {
    let ProgramMetrics { name, instructions, calls, failures, units, .. } = program;
    let ProgramMetrics { log_lines, events, event_bytes, .. } = program;
    let own = [instructions, calls, failures].map(u64::to_string);
    let told = [log_lines, events, event_bytes].map(u64::to_string);
    [vec![name.clone()], own.to_vec(), vec![units.to_string()], told.to_vec()].concat()
}

fn failure(metrics: &Metrics, (kind, count): (&FailureKind, &u64)) -> Vec<String> {
    let program = kind.program_id.and_then(|id| metrics.programs.get(&id));
    let program = program.map_or("-".into(), |program| program.name.clone());
    let own = kind.program_id.filter(|id| *id == LendingError::PROGRAM_ID).and(kind.code);
    let error = match (own.and_then(LendingError::from_code), kind.code) {
        (Some(error), _) => format!("{} ({})", error.name(), error.code()),
        (None, Some(code)) => format!("{} ({code})", kind.error),
        (None, None) => kind.error.clone(),
    };
    vec![program, error, count.to_string()]
}
