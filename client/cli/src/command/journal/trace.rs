use std::path::PathBuf;

use cofferdam_sdk::{ledger::Trace, local};

use crate::{bar::Bar, fault::Fault, options::Output, sheet::Sheet, store};

/// Run a journal on this build and write down what comes of every entry: outcome, state root, log
/// and changed accounts. The roots in the journal need not agree. `journal bisect` compares what
/// two builds wrote.
///
/// Example: cofferdam journal trace journal.json this-build.trace
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The journal, as `journal export` and `run` write it.
    journal: PathBuf,
    /// The file to write; one that exists is replaced.
    trace: PathBuf,
    /// How to answer.
    #[arg(long, value_enum, default_value_t = Output::Table)]
    output: Output,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let journal = super::load(&args.journal)?;
    let mut bar = Bar::new("tracing");
    let on_entry = |done| bar.at(done, journal.len(), String::new);
    let trace = Trace::of(&journal, [local::program()], on_entry);
    bar.finish();
    store::replace(&args.trace, |out| trace.write(out))?;
    let (count, file) = (trace.steps.len(), args.trace.display());
    Sheet::said(format!("wrote what {count} entries do to {file}"))
        .detail("entries", count)
        .show(args.output);
    Ok(())
}
