//! A map by address that is shared until it is written to.

use std::{fmt, ops::Index, sync::Arc};

use cofferdam_host::Address;
use smallvec::SmallVec;

/// A sorted map by address. A clone is one pointer, a write copies one pointer an entry, and the
/// entries themselves are never copied: a scene before and one after share all that did not
/// change.
pub struct Table<T>(Arc<Vec<(Address, Arc<T>)>>);

impl<T> Table<T> {
    /// The entry at `address`.
    #[must_use]
    pub fn get(&self, address: &Address) -> Option<&T> {
        self.shared(address).map(Arc::as_ref)
    }

    /// The entry at `address`, to be kept or to be compared by identity.
    #[must_use]
    pub fn shared(&self, address: &Address) -> Option<&Arc<T>> {
        let place = self.place(address).ok()?;
        self.0.get(place).map(|(_, value)| value)
    }

    /// Whether there is an entry.
    #[must_use]
    pub fn contains_key(&self, address: &Address) -> bool {
        self.place(address).is_ok()
    }

    /// Number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Addresses in order.
    pub fn keys(&self) -> impl Iterator<Item = &Address> {
        self.0.iter().map(|(address, _)| address)
    }

    /// Entries in order of their addresses.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|(_, value)| value.as_ref())
    }

    /// Addresses and entries in order.
    pub fn iter(&self) -> Iter<'_, T> {
        self.into_iter()
    }

    /// Puts an entry in place, or takes it away; what stood there before.
    pub fn set(&mut self, address: Address, value: Option<Arc<T>>) -> Option<Arc<T>> {
        match (self.place(&address), value) {
            (Ok(place), Some(value)) => {
                let entry = Arc::make_mut(&mut self.0).get_mut(place)?;
                Some(std::mem::replace(&mut entry.1, value))
            }
            (Ok(place), None) => Some(Arc::make_mut(&mut self.0).remove(place).1),
            (Err(place), Some(value)) => {
                Arc::make_mut(&mut self.0).insert(place, (address, value));
                None
            }
            (Err(_), None) => None,
        }
    }

    /// Whether two tables are one and the same, which needs no look at the entries.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Addresses and shared entries in order.
    pub(super) fn rows(&self) -> impl Iterator<Item = &(Address, Arc<T>)> {
        self.0.iter()
    }

    /// Replaces those entries for which there is something new.
    pub(super) fn renew(&mut self, with: impl Fn(&T) -> Option<Arc<T>>) {
        let fresh: SmallVec<[(usize, Arc<T>); 16]> =
            (0..).zip(self.values()).filter_map(|(at, old)| Some((at, with(old)?))).collect();
        if !fresh.is_empty() {
            let rows = Arc::make_mut(&mut self.0);
            fresh.into_iter().for_each(|(at, new)| rows[at].1 = new);
        }
    }

    fn place(&self, address: &Address) -> Result<usize, usize> {
        let wanted = prefix(address);
        self.0.binary_search_by(|(known, _)| {
            prefix(known).cmp(&wanted).then_with(|| known.cmp(address))
        })
    }
}

/// The first eight bytes, which order most addresses without a look at the rest.
fn prefix(address: &Address) -> u64 {
    address.as_array().first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

type Iter<'a, T> = std::iter::Map<
    std::slice::Iter<'a, (Address, Arc<T>)>,
    fn(&'a (Address, Arc<T>)) -> (&'a Address, &'a T),
>;

// By hand: a derive would ask for `T: Clone` and `T: Default`.
impl<T> Clone for Table<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T: fmt::Debug> fmt::Debug for Table<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<T: PartialEq> PartialEq for Table<T> {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other) || self.iter().eq(other.iter())
    }
}

impl<T> Index<&Address> for Table<T> {
    type Output = T;

    fn index(&self, address: &Address) -> &T {
        self.get(address).expect("the entry is there")
    }
}

impl<'a, T> IntoIterator for &'a Table<T> {
    type Item = (&'a Address, &'a T);
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        fn pair<T>((address, value): &(Address, Arc<T>)) -> (&Address, &T) {
            (address, value.as_ref())
        }
        self.0.iter().map(pair)
    }
}

impl<T> FromIterator<(Address, T)> for Table<T> {
    fn from_iter<I: IntoIterator<Item = (Address, T)>>(entries: I) -> Self {
        let mut rows: Vec<_> =
            entries.into_iter().map(|(address, value)| (address, Arc::new(value))).collect();
        rows.sort_by_key(|(address, _)| *address);
        Self(Arc::new(rows))
    }
}
