//! From one moment to the next by the accounts that changed.

use std::sync::Arc;

use cofferdam_host::{
    AccountData, Address,
    cpi::{MINT_LEN, TOKEN_PROGRAM_ID, TokenAccount},
    decode_account, encode_account,
};
use cofferdam_ledger::AccountChange;
use cofferdam_lending_interface::{
    ID,
    state::{Pool, Position, PriceFeed, QueuedPoolChange, QueuedReserveChange, Reserve, Stake},
};

use smallvec::SmallVec;
use solana_account::Account;

use super::{Judgement, Scene, Table, bit};
use crate::world::World;

/// Bytes of the longest account of the program.
const LONGEST: usize = {
    let lengths = [Pool::LEN, Reserve::LEN, Position::LEN, PriceFeed::LEN];
    let (mut most, mut at) = (0, 0);
    while at < lengths.len() {
        if lengths[at] > most {
            most = lengths[at];
        }
        at += 1;
    }
    most
};

/// An entry that is not what it was.
#[derive(Clone, Debug)]
pub struct Changed<T> {
    /// Where it stands.
    pub address: Address,
    /// What it was; `None` when there was none.
    pub before: Option<Arc<T>>,
    /// What it is; `None` when it is gone.
    pub after: Option<Arc<T>>,
}

/// Every entry of a scene that is not what it was.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "each is the table of its name")]
pub struct Delta {
    pub pools: Vec<Changed<Pool>>,
    pub reserves: Vec<Changed<Reserve>>,
    pub positions: Vec<Changed<Position>>,
    pub stakes: Vec<Changed<Stake>>,
    pub feeds: Vec<Changed<PriceFeed>>,
    pub reserve_changes: Vec<Changed<QueuedReserveChange>>,
    pub pool_changes: Vec<Changed<QueuedPoolChange>>,
    pub tokens: Vec<Changed<TokenAccount>>,
    pub supply: Vec<Changed<u64>>,
    pub foreign: Vec<Changed<()>>,
    /// Whether time passed.
    pub time: bool,
    /// Whether the donations are others.
    pub donations: bool,
}

impl Delta {
    /// Whether nothing of a scene is other than it was.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.pools.is_empty()
            && self.reserves.is_empty()
            && self.positions.is_empty()
            && self.stakes.is_empty()
            && self.feeds.is_empty()
            && self.reserve_changes.is_empty()
            && self.pool_changes.is_empty()
            && self.tokens.is_empty()
            && self.supply.is_empty()
            && self.foreign.is_empty()
            && !self.time
            && !self.donations
    }
}

/// What an account is to a scene.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Pool,
    Reserve,
    Position,
    Stake,
    Feed,
    ReserveChange,
    PoolChange,
    Foreign,
    Token,
    Mint,
    /// Nothing: somebody's lamports, another program's.
    Other,
}

impl Kind {
    fn of(account: Option<&Account>) -> Self {
        let Some(account) = account else { return Self::Other };
        if account.owner == TOKEN_PROGRAM_ID {
            return if account.data.len() == MINT_LEN { Self::Mint } else { Self::Token };
        }
        if account.owner != ID {
            return Self::Other;
        }
        let Some(tag) = account.data.first_chunk::<8>() else { return Self::Foreign };
        match *tag {
            Position::DISCRIMINATOR => Self::Position,
            Reserve::DISCRIMINATOR => Self::Reserve,
            PriceFeed::DISCRIMINATOR => Self::Feed,
            Pool::DISCRIMINATOR => Self::Pool,
            Stake::DISCRIMINATOR => Self::Stake,
            QueuedReserveChange::DISCRIMINATOR => Self::ReserveChange,
            QueuedPoolChange::DISCRIMINATOR => Self::PoolChange,
            _ => Self::Foreign,
        }
    }
}

impl Scene {
    /// Brings the scene to where `world` stands now, given every account that changed since, and
    /// tells what is other than it was.
    pub fn follow(&mut self, world: &World, changes: &[AccountChange]) -> Delta {
        let delta = self.follow_entries(world, changes);
        self.hold(world);
        delta
    }

    /// The same without the ledger itself, which stays the one of some moments ago: a ledger that
    /// somebody holds has to be copied where the next transaction writes to it.
    pub fn follow_entries(&mut self, world: &World, changes: &[AccountChange]) -> Delta {
        let mut delta = Delta {
            time: self.now_s != world.now_s(),
            donations: *self.donations != *world.donations(),
            ..Delta::default()
        };
        for AccountChange { address, before, after } in changes {
            self.replace(*address, before.as_deref(), after.as_deref(), &mut delta);
        }
        self.settle(world, &delta);
        delta
    }

    /// Whether nothing that a scene shows is other than it was: only lamports moved, as they do
    /// when a transaction was refused. Then [`Scene::follow_entries`] would change nothing.
    #[must_use]
    pub fn stands_still(&self, world: &World, changes: &[AccountChange]) -> bool {
        let is_other = |account: &Option<Arc<Account>>| Kind::of(account.as_deref()) == Kind::Other;
        self.now_s == world.now_s()
            && self.foreign.is_empty()
            && changes.iter().all(|change| is_other(&change.before) && is_other(&change.after))
            && *self.donations == *world.donations()
    }

    /// Holds the ledger of `world` as it is now.
    pub fn hold(&mut self, world: &World) {
        self.ledger = Arc::new(world.ledger().clone());
    }

    /// Puts an account in place of another at its address.
    pub(super) fn replace(
        &mut self,
        address: Address,
        before: Option<&Account>,
        after: Option<&Account>,
        delta: &mut Delta,
    ) {
        let (was, is) = (Kind::of(before), Kind::of(after));
        if was != is {
            self.put(was, address, None, delta);
        }
        self.put(is, address, after, delta);
    }

    fn put(&mut self, kind: Kind, at: Address, account: Option<&Account>, delta: &mut Delta) {
        let own = match kind {
            Kind::Pool => set_typed(&mut self.pools, at, account, &mut delta.pools),
            Kind::Reserve => set_typed(&mut self.reserves, at, account, &mut delta.reserves),
            Kind::Position => set_typed(&mut self.positions, at, account, &mut delta.positions),
            Kind::Stake => set_typed(&mut self.stakes, at, account, &mut delta.stakes),
            Kind::Feed => set_typed(&mut self.feeds, at, account, &mut delta.feeds),
            Kind::ReserveChange => {
                set_typed(&mut self.reserve_changes, at, account, &mut delta.reserve_changes)
            }
            Kind::PoolChange => {
                set_typed(&mut self.pool_changes, at, account, &mut delta.pool_changes)
            }
            Kind::Token => {
                let token = account.and_then(|account| TokenAccount::decode(&account.data).ok());
                set(&mut self.tokens, at, token, &mut delta.tokens);
                true
            }
            Kind::Mint => {
                set(&mut self.supply, at, account.and_then(supply), &mut delta.supply);
                true
            }
            Kind::Foreign => account.is_none(),
            Kind::Other => true,
        };
        if !own || !self.foreign.is_empty() {
            set(&mut self.foreign, at, (!own).then_some(()), &mut delta.foreign);
        }
    }

    /// What follows from the entries.
    pub(super) fn settle(&mut self, world: &World, delta: &Delta) {
        if delta.donations || self.donations.is_empty() {
            self.donations = Arc::new(world.donations().clone());
        }
        self.sums.follow(delta);
        if self.now_s != world.now_s() {
            self.now_s = world.now_s();
            self.accrued.move_to(self.now_s, &self.reserves);
            for changed in &delta.positions {
                self.forget(&changed.address);
            }
            self.judgements.renew(|old| Some(Judgement::fresh(old.uses)));
            return;
        }
        for changed in &delta.reserves {
            self.accrued.set(changed.address, changed.after.as_ref(), self.now_s);
        }
        self.forget_what_changed(delta);
    }

    /// Drops every judgement that rests on something that changed.
    fn forget_what_changed(&mut self, delta: &Delta) {
        for changed in &delta.positions {
            self.forget(&changed.address);
        }
        let mut moved: SmallVec<[Address; 8]> = SmallVec::new();
        moved.extend(delta.reserves.iter().map(|changed| changed.address));
        moved.extend(delta.pools.iter().map(|changed| changed.address));
        for feed in &delta.feeds {
            moved.extend(self.priced_by(&feed.address));
        }
        self.forget_users(&moved);
    }

    /// Reserves whose price a feed has.
    pub(super) fn priced_by(&self, feed: &Address) -> impl Iterator<Item = Address> {
        let priced = self.reserves.iter().filter(move |(_, reserve)| reserve.feed == *feed);
        priced.map(|(address, _)| *address)
    }

    /// Drops the judgement of every position that is in one of these pools or reserves, and of
    /// those that share a bit with one: what is forgotten without need is only computed again.
    pub(super) fn forget_users(&mut self, moved: &[Address]) {
        let bits = moved.iter().fold(0, |bits, address| bits | bit(address));
        let uses = |judgement: &Judgement| judgement.uses & bits != 0;
        self.judgements.renew(|old| uses(old).then(|| Judgement::fresh(old.uses)));
    }

    pub(super) fn forget(&mut self, position: &Address) {
        let fresh = self.positions.get(position).map(Judgement::of);
        let _previous = self.judgements.set(*position, fresh);
    }
}

fn set<T>(table: &mut Table<T>, address: Address, value: Option<T>, told: &mut Vec<Changed<T>>) {
    let after = value.map(Arc::new);
    let before = table.set(address, after.clone());
    if before.is_some() || after.is_some() {
        told.push(Changed { address, before, after });
    }
}

/// Puts what an account says in place; whether the account is written as the program would.
fn set_typed<T: AccountData>(
    table: &mut Table<T>,
    address: Address,
    account: Option<&Account>,
    told: &mut Vec<Changed<T>>,
) -> bool {
    let value = account.and_then(|account| decode_account(&account.data).ok());
    let own = match (account, &value) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(account), Some(value)) => is_written(value, account),
    };
    set(table, address, value, told);
    own
}

/// The supply that a mint claims.
fn supply(account: &Account) -> Option<u64> {
    Some(u64::from_le_bytes(*account.data.get(36..)?.first_chunk()?))
}

/// Whether an account is what the program would write for a value.
fn is_written<T: AccountData>(value: &T, account: &Account) -> bool {
    let mut bytes = [0; LONGEST];
    encode_account(value, &mut bytes).is_ok() && bytes.get(..T::LEN) == Some(&account.data)
}
