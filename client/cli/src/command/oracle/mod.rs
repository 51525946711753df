//! `cofferdam oracle`.

mod create;
mod publish;
mod show;

use clap::Subcommand;

use crate::fault::Fault;

/// Make price feeds, publish and read prices.
///
/// Example: cofferdam oracle publish ETH 200 --as admin
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Create(create::Args),
    Publish(publish::Args),
    Show(show::Args),
}

pub(crate) fn run(verb: &Verb) -> Result<(), Fault> {
    match verb {
        Verb::Create(args) => create::run(args),
        Verb::Publish(args) => publish::run(args),
        Verb::Show(args) => show::run(args),
    }
}
