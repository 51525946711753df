//! `cofferdam token`.

mod account;
mod balance;
mod create;
mod mint;

use clap::Subcommand;

use crate::fault::Fault;

/// Make tokens and hand them out.
///
/// Example: cofferdam token create ETH --decimals 9 --as admin
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Create(create::Args),
    Account(account::Args),
    Mint(mint::Args),
    Balance(balance::Args),
}

pub(crate) fn run(verb: &Verb) -> Result<(), Fault> {
    match verb {
        Verb::Create(args) => create::run(args),
        Verb::Account(args) => account::run(args),
        Verb::Mint(args) => mint::run(args),
        Verb::Balance(args) => balance::run(args),
    }
}
