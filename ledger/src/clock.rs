//! Time: one counter of milliseconds from which slot, timestamp and epoch all follow.

use serde::{Deserialize, Serialize};
use solana_clock::Clock;
use thiserror::Error;

use crate::genesis::Genesis;

const MS_PER_S: i128 = 1_000;

/// A move forward in time. Slot, timestamp and epoch move together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Warp {
    /// That many slots on.
    Slots(u64),
    /// To that slot: as many slots on as it is away.
    ToSlot(u64),
    /// Exactly that many seconds on.
    Seconds(u64),
    /// To that time, in seconds since 1970-01-01 UTC.
    ToTimestamp(i64),
}

/// Why a warp was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum WarpError {
    /// The target slot is in the past.
    #[error(
        "slot {to} is before the current slot {now}: time only moves forward, take a snapshot \
         and use revert_to to go back"
    )]
    SlotInThePast {
        /// Slot asked for.
        to: u64,
        /// Current slot.
        now: u64,
    },
    /// The target time is in the past.
    #[error(
        "time {to} s is before the current time {now} s: time only moves forward, take a \
         snapshot and use revert_to to go back"
    )]
    TimeInThePast {
        /// Time asked for, in seconds since 1970-01-01 UTC.
        to: i64,
        /// Current time, in seconds since 1970-01-01 UTC.
        now: i64,
    },
    /// The clock cannot show that time.
    #[error("the clock ends before the target of {0:?}: warp by less")]
    TooFar(Warp),
}

/// The ledger's time.
///
/// `elapsed_ms` is the only thing that moves. So no rounding error can add up: the half slot
/// left over by `Seconds(1)` at 400 ms a slot is there for the next warp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LedgerClock {
    elapsed_ms: i128,
    view: Clock,
}

impl LedgerClock {
    pub(crate) fn new(genesis: &Genesis) -> Self {
        // At genesis every part of the view is a field of the genesis: nothing can overflow.
        let view = view(genesis, 0).unwrap_or_default();
        Self { elapsed_ms: 0, view }
    }

    /// The clock that far from genesis; `None` before genesis and beyond the clock's range.
    pub(crate) fn at(genesis: &Genesis, elapsed_ms: i128) -> Option<Self> {
        let elapsed_ms = (elapsed_ms >= 0).then_some(elapsed_ms)?;
        Some(Self { elapsed_ms, view: view(genesis, elapsed_ms)? })
    }

    pub(crate) fn view(&self) -> &Clock {
        &self.view
    }

    /// Milliseconds since genesis, for the state root: two clocks that show the same second may
    /// still stand at different places within it.
    pub(crate) fn elapsed_ms(&self) -> i128 {
        self.elapsed_ms
    }

    /// The clock after `warp`.
    pub(crate) fn warped(&self, genesis: &Genesis, warp: Warp) -> Result<Self, WarpError> {
        let step_ms = self.step_ms(genesis, warp)?;
        let elapsed_ms = self.elapsed_ms.checked_add(step_ms).ok_or(WarpError::TooFar(warp))?;
        let view = view(genesis, elapsed_ms).ok_or(WarpError::TooFar(warp))?;
        Ok(Self { elapsed_ms, view })
    }

    fn step_ms(&self, genesis: &Genesis, warp: Warp) -> Result<i128, WarpError> {
        let (slot, now) = (self.view.slot, self.view.unix_timestamp);
        let of_slots = |slots: u64| {
            let step = i128::from(slots).checked_mul(i128::from(genesis.slot_duration_ms.get()));
            step.ok_or(WarpError::TooFar(warp))
        };
        match warp {
            Warp::Slots(slots) => of_slots(slots),
            Warp::ToSlot(to) => {
                of_slots(to.checked_sub(slot).ok_or(WarpError::SlotInThePast { to, now: slot })?)
            }
            Warp::Seconds(seconds) => Ok(i128::from(seconds) * MS_PER_S),
            Warp::ToTimestamp(to) if to < now => Err(WarpError::TimeInThePast { to, now }),
            Warp::ToTimestamp(to) => Ok((i128::from(to) - i128::from(now)) * MS_PER_S),
        }
    }
}

/// What a program sees `elapsed_ms` after genesis; `None` beyond the range of the clock.
fn view(genesis: &Genesis, elapsed_ms: i128) -> Option<Clock> {
    let slots = elapsed_ms / i128::from(genesis.slot_duration_ms.get());
    let slot = genesis.slot.checked_add(u64::try_from(slots).ok()?)?;
    let epoch = slot / genesis.slots_per_epoch;
    Some(Clock {
        slot,
        epoch,
        unix_timestamp: timestamp_s(genesis, elapsed_ms)?,
        epoch_start_timestamp: timestamp_s(genesis, epoch_start_ms(genesis, epoch)?)?,
        // Nothing here schedules leaders; the field only keeps its usual relation to `epoch`.
        leader_schedule_epoch: epoch.saturating_add(1),
    })
}

fn timestamp_s(genesis: &Genesis, elapsed_ms: i128) -> Option<i64> {
    i64::try_from(i128::from(genesis.unix_timestamp_s) + elapsed_ms / MS_PER_S).ok()
}

/// When the epoch began; genesis for the epoch that genesis lies in.
fn epoch_start_ms(genesis: &Genesis, epoch: u64) -> Option<i128> {
    let first_slot = epoch.checked_mul(genesis.slots_per_epoch.get())?;
    let slots = first_slot.saturating_sub(genesis.slot);
    i128::from(slots).checked_mul(i128::from(genesis.slot_duration_ms.get()))
}
