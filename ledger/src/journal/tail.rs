//! The last entries alone, for ledgers that run too long to keep everything.

use super::{Action, Entries, Entry, Log};
use solana_hash::Hash;

/// The last entries of what happened to a ledger, each with its root.
///
/// It is there to be read after something went wrong. It cannot be replayed: the state its first
/// entry started from is gone, and nothing short of a replay from genesis would prove it.
///
/// At least the last `keep` entries are held; older ones leave 256 at a time, so memory stays
/// below that of `keep + 256` entries.
#[derive(Clone, Debug, PartialEq)]
pub struct Tail {
    pub(crate) keep: usize,
    /// How many entries came before the first of `log`.
    pub(crate) dropped: usize,
    pub(crate) log: Log,
}

impl Tail {
    pub(crate) fn new(keep: usize, dropped: usize, log: Log) -> Self {
        let mut tail = Self { keep, dropped, log };
        tail.trim();
        tail
    }

    pub(crate) fn push(&mut self, action: Action, state_root: Hash) {
        self.log.push(Entry { action, state_root });
        self.trim();
    }

    /// Number of entries there are to read; `keep` at most.
    #[must_use]
    pub fn len(&self) -> usize {
        self.log.len().min(self.keep)
    }

    /// Whether there is no entry to read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of the first entry there is to read, counted from where recording began.
    #[must_use]
    pub fn first_index(&self) -> usize {
        self.dropped + self.log.len() - self.len()
    }

    /// The entries in order.
    #[must_use]
    pub fn iter(&self) -> Entries<'_> {
        self.log.iter_from(self.log.len() - self.len())
    }

    fn trim(&mut self) {
        while let Some(len) = self.log.pop_chunk_if_len_stays(self.keep) {
            self.dropped += len;
        }
    }
}

impl<'a> IntoIterator for &'a Tail {
    type Item = &'a Entry;
    type IntoIter = Entries<'a>;

    fn into_iter(self) -> Entries<'a> {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Warp;

    #[test]
    fn it_never_holds_as_many_as_it_says() {
        for keep in [0, 1, 10, 255, 256, 257] {
            let mut tail = Tail::new(keep, 0, Log::default());
            for count in 1..=1_100 {
                tail.push(Action::Warp(Warp::Slots(count)), Hash::default());
                assert!(tail.log.len() < keep + 256, "{keep} kept, {count} pushed");
                assert_eq!(tail.dropped + tail.log.len(), usize::try_from(count).unwrap());
            }
        }
    }
}
