//! Exact figures to hold the program's against.

use std::fmt::Debug;

use cofferdam_lending_interface::{LendingError, units::RAY};
use num_bigint::BigUint;

use crate::auditor::{number::Q, series::Span};

/// What a function of the program gives back.
pub(super) type Got<T = u128> = Result<T, LendingError>;

/// Which way a figure is rounded.
#[derive(Clone, Copy)]
pub(super) enum Round {
    Down,
    Up,
}

/// A product over a product; `None` where it is divided by zero.
pub(super) fn exact(factors: &[u128], divisors: &[u128], round: Round) -> Option<BigUint> {
    let product = |numbers: &[u128]| numbers.iter().map(|n| BigUint::from(*n)).product::<BigUint>();
    let (above, below) = (product(factors), product(divisors));
    if below == BigUint::ZERO {
        return None;
    }
    let up = match round {
        Round::Down => BigUint::ZERO,
        Round::Up => &below - 1_u32,
    };
    Some((above + up) / below)
}

/// `a × b ÷ divisor` rounded down, or an overflow where it does not fit or there is none.
pub(super) fn down(a: u128, b: u128, divisor: u128) -> Got {
    fit(&exact(&[a, b], &[divisor], Round::Down))
}

/// The same rounded up.
pub(super) fn up(a: u128, b: u128, divisor: u128) -> Got {
    fit(&exact(&[a, b], &[divisor], Round::Up))
}

/// The exact figure, or an overflow when it does not fit or there is none.
pub(super) fn same(name: &str, got: Got, exact: &Option<BigUint>) {
    assert_eq!(got, fit(exact), "{name}");
}

/// A figure that several steps lead to, each rounded as it is documented.
pub(super) fn equal<T: PartialEq + Debug>(name: &str, got: &T, exact: &T) {
    assert_eq!(got, exact, "{name}");
}

fn fit(exact: &Option<BigUint>) -> Got {
    let fits = exact.as_ref().and_then(|exact| u128::try_from(exact).ok());
    fits.ok_or(LendingError::MathOverflow)
}

/// A number of so many 10⁻²⁷.
pub(super) fn rays(number: u128) -> Q {
    Q::ratio(number, RAY)
}

/// Not above the true value, and below it by less than `parts` of 10²⁵ and so many units of 10⁻²⁷.
pub(super) fn just_below(name: &str, got: u128, truth: &Span, parts: u32, units: u128) {
    let got = rays(got);
    assert!(got <= truth.high, "{name}: {got} is above {}", truth.high);
    let least = &truth.low * Q::ratio(TEN_25 - u128::from(parts), TEN_25);
    assert!(got.clone() + rays(units) > least, "{name}: {got} is far below {}", truth.low);
}

/// Not below the true value, and above it by less than `parts` of 10²⁵ and so many units of 10⁻²⁷.
pub(super) fn just_above(name: &str, got: u128, truth: &Span, parts: u32, units: u128) {
    let got = rays(got);
    assert!(got >= truth.low, "{name}: {got} is below {}", truth.low);
    let most = &truth.high * Q::ratio(TEN_25 + u128::from(parts), TEN_25) + rays(units);
    assert!(got < most, "{name}: {got} is far above {}", truth.high);
}

const TEN_25: u128 = 10_u128.pow(25);
