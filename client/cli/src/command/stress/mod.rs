//! `cofferdam stress`.

mod validate;

use clap::Subcommand;

use crate::fault::Fault;

/// Stress a pool many times over, and prove the figures.
///
/// Example: cofferdam stress validate --quick
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Validate(validate::Args),
}

pub(crate) fn run(verb: &Verb) -> Result<(), Fault> {
    match verb {
        Verb::Validate(args) => validate::run(args),
    }
}
