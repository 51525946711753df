use cofferdam_lending_interface::{
    LendingError,
    math::outflow::{DAY_S, HOUR_S, OutflowLimits, OutflowWindow, OutflowWindows},
    units::Amount,
};
use proptest::prelude::*;

const HOURLY: OutflowLimits = OutflowLimits { hour: Amount(1_000), day: Amount::MAX };
const START_S: i64 = 1_700_000_000;

#[test]
fn a_window_slides_and_rounds_up() {
    let mut windows = OutflowWindows::default();
    windows.take(Amount(1_000), HOURLY, START_S).unwrap();
    let full = windows;
    let over = windows.take(Amount(1), HOURLY, START_S + 3_599);
    assert_eq!(over, Err(LendingError::OutflowLimitExceeded));
    assert_eq!(windows, full, "a refusal counts nothing");
    // At the start of the next hour all of it counts, half-way half of it, rounded up.
    let used = |now_s| windows.hour.used_up(HOUR_S, now_s).unwrap();
    assert_eq!(used(START_S + 3_600), 1_000);
    assert_eq!(used(START_S + 3_601), 1_000);
    assert_eq!(used(START_S + 3_604), 999);
    assert_eq!(used(START_S + 5_400), 500);
    assert_eq!(used(START_S + 7_199), 1);
    assert_eq!(used(START_S + 7_200), 0);
    assert_eq!(used(START_S - 1), 1_000, "a clock behind the start");
    assert_eq!(windows.room_down(HOURLY, START_S + 5_400), Ok(Amount(500)));
    windows.take(Amount(500), HOURLY, START_S + 5_400).unwrap();
    let over = windows.take(Amount(1), HOURLY, START_S + 5_400);
    assert_eq!(over, Err(LendingError::OutflowLimitExceeded));
    assert_eq!((windows.hour.current, windows.hour.previous), (500, 1_000));
    assert_eq!(windows.hour.start_s, START_S + 3_600);
}

#[test]
fn both_windows_hold() {
    let limits = OutflowLimits { hour: Amount(1_000), day: Amount(2_500) };
    let mut windows = OutflowWindows::default();
    for hour in [0, 2] {
        windows.take(Amount(1_000), limits, START_S + hour * 3_600).unwrap();
    }
    let now_s = START_S + 4 * 3_600;
    assert_eq!(windows.room_down(limits, now_s), Ok(Amount(500)), "the day is the closer one");
    let over = windows.take(Amount(501), limits, now_s);
    assert_eq!(over, Err(LendingError::OutflowLimitExceeded));
    windows.take(Amount(500), limits, now_s).unwrap();
    assert_eq!(windows.day.used_up(DAY_S, now_s), Ok(2_500));
}

#[test]
fn what_comes_in_makes_room_until_the_window_ends() {
    let mut windows = OutflowWindows::default();
    windows.give(Amount(400), HOURLY, START_S).unwrap();
    assert_eq!(windows.room_down(HOURLY, START_S), Ok(Amount(1_400)));
    windows.take(Amount(1_400), HOURLY, START_S).unwrap();
    windows.give(Amount(5_000), HOURLY, START_S).unwrap();
    assert_eq!(windows.room_down(HOURLY, START_S + 3_599), Ok(Amount(5_000)));
    assert_eq!(windows.room_down(HOURLY, START_S + 3_600), Ok(Amount(1_000)), "no credit is kept");
}

/// Counted gross, whoever goes round in a circle would stop everybody else from leaving.
#[test]
fn a_circle_uses_nothing_up() {
    let mut windows = OutflowWindows::default();
    for _ in 0..100 {
        windows.give(Amount(1_000_000), HOURLY, START_S).unwrap();
        windows.take(Amount(1_000_000), HOURLY, START_S).unwrap();
    }
    assert_eq!(windows.room_down(HOURLY, START_S), Ok(Amount(1_000)));
}

#[test]
fn without_a_limit_nothing_is_counted_and_nothing_overflows() {
    let none = OutflowLimits { hour: Amount::MAX, day: Amount::MAX };
    let mut windows = OutflowWindows::default();
    for _ in 0..3 {
        windows.take(Amount::MAX, none, START_S).unwrap();
        windows.give(Amount::MAX, none, START_S).unwrap();
    }
    assert_eq!(windows, OutflowWindows::default());
    assert_eq!(windows.room_down(none, START_S), Ok(Amount::MAX));
    let daily = OutflowLimits { hour: Amount::MAX, day: Amount(7) };
    windows.take(Amount(7), daily, START_S).unwrap();
    assert_eq!(windows.take(Amount(1), daily, START_S), Err(LendingError::OutflowLimitExceeded));
}

#[test]
fn a_limit_of_zero_lets_nothing_out_and_a_lowered_one_waits() {
    let zero = OutflowLimits { hour: Amount::ZERO, day: Amount::ZERO };
    let mut windows = OutflowWindows::default();
    windows.take(Amount::ZERO, zero, START_S).unwrap();
    assert_eq!(windows.take(Amount(1), zero, START_S), Err(LendingError::OutflowLimitExceeded));
    windows.take(Amount(1_000), HOURLY, START_S).unwrap();
    let lowered = OutflowLimits { hour: Amount(100), ..HOURLY };
    assert_eq!(windows.room_down(lowered, START_S), Ok(Amount::ZERO));
    assert_eq!(windows.room_down(lowered, START_S + 3_600 + 3_240), Ok(Amount::ZERO));
    assert_eq!(windows.room_down(lowered, START_S + 3_600 + 3_276), Ok(Amount(10)));
}

#[test]
fn the_ends_of_the_clock_are_no_failure() {
    let window = OutflowWindow { start_s: i64::MAX - 10, current: 5, previous: 7 };
    assert_eq!(window.at(HOUR_S, i64::MAX), window);
    assert_eq!(window.at(HOUR_S, i64::MIN), window);
    let early = OutflowWindow { start_s: i64::MIN, current: 5, previous: 7 };
    assert_eq!(early.at(HOUR_S, i64::MAX).used_up(HOUR_S, i64::MAX), Ok(0));
}

/// What somebody tries to take out, and how long after the last attempt.
fn attempts() -> impl Strategy<Value = Vec<(u64, i64)>> {
    prop::collection::vec((0_u64..1_500, 0_i64..5_000), 1..60)
}

proptest! {
    /// Less than twice the limit within any span as long as the window; at most the limit within
    /// each window; and on average no more than the limit in each.
    #[test]
    fn a_burst_is_bounded(attempts in attempts()) {
        let (mut windows, mut now_s) = (OutflowWindows::default(), START_S);
        let mut left: Vec<(i64, u64)> = Vec::new();
        for (amount, wait_s) in attempts {
            now_s += wait_s;
            if windows.take(Amount(amount), HOURLY, now_s).is_ok() {
                left.push((now_s, amount));
            }
            let since = |from_s: i64| -> u64 {
                left.iter().filter(|(at_s, _)| *at_s > from_s).map(|(_, amount)| amount).sum()
            };
            prop_assert!(since(now_s - 3_600) < 2_000);
            prop_assert!(since(windows.hour.start_s - 1) <= 1_000);
            let hours = u64::try_from((now_s - START_S) / 3_600).unwrap() + 1;
            prop_assert!(since(START_S - 1) <= hours * 1_000);
        }
    }

    /// With payments in between, no more than the limit leaves on balance since a window began.
    #[test]
    fn the_balance_of_a_window_is_bounded(
        moves in prop::collection::vec((-3_000_i64..3_000, 0_i64..5_000), 1..60),
    ) {
        let (mut windows, mut now_s) = (OutflowWindows::default(), START_S);
        let mut flows: Vec<(i64, i64)> = Vec::new();
        for (change, wait_s) in moves {
            now_s += wait_s;
            let amount = Amount(change.unsigned_abs());
            if change < 0 {
                windows.give(amount, HOURLY, now_s).unwrap();
                flows.push((now_s, change));
            } else if windows.take(amount, HOURLY, now_s).is_ok() {
                flows.push((now_s, change));
            }
            let start_s = windows.hour.at(HOUR_S, now_s).start_s;
            let inside = flows.iter().filter(|(at_s, _)| *at_s >= start_s);
            prop_assert!(inside.map(|(_, change)| change).sum::<i64>() <= 1_000);
        }
    }

    /// What the room says is exactly what may leave.
    #[test]
    fn room_is_exact(attempts in attempts()) {
        let (mut windows, mut now_s) = (OutflowWindows::default(), START_S);
        for (amount, wait_s) in attempts {
            now_s += wait_s;
            let room = windows.room_down(HOURLY, now_s).unwrap();
            let accepted = windows.take(Amount(amount), HOURLY, now_s).is_ok();
            prop_assert_eq!(accepted, Amount(amount) <= room);
        }
    }
}
