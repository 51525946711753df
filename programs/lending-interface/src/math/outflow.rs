//! Limits on what may leave within an hour and a day.
//!
//! A window counts net: what left by loan and withdrawal, less what came in by deposit and
//! repayment. Counted gross, anybody could deposit and withdraw in a circle and use the limit up
//! for everybody else at no cost. Liquidations count on neither side.

use borsh::{BorshDeserialize, BorshSerialize};

use super::wide::mul_div_up;
use crate::{error::LendingError, units::Amount};

/// Length of the short window.
pub const HOUR_S: u32 = 3_600;
/// Length of the long window.
pub const DAY_S: u32 = 86_400;

/// What left in one window and in the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct OutflowWindow {
    /// Start of the current window, unix time.
    pub start_s: i64,
    /// Native units that left in the current window less those that came in; negative when more
    /// came in.
    pub current: i128,
    /// Native units that left on balance in the window before, never negative: what came in then
    /// makes no room now.
    pub previous: u128,
}

/// The two windows a reserve keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct OutflowWindows {
    /// The hour.
    pub hour: OutflowWindow,
    /// The day.
    pub day: OutflowWindow,
}

/// The most that may leave in each window; [`Amount::MAX`] is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutflowLimits {
    /// Within an hour.
    pub hour: Amount,
    /// Within a day.
    pub day: Amount,
}

impl OutflowLimits {
    /// Whether neither window has a limit; then nothing is counted, which is cheaper.
    #[must_use]
    pub fn are_none(self) -> bool {
        self.hour == Amount::MAX && self.day == Amount::MAX
    }
}

impl OutflowWindow {
    /// The window at `now_s`: a new one begins `length_s` after the last. A clock that stands
    /// before its start is taken as no time.
    #[must_use]
    pub fn at(self, length_s: u32, now_s: i64) -> Self {
        let (elapsed, length) = (self.elapsed_s(now_s), u128::from(length_s));
        if elapsed < length {
            return self;
        }
        let next_s = self.start_s.checked_add(i64::from(length_s));
        match next_s.filter(|_| elapsed < 2 * length) {
            Some(start_s) => Self { start_s, current: 0, previous: positive(self.current) },
            None => Self { start_s: now_s, ..Self::default() },
        }
    }

    /// Native units of the limit that are used at `now_s`, rounded up; negative when more came in
    /// than left.
    ///
    /// `current + ⌈previous × (length − elapsed) ÷ length⌉`, the sliding-window counter: what left
    /// in the window before is taken as spread evenly over it. On balance no more than the limit
    /// leaves within a window, and where nothing comes in, less than twice the limit within any
    /// span as long as a window.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn used_up(self, length_s: u32, now_s: i64) -> Result<i128, LendingError> {
        let window = self.at(length_s, now_s);
        let length = u128::from(length_s);
        let left = length - window.elapsed_s(now_s).min(length);
        let before = mul_div_up(window.previous, left, length)?;
        let before = i128::try_from(before).map_err(|_| LendingError::MathOverflow)?;
        window.current.checked_add(before).ok_or(LendingError::MathOverflow)
    }

    /// What may still leave at `now_s` when `limit` holds, rounded down.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn room_down(
        self,
        length_s: u32,
        limit: Amount,
        now_s: i64,
    ) -> Result<Amount, LendingError> {
        if limit == Amount::MAX {
            return Ok(Amount::MAX);
        }
        let used = self.used_up(length_s, now_s)?;
        let room = i128::from(limit.get()).checked_sub(used).ok_or(LendingError::MathOverflow)?;
        Ok(u64::try_from(positive(room)).map_or(Amount::MAX, Amount))
    }

    fn moved(self, length_s: u32, change: i128, now_s: i64) -> Result<Self, LendingError> {
        let window = self.at(length_s, now_s);
        let current = window.current.checked_add(change).ok_or(LendingError::MathOverflow)?;
        Ok(Self { current, ..window })
    }

    fn elapsed_s(self, now_s: i64) -> u128 {
        u128::try_from(i128::from(now_s) - i128::from(self.start_s)).unwrap_or_default()
    }
}

impl OutflowWindows {
    /// What may still leave at `now_s`: the smaller of what the two windows leave.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn room_down(&self, limits: OutflowLimits, now_s: i64) -> Result<Amount, LendingError> {
        let hour = self.hour.room_down(HOUR_S, limits.hour, now_s)?;
        Ok(hour.min(self.day.room_down(DAY_S, limits.day, now_s)?))
    }

    /// Counts `amount` that leaves at `now_s`.
    ///
    /// # Errors
    /// [`LendingError::OutflowLimitExceeded`] beyond a limit; [`LendingError::MathOverflow`].
    pub fn take(
        &mut self,
        amount: Amount,
        limits: OutflowLimits,
        now_s: i64,
    ) -> Result<(), LendingError> {
        if amount > self.room_down(limits, now_s)? {
            return Err(LendingError::OutflowLimitExceeded);
        }
        self.count(i128::from(amount.get()), limits, now_s)
    }

    /// Counts `amount` that comes in at `now_s`.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn give(
        &mut self,
        amount: Amount,
        limits: OutflowLimits,
        now_s: i64,
    ) -> Result<(), LendingError> {
        self.count(-i128::from(amount.get()), limits, now_s)
    }

    fn count(
        &mut self,
        change: i128,
        limits: OutflowLimits,
        now_s: i64,
    ) -> Result<(), LendingError> {
        if !limits.are_none() {
            self.hour = self.hour.moved(HOUR_S, change, now_s)?;
            self.day = self.day.moved(DAY_S, change, now_s)?;
        }
        Ok(())
    }
}

/// A number, or zero when it is below.
fn positive(number: i128) -> u128 {
    u128::try_from(number).unwrap_or_default()
}
