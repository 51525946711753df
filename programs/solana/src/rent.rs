//! What an account must hold to be exempt from rent, without a float.

/// Bytes of overhead that every account pays for besides its data.
const OVERHEAD: u64 = 128;

/// 1.0 and 2.0 as the sysvar stores them.
const ONE: u64 = 0x3ff0_0000_0000_0000;
const TWO: u64 = 0x4000_0000_0000_0000;

/// The least balance, in lamports, that exempts an account of `data_len` bytes.
///
/// `threshold_bits` is the sysvar's exemption threshold as the bits of a 64-bit float: years, two
/// on every cluster so far, one where the price was folded into `lamports_per_byte_year`. The
/// machine has no floats, so any other threshold is `None`, and so is a product that overflows.
#[must_use]
pub fn exempt_balance(
    lamports_per_byte_year: u64,
    threshold_bits: u64,
    data_len: u64,
) -> Option<u64> {
    let years = match threshold_bits {
        ONE => 1,
        TWO => 2,
        _ => return None,
    };
    data_len.checked_add(OVERHEAD)?.checked_mul(lamports_per_byte_year)?.checked_mul(years)
}
