//! Interest in a reserve's books.

use cofferdam_host::Address;
use cofferdam_lending_interface::{
    LendingError,
    instruction::ALL,
    math::interest::{RATE_MAX, RateCurve, SECONDS_PER_YEAR, compound_up},
    plan::{RepayPlan, collect_fees, repay},
    state::{Entry, RateModel, Reserve, ReserveConfig},
    units::{Amount, Bps, DebtShares, Fine, Index, RAY, Shares},
};
use proptest::prelude::*;

use crate::{encoding::reserve, precise::Precise};

const YEAR_S: u64 = 31_536_000;
const UNIT: u128 = 1_000_000_000;

pub(crate) fn flat(rate_bps: u32) -> RateCurve {
    RateCurve::new(&[(0, rate_bps), (10_000, rate_bps)]).unwrap()
}

/// Lends `lent` of a million units, at a rate that does not move.
pub(crate) fn lending(lent: u64, curve: RateCurve) -> Reserve {
    let base = reserve();
    Reserve {
        cash: Amount(1_000_000 - lent),
        debt_shares: DebtShares(u128::from(lent) * UNIT),
        config: ReserveConfig { curve, ..base.config },
        ..base
    }
}

fn adaptive(lent: u64) -> Reserve {
    let base = lending(lent, flat(0));
    let config = ReserveConfig { rate_model: RateModel::Adaptive, ..base.config };
    Reserve { config, ..base }
}

fn entry() -> Entry {
    Entry { reserve: Address::new_from_array([9; 32]), ..Entry::default() }
}

fn at(reserve: &Reserve, now_s: i64) -> Reserve {
    let mut accrued = reserve.clone();
    accrued.accrue(now_s).unwrap();
    accrued
}

#[test]
fn a_year_of_single_seconds_is_a_year_at_once() {
    // What one second's step is off by, at the lowest and the highest rate: never below the true
    // growth and above it by less than 10⁻²⁴ of it. A year has 3.2·10⁷ seconds, so the year is off
    // by less than 3.2·10⁻¹⁷, far inside the 10⁻⁶ promised.
    for rate_bps in [1, 400, 8_000, RATE_MAX.get()] {
        let rate = RAY / 10_000 * u128::from(rate_bps);
        let exact = Precise::ratio(rate, RAY).over(&Precise::ratio(SECONDS_PER_YEAR, 1)).exp();
        let step = Precise::ray(compound_up(Index::ONE, rate, 1).unwrap().get());
        assert!(exact <= step && step.is_near(&exact, 10_u128.pow(24)), "{rate_bps}");
    }
}

#[test]
fn a_day_of_single_seconds_is_a_day_at_once() {
    let start = lending(500_000, flat(2_000));
    let mut by_second = start.clone();
    for now_s in 1_001..=1_000 + 86_400 {
        by_second.accrue(now_s).unwrap();
    }
    let once = at(&start, 1_000 + 86_400);
    // A day may be off by a 365th of the millionth that is promised for a year.
    let off = by_second.index.get().abs_diff(once.index.get());
    assert!(off <= once.index.get() / 1_000_000 / 365);
    // Each fee is rounded down by less than a fine unit, as is each debt before it.
    assert!(by_second.fees.get().abs_diff(once.fees.get()) <= 2 * 86_400);
    assert_eq!(by_second.accrued_at_s, once.accrued_at_s);
}

#[test]
fn a_year_at_a_tenth_makes_a_tenth_and_its_own_interest() {
    // e^0.1 − 1 = 0.105170918075647…, on a million units of debt; a tenth of it is the fee.
    let start = lending(1_000_000, flat(1_000));
    let mut year = start.clone();
    let interest = year.accrue(1_000 + i64::try_from(YEAR_S).unwrap()).unwrap();
    assert_eq!(interest, Fine(105_170_918_075_647));
    // A fifth of 10,517,091,807,564 is the insurance fund's, rounded down, and a thousandth of that
    // many shares of it the protocol's.
    assert_eq!((year.fees, year.insurance), (Fine(8_413_673_446_052), Fine(2_103_418_361_512)));
    let unchanged = Reserve {
        index: year.index,
        fees: year.fees,
        insurance: year.insurance,
        insurance_shares: Shares(2_103_418_361),
        accrued_at_s: year.accrued_at_s,
        ..start
    };
    assert_eq!(year, unchanged);
}

#[test]
fn a_second_accrual_in_the_same_second_does_nothing() {
    for start in [lending(700_000, RateCurve::DEFAULT), adaptive(950_000)] {
        let once = at(&start, 5_000);
        assert_ne!(once.index, start.index);
        assert_eq!(at(&once, 5_000), once);
        // Nor does a clock that runs backwards.
        assert_eq!(at(&once, 4_999), once);
        assert_eq!(at(&once, i64::MIN), once);
    }
}

#[test]
fn the_adaptive_rate_lives_in_the_reserve() {
    let start = adaptive(1_000_000);
    assert_eq!(start.borrow_rate_down(), Ok(RAY / 100 * 16));
    // The first accrual starts the curve.
    let first = at(&start, 1_001);
    assert_eq!(first.rate_at_target, RAY / 100 * 4);
    // Five days at full utilisation: 4 % · e^(50·5/365), see `tests/it/adaptive.rs`.
    let later = at(&first, 1_001 + 432_000);
    let expected = 79_345_438_616_281_750_966_915_860;
    assert!(later.rate_at_target.abs_diff(expected) <= 100, "{}", later.rate_at_target);
    assert_eq!(later.borrow_rate_down(), Ok(4 * later.rate_at_target));
    // The index grew by the average rate: 23.2018728… % a year for five days.
    let average = 232_018_728_168_886_365_399_244_527;
    let grown = compound_up(first.index, average, 432_000).unwrap();
    assert!(later.index.get().abs_diff(grown.get()) <= 100);
}

#[test]
fn an_idle_adaptive_reserve_sinks_and_charges_nobody() {
    let first = at(&adaptive(0), 1_001);
    let later = at(&first, 1_001 + 432_000);
    let expected = 20_164_990_299_413_111_438_704_450;
    assert!(later.rate_at_target.abs_diff(expected) <= 100, "{}", later.rate_at_target);
    assert_eq!((later.index, later.fees), (Index::ONE, Fine(0)));
    assert_eq!(at(&lending(0, flat(800)), 9_000).rate_at_target, 0);
}

#[test]
fn a_change_of_model_finds_a_sane_rate() {
    // Never adaptive before: the curve starts at the initial rate.
    let mut changed = at(&lending(900_000, RateCurve::DEFAULT), 9_000);
    assert_eq!(changed.rate_at_target, 0);
    changed.config.rate_model = RateModel::Adaptive;
    let first = at(&changed, 9_001);
    assert_eq!(first.rate_at_target, RAY / 100 * 4);
    // Adaptive, then not, then again: it goes on where it stood.
    let mut back = at(&first, 500_000);
    let stood = back.rate_at_target;
    back.config.rate_model = RateModel::Curve;
    let mut between = at(&back, 900_000);
    assert_eq!(between.rate_at_target, stood);
    between.config.rate_model = RateModel::Adaptive;
    let (on_target, rate) = (between.rate_at_target, at(&between, 900_001).rate_at_target);
    assert!(rate.abs_diff(on_target) < on_target / 100_000);
}

#[test]
fn interest_stops_at_the_ceiling_and_the_cash_stays_within_reach() {
    let start = lending(999_999, flat(RATE_MAX.get()));
    let late = at(&start, 1_000 + 4 * i64::try_from(YEAR_S).unwrap());
    assert_eq!(late.index, Index::CEILING);
    assert_eq!(at(&late, i64::MAX).index, Index::CEILING);
    assert_eq!(late.available(), Ok(Amount(1)));
}

#[test]
fn interest_stops_before_the_books_overflow() {
    // Debt of 2⁶⁴ units could still grow two thousand million times, but not to the ceiling.
    let base = lending(0, flat(RATE_MAX.get()));
    let owing = |shares: u128| Reserve { debt_shares: DebtShares(shares), ..base.clone() };
    let shares = u128::from(u64::MAX) * UNIT * 8;
    let late = at(&owing(shares), i64::MAX);
    let (debt, most) = (late.debt().unwrap(), Reserve::DEBT_MAX);
    assert!(debt <= most && most.get() - debt.get() <= shares / RAY + 1, "{debt}");
    assert!(late.index < Index::CEILING);
    // A debt that is already there does not shrink.
    let beyond = Reserve { index: Index(RAY * 7), ..owing(Reserve::DEBT_MAX.get() / 7 * 2) };
    assert_eq!(at(&beyond, i64::MAX).index, beyond.index);
    // One that fits to the unit still grows to where it fits.
    let exact = owing(Reserve::DEBT_MAX.get() / 2);
    assert_eq!(at(&exact, i64::MAX).debt().unwrap(), Reserve::DEBT_MAX);
}

#[test]
fn a_fund_beyond_any_token_account_does_not_lock_the_cash_counting() {
    let huge = Fine((u128::from(u64::MAX) + 2) * UNIT);
    // What the fund earned is not kept back, and what is kept is in cash.
    let rich = Reserve { insurance: huge, ..lending(10, flat(0)) };
    assert_eq!(rich.available(), Ok(Amount(1_000_000 - 10)));
    let partial = Reserve { insurance_cash: Fine(UNIT + 1), ..lending(10, flat(0)) };
    assert_eq!(partial.available(), Ok(Amount(1_000_000 - 10 - 2)));
}

#[test]
fn a_debt_beyond_any_token_account_is_repaid_bit_by_bit() {
    // Twice what an account holds, at an index of two; and a claim as large.
    let full = u128::from(u64::MAX);
    let huge = Reserve { index: Index(2 * RAY), ..lending(10, flat(0)) };
    let entry = Entry { debt: DebtShares(full * UNIT), claim: Fine(2 * full * UNIT), ..entry() };
    let once = repay(&huge, &entry, Amount::MAX).unwrap();
    let half = DebtShares(full * UNIT / 2);
    assert_eq!(once, RepayPlan { amount: Amount::MAX, shares: half, claim: Fine(0) });
    // The last unit of debt, and of the claim what the amount leaves.
    let entry = Entry { debt: DebtShares(UNIT / 2), ..entry };
    let rest = repay(&huge, &entry, Amount::MAX).unwrap();
    let claim = Fine((full - 1) * UNIT);
    assert_eq!(rest, RepayPlan { amount: Amount::MAX, shares: entry.debt, claim });
    // A claim of a part of a unit costs the whole one, and no more is taken.
    let entry = Entry { claim: Fine(UNIT + 1), ..entry };
    let last = repay(&huge, &entry, Amount(7)).unwrap();
    assert_eq!(last, RepayPlan { amount: Amount(3), shares: entry.debt, claim: entry.claim });
}

#[test]
fn fees_beyond_any_token_account_are_paid_from_the_cash() {
    let rich = Reserve { fees: Fine((u128::from(u64::MAX) + 1) * UNIT), ..lending(10, flat(0)) };
    assert_eq!(collect_fees(&rich, Amount(ALL)), Ok(Amount(999_990)));
    let poor = Reserve { fees: Fine(3 * UNIT - 1), ..lending(10, flat(0)) };
    assert_eq!(collect_fees(&poor, Amount(ALL)), Ok(Amount(2)));
    assert_eq!(collect_fees(&poor, Amount(3)), Err(LendingError::InsufficientCash));
}

#[test]
fn claims_beyond_the_assets_are_an_error_not_a_wrap() {
    let broken = Reserve { fees: Fine(u128::MAX), ..lending(10, flat(0)) };
    assert_eq!(broken.supply().map(|supply| supply.assets), Err(LendingError::MathOverflow));
}

prop_compose! {
    fn curve()(rates in prop::array::uniform3(0_u32..=RATE_MAX.get()), kink in 1_u32..10_000) -> RateCurve {
        let mut rates = rates;
        rates.sort_unstable();
        RateCurve::new(&[(0, rates[0]), (kink, rates[1]), (10_000, rates[2])]).unwrap()
    }
}

prop_compose! {
    /// Books as bad as they can get: any cash, any index, any debt up to the most there may be.
    fn any_reserve()(
        curve in curve(),
        model in prop_oneof![Just(RateModel::Curve), Just(RateModel::Adaptive)],
        cash in any::<u64>(),
        debt in (0..=Reserve::DEBT_MAX.get(), 0_u32..125).prop_map(|(debt, shift)| debt >> shift),
        index in (RAY..=Index::CEILING.get(), 0_u32..30)
            .prop_map(|(index, shift)| (index >> shift).max(RAY)),
        insurance in any::<u64>(),
        reserve_factor in 0_u32..=5_000,
        rate_at_target in (any::<u128>(), 0_u32..128).prop_map(|(rate, shift)| rate >> shift),
        accrued_at_s in any::<i64>(),
    ) -> Reserve {
        let base = reserve();
        let shares = Precise::ratio(debt, index).0 * RAY / num_bigint::BigUint::from(10_u8).pow(60);
        let config = ReserveConfig {
            curve,
            rate_model: model,
            reserve_factor: Bps(reserve_factor),
            ..base.config
        };
        Reserve {
            cash: Amount(cash),
            debt_shares: DebtShares(u128::try_from(shares).unwrap()),
            index: Index(index),
            insurance: Fine(u128::from(insurance) * UNIT),
            supply_shares: Shares(1),
            rate_at_target,
            accrued_at_s,
            config,
            ..base
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn accrual_never_fails_and_never_takes_anything_away(
        before in any_reserve(),
        now_s in any::<i64>(),
        soon_s in 0_i64..100_000_000,
    ) {
        for now_s in [now_s, before.accrued_at_s.saturating_add(soon_s)] {
            let mut after = before.clone();
            let interest = after.accrue(now_s).unwrap();
            let (owed, owes) = (before.debt().unwrap(), after.debt().unwrap());
            prop_assert!(before.index <= after.index && after.index <= Index::CEILING);
            prop_assert!(before.fees <= after.fees);
            prop_assert_eq!(owed.plus(interest), Ok(owes));
            prop_assert!(owes <= Reserve::DEBT_MAX);
            prop_assert!(before.insurance <= after.insurance);
            prop_assert!(before.insurance_shares <= after.insurance_shares);
            let fees = after.fees.minus(before.fees).unwrap();
            let kept = fees.plus(after.insurance.minus(before.insurance).unwrap()).unwrap();
            prop_assert!(kept.get() <= interest.get().div_ceil(2));
            prop_assert_eq!(&at(&after, after.accrued_at_s), &after);
            let touched = Reserve {
                index: before.index,
                fees: before.fees,
                insurance: before.insurance,
                insurance_shares: before.insurance_shares,
                accrued_at_s: before.accrued_at_s,
                rate_at_target: before.rate_at_target,
                ..after
            };
            prop_assert_eq!(&touched, &before);
        }
    }

    #[test]
    fn compounding_is_true_to_the_billionth_and_never_below(
        millionths in 0_u128..=1_000_000,
        elapsed_s in prop_oneof![1_u64..=100_000, 1_u64..=10 * YEAR_S],
    ) {
        // Up to a rate × time of ten.
        let most = 10 * RAY / u128::from(elapsed_s) * SECONDS_PER_YEAR;
        let rate = most / 1_000_000 * millionths;
        let exponent = Precise::ratio(rate, RAY)
            .times(&Precise::ratio(u128::from(elapsed_s), SECONDS_PER_YEAR));
        let grown = Precise::ray(compound_up(Index::ONE, rate, elapsed_s).unwrap().get());
        let exact = exponent.exp();
        prop_assert!(exact <= grown);
        // The promise is a billionth; what holds is 24 digits.
        prop_assert!(grown.is_near(&exact, 1_000_000_000));
        prop_assert!(grown.is_near(&exact, 10_u128.pow(24)));
    }
}
