//! The entries, in shared chunks: a fork of a ledger with a long journal copies one pointer for
//! each full chunk, and its first own entry copies the pointers of the last chunk.

use std::{iter::FusedIterator, sync::Arc};

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
        Entries { log: self, next: 0 }
    }
}

impl PartialEq for Log {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.iter().eq(other.iter())
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
