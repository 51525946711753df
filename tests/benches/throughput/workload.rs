//! The transactions that are measured.

use cofferdam_ledger::Ledger;
use cofferdam_lending_interface::units::Amount;
use cofferdam_sdk::{Instruction, instruction as build, instruction::ReserveKeys, token};
use cofferdam_tests::world::{Actor, Asset, Options, PoolId, Signatures, World};
use solana_system_interface::instruction as system;
use solana_transaction::Transaction;

/// One kind of transaction.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    SystemTransfer,
    TokenTransfer,
    Deposit,
    Borrow,
    Repay,
    Withdraw,
    BorrowAndRepay,
}

impl Kind {
    pub(crate) const ALL: [Self; 7] = [
        Self::SystemTransfer,
        Self::TokenTransfer,
        Self::Deposit,
        Self::Borrow,
        Self::Repay,
        Self::Withdraw,
        Self::BorrowAndRepay,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::SystemTransfer => "system transfer",
            Self::TokenTransfer => "token transfer",
            Self::Deposit => "deposit",
            Self::Borrow => "borrow",
            Self::Repay => "repay",
            Self::Withdraw => "withdraw, with debt",
            Self::BorrowAndRepay => "borrow + repay",
        }
    }
}

/// A world in full swing, with its journal.
pub(crate) fn world(signatures: Signatures) -> World {
    World::lively(&Options { signatures, ..Options::default() })
}

/// `count` transactions of one kind, signed. Amounts differ, or all but the first would be copies.
/// Alice has ether as collateral and owes dollars in either pool.
pub(crate) fn transactions(world: &World, kind: Kind, count: usize) -> Vec<Transaction> {
    (0..count).map(|at| sign(world, Actor::Alice, &instructions(world, kind, at))).collect()
}

/// A signed transaction of `actor`.
pub(crate) fn sign(world: &World, actor: Actor, instructions: &[Instruction]) -> Transaction {
    let mut client = world.client().clone();
    let signed = client.tx().extend(instructions.iter().cloned()).sign(&[world.key(actor)]);
    signed.transaction().clone()
}

fn instructions(world: &World, kind: Kind, at: usize) -> Vec<Instruction> {
    let (alice, bob) = (world.person(Actor::Alice), world.person(Actor::Bob));
    let units = 1_000 + at as u64;
    let ether = world.mint(Asset::Weth);
    let position = world.position_address(PoolId::Harbour, Actor::Alice);
    let keys = |asset: Asset| -> ReserveKeys { world.keys(PoolId::Harbour, asset) };
    let (weth, usdc) = (keys(Asset::Weth), keys(Asset::Usdc));
    let amount = Amount(units);
    let borrow = || build::borrow(&alice, &position, &usdc, &[weth], amount);
    let repay = || build::repay(&alice, &position, &usdc, amount);
    match kind {
        Kind::SystemTransfer => vec![system::transfer(&alice, &bob, units)],
        Kind::TokenTransfer => vec![token::transfer(&ether, &alice, &bob, amount)],
        Kind::Deposit => vec![build::deposit(&alice, &position, &weth, amount)],
        Kind::Borrow => vec![borrow()],
        Kind::Repay => vec![repay()],
        Kind::Withdraw => vec![build::withdraw(&alice, &position, &weth, &[usdc], amount)],
        Kind::BorrowAndRepay => vec![borrow(), repay()],
    }
}

/// Submits all of them.
///
/// # Panics
/// When one fails: a benchmark of failures would be a benchmark of something else.
pub(crate) fn submit_all(mut ledger: Ledger, transactions: &[Transaction]) -> Ledger {
    for transaction in transactions {
        match ledger.submit(transaction) {
            Ok(receipt) => drop(std::hint::black_box(receipt)),
            Err(error) => panic!("{error}"),
        }
    }
    ledger
}
