//! `cofferdam fees`.

mod collect;

use clap::Subcommand;

use crate::fault::Fault;

/// Collect the protocol's fees.
///
/// Example: cofferdam fees collect all USD --as admin
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Collect(collect::Args),
}

pub(crate) fn run(verb: &Verb) -> Result<(), Fault> {
    match verb {
        Verb::Collect(args) => collect::run(args),
    }
}
