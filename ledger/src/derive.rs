//! Program addresses that were derived before.

use std::{
    collections::BTreeMap,
    sync::{PoisonError, RwLock},
};

use cofferdam_host::Address;
use solana_address::{MAX_SEED_LEN, MAX_SEEDS, error::AddressError};

/// Most addresses that are kept. A program signs for a few addresses of its own again and again;
/// whoever makes it derive more than this only makes it as slow as it would be without.
const KEPT_MAX: usize = 4_096;
/// A key: the program, then each seed after its length, so that no two lists of seeds share one.
const KEY_LEN_MAX: usize = 32 + MAX_SEEDS * (1 + MAX_SEED_LEN);

/// The addresses a program derived.
///
/// Telling that a hash is no point on the curve costs more than all the rest of a loan, and the
/// answer never changes. So it is asked once for each list of seeds. What is kept here shows in
/// no result: units are spent whether or not an address is known.
#[derive(Debug, Default)]
pub(crate) struct Derivations {
    known: RwLock<BTreeMap<Box<[u8]>, Address>>,
}

impl Derivations {
    /// The address that `seeds` derive for `program_id`.
    pub(crate) fn address(
        &self,
        seeds: &[&[u8]],
        program_id: &Address,
    ) -> Result<Address, AddressError> {
        let mut buffer = [0; KEY_LEN_MAX];
        let Some(len) = write_key(&mut buffer, seeds, program_id) else {
            return Address::create_program_address(seeds, program_id);
        };
        let key = &buffer[..len];
        if let Some(address) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(key) {
            return Ok(*address);
        }
        let address = Address::create_program_address(seeds, program_id)?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KEPT_MAX {
            known.clear();
        }
        known.insert(key.into(), address);
        Ok(address)
    }
}

/// Writes the key into the buffer; returns its length, `None` for seeds that derive nothing.
fn write_key(
    buffer: &mut [u8; KEY_LEN_MAX],
    seeds: &[&[u8]],
    program_id: &Address,
) -> Option<usize> {
    if seeds.len() > MAX_SEEDS {
        return None;
    }
    buffer[..32].copy_from_slice(program_id.as_ref());
    let mut len = 32;
    for seed in seeds {
        let seed_len = u8::try_from(seed.len()).ok().filter(|_| seed.len() <= MAX_SEED_LEN)?;
        buffer[len] = seed_len;
        buffer[len + 1..=len + seed.len()].copy_from_slice(seed);
        len += 1 + seed.len();
    }
    Some(len)
}

#[cfg(test)]
mod tests;
