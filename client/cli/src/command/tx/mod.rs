//! `cofferdam tx`.

mod show;

use clap::Subcommand;

use crate::fault::Fault;

/// Look at transactions.
///
/// Example: cofferdam tx show 3
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Show(show::Args),
}

pub(crate) fn run(verb: &Verb) -> Result<(), Fault> {
    match verb {
        Verb::Show(args) => show::run(args),
    }
}
