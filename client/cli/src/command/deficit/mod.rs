//! `cofferdam deficit`.

mod cover;

use clap::Subcommand;

use crate::fault::Fault;

/// Pay down losses that nobody has paid yet.
///
/// Example: cofferdam deficit cover all USD --as admin
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Cover(cover::Args),
}

pub(crate) fn run(verb: &Verb) -> Result<(), Fault> {
    match verb {
        Verb::Cover(args) => cover::run(args),
    }
}
