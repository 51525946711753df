//! Who has to wait for whom.

use std::sync::atomic::AtomicUsize;

use solana_transaction::Transaction;

use super::{
    accounts::{Addresses, Index, Slot},
    prepare::Prepared,
};
use crate::{error::Rejection, store::Digest32};

/// The order that the accounts of a batch impose on its transactions.
#[derive(Debug)]
pub(super) struct Schedule {
    /// For each transaction how many it still waits for.
    pub(super) waiting: Vec<AtomicUsize>,
    /// For each transaction the place of its first edge; see [`Schedule::successors`].
    first_edge: Vec<Option<usize>>,
    edges: Vec<Edge>,
    /// For each transaction the first of the batch with the same message, which may be itself.
    pub(super) original: Vec<usize>,
    /// For each transaction and each account it lists, in one row, the account's number.
    accounts: Vec<usize>,
    /// Where in that row each transaction begins, and where the last one ends.
    begins: Vec<usize>,
    /// What the batch makes of each account, by number; `None` for one that nobody writes.
    pub(super) slots: Vec<Option<Slot>>,
}

/// A successor of a transaction, and the place of the next one.
#[derive(Clone, Copy, Debug)]
struct Edge {
    to: usize,
    next: Option<usize>,
}

/// Who has an account, while the schedule is made.
#[derive(Clone, Debug, Default)]
struct Holders {
    writer: Option<usize>,
    /// Those who read it since.
    readers: Vec<usize>,
}

impl Schedule {
    pub(super) fn new(
        transactions: &[Transaction],
        prepared: &[Result<Prepared<'_>, Rejection>],
    ) -> Self {
        let mut schedule = Self {
            waiting: prepared.iter().map(|_| AtomicUsize::new(0)).collect(),
            first_edge: vec![None; prepared.len()],
            edges: Vec::new(),
            original: originals(prepared),
            accounts: Vec::new(),
            begins: Vec::with_capacity(prepared.len() + 1),
            slots: Vec::new(),
        };
        schedule.number_accounts(transactions, prepared);
        schedule.link(prepared);
        schedule
    }

    /// Those that wait for `transaction`, once for each account they wait for.
    pub(super) fn successors(&self, transaction: usize) -> impl Iterator<Item = usize> {
        let mut place = self.first_edge[transaction];
        std::iter::from_fn(move || {
            let edge = self.edges[place?];
            place = edge.next;
            Some(edge.to)
        })
    }

    /// What the batch made so far of each account that `transaction` lists.
    pub(super) fn slots_of(&self, transaction: usize) -> impl Iterator<Item = Option<&Slot>> {
        self.numbers_of(transaction).iter().map(|number| self.slots[*number].as_ref())
    }

    fn numbers_of(&self, transaction: usize) -> &[usize] {
        &self.accounts[self.begins[transaction]..self.begins[transaction + 1]]
    }

    /// A transaction that is rejected already locks nothing.
    fn number_accounts(
        &mut self,
        transactions: &[Transaction],
        prepared: &[Result<Prepared<'_>, Rejection>],
    ) {
        let mut addresses = Addresses::default();
        for (transaction, prepared) in transactions.iter().zip(prepared) {
            self.begins.push(self.accounts.len());
            let Ok(prepared) = prepared else { continue };
            let writable = &prepared.admitted.writable;
            for (address, writable) in transaction.message.account_keys.iter().zip(writable) {
                let number = addresses.number(address);
                self.accounts.push(number);
                self.slots.resize_with(addresses.len(), || None);
                if *writable {
                    self.slots[number].get_or_insert_default();
                }
            }
        }
        self.begins.push(self.accounts.len());
    }

    fn link(&mut self, prepared: &[Result<Prepared<'_>, Rejection>]) {
        let mut holders = vec![Holders::default(); self.slots.len()];
        for (transaction, prepared) in prepared.iter().enumerate() {
            let Ok(prepared) = prepared else { continue };
            for (place, writable) in prepared.admitted.writable.iter().enumerate() {
                let number = self.accounts[self.begins[transaction] + place];
                if self.slots[number].is_none() {
                    continue;
                }
                let holders = &mut holders[number];
                if *writable {
                    self.lock_to_write(holders, transaction);
                } else {
                    self.lock_to_read(holders, transaction);
                }
            }
        }
    }

    fn lock_to_read(&mut self, holders: &mut Holders, transaction: usize) {
        if let Some(writer) = holders.writer {
            self.add_edge(writer, transaction);
        }
        holders.readers.push(transaction);
    }

    /// Waits for those who read the account last; they wait for who wrote it before.
    fn lock_to_write(&mut self, holders: &mut Holders, transaction: usize) {
        match holders.writer.filter(|_| holders.readers.is_empty()) {
            Some(writer) => self.add_edge(writer, transaction),
            None => holders.readers.drain(..).for_each(|reader| self.add_edge(reader, transaction)),
        }
        holders.writer = Some(transaction);
    }

    fn add_edge(&mut self, from: usize, to: usize) {
        let next = self.first_edge[from].replace(self.edges.len());
        self.edges.push(Edge { to, next });
        *self.waiting[to].get_mut() += 1;
    }
}

/// For each transaction the first one with the same message.
fn originals(prepared: &[Result<Prepared<'_>, Rejection>]) -> Vec<usize> {
    let mut firsts: Index<&Digest32> = Index::default();
    let mut originals = Vec::with_capacity(prepared.len());
    for (at, prepared) in prepared.iter().enumerate() {
        originals.push(match prepared {
            Ok(prepared) => *firsts.entry(&prepared.admitted.message_hash).or_insert(at),
            Err(_) => at,
        });
    }
    originals
}
