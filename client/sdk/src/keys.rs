//! Seeded keys, so that "alice" is the same everywhere and no run depends on chance. They are
//! for local ledgers only: whoever knows seed and label knows the key.

use sha2::{Digest, Sha256};
use solana_keypair::Keypair;

/// The key that `label` stands for under `seed`.
#[must_use]
pub fn seeded(seed: u64, label: &str) -> Keypair {
    let mut hash = Sha256::new();
    hash.update(b"cofferdam-key");
    hash.update(seed.to_le_bytes());
    hash.update(label.as_bytes());
    Keypair::new_from_array(hash.finalize().into())
}
