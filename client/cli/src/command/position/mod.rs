//! `cofferdam position`.

mod list;
mod open;
mod show;

use clap::Subcommand;

use crate::fault::Fault;

/// Open and read positions.
///
/// Example: cofferdam position open --as bob
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Open(open::Args),
    Show(show::Args),
    List(list::Args),
}

pub(crate) fn run(verb: &Verb) -> Result<(), Fault> {
    match verb {
        Verb::Open(args) => open::run(args),
        Verb::Show(args) => show::run(args),
        Verb::List(args) => list::run(args),
    }
}
