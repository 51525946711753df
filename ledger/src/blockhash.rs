//! Recent blockhashes and the messages processed under each of them.

use std::collections::VecDeque;

use solana_hash::Hash;

use crate::store::{Digest32, Trie};

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

impl Block {
    fn restored((slot, hash, messages): (u64, Hash, Vec<Digest32>)) -> Self {
        let mut seen = Trie::default();
        for message in messages {
            seen.insert(message, ());
        }
        Self { slot, hash, seen }
    }
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

    /// The blockhashes of a dump, each with its slot and the messages seen under it; `None` when
    /// no ledger that stands at `slot` could have got them.
    pub(crate) fn restored(
        blocks: impl IntoIterator<Item = (u64, Hash, Vec<Digest32>)>,
        slot: u64,
        age_slots_max: u64,
    ) -> Option<Self> {
        let recent: VecDeque<Block> = blocks.into_iter().map(Block::restored).collect();
        let (first, last) = (recent.front()?.slot, recent.back()?.slot);
        let is_rising = recent.iter().zip(recent.iter().skip(1)).all(|(a, b)| a.slot < b.slot);
        let is_recent = last == slot && first <= slot && slot - first <= age_slots_max;
        (is_rising && is_recent).then_some(Self { recent })
    }

    /// The blockhashes, oldest first, each with its slot and the messages seen under it.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = (u64, Hash, Vec<Digest32>)> {
        let seen = |block: &Block| block.seen.iter().map(|(message, ())| *message).collect();
        self.recent.iter().map(move |block| (block.slot, block.hash, seen(block)))
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

    /// Adds a blockhash that no ledger could have.
    #[cfg(test)]
    pub(crate) fn push_unchecked(&mut self, slot: u64, hash: Hash) {
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
