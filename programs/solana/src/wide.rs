//! 128-bit arithmetic in 64-bit pieces, for a machine that has no wider registers.
//!
//! Each exported function writes two little-endian words to `out` and takes its operands as
//! words, low before high: five arguments, which is what the machine passes in registers. The
//! rewriter of `cargo xtask sbf` puts calls to them where the program multiplies, divides or
//! shifts; the names are what the two agree on.
//!
//! Nothing here may itself multiply, divide or shift by a variable in 128 bits.

/// Two words, low before high.
type Words = [u64; 2];

const LOW: u64 = 0xffff_ffff;

/// The product of two words.
fn product(a: u64, b: u64) -> Words {
    let (a_low, a_high, b_low, b_high) = (a & LOW, a >> 32, b & LOW, b >> 32);
    // Nothing wraps: each part is at most (2³² − 1)², and what is added to it below 2³². The
    // operators are the wrapping ones because a checked multiplication of words is one of the
    // things this module stands in for.
    let (bottom, top) = (a_low.wrapping_mul(b_low), a_high.wrapping_mul(b_high));
    let cross = a_high.wrapping_mul(b_low).wrapping_add(bottom >> 32);
    let middle = a_low.wrapping_mul(b_high).wrapping_add(cross & LOW);
    let high = top.wrapping_add(cross >> 32).wrapping_add(middle >> 32);
    [(middle << 32) | (bottom & LOW), high]
}

fn multiply(a: Words, b: Words) -> (Words, bool) {
    let [low, carried] = product(a[0], b[0]);
    let left = product(a[1], b[0]);
    let right = product(a[0], b[1]);
    let (sum, once) = carried.overflowing_add(left[0]);
    let (high, twice) = sum.overflowing_add(right[0]);
    let beyond = (a[1] != 0 && b[1] != 0) || left[1] != 0 || right[1] != 0;
    ([low, high], beyond || once || twice)
}

fn less(a: Words, b: Words) -> bool {
    (a[1], a[0]) < (b[1], b[0])
}

fn subtract(a: Words, b: Words) -> Words {
    let (low, borrowed) = a[0].overflowing_sub(b[0]);
    [low, a[1].wrapping_sub(b[1]).wrapping_sub(u64::from(borrowed))]
}

fn negate(a: Words) -> Words {
    subtract([0, 0], a)
}

fn shift_left([low, high]: Words, by: u64) -> Words {
    match by & 127 {
        0 => [low, high],
        by @ 1..64 => [low << by, (high << by) | (low >> (64 - by))],
        by => [0, low << (by - 64)],
    }
}

fn shift_right([low, high]: Words, by: u64) -> Words {
    match by & 127 {
        0 => [low, high],
        by @ 1..64 => [(low >> by) | (high << (64 - by)), high >> by],
        by => [high >> (by - 64), 0],
    }
}

/// Divides `high · 2⁶⁴ + low` by a divisor whose top bit is set and that exceeds `high`; two
/// digits of 32 bits, each guessed from the divisor's upper half and at most twice too large.
fn divide_normal(high: u64, low: u64, divisor: u64) -> (u64, u64) {
    let (upper, lower) = (divisor >> 32, divisor & LOW);
    let digit = |rest: u64, next: u64| {
        let (mut guess, mut left) = (rest / upper, rest % upper);
        while guess > LOW || guess.wrapping_mul(lower) > ((left << 32) | next) {
            (guess, left) = (guess - 1, left + upper);
            if left > LOW {
                break;
            }
        }
        let rest = (rest << 32).wrapping_add(next).wrapping_sub(guess.wrapping_mul(divisor));
        (guess, rest)
    };
    let (first, rest) = digit(high, low >> 32);
    let (second, rest) = digit(rest, low & LOW);
    ((first << 32) | second, rest)
}

/// Divides two words by one that exceeds the upper of them.
fn divide_word(high: u64, low: u64, divisor: u64) -> (u64, u64) {
    let by = u64::from(divisor.leading_zeros());
    let [low, high] = shift_left([low, high], by);
    let (quotient, rest) = divide_normal(high, low, divisor << by);
    (quotient, rest >> by)
}

/// Divides by two words of which the upper is not zero: the quotient fits one word and is guessed
/// from the leading 64 bits of the divisor, at most one too large.
fn divide_wide(a: Words, b: Words) -> (Words, Words) {
    let by = u64::from(b[1].leading_zeros());
    let leading = shift_left(b, by)[1];
    let [half_low, half_high] = shift_right(a, 1);
    let (guess, _) = divide_normal(half_high, half_low, leading);
    let guess = shift_right(shift_left([guess, 0], by), 63)[0];
    let mut quotient = guess.saturating_sub(1);
    let mut rest = subtract(a, multiply([quotient, 0], b).0);
    if !less(rest, b) {
        (quotient, rest) = (quotient + 1, subtract(rest, b));
    }
    ([quotient, 0], rest)
}

/// Quotient and remainder. The compiler checks for a divisor of zero before it divides.
fn divide(a: Words, b: Words) -> (Words, Words) {
    if b[1] != 0 {
        return divide_wide(a, b);
    }
    if a[1] == 0 {
        return ([a[0] / b[0], 0], [a[0] % b[0], 0]);
    }
    let (high, rest) = (a[1] / b[0], a[1] % b[0]);
    let (low, rest) = divide_word(rest, a[0], b[0]);
    ([low, high], [rest, 0])
}

const fn negative(a: Words) -> bool {
    a[1] >> 63 == 1
}

fn absolute(a: Words) -> Words {
    if negative(a) { negate(a) } else { a }
}

/// Quotient towards zero, remainder with the sign of the dividend.
fn divide_signed(a: Words, b: Words) -> (Words, Words) {
    let (quotient, rest) = divide(absolute(a), absolute(b));
    let quotient = if negative(a) == negative(b) { quotient } else { negate(quotient) };
    (quotient, if negative(a) { negate(rest) } else { rest })
}

/// The product, and whether it left the range of a signed number.
fn multiply_signed(a: Words, b: Words) -> (Words, bool) {
    let (size, beyond) = multiply(absolute(a), absolute(b));
    let product = if negative(a) == negative(b) { size } else { negate(size) };
    let wrong_sign = product != [0, 0] && negative(product) != (negative(a) != negative(b));
    (product, beyond || wrong_sign)
}

fn shift_right_signed(a: Words, by: u64) -> Words {
    if !negative(a) {
        return shift_right(a, by);
    }
    let inverted = shift_right([!a[0], !a[1]], by);
    [!inverted[0], !inverted[1]]
}

/// Exports a function of two wide operands.
macro_rules! wide {
    ($name:ident, $doc:literal, |$a:ident, $b:ident| $result:expr) => {
        #[doc = $doc]
        #[unsafe(no_mangle)]
        #[inline(never)]
        pub extern "C" fn $name(out: &mut Words, a0: u64, a1: u64, b0: u64, b1: u64) {
            let ($a, $b) = ([a0, a1], [b0, b1]);
            *out = $result;
        }
    };
}

/// Exports a multiplication that tells whether it overflowed: 1 when it did.
macro_rules! checked {
    ($name:ident, $doc:literal, $multiply:ident) => {
        #[doc = $doc]
        #[unsafe(no_mangle)]
        #[inline(never)]
        pub extern "C" fn $name(out: &mut Words, a0: u64, a1: u64, b0: u64, b1: u64) -> u64 {
            let (product, overflowed) = $multiply([a0, a1], [b0, b1]);
            *out = product;
            u64::from(overflowed)
        }
    };
}

/// The product of two signed words as a signed double word.
fn product_signed(a: u64, b: u64) -> (Words, bool) {
    let widen = |word: u64| [word, if word >> 63 == 1 { u64::MAX } else { 0 }];
    let (product, _) = multiply_signed(widen(a), widen(b));
    let fits = product[1] == if product[0] >> 63 == 1 { u64::MAX } else { 0 };
    (product, !fits)
}

/// Exports a multiplication of words that tells whether it overflowed: 1 when it did.
macro_rules! word {
    ($name:ident, $doc:literal, |$a:ident, $b:ident| $result:expr) => {
        #[doc = $doc]
        #[unsafe(no_mangle)]
        #[inline(never)]
        pub extern "C" fn $name(out: &mut u64, $a: u64, $b: u64) -> u64 {
            let (product, overflowed) = $result;
            *out = product[0];
            u64::from(overflowed)
        }
    };
}

/// Exports a shift.
macro_rules! shift {
    ($name:ident, $doc:literal, $shift:ident) => {
        #[doc = $doc]
        #[unsafe(no_mangle)]
        #[inline(never)]
        pub extern "C" fn $name(out: &mut Words, a0: u64, a1: u64, by: u64) {
            *out = $shift([a0, a1], by);
        }
    };
}

wide!(cofferdam_wide_mul, "`a · b`, modulo 2¹²⁸.", |a, b| multiply(a, b).0);
wide!(cofferdam_wide_udiv, "`a ÷ b`, towards zero.", |a, b| divide(a, b).0);
wide!(cofferdam_wide_urem, "What `a ÷ b` leaves.", |a, b| divide(a, b).1);
wide!(cofferdam_wide_sdiv, "`a ÷ b` signed, towards zero.", |a, b| divide_signed(a, b).0);
wide!(cofferdam_wide_srem, "What `a ÷ b` leaves, signed as `a`.", |a, b| divide_signed(a, b).1);
checked!(cofferdam_wide_umulo, "`a · b` modulo 2¹²⁸, and whether it is more.", multiply);
checked!(cofferdam_wide_smulo, "`a · b` signed, and whether it does not fit.", multiply_signed);
shift!(cofferdam_wide_shl, "`a` shifted to the left.", shift_left);
shift!(cofferdam_wide_lshr, "`a` shifted to the right, zeros from the left.", shift_right);
shift!(
    cofferdam_wide_ashr,
    "`a` shifted to the right, its sign from the left.",
    shift_right_signed
);
word!(cofferdam_word_umulo, "`a · b` modulo 2⁶⁴, and whether it is more.", |a, b| {
    let product = product(a, b);
    (product, product[1] != 0)
});
word!(cofferdam_word_smulo, "`a · b` signed, and whether it does not fit.", |a, b| {
    product_signed(a, b)
});
