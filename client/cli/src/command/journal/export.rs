use std::path::PathBuf;

use crate::{desk::Desk, fault::Fault, options::At, sheet::Sheet};

/// Write the journal to a file that `cofferdam replay` checks entry by entry.
///
/// Example: cofferdam journal export journal.json
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The file; one that exists is replaced.
    file: PathBuf,
    #[command(flatten)]
    at: At,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let desk = Desk::read(&args.at)?;
    let journal = super::of(&desk)?;
    let file = args.file.display();
    let failed = |error| Fault::Failed(format!("{file}: {error}"));
    std::fs::write(&args.file, journal.to_json()).map_err(failed)?;
    let sheet = Sheet::said(format!("wrote {} entries to {file}", journal.len()))
        .detail("entries", journal.len())
        .detail("state_root", journal.final_root());
    desk.show(&sheet);
    Ok(())
}
