//! Exponentials between two exact bounds, by a series with a remainder; nothing of the program's
//! way is used: no table, no splitting by ln 2, other precision.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Zero};

use super::number::Q;

/// Between two numbers, both included.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    pub(crate) low: Q,
    pub(crate) high: Q,
}

/// Binary places of the working numbers.
const PLACES: u32 = 192;
/// The argument is halved until it is below two to this power.
const SMALL: i64 = -8;

impl Span {
    pub(crate) fn exactly(number: Q) -> Self {
        Self { low: number.clone(), high: number }
    }

    pub(crate) fn is_exact(&self) -> bool {
        self.low == self.high
    }

    pub(crate) fn holds(&self, number: &Q) -> bool {
        self.low <= *number && *number <= self.high
    }
}

/// `e^x` for `x` from 0 to 64.
pub(crate) fn exp(x: &Q) -> Span {
    let (num, den) = x.parts();
    let scaled = (num << PLACES).div_floor(den);
    let bits = i64::try_from(scaled.bits()).unwrap_or_default();
    let halvings = u32::try_from((bits - i64::from(PLACES) - SMALL).max(0)).unwrap_or_default();
    let low = squared(series(&(&scaled >> halvings)), halvings, Side::Below);
    // The argument was cut off twice, and so was every term; the rest of the series is below the
    // last term.
    let above = (&scaled >> halvings) + 1_u8;
    let high = squared(series(&above) + 64_u8, halvings, Side::Above);
    let one = BigInt::one() << PLACES;
    Span { low: Q::ratio(low, one.clone()), high: Q::ratio(high, one) }
}

/// `e^−x` for `x` from 0 to 64.
pub(crate) fn exp_neg(x: &Q) -> Span {
    let Span { low, high } = exp(x);
    Span { low: Q::whole(1) / high, high: Q::whole(1) / low }
}

/// `2^(−elapsed ÷ half_life)`.
pub(crate) fn halved(elapsed_s: u64, half_life_s: u32) -> Span {
    let (halvings, rest) = elapsed_s.div_rem(&u64::from(half_life_s.max(1)));
    let whole = Q::ratio(1, BigInt::one() << halvings.min(512));
    if rest == 0 {
        return Span::exactly(whole);
    }
    let part = |ln_2: Q| ln_2 * Q::ratio(rest, half_life_s.max(1));
    let (low, high) = (exp_neg(&part(ln_2_above())).low, exp_neg(&part(ln_2_below())).high);
    Span { low: &whole * low, high: whole * high }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Below,
    Above,
}

/// `Σ xⁿ ÷ n!`, every term cut off.
fn series(x: &BigInt) -> BigInt {
    let mut term = BigInt::one() << PLACES;
    let (mut sum, mut n) = (term.clone(), 0_u32);
    while !term.is_zero() {
        n += 1;
        term = ((term * x) >> PLACES) / n;
        sum += &term;
    }
    sum
}

fn squared(mut number: BigInt, times: u32, side: Side) -> BigInt {
    for _ in 0..times {
        number = (&number * &number) >> PLACES;
        if side == Side::Above {
            number += 1_u8;
        }
    }
    number
}

/// ln 2 to 38 places, the last one cut off.
fn ln_2_below() -> Q {
    let digits = 69_314_718_055_994_530_941_723_212_145_817_656_807_u128;
    Q::ratio(digits, 100_000_000_000_000_000_000_000_000_000_000_000_000_u128)
}

fn ln_2_above() -> Q {
    ln_2_below() + Q::ratio(1, 100_000_000_000_000_000_000_000_000_000_000_000_000_u128)
}

#[cfg(test)]
mod tests {
    use super::{Span, exp, exp_neg, halved};
    use crate::auditor::number::Q;

    fn is_about(span: &Span, digits: &str) {
        assert!(span.low <= span.high);
        let (low, high) = (span.low.to_string(), span.high.to_string());
        assert!(low.starts_with(digits), "{low} does not begin with {digits}");
        assert!(high.starts_with(digits), "{high} does not begin with {digits}");
    }

    /// Figures from tables.
    #[test]
    fn known_powers() {
        is_about(&exp(&Q::whole(1)), "2.71828182845904523536028747");
        is_about(&exp(&Q::whole(20)), "485165195.409790277969106830541540");
        is_about(&exp(&Q::ratio(1, 1_000_000)), "1.000001000000500000166666708");
        is_about(&exp_neg(&Q::whole(2)), "0.13533528323661269189399949");
        is_about(&halved(300, 600), "0.707106781186547524400844362");
        let quarter = halved(1_200, 600);
        assert_eq!((quarter.low, quarter.high), (Q::ratio(1, 4), Q::ratio(1, 4)));
        assert!(exp(&Q::zero()).holds(&Q::whole(1)));
    }
}
