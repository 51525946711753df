use cofferdam_lending_interface::{
    LendingError,
    math::{
        adaptive::{Adapted, AdaptiveTerms, Distance},
        interest::SECONDS_PER_YEAR,
    },
    units::RAY,
};
use proptest::prelude::*;

use crate::precise::Precise;

const TERMS: AdaptiveTerms = AdaptiveTerms::DEFAULT;

fn bps(bps: u128) -> u128 {
    RAY / 10_000 * bps
}

fn near(actual: u128, expected: u128) {
    assert!(actual.abs_diff(expected) <= 100, "{actual}, expected {expected}");
}

/// Rate on target, utilisation and seconds before; average rate and rate on target after. The
/// formula of `AdaptiveCurveIrm` evaluated with 70 digits:
/// `end = start·e^(50·d·t)`, `average = (start + 2·start·e^(50·d·t÷2) + end) ÷ 4`, times
/// `1 + 3·d` above the target and `1 + ¾·d` below, for the signed distance `d`.
const COURSES: [(u128, u128, u64, u128, u128); 7] = [
    (400, 10_000, 432_000, 232_018_728_168_886_365_399_244_527, 79_345_438_616_281_750_966_915_860),
    (400, 0, 432_000, 7_310_399_066_887_126_847_670_875, 20_164_990_299_413_111_438_704_450),
    (
        400,
        9_500,
        3_888_000,
        803_638_856_292_468_160_177_671_153,
        872_245_773_844_697_764_173_779_326,
    ),
    (400, 4_500, 3_600, 24_964_364_631_764_558_628_475_886, 39_886_007_486_777_110_102_598_966),
    (
        1_000,
        9_900,
        86_400,
        393_899_846_977_609_156_798_717_083,
        113_120_979_066_061_378_900_939_489,
    ),
    (20_000, 10_000, 60, 8 * RAY, 2 * RAY),
    (10, 2_000, 600, 416_666_666_666_666_666_666_666, RAY / 1_000),
];

#[test]
fn courses_computed_by_hand() {
    for (start, utilisation, elapsed_s, average, end) in COURSES {
        let adapted = TERMS.adapt_down(bps(start), bps(utilisation), elapsed_s).unwrap();
        near(adapted.average, average);
        near(adapted.rate_at_target, end);
    }
}

#[test]
fn the_curve_runs_from_a_quarter_to_four_times_the_rate_on_target() {
    let rate = |utilisation| TERMS.rate_down(bps(400), bps(utilisation));
    assert_eq!(
        [0, 4_500, 9_000, 9_500, 10_000].map(rate),
        [100, 250, 400, 1_000, 1_600].map(|rate| Ok(bps(rate)))
    );
}

#[test]
fn distance_is_rounded_towards_the_target() {
    assert_eq!(TERMS.distance_down(0), Ok(Distance::Below(RAY)));
    assert_eq!(TERMS.distance_down(bps(9_000)), Ok(Distance::Below(0)));
    assert_eq!(TERMS.distance_down(RAY), Ok(Distance::Above(RAY)));
    // One unit of 10⁻²⁷ to each side: a ninth part of ten above, one and a ninth below.
    assert_eq!(TERMS.distance_down(bps(9_000) + 1), Ok(Distance::Above(10)));
    assert_eq!(TERMS.distance_down(bps(9_000) - 1), Ok(Distance::Below(1)));
    assert_eq!(TERMS.distance_down(bps(9_000) - 8), Ok(Distance::Below(8)));
    assert_eq!(TERMS.distance_down(bps(9_000) - 9), Ok(Distance::Below(10)));
}

#[test]
fn a_curve_that_has_not_started_costs_the_initial_rate() {
    let expected = Adapted { average: bps(1_600), rate_at_target: bps(400) };
    assert_eq!(TERMS.adapt_down(0, RAY, 86_400), Ok(expected));
    assert_eq!(TERMS.rate_down(0, RAY), Ok(bps(1_600)));
}

#[test]
fn a_rate_out_of_bounds_is_taken_as_the_nearest() {
    let on_target = |rate| TERMS.adapt_down(rate, bps(9_000), 1).unwrap().rate_at_target;
    assert_eq!([1, u128::MAX].map(on_target), [TERMS.rate_min, TERMS.rate_max]);
    assert_eq!(TERMS.rate_down(u128::MAX, bps(9_000)), Ok(TERMS.rate_max));
    assert_eq!(TERMS.rate_down(1, bps(9_000)), Ok(TERMS.rate_min));
}

#[test]
fn on_target_the_curve_stands_still_for_ever() {
    let expected = Adapted { average: bps(700), rate_at_target: bps(700) };
    assert_eq!(TERMS.adapt_down(bps(700), bps(9_000), u64::MAX), Ok(expected));
}

#[test]
fn no_time_is_too_long() {
    let above = Adapted { average: 604 * RAY / 100, rate_at_target: 2 * RAY };
    assert_eq!(TERMS.adapt_down(bps(400), RAY, u64::MAX), Ok(above));
    // (4 % + 2 × 0.1 % + 0.1 %) ÷ 4 is 1.075 %; a quarter of it on an idle reserve.
    let below = Adapted { average: 2_687_500 * (RAY / 1_000_000_000), rate_at_target: bps(10) };
    assert_eq!(TERMS.adapt_down(bps(400), 0, u64::MAX), Ok(below));
}

#[test]
fn the_exponent_need_not_fit() {
    let frantic = AdaptiveTerms { speed: u128::MAX, ..TERMS };
    let end = |utilisation| frantic.adapt_down(bps(400), utilisation, u64::MAX).unwrap();
    assert_eq!(end(RAY).rate_at_target, TERMS.rate_max);
    assert_eq!(end(0).rate_at_target, TERMS.rate_min);
}

#[test]
fn terms_out_of_range_are_invalid_and_never_panic() {
    let broken = [
        AdaptiveTerms { target_utilisation: 0, ..TERMS },
        AdaptiveTerms { target_utilisation: RAY, ..TERMS },
        AdaptiveTerms { target_utilisation: RAY + 1, ..TERMS },
        AdaptiveTerms { steepness: RAY - 1, ..TERMS },
        AdaptiveTerms { steepness: 0, ..TERMS },
        AdaptiveTerms { rate_min: 0, rate_initial: 0, ..TERMS },
        AdaptiveTerms { rate_initial: TERMS.rate_min - 1, ..TERMS },
        AdaptiveTerms { rate_initial: TERMS.rate_max + 1, ..TERMS },
    ];
    assert!(TERMS.is_valid());
    for terms in broken {
        assert!(!terms.is_valid(), "{terms:?}");
    }
    let edges = AdaptiveTerms {
        target_utilisation: 1,
        steepness: RAY,
        rate_min: 1,
        rate_initial: 1,
        rate_max: 1,
        ..TERMS
    };
    assert!(edges.is_valid());
    assert!(AdaptiveTerms { target_utilisation: RAY - 1, ..edges }.is_valid());
    let apart = |rate_max| AdaptiveTerms { rate_min: 3, rate_initial: 3, rate_max, ..TERMS };
    let most = 3 * AdaptiveTerms::RATES_APART_MAX;
    assert!(apart(most).is_valid() && !apart(most + 1).is_valid());
    for (terms, utilisation) in broken.iter().zip([0, RAY + 1, RAY + 2, RAY, 0]) {
        assert_eq!(
            terms.adapt_down(bps(400), utilisation, 60),
            Err(LendingError::MathOverflow),
            "{terms:?}"
        );
    }
}

/// Growth of `e^26` fits 128 bits and is more than all the way; nothing below it may jump.
#[test]
fn the_lowest_rate_climbs_to_the_highest_without_a_jump() {
    let rate_max = AdaptiveTerms::RATES_APART_MAX;
    let terms = AdaptiveTerms { rate_min: 1, rate_initial: 1, rate_max, speed: RAY, ..TERMS };
    assert!(terms.is_valid());
    // At full utilisation a year is an exponent of one.
    let year_s = u64::try_from(SECONDS_PER_YEAR).unwrap();
    let after = |years: u64| terms.adapt_down(1, RAY, years * year_s).unwrap().rate_at_target;
    let climb: Vec<u128> = (0..30).map(after).collect();
    assert_eq!((climb[0], climb[1], climb[25]), (1, 2, 72_004_899_337));
    for (year, pair) in climb.windows(2).enumerate() {
        assert!(pair[0] <= pair[1] && pair[1] <= 3 * pair[0] + 2, "{year}: {pair:?}");
    }
    assert_eq!(climb[26], rate_max);
}

#[test]
fn a_steepness_of_one_is_flat() {
    let flat = AdaptiveTerms { steepness: RAY, ..TERMS };
    for utilisation in [0, bps(9_000), RAY] {
        assert_eq!(flat.rate_down(bps(700), utilisation), Ok(bps(700)));
    }
}

/// The published formula with sixty digits, by the signed distance's size and side.
fn published(start: u128, utilisation: u128, elapsed_s: u64) -> (Precise, Precise) {
    let (target, above) = (TERMS.target_utilisation, utilisation > TERMS.target_utilisation);
    let distance = if above {
        Precise::ratio(utilisation - target, RAY - target)
    } else {
        Precise::ratio(target - utilisation, target)
    };
    let years = Precise::ratio(u128::from(elapsed_s), SECONDS_PER_YEAR);
    let exponent = Precise::ray(TERMS.speed).times(&distance).times(&years);
    let half = exponent.times(&Precise::ratio(1, 2));
    let moved = |exponent: &Precise| {
        let factor = exponent.exp();
        let start = Precise::ray(start);
        let moved = if above { start.times(&factor) } else { start.over(&factor) };
        moved.clamp(Precise::ray(TERMS.rate_min), Precise::ray(TERMS.rate_max))
    };
    let (middle, end) = (moved(&half), moved(&exponent));
    let sum = Precise::ray(start).plus(&middle).plus(&middle).plus(&end);
    let average = sum.times(&Precise::ratio(1, 4));
    let one = Precise::ray(RAY);
    let multiple = if above {
        one.plus(&Precise::ratio(3, 1).times(&distance))
    } else {
        one.minus(&Precise::ratio(3, 4).times(&distance))
    };
    (average.times(&multiple), end)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn every_course_follows_the_published_formula(
        start in TERMS.rate_min..=TERMS.rate_max,
        utilisation in 0..=RAY,
        elapsed_s in prop_oneof![0_u64..100_000, 0_u64..60_000_000],
    ) {
        let actual = TERMS.adapt_down(start, utilisation, elapsed_s).unwrap();
        let (average, end) = published(start, utilisation, elapsed_s);
        let parts = 10_u128.pow(21);
        prop_assert!(Precise::ray(actual.average).is_near(&average, parts), "{actual:?}");
        prop_assert!(Precise::ray(actual.rate_at_target).is_near(&end, parts), "{actual:?}");
    }

    #[test]
    fn nothing_makes_the_default_terms_fail_or_leave_their_bounds(
        rate in any::<u128>(),
        shift in 0_u32..128,
        utilisation in 0..=RAY,
        elapsed_s in any::<u64>(),
    ) {
        let adapted = TERMS.adapt_down(rate >> shift, utilisation, elapsed_s).unwrap();
        prop_assert!((TERMS.rate_min..=TERMS.rate_max).contains(&adapted.rate_at_target));
        prop_assert!((TERMS.rate_min / 4..=TERMS.rate_max * 4).contains(&adapted.average));
    }

    #[test]
    fn the_curve_moves_towards_the_target_and_further_in_more_time(
        start in TERMS.rate_min..=TERMS.rate_max,
        utilisation in 0..=RAY,
        elapsed_s in 0_u64..10_000_000,
        longer_s in 0_u64..10_000_000,
    ) {
        let end = |elapsed_s| TERMS.adapt_down(start, utilisation, elapsed_s).unwrap().rate_at_target;
        let (short, long) = (end(elapsed_s), end(elapsed_s + longer_s));
        if utilisation > TERMS.target_utilisation {
            prop_assert!(start <= short + 1 && short <= long + 1);
        } else {
            prop_assert!(start >= short && short >= long);
        }
    }

    #[test]
    fn a_busier_reserve_never_costs_less(
        rate in TERMS.rate_min..=TERMS.rate_max,
        low in 0..=RAY,
        more in 0..=RAY,
    ) {
        let high = (low + more).min(RAY);
        let cost = |utilisation| TERMS.rate_down(rate, utilisation).unwrap();
        prop_assert!(cost(low) <= cost(high));
    }
}
