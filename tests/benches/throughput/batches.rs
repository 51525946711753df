//! Batches on two threads against the same batches one by one.

use std::{num::NonZeroUsize, time::Duration};

use cofferdam_ledger::Recording;
use cofferdam_lending_interface::units::Amount;
use cofferdam_sdk::{Instruction, instruction as build, token};
use cofferdam_tests::world::{Actor, Asset, PoolId, Signatures, World};
use solana_transaction::Transaction;

use crate::{
    measure::{Effort, grouped, per_second, wall_and_cpu},
    workload::{sign, world},
};

const THREADS: NonZeroUsize = NonZeroUsize::new(2).unwrap();

/// Who does what in a batch.
#[derive(Clone, Copy)]
enum Batch {
    /// Four people pay four others.
    Transfers,
    /// Alice deposits into one pool and Bob into the other.
    TwoPools,
    /// Alice and Dave deposit into one pool: a chain, where threads can only check signatures.
    OnePool,
}

/// The wall is looked at in the best of all samples: a machine that does something else on one of
/// its cores in the meantime says nothing about two threads. The CPU time shows what the threads
/// cost together, however many cores there were for them.
pub(crate) fn print(effort: Effort) {
    println!(
        "\na batch on {THREADS} threads against one by one, transactions a second on the wall"
    );
    let columns = ["one by one", "parallel", "ratio", "CPU time"];
    println!("{:<40}{}", "", columns.map(|column| format!("{column:>12}")).concat());
    for signatures in [Signatures::Believed, Signatures::Checked] {
        let world = world(signatures);
        for batch in [Batch::Transfers, Batch::TwoPools, Batch::OnePool] {
            let transactions = batch.transactions(&world, effort.transactions);
            let one_by_one = best(effort, &world, NonZeroUsize::MIN, &transactions);
            let parallel = best(effort, &world, THREADS, &transactions);
            let signed = match signatures {
                Signatures::Believed => "no signatures",
                Signatures::Checked => "signatures",
            };
            println!(
                "{:<40}{:>12}{:>12}{:>12}{:>12}",
                format!("{}, {signed}", batch.name()),
                grouped(per_second(transactions.len(), one_by_one.0)),
                grouped(per_second(transactions.len(), parallel.0)),
                ratio(one_by_one.0, parallel.0),
                ratio(parallel.1, one_by_one.1),
            );
        }
    }
}

/// With two decimals.
fn ratio(a: Duration, b: Duration) -> String {
    let percent = a.as_nanos() * 100 / b.as_nanos().max(1);
    format!("{}.{:02}", percent / 100, percent % 100)
}

impl Batch {
    const fn name(self) -> &'static str {
        match self {
            Self::Transfers => "transfers of four pairs",
            Self::TwoPools => "deposits into two pools",
            Self::OnePool => "deposits into one pool",
        }
    }

    fn transactions(self, world: &World, count: usize) -> Vec<Transaction> {
        let build = |at: usize| {
            let (actor, instruction) = self.instruction(world, at);
            sign(world, actor, &[instruction])
        };
        (0..count).map(build).collect()
    }

    fn instruction(self, world: &World, at: usize) -> (Actor, Instruction) {
        let amount = Amount(1_000 + at as u64);
        let deposit = |actor: Actor, pool: PoolId, asset: Asset| {
            let (owner, keys) = (world.person(actor), world.keys(pool, asset));
            (actor, build::deposit(&owner, &world.position_address(pool, actor), &keys, amount))
        };
        match (self, at % 2) {
            (Self::Transfers, _) => {
                let (from, to) = (Actor::ALL[at % 4], Actor::ALL[at % 4 + 4]);
                let (payer, payee) = (world.person(from), world.person(to));
                (from, token::transfer(&world.mint(Asset::Weth), &payer, &payee, amount))
            }
            (Self::TwoPools, 0) => deposit(Actor::Alice, PoolId::Harbour, Asset::Weth),
            (Self::TwoPools, _) => deposit(Actor::Bob, PoolId::Lagoon, Asset::Usdc),
            (Self::OnePool, 0) => deposit(Actor::Alice, PoolId::Harbour, Asset::Weth),
            (Self::OnePool, _) => deposit(Actor::Dave, PoolId::Harbour, Asset::Weth),
        }
    }
}

/// Wall and CPU time of a batch, each in the best sample.
fn best(
    effort: Effort,
    world: &World,
    threads: NonZeroUsize,
    batch: &[Transaction],
) -> (Duration, Duration) {
    let mut ledger = world.ledger().fork();
    let _recording = ledger.set_recording(Recording::Nothing);
    let sample = || {
        let mut ledger = ledger.fork();
        wall_and_cpu(|| {
            let answers = ledger.submit_parallel_on(threads, batch);
            let failed = answers.iter().find_map(|answer| answer.as_ref().err());
            assert!(failed.is_none(), "{failed:?}");
            answers
        })
    };
    let (walls, cpus): (Vec<_>, Vec<_>) =
        std::iter::repeat_with(sample).take(2 * effort.samples).unzip();
    (walls.into_iter().min().unwrap_or_default(), cpus.into_iter().min().unwrap_or_default())
}
