//! `cofferdam journal`.

mod export;
mod list;

use clap::Subcommand;
use cofferdam_sdk::ledger::Journal;

use crate::{desk::Desk, fault::Fault};

/// List and export what happened.
///
/// Example: cofferdam journal export journal.json
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    List(list::Args),
    Export(export::Args),
}

pub(crate) fn run(verb: &Verb) -> Result<(), Fault> {
    match verb {
        Verb::List(args) => list::run(args),
        Verb::Export(args) => export::run(args),
    }
}

/// The journal of a ledger.
pub(super) fn of(desk: &Desk) -> Result<&Journal, Fault> {
    let none = || Fault::Input("the ledger keeps no journal".into());
    desk.ledger().journal().ok_or_else(none)
}
