//! Units are types, so that mixing them does not compile.
//!
//! | type | counts | scale |
//! |---|---|---|
//! | [`Amount`] | a token, in native units | 1 |
//! | [`Fine`] | a token, in fractions of a native unit | 10⁻⁹ unit |
//! | [`Shares`] | claims on what suppliers own together | 10⁻⁶ unit when a reserve is new |
//! | [`DebtShares`] | claims on what borrowers owe together | 1 fine at index 1 |
//! | [`Index`] | fine owed for one debt share | 10⁻²⁷ |
//! | [`Value`] | quote currency (USD) | 10⁻¹⁸ |
//! | [`Price`] | quote currency for one whole token | 10⁻¹⁸ |
//! | [`Wad`] | a plain ratio | 10⁻¹⁸ |
//! | [`Bps`] | a plain ratio | 10⁻⁴ |

use core::fmt;

use borsh::{BorshDeserialize, BorshSerialize};

use crate::error::LendingError;

/// Declares an integer unit with checked arithmetic within the unit and nothing across units.
macro_rules! unit {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash,
            BorshSerialize, BorshDeserialize,
        )]
        pub struct $name(pub $inner);

        impl $name {
            /// Nothing.
            pub const ZERO: Self = Self(0);
            /// The largest number the type holds.
            pub const MAX: Self = Self(<$inner>::MAX);

            /// The bare integer.
            #[must_use]
            pub const fn get(self) -> $inner {
                self.0
            }

            /// Whether it is nothing.
            #[must_use]
            pub const fn is_zero(self) -> bool {
                self.0 == 0
            }

            /// Sum.
            ///
            /// # Errors
            /// [`LendingError::MathOverflow`].
            pub fn plus(self, other: Self) -> Result<Self, LendingError> {
                self.0.checked_add(other.0).map(Self).ok_or(LendingError::MathOverflow)
            }

            /// Difference.
            ///
            /// # Errors
            /// [`LendingError::MathOverflow`] below zero: value is never clamped away.
            pub fn minus(self, other: Self) -> Result<Self, LendingError> {
                self.0.checked_sub(other.0).map(Self).ok_or(LendingError::MathOverflow)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

unit! {
    /// Native units of a token: what a token account holds.
    Amount(u64)
}
unit! {
    /// Billionths of a native unit. Interest, fees and losses are kept this finely, so that no
    /// rounding has to be hidden between two owners.
    Fine(u128)
}
unit! {
    /// Shares of what a reserve's suppliers own together.
    Shares(u128)
}
unit! {
    /// Shares of what a reserve's borrowers owe together; the debt is `shares × index`.
    DebtShares(u128)
}
unit! {
    /// Fine units owed for one debt share, times [`Index::ONE`].
    Index(u128)
}
unit! {
    /// Value in the quote currency, times 10¹⁸.
    Value(u128)
}
unit! {
    /// Quote currency for one whole token, times 10¹⁸.
    Price(u128)
}
unit! {
    /// A ratio times 10¹⁸.
    Wad(u128)
}
unit! {
    /// A ratio times 10⁴.
    Bps(u32)
}

/// 10⁹: fine units in one native unit.
pub const FINE_PER_UNIT: u128 = 1_000_000_000;
/// 10¹⁸: the scale of values, prices and ratios.
pub const WAD: u128 = 1_000_000_000_000_000_000;
/// 10²⁷: the scale of indexes and interest.
pub const RAY: u128 = 1_000_000_000_000_000_000_000_000_000;
/// 10⁴: basis points in one.
pub const BPS_PER_ONE: u128 = 10_000;

impl Amount {
    /// The same amount in fine units; exact.
    #[must_use]
    pub const fn fine(self) -> Fine {
        // u64::MAX × 10⁹ is far below u128::MAX, so this never overflows.
        Fine(self.0 as u128 * FINE_PER_UNIT)
    }
}

impl Fine {
    /// Whole native units, rounded down.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`] beyond what a token account can hold.
    pub fn units_down(self) -> Result<Amount, LendingError> {
        amount(self.0 / FINE_PER_UNIT)
    }

    /// Whole native units, rounded up.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`] beyond what a token account can hold.
    pub fn units_up(self) -> Result<Amount, LendingError> {
        amount(self.0.div_ceil(FINE_PER_UNIT))
    }

    /// Whole native units, rounded down, that one call can move: all of them, or [`Amount::MAX`]
    /// when no token account can hold that many. For a part that is taken, never for a total.
    #[must_use]
    pub fn movable_down(self) -> Amount {
        self.units_down().unwrap_or(Amount::MAX)
    }

    /// Whole native units, rounded up, that one call can move, as [`Fine::movable_down`] has them.
    #[must_use]
    pub fn movable_up(self) -> Amount {
        self.units_up().unwrap_or(Amount::MAX)
    }
}

impl Index {
    /// The index of a reserve that never earned interest.
    pub const ONE: Self = Self(RAY);
    /// Where interest stops: a billion times the first index.
    pub const CEILING: Self = Self(RAY * 1_000_000_000);
}

impl Wad {
    /// One.
    pub const ONE: Self = Self(WAD);
}

impl Bps {
    /// One, or 100 %.
    pub const ONE: Self = Self(10_000);

    /// The same ratio as a [`Wad`]; exact.
    #[must_use]
    pub const fn wad(self) -> Wad {
        Wad(self.0 as u128 * (WAD / BPS_PER_ONE))
    }
}

/// An amount from a wide integer.
///
/// # Errors
/// [`LendingError::MathOverflow`] beyond what a token account can hold.
pub fn amount(units: u128) -> Result<Amount, LendingError> {
    u64::try_from(units).map(Amount).map_err(|_| LendingError::MathOverflow)
}
