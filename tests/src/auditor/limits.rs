//! Caps, outflow windows and thresholds on their way down. docs/MATH.md, "Limits" and "Falling
//! thresholds".

use cofferdam_lending_interface::{LendingError, units::Amount};

use super::{
    number::{Grain, Q},
    state::{Ramp, Reserve, Window},
};

const HOUR_S: u32 = 3_600;
const DAY_S: u32 = 86_400;

impl Reserve {
    pub(super) fn require_supply_room(&self, amount: &Q) -> Result<(), LendingError> {
        let room = room(self.config.supply_cap, &self.supply()?.assets);
        within(amount, room, LendingError::SupplyCapExceeded)
    }

    pub(super) fn require_borrow_room(&self, amount: &Q) -> Result<(), LendingError> {
        let debt = self.debt()?;
        within(amount, room(self.config.borrow_cap, &debt), LendingError::BorrowCapExceeded)?;
        let most = self.config.max_utilisation.0;
        if most == 10_000 {
            return Ok(());
        }
        let (lent, funds) = (&debt + amount, debt + self.available());
        // Rounded up to a basis point: above the limit by any part of one is too high.
        if lent > Q::bps(most) * funds { Err(LendingError::UtilisationTooHigh) } else { Ok(()) }
    }

    pub(super) fn require_outflow_room(&self, amount: &Q) -> Result<(), LendingError> {
        let now_s = self.accrued_at_s;
        let hour = self.hour.room(HOUR_S, self.config.outflow_hour_max, now_s);
        let day = self.day.room(DAY_S, self.config.outflow_day_max, now_s);
        within(amount, hour, LendingError::OutflowLimitExceeded)?;
        within(amount, day, LendingError::OutflowLimitExceeded)
    }

    /// Counts what leaves, or, below zero, what comes in; nothing while there is no limit.
    pub(super) fn count(&mut self, change: &Q) {
        let (hour, day) = (self.config.outflow_hour_max, self.config.outflow_day_max);
        if hour == Amount::MAX && day == Amount::MAX {
            return;
        }
        let now_s = self.accrued_at_s;
        for (window, length_s) in [(&mut self.hour, HOUR_S), (&mut self.day, DAY_S)] {
            *window = window.at(length_s, now_s);
            window.current = &window.current + change;
        }
    }
}

/// What a cap leaves, in whole units; `None` without one.
fn room(cap: Amount, used: &Q) -> Option<Q> {
    let left = || (Q::whole(cap.0) - used).max(Q::zero()).floor(Grain::Unit);
    (cap != Amount::MAX).then(left)
}

fn within(amount: &Q, room: Option<Q>, error: LendingError) -> Result<(), LendingError> {
    if room.is_some_and(|room| *amount > room) { Err(error) } else { Ok(()) }
}

impl Window {
    /// The window at `now_s`: the next one begins where the last ends, unless that is over too.
    fn at(&self, length_s: u32, now_s: i64) -> Self {
        let (elapsed_s, length_s) = (self.elapsed_s(now_s), i128::from(length_s));
        if elapsed_s < length_s {
            return self.clone();
        }
        if elapsed_s < 2 * length_s {
            let start_s = self.start_s + i64::try_from(length_s).unwrap_or_default();
            let previous = self.current.clone().max(Q::zero());
            return Self { start_s, current: Q::zero(), previous };
        }
        Self { start_s: now_s, current: Q::zero(), previous: Q::zero() }
    }

    fn room(&self, length_s: u32, limit: Amount, now_s: i64) -> Option<Q> {
        if limit == Amount::MAX {
            return None;
        }
        let window = self.at(length_s, now_s);
        let left_s = i128::from(length_s) - window.elapsed_s(now_s);
        let before = (&window.previous * Q::ratio(left_s, length_s)).ceil(Grain::Unit);
        Some((Q::whole(limit.0) - window.current - before).max(Q::zero()))
    }

    fn elapsed_s(&self, now_s: i64) -> i128 {
        (i128::from(now_s) - i128::from(self.start_s)).max(0)
    }
}

impl Ramp {
    /// `target + ⌈(from − target) × (end − now) ÷ (end − start)⌉`.
    pub(super) fn at(&self, target: u32, now_s: i64) -> u32 {
        if self.from <= target || now_s >= self.end_s {
            return target;
        }
        if now_s <= self.start_s {
            return self.from;
        }
        let (fall, left) = (self.from - target, self.end_s - now_s);
        let left = Q::whole(fall) * Q::ratio(left, self.end_s - self.start_s);
        let left = u32::try_from(left.ceil(Grain::Unit).units()).unwrap_or(fall);
        target + left
    }
}
