use std::path::PathBuf;

use crate::{desk::Desk, fault::Fault, options::At, sheet::Sheet, store};

/// Write the journal to a file that `cofferdam replay` checks entry by entry. A kill leaves the old
/// file or the new one.
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
    store::replace(&args.file, |out| journal.write(out))?;
    let sheet = Sheet::said(format!("wrote {} entries to {file}", journal.len()))
        .detail("entries", journal.len())
        .detail("state_root", journal.final_root());
    desk.show(&sheet);
    Ok(())
}
