//! Reserves with interest up to a moment, computed when somebody asks.

use std::{
    ops::Index,
    sync::{Arc, OnceLock},
};

use cofferdam_host::Address;
use cofferdam_lending_interface::state::Reserve;

use super::{Books, table::Table};

/// Reserves with interest up to the scene's moment; those whose interest overflows are missing.
/// Interest is computed at the first look: most actions touch one reserve of many.
#[derive(Clone, Debug, Default)]
pub struct Accrued(Table<Later>);

/// A reserve at a later moment.
#[derive(Debug)]
struct Later {
    stored: Arc<Reserve>,
    now_s: i64,
    reserve: OnceLock<Option<Box<Reserve>>>,
    books: OnceLock<Option<Books>>,
}

impl Accrued {
    /// The reserve at `address`.
    #[must_use]
    pub fn get(&self, address: &Address) -> Option<&Reserve> {
        self.0.get(address)?.get()
    }

    /// What the suppliers of a reserve own and by how many shares; divided once for all who ask.
    pub(crate) fn books(&self, address: &Address) -> Option<Books> {
        let later = self.0.get(address)?;
        *later.books.get_or_init(|| Books::of(later.get()?))
    }

    /// Addresses and reserves in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Address, &Reserve)> {
        self.0.iter().filter_map(|(address, later)| Some((address, later.get()?)))
    }

    /// Reserves in order of their addresses.
    pub fn values(&self) -> impl Iterator<Item = &Reserve> {
        self.iter().map(|(_, reserve)| reserve)
    }

    /// Puts a reserve in place as if its interest had been that. Only to see a check of interest
    /// fail: what is computed for the reserve at `address` is not looked at any more.
    pub fn pretend(&mut self, address: Address, reserve: Reserve) {
        let later = Later {
            now_s: reserve.accrued_at_s,
            stored: Arc::new(reserve),
            reserve: OnceLock::new(),
            books: OnceLock::new(),
        };
        let _previous = self.0.set(address, Some(Arc::new(later)));
    }

    pub(super) fn set(&mut self, address: Address, stored: Option<&Arc<Reserve>>, now_s: i64) {
        let _previous = self.0.set(address, stored.map(|stored| later(stored, now_s)));
    }

    /// Time has passed.
    pub(super) fn move_to(&mut self, now_s: i64, reserves: &Table<Reserve>) {
        *self = Self::default();
        for (address, stored) in reserves.rows() {
            self.set(*address, Some(stored), now_s);
        }
    }
}

fn later(stored: &Arc<Reserve>, now_s: i64) -> Arc<Later> {
    Arc::new(Later {
        stored: Arc::clone(stored),
        now_s,
        reserve: OnceLock::new(),
        books: OnceLock::new(),
    })
}

impl Later {
    fn get(&self) -> Option<&Reserve> {
        // No time, no interest: the reserve as stored is the one asked for.
        if self.stored.accrued_at_s >= self.now_s {
            return Some(&self.stored);
        }
        let accrue = || {
            let mut reserve = self.stored.as_ref().clone();
            reserve.accrue(self.now_s).ok().map(|_| Box::new(reserve))
        };
        self.reserve.get_or_init(accrue).as_deref()
    }
}

impl Index<&Address> for Accrued {
    type Output = Reserve;

    fn index(&self, address: &Address) -> &Reserve {
        self.get(address).expect("the reserve is there and its interest fits")
    }
}

impl PartialEq for Accrued {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}
