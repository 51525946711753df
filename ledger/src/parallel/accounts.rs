//! The accounts of a batch: which of them are written, and what stands in those now.

use std::{
    hash::{BuildHasherDefault, DefaultHasher},
    sync::{Arc, Mutex, PoisonError},
};

use cofferdam_host::Address;
use solana_account::Account;

use crate::receipt::AccountChange;

/// A map that is only ever asked for a key. Its order is never seen and its hasher has fixed
/// keys, so it is as deterministic as a tree, and several times as fast.
#[expect(clippy::disallowed_types, reason = "looked up by key, never iterated; fixed hash keys")]
pub(super) type Index<K> = std::collections::HashMap<K, usize, BuildHasherDefault<DefaultHasher>>;

/// An account that some transaction of the batch writes.
#[derive(Debug, Default)]
pub(super) struct Slot {
    /// What the batch made of it: nothing so far, or the account, `None` when it is gone.
    ///
    /// The lock is hardly ever contended: whoever writes it runs alone on it, and readers only
    /// take a pointer.
    written: Mutex<Option<Option<Arc<Account>>>>,
}

impl Slot {
    /// What the batch made of the account; `None` when that is nothing so far.
    pub(super) fn read(&self) -> Option<Option<Arc<Account>>> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes over what a transaction made of the account.
    pub(super) fn write(&self, change: &AccountChange) {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        *written = Some(change.after.clone());
    }
}

/// Numbers the addresses of a batch.
#[derive(Debug, Default)]
pub(super) struct Addresses<'a> {
    numbers: Index<&'a Address>,
}

impl<'a> Addresses<'a> {
    /// The number of an address: the next one for an address that is new.
    pub(super) fn number(&mut self, address: &'a Address) -> usize {
        let next = self.numbers.len();
        *self.numbers.entry(address).or_insert(next)
    }

    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }
}
