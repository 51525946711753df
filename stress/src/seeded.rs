//! Independent random streams, each named by what it is for.
//!
//! A stream is keyed by (seed, purpose, label, index), so adding a day, a group of borrowers or
//! a keeper changes no number that another one draws.

use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use sha2::{Digest, Sha256};

/// The generator of the stream `(seed, purpose, label, index)`.
///
/// The key is `sha256(seed ‖ index ‖ len(purpose) ‖ purpose ‖ label)`, integers little-endian.
pub fn stream(seed: u64, purpose: &str, label: &str, index: i64) -> ChaCha12Rng {
    let mut hash = Sha256::new();
    hash.update(seed.to_le_bytes());
    hash.update(index.to_le_bytes());
    // The length keeps ("ab", "c") and ("a", "bc") apart.
    hash.update((purpose.len() as u64).to_le_bytes());
    hash.update(purpose);
    hash.update(label);
    ChaCha12Rng::from_seed(hash.finalize().into())
}

/// A uniform draw from `0..bound`; 0 when `bound` is 0 or 1.
pub fn below(rng: &mut impl RngCore, bound: u64) -> u64 {
    if bound <= 1 {
        return 0;
    }
    // Draws past the last whole multiple of `bound` would favour small results.
    let whole = u64::MAX - u64::MAX % bound;
    loop {
        let draw = rng.next_u64();
        if draw < whole {
            return draw % bound;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_differ_by_every_part_of_their_name() {
        let first = |seed, purpose, label, index| stream(seed, purpose, label, index).next_u64();
        let base = first(1, "a", "bc", 0);
        assert_eq!(base, first(1, "a", "bc", 0));
        for other in [
            first(2, "a", "bc", 0),
            first(1, "ab", "c", 0),
            first(1, "a", "bd", 0),
            first(1, "a", "bc", 1),
        ] {
            assert_ne!(base, other);
        }
    }

    #[test]
    fn below_reaches_both_ends_and_stays_inside() {
        let mut rng = stream(7, "test", "below", 0);
        let draws: Vec<u64> = (0..1_000).map(|_| below(&mut rng, 6)).collect();
        assert_eq!(draws.iter().min(), Some(&0));
        assert_eq!(draws.iter().max(), Some(&5));
        assert_eq!(below(&mut rng, 0), 0);
    }
}
