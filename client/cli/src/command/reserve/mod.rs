//! `cofferdam reserve`.

mod add;
mod config;
mod mode;
mod show;
mod update;

use clap::Subcommand;

pub(super) use config::ConfigArgs;

use crate::fault::Fault;

/// Add assets to a pool and set their risk parameters.
///
/// Example: cofferdam reserve add ETH --as admin
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Add(Box<add::Args>),
    Update(Box<update::Args>),
    Mode(mode::Args),
    Show(show::Args),
}

pub(crate) fn run(verb: &Verb) -> Result<(), Fault> {
    match verb {
        Verb::Add(args) => add::run(args),
        Verb::Update(args) => update::run(args),
        Verb::Mode(args) => mode::run(args),
        Verb::Show(args) => show::run(args),
    }
}
