//! Addresses that were derived before.
//!
//! Telling that a hash is no point on the curve takes longer than running a loan, and the answer
//! for the same inputs is always the same. So each thread keeps the answers it was given last. What
//! is kept shows in no result.

use std::cell::RefCell;

use solana_address::Address;

/// Places for answers. Two inputs that fall on one place push each other out, so memory is bounded
/// whoever makes up the inputs.
const PLACES: usize = 1 << 10;

/// What is derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Pool,
    Reserve,
    Vault,
    Feed,
    Position,
    Change,
    Stake,
    Wallet,
}

/// What an address is derived from; unused bytes are zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) kind: Kind,
    pub(crate) first: [u8; 32],
    pub(crate) second: [u8; 32],
    pub(crate) number: u16,
}

type Known = (Key, (Address, u8));

thread_local! {
    static KNOWN: RefCell<Vec<Option<Box<Known>>>> = const { RefCell::new(Vec::new()) };
}

/// What `derive` answers for `key`. It must be a function of the key alone.
pub(crate) fn once(key: Key, derive: impl FnOnce() -> (Address, u8)) -> (Address, u8) {
    let place = key.place();
    let known = KNOWN.with_borrow(|all| {
        let known = all.get(place)?.as_deref().filter(|known| known.0 == key);
        known.map(|known| known.1)
    });
    known.unwrap_or_else(|| {
        let derived = derive();
        KNOWN.with_borrow_mut(|all| {
            all.resize_with(PLACES, || None);
            all[place] = Some(Box::new((key, derived)));
        });
        derived
    })
}

impl Key {
    /// Inputs of at most 32 bytes each, and a number.
    pub(crate) fn new(kind: Kind, first: &[u8; 32], second: &[u8], number: u16) -> Self {
        let mut key = Self { kind, first: *first, second: [0; 32], number };
        key.second[..second.len()].copy_from_slice(second);
        key
    }

    /// Where its answer is kept.
    fn place(&self) -> usize {
        // 2⁶⁴ divided by the golden ratio: the usual factor that spreads words.
        const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
        let words = self.first.chunks_exact(8).chain(self.second.chunks_exact(8));
        let words =
            words.filter_map(|word| word.first_chunk().map(|word| u64::from_le_bytes(*word)));
        let begin = (self.kind as u64) << 16 | u64::from(self.number);
        let mix = words.fold(begin, |mix, word| (mix.rotate_left(23) ^ word).wrapping_mul(SPREAD));
        usize::try_from(mix >> (64 - PLACES.trailing_zeros())).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
