//! Limits on what may leave within an hour and a day.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::units::Amount;

/// What left in one window and in the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct OutflowWindow {
    /// Start of the current window, unix time.
    pub start_s: i64,
    /// Left in the current window.
    pub current: Amount,
    /// Left in the window before.
    pub previous: Amount,
}

/// The two windows a reserve keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct OutflowWindows {
    /// The hour.
    pub hour: OutflowWindow,
    /// The day.
    pub day: OutflowWindow,
}
