//! `cofferdam pool`.

mod create;
mod list;
mod show;

use clap::Subcommand;

use crate::fault::Fault;

/// Make and read pools.
///
/// Example: cofferdam pool create main --as admin
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Create(create::Args),
    Show(show::Args),
    List(list::Args),
}

pub(crate) fn run(verb: &Verb) -> Result<(), Fault> {
    match verb {
        Verb::Create(args) => create::run(args),
        Verb::Show(args) => show::run(args),
        Verb::List(args) => list::run(args),
    }
}
