//! Lowering a liquidation threshold slowly.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::units::Bps;

/// How a liquidation threshold is being lowered: in a straight line from where it stood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ThresholdRamp {
    /// Threshold at the start.
    pub from: Bps,
    /// Start, unix time.
    pub start_s: i64,
    /// End, unix time; from then on the configured threshold holds.
    pub end_s: i64,
}
