//! Other protocols' published numbers through this crate's functions. Each test names its source;
//! the inputs are converted to this crate's units and nothing else. Where a protocol publishes a
//! rounded figure, the tolerance is the rounding.

use cofferdam_lending_interface::{
    math::{
        adaptive::{AdaptiveTerms, Distance},
        interest::{RateCurve, SECONDS_PER_YEAR, compound_up, fee_down, utilisation_down},
        shares::Supply,
    },
    units::{Amount, Bps, Fine, Index, RAY, Shares, WAD},
};
use num_bigint::BigUint;
use proptest::prelude::*;

const DAY_S: u64 = 86_400;

/// A published figure in millionths, as a ratio in units of 10⁻²⁷.
fn millionths(millionths: u128) -> u128 {
    RAY / 1_000_000 * millionths
}

/// Asserts a relative difference of at most `ppm` millionths.
fn within(ppm: u128, actual: u128, published: u128) {
    let off = actual.abs_diff(published);
    assert!(off <= published / 1_000_000 * ppm, "{actual}, published {published}");
}

/// Borrow rate at a utilisation, in basis points of a basis point.
fn rates(curve: &RateCurve, utilisation_bps: &[u128]) -> Vec<u128> {
    let rate = |bps: &u128| curve.rate_down(RAY / 10_000 * bps).unwrap() / (RAY / 100_000_000);
    utilisation_bps.iter().map(rate).collect()
}

mod morpho {
    use super::*;

    const TERMS: AdaptiveTerms = AdaptiveTerms::DEFAULT;

    /// `adaptive-curve-irm/libraries/ConstantsLib.sol`: rates a second, times 10¹⁸, rounded down.
    #[test]
    fn constants() {
        let a_second = |a_year: u128| a_year / (RAY / WAD) / SECONDS_PER_YEAR;
        assert_eq!(a_second(TERMS.rate_initial), 1_268_391_679);
        assert_eq!(a_second(TERMS.rate_min), 31_709_791);
        assert_eq!(a_second(TERMS.rate_max), 63_419_583_967);
        assert_eq!(a_second(TERMS.speed), 1_585_489_599_188);
        assert_eq!(TERMS.steepness, 4 * RAY);
        assert_eq!(TERMS.target_utilisation, millionths(900_000));
    }

    /// `AdaptiveCurveIrmTest.sol`, `testFirstBorrowRateUtilizationZero` and `…One`: a quarter of
    /// the initial rate and four times it, and the curve stays where it is.
    #[test]
    fn first_borrow_rate() {
        for (utilisation, expected) in [(0, 10_000), (RAY, 160_000)] {
            let first = TERMS.adapt_down(0, utilisation, 0).unwrap();
            assert_eq!(first.average, millionths(expected));
            assert_eq!(first.rate_at_target, millionths(40_000));
        }
    }

    /// `testRateAfterUtilizationOne`: e^(50·5/365) is about 1.9836 and its average over the five
    /// days about 1.4361; the expected rate is 22.976 %. Two trapezoids overshoot the average by
    /// about a hundredth; Morpho allows a tenth.
    #[test]
    fn rate_after_five_days_at_full_utilisation() {
        let after = TERMS.adapt_down(TERMS.rate_initial, RAY, 5 * DAY_S).unwrap();
        within(50, after.rate_at_target, millionths(40_000 * 19_836 / 10_000));
        within(11_000, after.average, millionths(229_760));
    }

    /// `testRateAfterUtilizationZero`: e^(−50·5/365) is about 0.5041; the expected rate 0.724 %.
    #[test]
    fn rate_after_five_idle_days() {
        let after = TERMS.adapt_down(TERMS.rate_initial, 0, 5 * DAY_S).unwrap();
        within(100, after.rate_at_target, millionths(20_164));
        within(11_000, after.average, millionths(7_240));
    }

    /// `testRateAfter45DaysUtilizationAboveTargetNoPing`: half way from the target to full, the
    /// rate on target becomes 4 % · e^(50·45/365·50 %) = 87.22 %.
    #[test]
    fn rate_after_45_days_half_way_up() {
        let half_way = millionths(950_000);
        assert_eq!(TERMS.distance_down(half_way), Ok(Distance::Above(RAY / 2)));
        let after = TERMS.adapt_down(TERMS.rate_initial, half_way, 45 * DAY_S).unwrap();
        within(60, after.rate_at_target, millionths(872_200));
    }

    /// `testRateAfter45DaysUtilizationAboveTargetPingEveryMinute`: asked every minute, the rate
    /// ends at 87.22 % too. Morpho tolerates 8 % more, because interest moves its utilisation; here
    /// it stands still. The minutes then add up to the integral that the trapezoids stand for:
    /// `2.5 × (87.22 % − 4 %) ÷ (50 × 50 %)` is 8.3225 %, and `e^0.083225` is 1.086786.
    #[test]
    fn rate_after_45_days_minute_by_minute() {
        let (mut rate, mut index) = (TERMS.rate_initial, Index::ONE);
        for _ in 0..45 * DAY_S / 60 {
            let after = TERMS.adapt_down(rate, millionths(950_000), 60).unwrap();
            index = compound_up(index, after.average, 60).unwrap();
            rate = after.rate_at_target;
        }
        within(60, rate, millionths(872_200));
        within(1, index.get(), millionths(1_086_786));
    }

    /// `invariantGeMinRateAtTarget` and `invariantLeMaxRateAtTarget`: whatever happens, a rate
    /// stays between a quarter of 0.1 % and four times 200 %.
    #[test]
    fn rates_stay_between_a_fortieth_of_a_per_cent_and_800_per_cent() {
        let rate = |rate, utilisation| TERMS.adapt_down(rate, utilisation, u64::MAX / 2).unwrap();
        assert_eq!(rate(TERMS.rate_min, 0).average, millionths(250));
        assert_eq!(rate(TERMS.rate_max, RAY).average, millionths(8_000_000));
    }

    /// `morpho-blue/src/libraries/SharesMathLib.sol`: an empty market gives a million shares for
    /// each unit, and a unit for a million shares.
    #[test]
    fn shares_of_an_empty_market() {
        let empty = Supply { assets: Fine(0), shares: Shares(0) };
        for assets in [1, 1_000_000, 10_u64.pow(18)] {
            let shares = Shares(u128::from(assets) * 1_000_000);
            assert_eq!(empty.shares_down(Amount(assets).fine()), Ok(shares));
            assert_eq!(empty.shares_up(Amount(assets).fine()), Ok(shares));
        }
    }

    proptest! {
        /// `SharesMathLib`: `assets × (S + 10⁶) ÷ (A + 1)` and back, both ways, in whole units.
        #[test]
        fn share_conversion(
            total in 0_u64..1 << 50,
            total_shares in 0_u128..1 << 70,
            assets in 0_u64..1 << 50,
            shares in 0_u128..1 << 70,
        ) {
            let supply = Supply { assets: Amount(total).fine(), shares: Shares(total_shares) };
            let (all, all_shares) = (u128::from(total) + 1, total_shares + 1_000_000);
            let product = BigUint::from(assets) * all_shares;
            let fine = Amount(assets).fine();
            prop_assert_eq!(
                BigUint::from(supply.shares_down(fine).unwrap().get()),
                &product / all
            );
            prop_assert_eq!(
                BigUint::from(supply.shares_up(fine).unwrap().get()),
                (&product + all - 1_u8) / all
            );
            // What is there caps the way back: Morpho can owe the virtual unit.
            let back = (BigUint::from(shares) * all / all_shares).min(BigUint::from(total));
            prop_assert_eq!(
                BigUint::from(supply.assets_down(Shares(shares)).unwrap().units_down().unwrap().get()),
                back
            );
        }
    }
}

/// Aave v3, `rate-strategy.spec.ts` with `rateStrategyStableTwo`: optimal 80 %, base 0, slopes
/// 4 % and 75 %. At 80 % `base + slope1`, at 100 % `base + slope1 + slope2`, at 0.8 %
/// `base + slope1 × 0.008 ÷ 0.8`.
#[test]
fn aave_two_slopes() {
    let curve = RateCurve::new(&[(0, 0), (8_000, 400), (10_000, 7_900)]).unwrap();
    assert_eq!(
        rates(&curve, &[0, 80, 8_000, 10_000]),
        [0, 40_000, 4_000_000, 79_000_000],
        "in units of a basis point of a basis point"
    );
    // The utilisations as the test makes them: 80 lent of 10,000, and 8,000 of 10,000.
    let units = |units: u64| Amount(units).fine();
    assert_eq!(utilisation_down(units(80), units(9_920)), Ok(millionths(8_000)));
    assert_eq!(utilisation_down(units(8_000), units(2_000)), Ok(millionths(800_000)));
}

/// Compound III, `interest-rate-test.ts`: kink 80 %, base 0.5 %, slopes 10 % and 300 %. Borrowing
/// costs 1.5 % at 10 % and 38.5 % at 90 %; a tenth goes to the reserves, and suppliers get 0.135 %
/// and 31.185 % of what they supplied. Their curve goes on above full utilisation, this one ends.
#[test]
fn compound_kinked_curve() {
    let curve = RateCurve::new(&[(0, 50), (8_000, 850), (10_000, 6_850)]).unwrap();
    for (utilisation_bps, borrow, supply) in
        [(0, 500_000, 0), (1_000, 1_500_000, 135_000), (9_000, 38_500_000, 31_185_000)]
    {
        assert_eq!(rates(&curve, &[utilisation_bps]), [borrow]);
        let interest = Fine(borrow * utilisation_bps / 10_000);
        let fee = fee_down(interest, Bps(1_000)).unwrap();
        assert_eq!(interest.minus(fee), Ok(Fine(supply)));
    }
}

/// marginfi, `interest_rate.rs`, `calc_interest_rate_uses_multipoint_curve`: points (0, 5 %),
/// (20 %, 10 %), (60 %, 15 %), (100 %, 40 %); 12.5 % at 40 %.
#[test]
fn marginfi_points() {
    let curve = RateCurve::new(&[(0, 500), (2_000, 1_000), (6_000, 1_500), (10_000, 4_000)]);
    assert_eq!(
        rates(&curve.unwrap(), &[0, 2_000, 4_000, 6_000, 8_000, 10_000]),
        [5_000_000, 10_000_000, 12_500_000, 15_000_000, 27_500_000, 40_000_000]
    );
}

/// Euler's `IRMLinearKink` deployments (evk-periphery scripts): base, two slopes and a kink that
/// the authors label with the yield of a whole year of continuous compounding. Slopes are a
/// second's rate times 10²⁷ for each of 2³²−1 steps of utilisation; a year is 365.2425 days.
#[test]
fn euler_yields_of_a_year() {
    let year_s = 31_556_952;
    let full = u128::from(u32::MAX);
    // (kink, slope below, slope above, yield at the kink, yield at full utilisation).
    let deployments: [(u128, u128, u128, u128, u128); 5] = [
        (3_865_470_566, 218_407_859, 22_859_618_857, 27_000, 400_000),
        (3_865_470_566, 781_343_251, 22_637_222_055, 100_000, 495_000),
        (3_865_470_566, 1_145_746_606, 40_829_424_352, 150_000, 1_000_000),
        (3_221_225_472, 9_951_593_935, 16_129_845_658, 1_750_000, 3_750_000),
        (3_951_369_912, 337_638_132, 9_006_897_666, 43_000, 150_000),
    ];
    for (kink, below, above, at_kink, at_full) in deployments {
        let a_second = [kink * below, kink * below + (full - kink) * above];
        for (a_second, published) in a_second.into_iter().zip([at_kink, at_full]) {
            let grown = compound_up(Index::ONE, a_second * SECONDS_PER_YEAR, year_s).unwrap();
            // The labels have four digits; the furthest is off by eight millionths.
            within(10, grown.get() - RAY, millionths(published));
        }
    }
}

/// marginfi, `interest_rate.rs`: simple interest, a single step of it; this crate compounds. Over
/// the whole year 100 % doubles a debt there and multiplies it by e here; over a second the two
/// agree: 12 % of 1,000,000 is 0.0038.
#[test]
fn marginfi_interest_of_a_second() {
    let index = compound_up(Index::ONE, millionths(120_000), 1).unwrap();
    let interest = (index.get() - RAY) * 1_000_000 / (RAY / 10_000);
    assert_eq!(interest, 38, "ten-thousandths");
    let year = compound_up(Index::ONE, RAY, 31_536_000).unwrap();
    assert_eq!(year.get() / (RAY / 1_000_000), 2_718_281);
}
