//! `cofferdam pool`.

mod admin;
mod config;
mod create;
mod list;
mod mode;
mod show;
mod update;

use clap::Subcommand;

pub(super) use config::PoolConfigArgs;

use crate::fault::Fault;

/// Make, run and read pools.
///
/// Example: cofferdam pool create main --as admin
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Create(create::Args),
    Update(update::Args),
    Mode(mode::Args),
    #[command(subcommand)]
    Admin(admin::Verb),
    Show(show::Args),
    List(list::Args),
}

pub(crate) fn run(verb: &Verb) -> Result<(), Fault> {
    match verb {
        Verb::Create(args) => create::run(args),
        Verb::Update(args) => update::run(args),
        Verb::Mode(args) => mode::run(args),
        Verb::Admin(verb) => admin::run(verb),
        Verb::Show(args) => show::run(args),
        Verb::List(args) => list::run(args),
    }
}
