use cofferdam_lending_interface::{
    LendingError,
    math::ramp::{RAMP_MAX_S, RAMP_MIN_S, ThresholdRamp, is_slower, next_ramp, threshold_at},
    state::ReserveConfig,
    units::Bps,
};
use proptest::prelude::*;

use crate::encoding::reserve;

const RAMP: ThresholdRamp = ThresholdRamp { from: Bps(8_000), start_s: 1_000, end_s: 101_000 };

#[test]
fn falls_in_a_straight_line_and_rounds_up() {
    let at = |now_s| threshold_at(&RAMP, Bps(6_000), now_s);
    assert_eq!(at(0), Bps(8_000), "a clock behind the start");
    assert_eq!(at(i64::MIN), Bps(8_000));
    assert_eq!(at(1_000), Bps(8_000));
    // 2,000 bps in 100,000 s: one every 50 s, and a part of one counts in full.
    assert_eq!(at(1_001), Bps(8_000));
    assert_eq!(at(1_050), Bps(7_999));
    assert_eq!(at(51_000), Bps(7_000));
    assert_eq!(at(100_999), Bps(6_001));
    assert_eq!(at(101_000), Bps(6_000));
    assert_eq!(at(i64::MAX), Bps(6_000));
    assert_eq!(threshold_at(&RAMP, Bps(9_000), 1_000), Bps(9_000), "a target above");
    assert_eq!(threshold_at(&ThresholdRamp::default(), Bps(5), 0), Bps(5));
}

#[test]
fn bounds_of_a_ramp() {
    let none = ThresholdRamp::default();
    let next = |after, ramp_s| next_ramp(&none, (Bps(8_000), after), ramp_s, 1_000);
    assert_eq!(next(Bps(7_999), RAMP_MIN_S - 1), Err(LendingError::RampTooShort));
    assert_eq!(next(Bps(7_999), 0), Err(LendingError::RampTooShort));
    let shortest = ThresholdRamp { from: Bps(8_000), start_s: 1_000, end_s: 1_000 + 86_400 };
    assert_eq!(next(Bps(7_999), RAMP_MIN_S), Ok(shortest));
    let longest = ThresholdRamp { end_s: 1_000 + 365 * 86_400, ..shortest };
    assert_eq!(next(Bps(0), RAMP_MAX_S), Ok(longest));
    assert_eq!(next(Bps(0), RAMP_MAX_S + 1), Err(LendingError::InvalidConfig));
    assert_eq!(next(Bps(8_000), 0), Ok(none));
    assert_eq!(next(Bps(8_001), 0), Ok(none));
    assert_eq!(next(Bps(8_001), 1), Err(LendingError::InvalidConfig), "nothing falls");
    let late = next_ramp(&none, (Bps(2), Bps(1)), RAMP_MIN_S, i64::MAX);
    assert_eq!(late, Err(LendingError::InvalidConfig));
}

/// From 8,000 to 6,000 bps; half-way it stands at 7,000.
#[test]
fn a_change_during_a_ramp_starts_from_where_it_stands() {
    let (before, now_s) = (Bps(6_000), 51_000);
    let next = |after, ramp_s| next_ramp(&RAMP, (before, after), ramp_s, now_s);
    assert_eq!(next(Bps(6_000), 0), Ok(RAMP), "the same target keeps it");
    assert_eq!(next(Bps(6_000), RAMP_MIN_S), Err(LendingError::InvalidConfig));
    assert_eq!(next(Bps(7_000), 0), Ok(ThresholdRamp::default()), "it has arrived");
    assert_eq!(next(Bps(6_999), 0), Err(LendingError::RampTooShort));
    let lower = ThresholdRamp { from: Bps(7_000), start_s: now_s, end_s: now_s + 86_400 };
    assert_eq!(next(Bps(5_000), RAMP_MIN_S), Ok(lower));
}

/// Lowering the target a little with a long ramp would hold the threshold up.
#[test]
fn a_slower_ramp_raises_risk() {
    // 7,000 now and 6,000 in 50,000 s: 20 bps in 1,000 s.
    let (before, now_s) = (Bps(6_000), 51_000);
    let slower = |after, ramp_s| {
        let next = next_ramp(&RAMP, (before, after), ramp_s, now_s).unwrap();
        is_slower((&RAMP, before), (&next, after), now_s)
    };
    assert!(slower(Bps(5_999), 86_400));
    // 1,728 bps within a day is the same slope.
    assert!(slower(Bps(5_273), 86_400));
    assert!(!slower(Bps(5_272), 86_400));
    assert!(!slower(Bps(6_000), 0), "the same ramp");
    let done = next_ramp(&RAMP, (before, Bps(5_999)), 86_400, 101_000).unwrap();
    assert!(!is_slower((&RAMP, before), (&done, Bps(5_999)), 101_000), "none is running");
}

#[test]
fn a_reserve_goes_by_where_the_threshold_stands() {
    let mut reserve = reserve();
    let config = |factor, threshold| ReserveConfig {
        collateral_factor: Bps(factor),
        liquidation_threshold: Bps(threshold),
        ..reserve.config
    };
    let (lower, unused) = (config(5_000, 6_000), config(0, 0));
    reserve.reconfigure(lower, 100_000).unwrap();
    assert_eq!(reserve.factors().collateral_factor, Bps(5_000), "what may be borrowed, at once");
    assert_eq!(reserve.factors().liquidation_threshold, Bps(8_000));
    reserve.accrue(51_000).unwrap();
    assert_eq!(reserve.liquidation_threshold(), Bps(7_000));
    // Out of use altogether: the factor is below the threshold all the way down.
    reserve.reconfigure(unused, 86_400).unwrap();
    assert_eq!(reserve.factors().liquidation_threshold, Bps(7_000));
    reserve.accrue(51_000 + 86_400).unwrap();
    assert_eq!(reserve.factors().liquidation_threshold, Bps::ZERO);
}

/// 12 % fits a threshold of 80 % not at all, although it fits the 60 % it falls to.
#[test]
fn parameters_are_held_against_the_threshold_of_now() {
    let mut reserve = reserve();
    let config = ReserveConfig {
        collateral_factor: Bps(5_000),
        liquidation_threshold: Bps(6_000),
        liquidation_bonus_max: Bps(2_501 - 1),
        ..reserve.config
    };
    assert_eq!(config.fault(), None);
    reserve.reconfigure(config, RAMP_MIN_S).unwrap();
    let mut fresh = crate::encoding::reserve();
    fresh.config.liquidation_threshold = Bps(8_001);
    fresh.config.liquidation_bonus_max = Bps(0);
    let before = fresh.clone();
    assert_eq!(fresh.reconfigure(config, RAMP_MIN_S), Err(LendingError::InvalidConfig));
    assert_eq!(fresh, before);
}

proptest! {
    /// The threshold never rises on its way and never leaves the two ends.
    #[test]
    fn a_ramp_only_falls(
        from in 0_u32..=10_000,
        target in 0_u32..=10_000,
        length_s in 1_i64..40_000_000,
        first_s in -1_000_i64..41_000_000,
        later_s in 0_i64..41_000_000,
    ) {
        let ramp = ThresholdRamp { from: Bps(from), start_s: 0, end_s: length_s };
        let at = |now_s| threshold_at(&ramp, Bps(target), now_s);
        prop_assert!(at(first_s) >= at(first_s + later_s));
        prop_assert!(at(first_s) >= Bps(target));
        prop_assert!(at(first_s) <= Bps(from.max(target)));
        // Within one basis point of the straight line, and never below it.
        let left = i128::from((length_s - first_s).clamp(0, length_s));
        let line = i128::from(from.saturating_sub(target)) * left;
        let above = (i128::from(at(first_s).get()) - i128::from(target)) * i128::from(length_s);
        prop_assert!(above >= line && above - line < i128::from(length_s));
    }

    /// Whatever the sequence of changes, the threshold is never lower than a day's fall allows.
    #[test]
    fn no_change_makes_a_threshold_jump_down(
        steps in prop::collection::vec((1_u32..=9_000, 0_u32..400_000, 0_i64..200_000), 1..12),
    ) {
        let (mut ramp, mut target, mut now_s) = (ThresholdRamp::default(), Bps(8_000), 1_000);
        for (next, ramp_s, wait_s) in steps {
            let before = threshold_at(&ramp, target, now_s);
            if let Ok(changed) = next_ramp(&ramp, (target, Bps(next)), ramp_s, now_s) {
                (ramp, target) = (changed, Bps(next));
            }
            prop_assert!(threshold_at(&ramp, target, now_s) >= before);
            let after = threshold_at(&ramp, target, now_s + wait_s);
            let start = i64::from(threshold_at(&ramp, target, now_s).get());
            // Even all of the highest threshold there is takes a day at least.
            let most = (9_000 * wait_s + 86_399) / 86_400;
            prop_assert!(start - i64::from(after.get()) <= most);
            now_s += wait_s;
        }
    }
}
