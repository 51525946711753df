//! The ways to get an account wrong.

use std::mem::discriminant;

use cofferdam_host::Address;
use cofferdam_sdk::{Instruction, address};
use cofferdam_tests::world::World;

use super::{cases::Case, cases::Kind, revival};
use crate::common::*;

/// A way to get an account wrong.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    NotSigned,
    ReadOnly,
    /// Somebody else's, where it should be one's own.
    Stranger,
    /// A wallet of the System program.
    WrongOwner,
    /// The same bytes, owned by another program.
    Forged,
    WrongType,
    OtherPool,
    OtherMint,
    /// An address where nothing ever was.
    Uninitialised,
    /// The account of another slot: of one of the same kind, or else of the slot before.
    Duplicate,
    /// Closed, and given lamports again before the instruction runs.
    Revived,
    /// Where something is to be created, what would have been created is there.
    AlreadyInitialised,
}

/// A wrong instruction, what stands before it in its transaction, and the world it is sent in.
pub(super) struct Attack {
    pub(super) world: World,
    pub(super) before: Vec<Instruction>,
    pub(super) instruction: Instruction,
}

impl Fault {
    pub(super) const ALL: [Self; 12] = [
        Self::NotSigned,
        Self::ReadOnly,
        Self::Stranger,
        Self::WrongOwner,
        Self::Forged,
        Self::WrongType,
        Self::OtherPool,
        Self::OtherMint,
        Self::Uninitialised,
        Self::Duplicate,
        Self::Revived,
        Self::AlreadyInitialised,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::NotSigned => "not_signed",
            Self::ReadOnly => "read_only",
            Self::Stranger => "stranger",
            Self::WrongOwner => "wrong_owner",
            Self::Forged => "forged",
            Self::WrongType => "wrong_type",
            Self::OtherPool => "other_pool",
            Self::OtherMint => "other_mint",
            Self::Uninitialised => "uninitialised",
            Self::Duplicate => "duplicate",
            Self::Revived => "revived",
            Self::AlreadyInitialised => "already_initialised",
        }
    }

    /// The instruction made wrong, or why this way makes no sense for the slot.
    pub(super) fn apply(
        self,
        world: &World,
        case: &Case,
        slot: usize,
    ) -> Result<Attack, &'static str> {
        let plain = |instruction| Attack { world: world.clone(), before: Vec::new(), instruction };
        let attack = match self {
            Self::NotSigned => plain(unsigned(case, slot)?),
            Self::ReadOnly => plain(read_only(case, slot)?),
            Self::Revived => return revival::revived(world, case, slot),
            Self::AlreadyInitialised => return revival::already_initialised(world, case, slot),
            Self::Forged => return revival::forged(world, case, slot),
            Self::Duplicate => plain(with(case, slot, duplicate(case, slot)?)),
            _ => plain(with(case, slot, self.substitute(world, case.slots[slot].1)?)),
        };
        let same = attack.instruction == case.instruction;
        if same { Err("that is the honest account") } else { Ok(attack) }
    }

    fn substitute(self, world: &World, kind: Kind) -> Result<Address, &'static str> {
        match self {
            Self::Stranger => stranger(world, kind),
            Self::WrongOwner if matches!(kind, Kind::Signer | Kind::Payee) => Err(UNREAD),
            Self::WrongOwner => Ok(world.person(Publisher)),
            Self::WrongType => wrong_type(world, kind),
            Self::OtherPool => other_pool(world, kind),
            Self::OtherMint => other_mint(world, kind),
            _ => match kind {
                Kind::Signer | Kind::Payee => Err(UNREAD),
                _ => Ok(Address::new_from_array([9; 32])),
            },
        }
    }
}

/// Why nothing can be wrong with what is at a person's address.
pub(super) const UNREAD: &str = "it is an address that signs or is paid, and nothing is read there";

/// The honest instruction with another account in a slot.
pub(super) fn with(case: &Case, slot: usize, address: Address) -> Instruction {
    let mut wrong = case.instruction.clone();
    wrong.accounts[slot].pubkey = address;
    wrong
}

fn unsigned(case: &Case, slot: usize) -> Result<Instruction, &'static str> {
    let mut wrong = case.instruction.clone();
    let was = std::mem::take(&mut wrong.accounts[slot].is_signer);
    if was { Ok(wrong) } else { Err("nobody signs for it") }
}

fn read_only(case: &Case, slot: usize) -> Result<Instruction, &'static str> {
    let mut wrong = case.instruction.clone();
    let was = std::mem::take(&mut wrong.accounts[slot].is_writable);
    if was { Ok(wrong) } else { Err("it need not be writable") }
}

fn duplicate(case: &Case, slot: usize) -> Result<Address, &'static str> {
    let (own, kind) = (case.instruction.accounts[slot].pubkey, case.slots[slot].1);
    let accounts = || case.slots.iter().zip(&case.instruction.accounts);
    let alike = accounts().filter(|((_, other), _)| discriminant(other) == discriminant(&kind));
    let mut others = alike.map(|(_, account)| account.pubkey).filter(|other| *other != own);
    let before = || slot.checked_sub(1).map(|slot| case.instruction.accounts[slot].pubkey);
    others.next().or_else(before).ok_or("no slot stands before it and none is like it")
}

fn stranger(world: &World, kind: Kind) -> Result<Address, &'static str> {
    match kind {
        Kind::Signer | Kind::Payee => Ok(world.person(Mallory)),
        Kind::Position => Ok(world.position_address(Harbour, Carol)),
        Kind::Tokens(asset) => Ok(world.wallet(Mallory, asset)),
        Kind::Stake => Ok(world.stake_address(Carol, Harbour, Weth)),
        _ => Err("it is no person's own"),
    }
}

fn wrong_type(world: &World, kind: Kind) -> Result<Address, &'static str> {
    let near = world.keys(Harbour, Dai);
    match kind {
        Kind::Pool | Kind::Position | Kind::Stake => Ok(near.feed),
        Kind::Reserve(_) | Kind::Feed => Ok(world.pool(Harbour)),
        Kind::Vault(_) | Kind::Tokens(_) => Ok(world.mint(Dai)),
        Kind::Mint => Ok(world.wallet(Mallory, Dai)),
        Kind::ReserveChange => Ok(address::change(&world.pool(Harbour)).0),
        Kind::PoolChange => Ok(address::change(&near.reserve).0),
        Kind::Signer | Kind::Payee => Err(UNREAD),
        Kind::New => Err("it has no type yet"),
        Kind::Program => Err("it is known by its address; wrong_owner puts another there"),
    }
}

fn other_pool(world: &World, kind: Kind) -> Result<Address, &'static str> {
    let far = world.keys(Lagoon, Weth);
    match kind {
        Kind::Pool => Ok(far.pool),
        Kind::Reserve(asset) => Ok(world.keys(Lagoon, asset).reserve),
        Kind::Position => Ok(world.position_address(Lagoon, Alice)),
        Kind::Vault(asset) => Ok(world.keys(Lagoon, asset).vault),
        Kind::Stake => Ok(world.stake_address(Bob, Lagoon, Weth)),
        Kind::New => Ok(far.reserve),
        Kind::ReserveChange => Ok(address::change(&far.reserve).0),
        Kind::PoolChange => Ok(address::change(&far.pool).0),
        _ => Err("it belongs to no pool"),
    }
}

fn other_mint(world: &World, kind: Kind) -> Result<Address, &'static str> {
    let near = world.keys(Harbour, Dai);
    match kind {
        Kind::Reserve(_) => Ok(near.reserve),
        Kind::Feed => Ok(near.feed),
        Kind::Stake => Ok(world.stake_address(Bob, Harbour, Dai)),
        Kind::Vault(_) => Ok(near.vault),
        Kind::Tokens(_) => Ok(world.wallet(Mallory, Dai)),
        Kind::ReserveChange => Ok(address::change(&near.reserve).0),
        Kind::Mint => Ok(world.mint(Weth)),
        _ => Err("it is of no mint"),
    }
}
