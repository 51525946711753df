//! The entries, in shared chunks: a fork of a ledger with a long journal copies one pointer for
//! each full chunk, and its first own entry copies the pointers of the last chunk.

use std::{iter::FusedIterator, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Entry;

const CHUNK_LEN: usize = 256;

#[derive(Clone, Debug, Default)]
pub(crate) struct Log {
    chunks: Vec<Arc<Vec<Arc<Entry>>>>,
    len: usize,
}

/// The entries of a journal in order.
#[derive(Clone, Debug)]
pub struct Entries<'a> {
    log: &'a Log,
    next: usize,
}

impl Log {
    pub(crate) fn push(&mut self, entry: Entry) {
        let has_room = self.chunks.last().is_some_and(|chunk| chunk.len() < CHUNK_LEN);
        if !has_room {
            self.chunks.push(Arc::new(Vec::with_capacity(CHUNK_LEN)));
        }
        if let Some(chunk) = self.chunks.last_mut() {
            Arc::make_mut(chunk).push(Arc::new(entry));
            self.len += 1;
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn get(&self, index: usize) -> Option<&Entry> {
        self.chunks.get(index / CHUNK_LEN)?.get(index % CHUNK_LEN).map(Arc::as_ref)
    }

    pub(crate) fn iter(&self) -> Entries<'_> {
        self.iter_from(0)
    }

    pub(crate) fn iter_from(&self, index: usize) -> Entries<'_> {
        Entries { log: self, next: index.min(self.len) }
    }

    /// Drops the oldest chunk if it is full and at least `len_min` entries are left without it.
    /// Returns how many entries went.
    pub(crate) fn pop_chunk_if_len_stays(&mut self, len_min: usize) -> Option<usize> {
        let left = self.len.checked_sub(CHUNK_LEN).filter(|left| *left >= len_min)?;
        self.chunks.remove(0);
        self.len = left;
        Some(CHUNK_LEN)
    }
}

impl PartialEq for Log {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.iter().eq(other.iter())
    }
}

impl Serialize for Log {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Log {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut log = Self::default();
        Vec::deserialize(from)?.into_iter().for_each(|entry| log.push(entry));
        Ok(log)
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = &'a Entry;

    fn next(&mut self) -> Option<&'a Entry> {
        let entry = self.log.get(self.next)?;
        self.next += 1;
        Some(entry)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.log.len - self.next;
        (left, Some(left))
    }
}

impl ExactSizeIterator for Entries<'_> {}
impl FusedIterator for Entries<'_> {}
