//! `cofferdam pool admin`.

mod accept;
mod propose;

use clap::Subcommand;

use crate::fault::Fault;

/// Hand a pool over, in two steps.
///
/// Example: cofferdam pool admin propose bob --as admin
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Propose(propose::Args),
    Accept(accept::Args),
}

pub(crate) fn run(verb: &Verb) -> Result<(), Fault> {
    match verb {
        Verb::Propose(args) => propose::run(args),
        Verb::Accept(args) => accept::run(args),
    }
}
