//! `cofferdam journal`.

mod bisect;
mod export;
mod list;
mod trace;

use std::{fs, path::Path};

use clap::Subcommand;
use cofferdam_sdk::ledger::Journal;

use crate::{desk::Desk, fault::Fault};

/// List and export what happened, and compare two builds by it.
///
/// Example: cofferdam journal export journal.json
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    List(list::Args),
    Export(export::Args),
    Trace(trace::Args),
    Bisect(bisect::Args),
}

pub(crate) fn run(verb: &Verb) -> Result<(), Fault> {
    match verb {
        Verb::List(args) => list::run(args),
        Verb::Export(args) => export::run(args),
        Verb::Trace(args) => trace::run(args),
        Verb::Bisect(args) => bisect::run(args),
    }
}

/// The journal of a ledger.
pub(super) fn of(desk: &Desk) -> Result<&Journal, Fault> {
    let none = || Fault::Input("the ledger keeps no journal".into());
    desk.ledger().journal().ok_or_else(none)
}

/// The journal in a file.
pub(super) fn load(path: &Path) -> Result<Journal, Fault> {
    let file = path.display();
    let bytes = fs::read(path).map_err(|error| Fault::Input(format!("{file}: {error}")))?;
    Journal::from_bytes(&bytes).map_err(|error| Fault::Failed(format!("{file}: {error}")))
}
