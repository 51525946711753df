//! A transaction on its way through the auditor's books: what it reads, what it would change, and
//! why it would be refused. The checks stand in the order of the protocol's beats.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Debug,
    sync::Arc,
};

use borsh::BorshDeserialize;
use cofferdam_host::{Address, Event, encode_event};
use cofferdam_lending_interface::{LendingError, state::Mode};
use cofferdam_sdk::Instruction;

use super::{
    compare::Disagreement,
    health::{Book, Line},
    number::{Grain, Q},
    oracle::Guess,
    series::Span,
    state::{Account, Entry, Feed, Pool, Position, Reserve, Stake},
};

/// Why a transaction stops.
#[derive(Debug)]
pub(super) enum Stop {
    /// The lending program refuses, with this error exactly.
    Lending(LendingError),
    /// The same, and the log has these figures.
    Explained(LendingError, String),
    /// The token program does, with this number exactly.
    Token(u32),
    /// The runtime or a called program does; which of their errors is not predicted.
    Accounts(&'static str),
    /// The auditor has no rule for it.
    Unmodelled(String),
    /// A stored figure lies outside its bounds.
    Disagrees(Box<Disagreement>),
}

pub(super) type Run<T> = Result<T, Stop>;

impl From<LendingError> for Stop {
    fn from(error: LendingError) -> Self {
        Self::Lending(error)
    }
}

/// What an account keeps that the auditor knows between two bounds only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stored {
    Growth { index: Q, rate_at_target: Q },
    Average(Q),
}

/// An event that is expected.
pub(super) trait Told: Debug {
    fn name(&self) -> &'static str;
    fn bytes(&self) -> Vec<u8>;
    /// Bytes of the same kind of event in words.
    fn words(&self, data: &[u8]) -> Option<String>;
}

impl<E: Event + Debug + BorshDeserialize> Told for E {
    fn name(&self) -> &'static str {
        E::NAME
    }

    fn bytes(&self) -> Vec<u8> {
        encode_event(self).unwrap_or_default()
    }

    fn words(&self, data: &[u8]) -> Option<String> {
        let fields = data.strip_prefix(&E::DISCRIMINATOR)?;
        Self::try_from_slice(fields).ok().map(|event| format!("{event:?}"))
    }
}

/// What is the same for all instructions of a transaction.
#[derive(Debug)]
pub(super) struct Scope<'a> {
    pub(super) now_s: i64,
    pub(super) slot: u64,
    pub(super) guess: Guess,
    /// Figures of the accounts that the transaction left behind; empty when it failed.
    pub(super) stored: &'a BTreeMap<Address, Stored>,
    pub(super) signers: &'a BTreeSet<Address>,
    pub(super) writable: &'a BTreeSet<Address>,
    pub(super) sent: &'a [Instruction],
}

/// The books with what the transaction changed so far.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    pub(super) scope: Scope<'a>,
    base: &'a BTreeMap<Address, Account>,
    pub(super) changed: BTreeMap<Address, Account>,
    pub(super) events: Vec<Box<dyn Told>>,
    /// Place of the running instruction.
    pub(super) at: usize,
}

impl<'a> Draft<'a> {
    pub(super) const fn new(scope: Scope<'a>, base: &'a BTreeMap<Address, Account>) -> Self {
        Self { scope, base, changed: BTreeMap::new(), events: Vec::new(), at: 0 }
    }

    pub(super) fn call(&self) -> &'a Instruction {
        &self.scope.sent[self.at]
    }

    pub(super) fn tell(&mut self, event: impl Told + 'static) {
        self.events.push(Box::new(event));
    }

    pub(super) fn account(&self, address: &Address) -> &Account {
        let changed = self.changed.get(address);
        changed.or_else(|| self.base.get(address)).unwrap_or(&Account::None)
    }

    pub(super) fn put(&mut self, address: Address, account: Account) {
        let _before = self.changed.insert(address, account);
    }

    pub(super) fn put_reserve(&mut self, address: Address, reserve: Reserve) {
        self.put(address, Account::Reserve(Arc::new(reserve)));
    }

    pub(super) fn put_position(&mut self, address: Address, position: Position) {
        self.put(address, Account::Position(Arc::new(position)));
    }

    pub(super) fn count(&self) -> usize {
        self.call().accounts.len()
    }

    /// Address at a place among the instruction's accounts.
    pub(super) fn slot(&self, slot: usize) -> Run<Address> {
        let account = self.call().accounts.get(slot);
        account.map(|meta| meta.pubkey).ok_or(Stop::Accounts("an account is left out"))
    }

    /// Whether the transaction may change an account: privileges are those of the whole message.
    pub(super) fn is_writable(&self, address: &Address) -> bool {
        self.scope.writable.contains(address)
    }

    pub(super) fn is_signer(&self, address: &Address) -> bool {
        self.scope.signers.contains(address)
    }

    pub(super) fn require_writable(&self, address: &Address) -> Run<()> {
        if self.is_writable(address) { Ok(()) } else { Err(LendingError::NotWritable.into()) }
    }

    pub(super) fn signer(&self, slot: usize) -> Run<Address> {
        let address = self.slot(slot)?;
        if self.is_signer(&address) {
            Ok(address)
        } else {
            Err(LendingError::MissingSignature.into())
        }
    }

    /// What is wrong with an account that is not of the kind asked for.
    pub(super) fn stranger(&self, address: &Address) -> Stop {
        let ours = !matches!(
            self.account(address),
            Account::None | Account::Token(_) | Account::Mint(_) | Account::TokenOther
        );
        let error = if ours { LendingError::WrongAccountType } else { LendingError::WrongOwner };
        error.into()
    }

    pub(super) fn pool(&self, slot: usize) -> Run<(Address, Arc<Pool>)> {
        let address = self.slot(slot)?;
        match self.account(&address) {
            Account::Pool(pool) => Ok((address, Arc::clone(pool))),
            _ => Err(self.stranger(&address)),
        }
    }

    /// A pool whose admin signed.
    pub(super) fn pool_for_admin(&self, slot: usize, admin: usize) -> Run<(Address, Arc<Pool>)> {
        let signer = self.signer(admin)?;
        let (address, pool) = self.pool(slot)?;
        let fits = signer == pool.admin;
        if fits { Ok((address, pool)) } else { Err(LendingError::WrongAuthority.into()) }
    }

    /// A reserve of `pool` as it is stored.
    pub(super) fn reserve_as_is(
        &self,
        slot: usize,
        pool: &Address,
    ) -> Run<(Address, Arc<Reserve>)> {
        let address = self.slot(slot)?;
        let Account::Reserve(reserve) = self.account(&address) else {
            return Err(self.stranger(&address));
        };
        let fits = reserve.pool == *pool;
        if fits { Ok((address, Arc::clone(reserve))) } else { Err(LendingError::WrongPool.into()) }
    }

    /// The same with interest up to now.
    pub(super) fn reserve_accrued(&self, slot: usize, pool: &Address) -> Run<(Address, Reserve)> {
        let (address, reserve) = self.reserve_as_is(slot, pool)?;
        let mut reserve = Arc::unwrap_or_clone(reserve);
        let now_s = self.scope.now_s;
        let elapsed_s = now_s.checked_sub(reserve.accrued_at_s);
        let elapsed_s = elapsed_s.and_then(|s| u64::try_from(s).ok()).unwrap_or_default();
        if elapsed_s > 0 {
            let growth = reserve.growth(elapsed_s)?;
            let stood = match self.scope.stored.get(&address) {
                Some(Stored::Growth { index, rate_at_target }) => {
                    within(&growth.index, index, "index", "RATE-4")?;
                    within(&growth.rate_at_target, rate_at_target, "rate_at_target", "RATE-2")?;
                    (index.clone(), rate_at_target.clone())
                }
                _ => {
                    let guess = |span| self.scope.guess.of(span, Grain::Ray);
                    (guess(&growth.index), guess(&growth.rate_at_target))
                }
            };
            reserve.settle(stood, now_s)?;
        }
        Ok((address, reserve))
    }

    /// The same, to be changed.
    pub(super) fn reserve(&self, slot: usize, pool: &Address) -> Run<(Address, Reserve)> {
        let (address, reserve) = self.reserve_accrued(slot, pool)?;
        self.require_writable(&address)?;
        Ok((address, reserve))
    }

    pub(super) fn feed(&self, slot: usize) -> Run<(Address, Arc<Feed>)> {
        let address = self.slot(slot)?;
        match self.account(&address) {
            Account::Feed(feed) => Ok((address, Arc::clone(feed))),
            _ => Err(self.stranger(&address)),
        }
    }

    /// A position of `pool`, to be changed.
    pub(super) fn position(&self, slot: usize, pool: &Address) -> Run<(Address, Position)> {
        let address = self.slot(slot)?;
        let Account::Position(position) = self.account(&address) else {
            return Err(self.stranger(&address));
        };
        self.require_writable(&address)?;
        if position.pool != *pool {
            return Err(LendingError::WrongPool.into());
        }
        Ok((address, Position::clone(position)))
    }

    /// The same, whose owner signed.
    pub(super) fn position_of(
        &self,
        slot: usize,
        pool: &Address,
        owner: usize,
    ) -> Run<(Address, Position)> {
        let signer = self.signer(owner)?;
        let (address, position) = self.position(slot, pool)?;
        let fits = signer == position.owner;
        if fits { Ok((address, position)) } else { Err(LendingError::WrongAuthority.into()) }
    }

    /// A stake in `reserve`, to be changed, whose owner signed.
    pub(super) fn stake_of(
        &self,
        slot: usize,
        reserve: &Address,
        owner: usize,
    ) -> Run<(Address, Stake)> {
        let signer = self.signer(owner)?;
        let address = self.slot(slot)?;
        let Account::Stake(stake) = self.account(&address) else {
            return Err(self.stranger(&address));
        };
        self.require_writable(&address)?;
        if stake.reserve != *reserve {
            return Err(LendingError::WrongAddress.into());
        }
        let fits = signer == stake.owner;
        if fits {
            Ok((address, Stake::clone(stake)))
        } else {
            Err(LendingError::WrongAuthority.into())
        }
    }

    /// The pairs of reserve and feed at `fixed`, then all that stand from `rest` on.
    pub(super) fn book(&self, pool: &Address, fixed: &[(usize, usize)], rest: usize) -> Run<Book> {
        let Scope { now_s, guess, .. } = self.scope;
        let mut book = Book { lines: Vec::new(), seconds: Vec::new(), now_s, guess };
        for (reserve, feed) in fixed {
            self.add_line(&mut book, pool, (*reserve, *feed))?;
        }
        let mut slot = rest;
        while slot < self.count() {
            let address = self.slot(slot)?;
            if let Account::Feed(feed) = self.account(&address) {
                book.seconds.push((address, Arc::clone(feed)));
                slot += 1;
            } else {
                self.add_line(&mut book, pool, (slot, slot + 1))?;
                slot += 2;
            }
        }
        Ok(book)
    }

    fn add_line(&self, book: &mut Book, pool: &Address, (slot, feed): (usize, usize)) -> Run<()> {
        let (address, reserve) = self.reserve_accrued(slot, pool)?;
        if book.lines.iter().any(|line| line.address == address) {
            return Err(LendingError::DuplicateAccount.into());
        }
        let (named, feed) = self.feed(feed)?;
        if named != reserve.feed {
            return Err(LendingError::WrongAddress.into());
        }
        book.lines.push(Line { address, reserve, feed });
        Ok(())
    }
}

/// Refuses an operation that is allowed up to `strictest` only.
pub(super) fn require_mode(pool: &Pool, reserve: &Reserve, strictest: Mode) -> Run<()> {
    let mode = pool.mode.max(reserve.mode);
    if mode <= strictest { Ok(()) } else { Err(LendingError::ModeForbids.into()) }
}

pub(super) fn within(span: &Span, found: &Q, what: &str, rule: &'static str) -> Run<()> {
    if span.holds(found) {
        return Ok(());
    }
    let bounds = format!("{} to {}", span.low, span.high);
    Err(Stop::Disagrees(Disagreement::boxed(what, bounds, found.to_string(), rule)))
}

impl Position {
    /// The entry at `reserve` after `change`, put back.
    pub(super) fn change(
        &mut self,
        reserve: &Address,
        change: impl FnOnce(&mut Entry),
    ) -> Result<(), LendingError> {
        let mut entry = self.entry(reserve);
        change(&mut entry);
        self.set(entry)
    }
}
