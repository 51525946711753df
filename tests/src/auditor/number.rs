//! Exact rationals, and the grains to which the protocol rounds them.

use std::{
    cmp::Ordering,
    fmt,
    ops::{Add, Div, Mul, Sub},
};

use cofferdam_lending_interface::LendingError;
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// An exact rational. It is not reduced: between two roundings there are few operations, and a
/// rounding begins anew with the grain's denominator.
#[derive(Clone, Debug)]
pub(crate) struct Q {
    num: BigInt,
    /// Above zero.
    den: BigInt,
}

/// The step in which a quantity is kept, and the most that fits where the program keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grain {
    /// Native units of a token: whole, in 64 bits.
    Unit,
    /// 10⁻⁹ native units.
    Fine,
    /// Shares: whole.
    Share,
    /// Dollars, and dollars for one token: 10⁻¹⁸.
    Dollar,
    /// Ratios: 10⁻¹⁸.
    Wad,
    /// Indexes, rates and utilisation: 10⁻²⁷.
    Ray,
}

impl Grain {
    const fn steps(self) -> u128 {
        match self {
            Self::Unit | Self::Share => 1,
            Self::Fine => 1_000_000_000,
            Self::Dollar | Self::Wad => 1_000_000_000_000_000_000,
            Self::Ray => 1_000_000_000_000_000_000_000_000_000,
        }
    }

    fn holds(self, raw: &BigInt) -> bool {
        let bits = if self == Self::Unit { 64 } else { 128 };
        !raw.is_negative() && raw.bits() <= bits
    }
}

impl Q {
    pub(crate) fn zero() -> Self {
        Self::whole(0_u8)
    }

    pub(crate) fn whole(number: impl Into<BigInt>) -> Self {
        Self { num: number.into(), den: BigInt::one() }
    }

    /// `numerator ÷ denominator`, which is above zero.
    pub(crate) fn ratio(numerator: impl Into<BigInt>, denominator: impl Into<BigInt>) -> Self {
        Self { num: numerator.into(), den: denominator.into() }
    }

    /// What an account keeps as so many steps of a grain.
    pub(crate) fn kept(raw: impl Into<BigInt>, grain: Grain) -> Self {
        Self::ratio(raw, grain.steps())
    }

    /// A ratio in basis points.
    pub(crate) fn bps(bps: u32) -> Self {
        Self::ratio(bps, 10_000_u32)
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.num.is_zero()
    }

    pub(crate) fn is_positive(&self) -> bool {
        self.num.is_positive()
    }

    pub(crate) fn abs(&self) -> Self {
        Self { num: self.num.abs(), den: self.den.clone() }
    }

    /// Rounded down to the grain.
    pub(crate) fn floor(&self, grain: Grain) -> Self {
        let raw = (&self.num * grain.steps()).div_floor(&self.den);
        Self::kept(raw, grain)
    }

    /// Rounded up to the grain.
    pub(crate) fn ceil(&self, grain: Grain) -> Self {
        let raw = -((-&self.num * grain.steps()).div_floor(&self.den));
        Self::kept(raw, grain)
    }

    /// Rounded down to the grain, where the result has to fit.
    pub(crate) fn down(&self, grain: Grain) -> Result<Self, LendingError> {
        self.floor(grain).fit(grain)
    }

    /// Rounded up to the grain, where the result has to fit.
    pub(crate) fn up(&self, grain: Grain) -> Result<Self, LendingError> {
        self.ceil(grain).fit(grain)
    }

    /// Whole units, at most what a token account holds: more is moved bit by bit.
    pub(crate) fn movable(self) -> Self {
        self.min(Self::whole(u64::MAX))
    }

    /// Itself, if an account can keep it: not below zero, and within the width of the field.
    pub(crate) fn fit(self, grain: Grain) -> Result<Self, LendingError> {
        // A whole number of units has at most as many bits as the numerator over it.
        let fits = if self.den.is_one() && grain.steps() == 1 {
            grain.holds(&self.num)
        } else {
            grain.holds(&(&self.num * grain.steps()).div_floor(&self.den))
        };
        if fits { Ok(self) } else { Err(LendingError::MathOverflow) }
    }

    /// The steps of the grain, rounded down; zero for what does not fit.
    pub(crate) fn raw(&self, grain: Grain) -> u128 {
        (&self.num * grain.steps()).div_floor(&self.den).to_u128().unwrap_or_default()
    }

    /// A whole number of units; zero for what does not fit.
    pub(crate) fn units(&self) -> u64 {
        u64::try_from(self.raw(Grain::Unit)).unwrap_or_default()
    }

    /// Numerator and denominator.
    pub(crate) const fn parts(&self) -> (&BigInt, &BigInt) {
        (&self.num, &self.den)
    }

    fn plus(&self, other: &Self) -> Self {
        if self.den == other.den {
            return Self { num: &self.num + &other.num, den: self.den.clone() };
        }
        if other.den.is_one() {
            return Self { num: &self.num + &other.num * &self.den, den: self.den.clone() };
        }
        if self.den.is_one() {
            return other.plus(self);
        }
        let num = &self.num * &other.den + &other.num * &self.den;
        Self { num, den: &self.den * &other.den }
    }

    fn minus(&self, other: &Self) -> Self {
        self.plus(&Self { num: -&other.num, den: other.den.clone() })
    }

    fn times(&self, other: &Self) -> Self {
        Self { num: &self.num * &other.num, den: &self.den * &other.den }
    }

    /// The divisor is above zero: every rule asks before it divides.
    fn over(&self, other: &Self) -> Self {
        debug_assert!(other.is_positive());
        Self { num: &self.num * &other.den, den: &self.den * &other.num }
    }
}

macro_rules! operator {
    ($trait:ident, $method:ident, $function:ident) => {
        impl $trait<&Q> for &Q {
            type Output = Q;
            fn $method(self, other: &Q) -> Q {
                self.$function(other)
            }
        }
        impl $trait<Q> for &Q {
            type Output = Q;
            fn $method(self, other: Q) -> Q {
                self.$function(&other)
            }
        }
        impl $trait<&Q> for Q {
            type Output = Q;
            fn $method(self, other: &Q) -> Q {
                self.$function(other)
            }
        }
        impl $trait<Q> for Q {
            type Output = Q;
            fn $method(self, other: Q) -> Q {
                self.$function(&other)
            }
        }
    };
}

operator!(Add, add, plus);
operator!(Sub, sub, minus);
operator!(Mul, mul, times);
operator!(Div, div, over);

impl PartialEq for Q {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Q {}

impl PartialOrd for Q {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Q {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.den == other.den {
            return self.num.cmp(&other.num);
        }
        (&self.num * &other.den).cmp(&(&other.num * &self.den))
    }
}

impl fmt::Display for Q {
    /// As a decimal number with 27 places, zeros at the end left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scaled = (&self.num * Grain::Ray.steps()).div_floor(&self.den);
        let sign = if scaled.is_negative() { "-" } else { "" };
        let (whole, part) = scaled.abs().div_rem(&BigInt::from(Grain::Ray.steps()));
        let part = format!("{part:0>27}");
        match part.trim_end_matches('0') {
            "" => write!(f, "{sign}{whole}"),
            part => write!(f, "{sign}{whole}.{part}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Grain, Q};

    #[test]
    fn rounds_to_its_grain() {
        let third = Q::ratio(1, 3);
        assert_eq!(third.floor(Grain::Fine).to_string(), "0.333333333");
        assert_eq!(third.ceil(Grain::Fine).to_string(), "0.333333334");
        let below = Q::zero() - third;
        assert_eq!(below.floor(Grain::Unit).to_string(), "-1");
        assert!(below.down(Grain::Unit).is_err());
        let most = Q::whole(u64::MAX);
        assert!(most.clone().fit(Grain::Unit).is_ok());
        assert!((most + Q::whole(1)).fit(Grain::Unit).is_err());
    }

    #[test]
    fn compares_across_denominators() {
        assert_eq!(Q::ratio(2, 4), Q::ratio(1, 2));
        assert!(Q::ratio(1, 3) < Q::bps(3_334));
        assert_eq!(Q::ratio(7, 2) - Q::whole(3), Q::ratio(1, 2));
        assert_eq!(Q::ratio(7, 2) / Q::ratio(7, 4), Q::whole(2));
    }
}
