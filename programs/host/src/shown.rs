use core::fmt;

use solana_address::Address;

/// Digits of base 58, in the order of their value.
const DIGITS: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/// Digits that fit one word.
const DIGITS_A_WORD: usize = 10;
/// `58¹⁰`.
const WORD: u64 = 430_804_206_899_405_824;
/// Words of the longest address: `58⁵⁰` exceeds `2²⁵⁶`.
const WORDS: usize = 5;

/// An address in a log line, as [`Address`] itself shows it.
///
/// A refusal names up to three addresses, and most transactions of a hunt are refusals. The way by
/// words of ten digits takes a quarter of the instructions that the general one does.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a>(pub &'a Address);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = digits(self.0.as_array());
        let zeros = self.0.as_array().iter().take_while(|byte| **byte == 0).count();
        let first = digits.iter().position(|digit| *digit > 0).unwrap_or(digits.len());
        let mut text = [DIGITS[0]; 32 + WORDS * DIGITS_A_WORD];
        let len = zeros + digits.len() - first;
        for (place, digit) in text[zeros..len].iter_mut().zip(&digits[first..]) {
            *place = DIGITS[usize::from(*digit)];
        }
        f.write_str(core::str::from_utf8(&text[..len]).unwrap_or_default())
    }
}

/// The number's digits in base 58, with zeros in front.
fn digits(bytes: &[u8; 32]) -> [u8; WORDS * DIGITS_A_WORD] {
    let mut limbs = [0_u64; 4];
    for (limb, chunk) in limbs.iter_mut().zip(bytes.chunks_exact(8)) {
        *limb = chunk.first_chunk().map_or(0, |chunk| u64::from_be_bytes(*chunk));
    }
    let mut digits = [0; WORDS * DIGITS_A_WORD];
    for word in digits.chunks_exact_mut(DIGITS_A_WORD).rev() {
        let mut rest = divide(&mut limbs);
        for digit in word.iter_mut().rev() {
            *digit = u8::try_from(rest % 58).unwrap_or_default();
            rest /= 58;
        }
    }
    digits
}

/// Divides a number by [`WORD`]; the remainder.
fn divide(limbs: &mut [u64; 4]) -> u64 {
    let mut rest = 0;
    for limb in limbs.iter_mut().skip_while(|limb| **limb == 0) {
        let dividend = u128::from(rest) << 64 | u128::from(*limb);
        let quotient = dividend / u128::from(WORD);
        // The remainder before is below the divisor, so the quotient fits a limb.
        *limb = u64::try_from(quotient).unwrap_or_default();
        rest = u64::try_from(dividend - quotient * u128::from(WORD)).unwrap_or_default();
    }
    rest
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::string::ToString;

    use super::*;

    fn agree(bytes: [u8; 32]) {
        let address = Address::new_from_array(bytes);
        assert_eq!(Shown(&address).to_string(), address.to_string(), "{bytes:?}");
    }

    #[test]
    fn it_is_what_an_address_shows() {
        agree([0; 32]);
        agree([0xff; 32]);
        for at in 0..32 {
            for byte in [1, 57, 58, 0x80, 0xff] {
                let mut bytes = [0; 32];
                bytes[at] = byte;
                agree(bytes);
                bytes[at..].fill(byte);
                agree(bytes);
            }
        }
        // A linear congruence (Knuth, MMIX) is random enough for this.
        let mut state = 7_u64;
        for round in 0..2_000 {
            let byte = |_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                state.to_be_bytes()[0]
            };
            let mut bytes: [u8; 32] = core::array::from_fn(byte);
            bytes[..round % 6].fill(0);
            agree(bytes);
        }
    }
}
