use cofferdam_lending_interface::{
    LendingError,
    math::interest::{RATE_MAX, RateCurve, SECONDS_PER_YEAR, compound_up, utilisation_down},
    units::{Fine, Index, RAY},
};
use proptest::prelude::*;

#[test]
fn a_curve_passes_through_its_points_and_is_straight_between() {
    let curve = RateCurve::new(&[(0, 100), (8_000, 900), (10_000, 10_900)]).unwrap();
    let rate = |utilisation_bps: u128| {
        curve.rate_down(utilisation_bps * RAY / 10_000).unwrap() * 10_000 / RAY
    };
    assert_eq!([0, 4_000, 8_000, 9_000, 10_000].map(rate), [100, 500, 900, 5_900, 10_900]);
}

#[test]
fn invalid_curves_are_refused() {
    let too_many: Vec<_> = (0..9).map(|n| (n * 1_250, 0)).collect();
    let curves: [&[(u32, u32)]; 9] = [
        &[],
        &[(0, 0)],
        &[(1, 0), (10_000, 0)],
        &[(0, 0), (9_999, 0)],
        &[(0, 0), (10_001, 0)],
        &[(0, 0), (5_000, 0), (5_000, 0), (10_000, 0)],
        &[(0, 10), (10_000, 9)],
        &[(0, 0), (10_000, RATE_MAX.get() + 1)],
        &too_many,
    ];
    for points in curves {
        assert_eq!(RateCurve::new(points), Err(LendingError::InvalidConfig), "{points:?}");
    }
    let mut tail = RateCurve::new(&[(0, 0), (10_000, 0)]).unwrap();
    tail.points[7].rate.0 = 1;
    assert!(!tail.is_valid(), "points behind the last one must be zero");
}

#[test]
fn utilisation_is_debt_over_debt_and_available() {
    assert_eq!(utilisation_down(Fine(0), Fine(0)), Ok(0));
    assert_eq!(utilisation_down(Fine(3), Fine(1)), Ok(RAY / 4 * 3));
    assert_eq!(utilisation_down(Fine(1), Fine(0)), Ok(RAY));
}

proptest! {
    #[test]
    fn compounding_never_shrinks_and_composes(
        rate in 0..100 * RAY,
        first_s in 0_u64..1_000_000,
        then_s in 0_u64..1_000_000,
    ) {
        let both_s = first_s + then_s;
        prop_assume!(rate / RAY * u128::from(both_s) < 10 * SECONDS_PER_YEAR);
        let first = compound_up(Index::ONE, rate, first_s).unwrap();
        let split = compound_up(first, rate, then_s).unwrap();
        let once = compound_up(Index::ONE, rate, both_s).unwrap();
        prop_assert!(Index::ONE <= first && first <= split);
        prop_assert!(split.get().abs_diff(once.get()) <= once.get() / 1_000_000_000_000);
    }
}
