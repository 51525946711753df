//! Lowering a liquidation threshold slowly. A threshold that fell at once would make positions
//! liquidatable whose owners did nothing and had no time to react; the idea is Euler's
//! (`LTVConfig.sol`, which ramps down and never up).

use borsh::{BorshDeserialize, BorshSerialize};

use super::wide::mul_div_up;
use crate::{error::LendingError, units::Bps, zoo};

/// Shortest ramp: a day.
pub const RAMP_MIN_S: u32 = 86_400;
/// Longest ramp: a year.
pub const RAMP_MAX_S: u32 = 365 * 86_400;

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

/// The threshold that holds at `now_s` while it falls to `target`, rounded up, so that no position
/// is liquidatable a moment early:
///
/// `target + ⌈(from − target) × (end − now) ÷ (end − start)⌉`
///
/// Before the start it is `from`; from the end on, when `from` is not above `target`, and for a
/// ramp of no length, it is `target`.
#[must_use]
pub fn threshold_at(ramp: &ThresholdRamp, target: Bps, now_s: i64) -> Bps {
    let (left_s, length_s) = (seconds(now_s, ramp.end_s), seconds(ramp.start_s, ramp.end_s));
    let fall = ramp.from.minus(target).map(Bps::get);
    let Some(fall) = fall.ok().filter(|_| zoo!(left_s > 0; RampAtOnce => false)) else {
        return target;
    };
    // A clock behind the start leaves more than the whole length; then nothing has fallen yet.
    let left = mul_div_up(u128::from(fall), left_s.min(length_s), length_s.max(1));
    let left = left.ok().and_then(|left| u32::try_from(left).ok()).unwrap_or(fall);
    // At most `from`, since `left` is at most `from − target`.
    Bps(target.get() + left.min(fall))
}

/// The ramp that a change of the threshold begins, at `now_s`, from a reserve's `ramp` and
/// threshold `before` to the threshold `after` within `ramp_s`.
///
/// A threshold that does not change keeps its ramp; one that rises to or above where it stands
/// ends it; one that falls starts anew from where it stands.
///
/// # Errors
/// [`LendingError::RampTooShort`] for a fall within less than [`RAMP_MIN_S`];
/// [`LendingError::InvalidConfig`] beyond [`RAMP_MAX_S`], for a length where nothing falls, and
/// for an end beyond the clock.
pub fn next_ramp(
    ramp: &ThresholdRamp,
    (before, after): (Bps, Bps),
    ramp_s: u32,
    now_s: i64,
) -> Result<ThresholdRamp, LendingError> {
    let from = threshold_at(ramp, before, now_s);
    if after == before || after >= from {
        let unasked = ramp_s == 0;
        let kept = if after == before { *ramp } else { ThresholdRamp::default() };
        return if unasked { Ok(kept) } else { Err(LendingError::InvalidConfig) };
    }
    if ramp_s < RAMP_MIN_S {
        return Err(LendingError::RampTooShort);
    }
    let end_s = now_s.checked_add(i64::from(ramp_s)).filter(|_| ramp_s <= RAMP_MAX_S);
    let end_s = end_s.ok_or(LendingError::InvalidConfig)?;
    Ok(ThresholdRamp { from, start_s: now_s, end_s })
}

/// Whether a fall to `after` along `next` leaves the threshold above where the running `ramp`
/// would have it: both are straight lines from the same point, so the running one's end decides.
#[must_use]
pub fn is_slower(
    (ramp, before): (&ThresholdRamp, Bps),
    (next, after): (&ThresholdRamp, Bps),
    now_s: i64,
) -> bool {
    threshold_at(ramp, before, now_s) > before && threshold_at(next, after, ramp.end_s) > before
}

/// Seconds from `from_s` to `to_s`; none when it lies behind.
fn seconds(from_s: i64, to_s: i64) -> u128 {
    u128::try_from(i128::from(to_s) - i128::from(from_s)).unwrap_or_default()
}
