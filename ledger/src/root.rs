//! What the state root commits to, and the running hash of a ledger's history.

use sha2::{Digest, Sha256};
use solana_hash::Hash;

use crate::{clock::LedgerClock, store::Digest32};

// A different first word for everything that is hashed, so that no two kinds of input can ever
// be the same bytes.
const STATE: &[u8] = b"cofferdam:state";
const GENESIS: &[u8] = b"cofferdam:genesis";
const BLOCKHASH: &[u8] = b"cofferdam:blockhash";
const TRANSACTION: &[u8] = b"cofferdam:transaction";
const EVENT: &[u8] = b"cofferdam:journal-entry";
const DUMP: &[u8] = b"cofferdam:dump";

const DIGEST_LEN: usize = size_of::<Digest32>();

/// A hash over everything that ever happened to a ledger, in order.
///
/// It makes blockhashes depend on what came before, and two ledgers whose accounts agree by
/// chance still have different roots when their histories differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct History(pub(crate) Digest32);

impl History {
    /// The history of a ledger that starts with this canonical text of its genesis.
    pub(crate) fn of_genesis(genesis: &[u8]) -> Self {
        Self(hash(GENESIS, &[genesis]))
    }

    /// Adds a processed transaction: what was signed, who signed and how it ended.
    pub(crate) fn add_transaction(
        &mut self,
        message: &Digest32,
        signatures: impl Iterator<Item = [u8; 64]>,
        outcome: &[u8],
    ) {
        // As few updates as possible: each of them costs as much as a third of a block.
        let mut head = [0; TRANSACTION.len() + 2 * DIGEST_LEN];
        let (domain, digests) = head.split_at_mut(TRANSACTION.len());
        let (history, hash) = digests.split_at_mut(DIGEST_LEN);
        domain.copy_from_slice(TRANSACTION);
        history.copy_from_slice(&self.0);
        hash.copy_from_slice(message);
        let mut hasher = Sha256::new_with_prefix(head);
        signatures.for_each(|signature| hasher.update(signature));
        hasher.update(outcome);
        self.0 = hasher.finalize().into();
    }

    /// Adds a warp or a cheat, as its canonical text.
    pub(crate) fn add_event(&mut self, text: &[u8]) {
        self.0 = hash(EVENT, &[&self.0, text]);
    }

    pub(crate) fn blockhash(&self, slot: u64) -> Hash {
        Hash::new_from_array(hash(BLOCKHASH, &[&self.0, &slot.to_le_bytes()]))
    }
}

pub(crate) fn state_root(accounts: Digest32, clock: &LedgerClock, history: History) -> Hash {
    let slot = clock.view().slot.to_le_bytes();
    let elapsed_ms = clock.elapsed_ms().to_le_bytes();
    Hash::new_from_array(hash(STATE, &[&accounts, &slot, &elapsed_ms, &history.0]))
}

/// Finds damage in a dump, whose canonical text this is.
pub(crate) fn dump_checksum(text: &[u8]) -> Digest32 {
    hash(DUMP, &[text])
}

pub(crate) fn sha256(bytes: &[u8]) -> Digest32 {
    Sha256::digest(bytes).into()
}

fn hash(domain: &[u8], parts: &[&[u8]]) -> Digest32 {
    let mut hasher = Sha256::new_with_prefix(domain);
    parts.iter().for_each(|part| hasher.update(part));
    hasher.finalize().into()
}
