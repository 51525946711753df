//! "Mallory cannot …": every account of every instruction replaced by a wrong one.
//!
//! The rows are made from the builders' own account lists, one for each place and each way to
//! get it wrong. `table.txt` has the exact error of each, so a new instruction or account needs
//! its rows there. The few that say `ok` are allowed, with the reason in [`ALLOWED`].

mod cases;
mod flash;
mod fund_cases;
mod governance;
mod oracle_cases;

use std::collections::BTreeSet;

use cofferdam_host::Address;
use cofferdam_sdk::{Instruction, address};
use cofferdam_tests::{
    action::Refusal,
    world::{Actor, World},
};

use self::{
    cases::{Case, Kind, cases, world},
    governance::{governance_cases, queue_cases, waiting},
};
use crate::common::*;

/// Rows that succeed, and why they may.
const ALLOWED: &[(&str, &str)] = &[
    ("create_pool payer stranger", "who signs may pay somebody else's rent"),
    ("add_reserve payer stranger", "the same"),
    ("create_feed payer stranger", "the same"),
    ("open_position payer stranger", "the same"),
    ("add_reserve feed other_mint", "the admin chooses the feed of a new reserve"),
    ("update_reserve reserve other_mint", "another reserve of the admin's pool"),
    ("publish_price feed other_mint", "another feed of the same authority"),
    ("collect_fees destination stranger", "who is paid may name any account of the mint"),
    ("withdraw destination stranger", "the same"),
    ("borrow destination stranger", "the same"),
    ("liquidate destination stranger", "the same"),
    ("queue_pool_change payer stranger", "the same as for a new pool"),
    ("queue_reserve_change payer stranger", "the same"),
    ("queue_reserve_change feed other_mint", "the admin chooses the next feed"),
    ("queue_reserve_change second_feed other_mint", "the same"),
    ("propose_admin pool other_pool", "another pool of the same admin"),
    ("update_pool pool other_pool", "the same"),
    ("set_pool_mode pool other_pool", "the same"),
    ("set_reserve_mode reserve other_mint", "another reserve of the authority's pool"),
    ("cancel_reserve_change change other_mint", "the change of another reserve of the pool"),
    ("unstake_insurance destination stranger", "who is paid may name any account of the mint"),
    ("open_stake payer stranger", "who signs may pay somebody else's rent"),
    ("give_notice reserve other_mint", "another reserve that the position supplies"),
    ("absorb_bad_debt collateral_reserve read_only", "only what changes has to be writable"),
    ("flash_borrow borrower stranger", "anybody may borrow"),
    ("flash_borrow destination stranger", "who is paid may name any account of the mint"),
    ("flash_borrow reserve read_only", "writable by its repayment, and that is the transaction's"),
    ("flash_borrow vault read_only", "the same"),
    ("flash_repay reserve read_only", "writable by the loan, and that is the transaction's"),
    ("flash_repay vault read_only", "the same"),
    ("add_reserve_with_second_feed payer stranger", "who signs may pay somebody else's rent"),
    ("add_reserve_with_second_feed feed other_mint", "the admin chooses a new reserve's feeds"),
    ("add_reserve_with_second_feed second_feed other_mint", "the same"),
    (
        "borrow_with_second_feed destination stranger",
        "who is paid may name any account of the mint",
    ),
    ("liquidate_with_second_feed destination stranger", "the same"),
    ("liquidate_with_second_feed position read_only", "it stands in the receiver's place too"),
    ("liquidate_with_second_feed receiver read_only", "it stands in the position's place too"),
    ("liquidate_with_second_feed second_feed other_mint", "a liquidation compares no feeds"),
    (
        "absorb_with_second_feed collateral_reserve read_only",
        "only what changes has to be writable",
    ),
];

/// A way to get an account wrong.
#[derive(Clone, Copy, Debug)]
enum Fault {
    NotSigned,
    ReadOnly,
    Stranger,
    WrongOwner,
    WrongType,
    OtherPool,
    OtherMint,
    Uninitialised,
    Duplicate,
}

impl Fault {
    const ALL: [Self; 9] = [
        Self::NotSigned,
        Self::ReadOnly,
        Self::Stranger,
        Self::WrongOwner,
        Self::WrongType,
        Self::OtherPool,
        Self::OtherMint,
        Self::Uninitialised,
        Self::Duplicate,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::NotSigned => "not_signed",
            Self::ReadOnly => "read_only",
            Self::Stranger => "stranger",
            Self::WrongOwner => "wrong_owner",
            Self::WrongType => "wrong_type",
            Self::OtherPool => "other_pool",
            Self::OtherMint => "other_mint",
            Self::Uninitialised => "uninitialised",
            Self::Duplicate => "duplicate",
        }
    }

    /// The instruction made wrong; `None` where this way makes no sense or changes nothing.
    fn apply(self, world: &World, case: &Case, slot: usize) -> Option<Instruction> {
        let mut wrong = case.instruction.clone();
        let kind = case.slots[slot].1;
        let previous = slot.checked_sub(1).map(|slot| wrong.accounts[slot].pubkey);
        let account = &mut wrong.accounts[slot];
        match self {
            Self::NotSigned if account.is_signer => account.is_signer = false,
            Self::ReadOnly if account.is_writable && !account.is_signer => {
                account.is_writable = false;
            }
            Self::Duplicate => account.pubkey = previous?,
            Self::NotSigned | Self::ReadOnly => return None,
            _ => account.pubkey = self.substitute(world, kind)?,
        }
        (wrong != case.instruction).then_some(wrong)
    }

    fn substitute(self, world: &World, kind: Kind) -> Option<Address> {
        let (near, far) = (world.keys(Harbour, Dai), world.keys(Lagoon, Weth));
        let wallet = |asset| world.wallet(Mallory, asset);
        Some(match (self, kind) {
            (Self::Stranger, Kind::Signer | Kind::Payee) => world.person(Mallory),
            (Self::Stranger, Kind::Position) => world.position_address(Harbour, Carol),
            (Self::Stranger, Kind::Tokens(asset)) => wallet(asset),
            (Self::Stranger, Kind::Stake) => world.stake_address(Carol, Harbour, Weth),
            (Self::WrongOwner, Kind::Signer | Kind::Payee) => return None,
            (Self::WrongOwner, _) => world.person(Publisher),
            (Self::WrongType, Kind::Pool | Kind::Position | Kind::Stake) => near.feed,
            (Self::WrongType, Kind::Reserve(_) | Kind::Feed) => world.pool(Harbour),
            (Self::WrongType, Kind::Vault(_) | Kind::Tokens(_)) => world.mint(Dai),
            (Self::WrongType, Kind::Mint) => wallet(Dai),
            (Self::OtherPool, Kind::Pool) => world.pool(Lagoon),
            (Self::OtherPool, Kind::Reserve(asset)) => world.keys(Lagoon, asset).reserve,
            (Self::OtherPool, Kind::Position) => world.position_address(Lagoon, Alice),
            (Self::OtherPool, Kind::Vault(asset)) => world.keys(Lagoon, asset).vault,
            (Self::OtherPool, Kind::Stake) => world.stake_address(Bob, Lagoon, Weth),
            (Self::OtherPool, Kind::New) => far.reserve,
            (Self::WrongType, Kind::ReserveChange) => address::change(&world.pool(Harbour)).0,
            (Self::OtherPool, Kind::ReserveChange) => address::change(&far.reserve).0,
            (Self::OtherMint, Kind::ReserveChange) => address::change(&near.reserve).0,
            (Self::WrongType, Kind::PoolChange) => address::change(&near.reserve).0,
            (Self::OtherPool, Kind::PoolChange) => address::change(&far.pool).0,
            (Self::OtherMint, Kind::Reserve(_)) => near.reserve,
            (Self::OtherMint, Kind::Feed) => near.feed,
            (Self::OtherMint, Kind::Stake) => world.stake_address(Bob, Harbour, Dai),
            (Self::OtherMint, Kind::Vault(_)) => near.vault,
            (Self::OtherMint, Kind::Tokens(_)) => wallet(Dai),
            (Self::Uninitialised, Kind::Signer | Kind::Payee | Kind::Program) => return None,
            (Self::Uninitialised, _) => Address::new_from_array([9; 32]),
            _ => return None,
        })
    }
}

/// Sends as Mallory, with every signature the instruction asks for that anybody can give.
fn attempt(world: &World, case: &Case, instruction: &Instruction) -> (World, String) {
    let mut after = world.clone();
    let instructions = flash::transaction(world, case, instruction);
    let accounts = instructions.iter().flat_map(|instruction| &instruction.accounts);
    let wanted = accounts.filter(|account| account.is_signer);
    let others = wanted.filter_map(|account| world.actor(&account.pubkey));
    let mut signers: Vec<Actor> = vec![Mallory];
    signers.extend(others.filter(|actor| *actor != Mallory).collect::<BTreeSet<_>>());
    let result = after.send(&signers, &instructions);
    let end = result.as_ref().map_err(|error| Refusal::from(error).to_string());
    (after, end.map_or_else(|error| error, |_| "ok".into()))
}

fn rows(world: &World, cases: &[Case]) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    for case in cases {
        let (_, honest) = attempt(world, case, &case.instruction);
        assert_eq!(honest, "ok", "the honest {} must succeed", case.name);
        assert_eq!(case.slots.len(), case.instruction.accounts.len(), "{}", case.name);
        for (slot, (place, _)) in case.slots.iter().enumerate() {
            for wrong in Fault::ALL {
                let Some(instruction) = wrong.apply(world, case, slot) else { continue };
                let row = format!("{} {place} {}", case.name, wrong.name());
                let (after, end) = attempt(world, case, &instruction);
                if end != "ok" {
                    only_the_fee(world, &after, &row);
                }
                rows.push((row, end));
            }
        }
    }
    rows
}

fn only_the_fee(before: &World, after: &World, row: &str) {
    let changes = before.ledger().diff(after.ledger());
    let changed: Vec<Address> = changes.iter().map(|change| change.address).collect();
    assert_eq!(changed, [before.person(Mallory)], "{row}");
}

#[test]
fn table() {
    let (world, waiting) = (world(), waiting());
    let mut rows = rows(&world, &cases(&world));
    rows.extend(self::rows(&world, &flash::cases(&world)));
    rows.extend(self::rows(&world, &queue_cases(&world)));
    rows.extend(self::rows(&waiting, &governance_cases(&waiting)));
    let paired = oracle_cases::paired();
    rows.extend(self::rows(&paired, &oracle_cases::cases(&paired)));
    let table: String = rows.iter().map(|(row, end)| format!("{row}: {end}\n")).collect();
    assert_eq!(table, include_str!("table.txt"), "the table should be:\n{table}");
}

#[test]
fn what_succeeds_is_allowed() {
    let lines = include_str!("table.txt").lines();
    let succeeds: Vec<&str> = lines.filter_map(|line| line.strip_suffix(": ok")).collect();
    for row in &succeeds {
        assert!(ALLOWED.iter().any(|(allowed, _)| allowed == row), "{row} succeeds");
    }
    assert_eq!(succeeds.len(), ALLOWED.len(), "an allowed row is gone");
}
