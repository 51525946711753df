//! `cofferdam insurance`.

mod cooldown;
mod fund;
mod show;
mod stake;
mod stakes;
mod unstake;

use clap::Subcommand;

use crate::fault::Fault;

/// Fund, join, leave and read the insurance that pays for bad debt before suppliers do.
///
/// Example: cofferdam insurance fund 100 USD --as alice
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Fund(fund::Args),
    Stake(stake::Args),
    Cooldown(cooldown::Args),
    Unstake(unstake::Args),
    Stakes(stakes::Args),
    Show(show::Args),
}

pub(crate) fn run(verb: &Verb) -> Result<(), Fault> {
    match verb {
        Verb::Fund(args) => fund::run(args),
        Verb::Stake(args) => stake::run(args),
        Verb::Cooldown(args) => cooldown::run(args),
        Verb::Unstake(args) => unstake::run(args),
        Verb::Stakes(args) => stakes::run(args),
        Verb::Show(args) => show::run(args),
    }
}
