//! The same functions with sixty digits, to hold the program's against.

use cofferdam_lending_interface::units::RAY;
use num_bigint::BigUint;

/// A number times 10⁶⁰.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Precise(pub(crate) BigUint);

fn one() -> BigUint {
    BigUint::from(10_u8).pow(60)
}

impl Precise {
    /// From units of 10⁻²⁷; exact.
    pub(crate) fn ray(ray: u128) -> Self {
        Self(one() / RAY * ray)
    }

    /// `a ÷ b`.
    pub(crate) fn ratio(a: u128, b: u128) -> Self {
        Self(one() * a / b)
    }

    pub(crate) fn plus(&self, other: &Self) -> Self {
        Self(&self.0 + &other.0)
    }

    pub(crate) fn minus(&self, other: &Self) -> Self {
        Self(&self.0 - &other.0)
    }

    pub(crate) fn times(&self, other: &Self) -> Self {
        Self(&self.0 * &other.0 / one())
    }

    pub(crate) fn over(&self, other: &Self) -> Self {
        Self(&self.0 * one() / &other.0)
    }

    /// `e^self`, good to about fifty digits for exponents up to a hundred.
    pub(crate) fn exp(&self) -> Self {
        let (mut sum, mut term, mut n) = (one(), one(), 0_u32);
        while term > BigUint::ZERO {
            n += 1;
            term = term * &self.0 / one() / n;
            sum += &term;
        }
        Self(sum)
    }

    /// Whether `self` and `other` differ by at most `other ÷ parts` and a unit of 10⁻²⁷.
    pub(crate) fn is_near(&self, other: &Self, parts: u128) -> bool {
        let (low, high) = if self < other { (self, other) } else { (other, self) };
        &high.0 - &low.0 <= &other.0 / parts + one() / RAY
    }
}
