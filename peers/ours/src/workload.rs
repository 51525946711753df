//! What is measured: groups of steps, each run from a fork of one start.

use cofferdam_ledger::{Ledger, Recording, Warp};
use cofferdam_lending_interface::{
    instruction::Liquidate,
    units::{Amount, Price},
};
use cofferdam_sdk::{Instruction, instruction as build, token};
use cofferdam_tests::world::{Actor, Asset, Options, PoolId, Signatures, World, base_config};
use peers_common::Effort;
use solana_system_interface::instruction as system;
use solana_transaction::Transaction;

/// Operations of one group when time passes between them: a blockhash lives for a minute, and a
/// second passes before each.
const GROUP: usize = 50;

/// One kind of transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    SystemTransfer,
    TokenTransfer,
    Deposit,
    Borrow,
    Repay,
    Withdraw,
    Liquidate,
    Accrue,
}

/// One step.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// A second passes.
    Second,
    /// A transaction is sent and succeeds.
    Send(Transaction),
}

/// A start, and groups of steps from it.
#[derive(Debug)]
pub(crate) struct Workload {
    pub(crate) start: Ledger,
    pub(crate) groups: Vec<Vec<Step>>,
}

impl Kind {
    pub(crate) const ALL: [Self; 8] = [
        Self::SystemTransfer,
        Self::TokenTransfer,
        Self::Deposit,
        Self::Borrow,
        Self::Repay,
        Self::Withdraw,
        Self::Liquidate,
        Self::Accrue,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::SystemTransfer => "system transfer",
            Self::TokenTransfer => "token transfer",
            Self::Deposit => "deposit",
            Self::Borrow => "borrow",
            Self::Repay => "repay",
            Self::Withdraw => "withdraw",
            Self::Liquidate => "liquidate",
            Self::Accrue => "accrue",
        }
    }

    /// Whether it is about tokens or lamports alone, so that no time needs to pass.
    pub(crate) const fn is_transfer(self) -> bool {
        matches!(self, Self::SystemTransfer | Self::TokenTransfer)
    }

    const fn actor(self) -> Actor {
        match self {
            Self::Liquidate => Actor::Liquidator,
            Self::Accrue => Actor::Admin,
            _ => Actor::Alice,
        }
    }
}

impl Workload {
    /// Groups of one kind's steps, about `operations` in all.
    pub(crate) fn of(kind: Kind, signatures: Signatures, operations: usize) -> Self {
        let options = Options { signatures, ..Options::default() };
        Self::in_world(kind, &options, operations, |_| ())
    }

    /// The same in a world that `arrange` has changed.
    pub(crate) fn in_world(
        kind: Kind,
        options: &Options,
        operations: usize,
        arrange: impl FnOnce(&mut World),
    ) -> Self {
        if kind.is_transfer() {
            return Self::straight(options, operations, arrange, |world, at| {
                sign(world, kind.actor(), &instruction(world, kind, at))
            });
        }
        let arrange = |world: &mut World| {
            if kind == Kind::Liquidate {
                crash(world);
            }
            arrange(world);
        };
        Self::with(options, operations, arrange, |world, at| {
            sign(world, kind.actor(), &instruction(world, kind, at))
        })
    }

    /// Groups of transactions, a second before each.
    pub(crate) fn with(
        options: &Options,
        operations: usize,
        arrange: impl FnOnce(&mut World),
        transaction: impl Fn(&World, usize) -> Transaction,
    ) -> Self {
        let mut world = World::lively(options);
        arrange(&mut world);
        let steps = |at| [Step::Second, Step::Send(transaction(&world, at))];
        let group: Vec<Step> = (0..GROUP).flat_map(steps).collect();
        Self { start: start(&world), groups: vec![group; operations.div_ceil(GROUP)] }
    }

    /// One group of transactions while time stands.
    fn straight(
        options: &Options,
        operations: usize,
        arrange: impl FnOnce(&mut World),
        transaction: impl Fn(&World, usize) -> Transaction,
    ) -> Self {
        let mut world = World::lively(options);
        arrange(&mut world);
        let group = (0..operations).map(|at| Step::Send(transaction(&world, at)));
        Self { start: start(&world), groups: vec![group.collect()] }
    }

    /// Transactions in all groups.
    pub(crate) fn operations(&self) -> u64 {
        let sent = self.groups.iter().flatten().filter(|step| matches!(step, Step::Send(_)));
        sent.count() as u64
    }
}

/// How many operations a sample has.
pub(crate) const fn operations(kind: Kind, effort: Effort) -> usize {
    effort.of(if kind.is_transfer() { 10_000 } else { 4_000 })
}

/// Runs the steps of a group.
///
/// # Panics
/// When one fails: a benchmark of failures would be a benchmark of something else.
#[inline(never)]
pub(crate) fn play(mut ledger: Ledger, steps: &[Step]) -> Ledger {
    for step in steps {
        match step {
            Step::Second => drop(ledger.warp(Warp::Seconds(1)).expect("the clock goes further")),
            Step::Send(transaction) => match ledger.submit(transaction) {
                Ok(receipt) => drop(std::hint::black_box(receipt)),
                Err(error) => panic!("{error}"),
            },
        }
    }
    ledger
}

/// Alice owes 60,000 dollars against 50 ether, which are now good for 54,400 of debt.
fn crash(world: &mut World) {
    let par = Asset::Weth.par();
    let price = Price(par.get() * 68 / 100);
    let _receipt = world.publish(Asset::Weth, price).expect("the publisher may");
}

/// The world's ledger, with nothing recorded from here on.
fn start(world: &World) -> Ledger {
    let mut start = world.ledger().fork();
    let _recording = start.set_recording(Recording::Nothing);
    start
}

/// A transaction of one instruction.
pub(crate) fn sign(world: &World, actor: Actor, instruction: &Instruction) -> Transaction {
    let mut client = world.client().clone();
    let signed = client.tx().extend([instruction.clone()]).sign(&[world.key(actor)]);
    signed.transaction().clone()
}

/// Amounts differ, or all but the first would be copies.
fn instruction(world: &World, kind: Kind, at: usize) -> Instruction {
    let (alice, bob) = (world.person(Actor::Alice), world.person(Actor::Bob));
    let position = world.position_address(PoolId::Harbour, Actor::Alice);
    let (weth, usdc) =
        (world.keys(PoolId::Harbour, Asset::Weth), world.keys(PoolId::Harbour, Asset::Usdc));
    let units = 1_000 + at as u64;
    let amount = Amount(units);
    match kind {
        Kind::SystemTransfer => system::transfer(&alice, &bob, units),
        Kind::TokenTransfer => token::transfer(&world.mint(Asset::Weth), &alice, &bob, amount),
        Kind::Deposit => build::deposit(&alice, &position, &weth, amount),
        Kind::Borrow => build::borrow(&alice, &position, &usdc, &[weth], amount),
        Kind::Repay => build::repay(&alice, &position, &usdc, amount),
        Kind::Withdraw => build::withdraw(&alice, &position, &weth, &[usdc], amount),
        Kind::Liquidate => liquidation(world, amount),
        Kind::Accrue => accrual(world, at),
    }
}

fn liquidation(world: &World, repay_max: Amount) -> Instruction {
    let position = world.position_address(PoolId::Harbour, Actor::Alice);
    let (weth, usdc) =
        (world.keys(PoolId::Harbour, Asset::Weth), world.keys(PoolId::Harbour, Asset::Usdc));
    let args = Liquidate { repay_max, collateral_min: Amount::ZERO };
    let by = world.person(Actor::Liquidator);
    build::liquidate(&by, &position, (&usdc, &weth), None, &[], args)
}

/// Interest is brought up to date when somebody touches a reserve; the instruction that does that
/// and moves no token replaces its parameters. The supply cap differs, or all would be copies.
fn accrual(world: &World, at: usize) -> Instruction {
    let base = base_config();
    let config = cofferdam_lending_interface::state::ReserveConfig {
        supply_cap: Amount(base.supply_cap.get() - at as u64),
        ..base
    };
    let (admin, pool) = (world.person(Actor::Admin), world.pool(PoolId::Harbour));
    let reserve = world.keys(PoolId::Harbour, Asset::Usdc).reserve;
    build::update_reserve(&admin, &pool, &reserve, config, 0)
}
