//! Recent blockhashes and the messages processed under each of them.

use std::collections::VecDeque;

use solana_hash::Hash;

use crate::store::Trie;

/// The blockhashes that are still valid, oldest first, each with the messages seen under it.
///
/// A message is remembered exactly as long as its blockhash could let it in again, so there is
/// no number of later transactions after which a copy would be accepted. The message is
/// remembered and not the signature: a signature of the same message that differs must not make
/// it another transaction.
#[derive(Clone, Debug)]
pub(crate) struct Blockhashes {
    recent: VecDeque<Block>,
}

#[derive(Clone, Debug)]
struct Block {
    slot: u64,
    hash: Hash,
    seen: Trie<()>,
}

/// What is known about a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Freshness {
    Fresh,
    AlreadyProcessed,
    BlockhashNotFound,
}

impl Blockhashes {
    pub(crate) fn new(slot: u64, hash: Hash) -> Self {
        Self { recent: VecDeque::from([Block { slot, hash, seen: Trie::default() }]) }
    }

    pub(crate) fn latest(&self) -> Hash {
        self.recent.back().map_or_else(Hash::default, |block| block.hash)
    }

    /// Adds the blockhash of a later slot and drops those that are older than `age_slots_max`.
    ///
    /// Slots that pass within one warp had no blockhash anybody could have seen, so they get
    /// none: a warp costs the same however far it goes.
    pub(crate) fn push(&mut self, slot: u64, hash: Hash, age_slots_max: u64) {
        self.recent.retain(|block| slot - block.slot <= age_slots_max);
        self.recent.push_back(Block { slot, hash, seen: Trie::default() });
    }

    pub(crate) fn freshness(&self, blockhash: &Hash, message: &[u8; 32]) -> Freshness {
        match self.recent.iter().rev().find(|block| block.hash == *blockhash) {
            None => Freshness::BlockhashNotFound,
            Some(block) if block.seen.get(message).is_some() => Freshness::AlreadyProcessed,
            Some(_) => Freshness::Fresh,
        }
    }

    pub(crate) fn remember(&mut self, blockhash: &Hash, message: [u8; 32]) {
        if let Some(block) = self.recent.iter_mut().rev().find(|block| block.hash == *blockhash) {
            block.seen.insert(message, ());
        }
    }
}
