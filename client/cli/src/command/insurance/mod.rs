//! `cofferdam insurance`.

mod fund;
mod show;

use clap::Subcommand;

use crate::fault::Fault;

/// Fund and read the insurance that pays for bad debt before suppliers do.
///
/// Example: cofferdam insurance fund 100 USD --as alice
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Fund(fund::Args),
    Show(show::Args),
}

pub(crate) fn run(verb: &Verb) -> Result<(), Fault> {
    match verb {
        Verb::Fund(args) => fund::run(args),
        Verb::Show(args) => show::run(args),
    }
}
