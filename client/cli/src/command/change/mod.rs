//! `cofferdam change`.

mod apply;
mod cancel;
mod queue_pool;
mod queue_reserve;
mod show;
mod target;

use clap::Subcommand;

use crate::fault::Fault;

/// Let changes wait for a pool's timelock, and apply or withdraw them.
///
/// Example: cofferdam change show
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    QueueReserve(Box<queue_reserve::Args>),
    QueuePool(queue_pool::Args),
    Apply(apply::Args),
    Cancel(cancel::Args),
    Show(show::Args),
}

pub(crate) fn run(verb: &Verb) -> Result<(), Fault> {
    match verb {
        Verb::QueueReserve(args) => queue_reserve::run(args),
        Verb::QueuePool(args) => queue_pool::run(args),
        Verb::Apply(args) => apply::run(args),
        Verb::Cancel(args) => cancel::run(args),
        Verb::Show(args) => show::run(args),
    }
}
