use cofferdam_lending_interface::{
    LendingError,
    math::{
        close::{Target, health_repay_up, target_repay_up},
        flash::{flash_fee_up, protocol_part_down},
    },
    units::{Amount, Bps, Fine, Value, WAD, Wad},
};
use proptest::prelude::*;

const fn dollars(dollars: u128) -> Value {
    Value(dollars * WAD)
}

const fn percent(percent: u128) -> Wad {
    Wad(WAD / 100 * percent)
}

/// Silo v2's formula at collateral 1,000, debt 900, target 80 %, fee 10 %:
/// (900 − 800) ÷ (1 − 0.88) = 833.33…; then 66.67 ÷ 83.33 = 0.8.
#[test]
fn repays_down_to_a_target_ratio() {
    let repay = target_repay_up(dollars(900), dollars(1_000), percent(80), percent(10)).unwrap();
    assert_eq!(repay, Value(833_333_333_333_333_333_334));
}

#[test]
fn edges_of_the_target_ratio() {
    let repay = |debt, target, bonus| {
        target_repay_up(dollars(debt), dollars(1_000), target, bonus).unwrap()
    };
    // At the target and below it there is nothing to do.
    assert_eq!(repay(800, percent(80), percent(10)), Value::ZERO);
    assert_eq!(repay(799, percent(80), percent(10)), Value::ZERO);
    // A target of zero is reached by repaying everything.
    assert_eq!(repay(900, Wad::ZERO, percent(10)), dollars(900));
    // 0.8 × 1.25 is one: repaying does not help, nor beyond it.
    assert_eq!(repay(900, percent(80), percent(25)), dollars(900));
    assert_eq!(repay(900, percent(80), percent(30)), dollars(900));
    // More than there is debt: (1,100 − 800) ÷ 0.12 = 2,500.
    assert_eq!(repay(1_100, percent(80), percent(10)), dollars(1_100));
    // A hair above the target takes more than the hair.
    let hair = Value(800 * WAD + 1);
    let repay = target_repay_up(hair, dollars(1_000), percent(80), percent(10));
    assert_eq!(repay, Ok(Value(9)));
    let bonus = Wad(u128::MAX);
    assert_eq!(
        target_repay_up(dollars(900), dollars(1_000), percent(80), bonus),
        Err(LendingError::MathOverflow)
    );
}

const TARGET: Target = Target {
    health: Bps(10_500),
    borrow_factor: Bps(12_500),
    threshold: Bps(8_000),
    bonus: percent(5),
};

/// A weighted debt of 1,000 with a limit of 900:
/// (1.05 × 1,000 − 900) ÷ (1.05 × 1.25 − 0.8 × 1.05) = 150 ÷ 0.4725 = 317.46…
#[test]
fn restores_a_health_factor() {
    let repay = |debt, limit, target| health_repay_up(dollars(debt), dollars(limit), target);
    assert_eq!(repay(1_000, 900, &TARGET), Ok(Some(Value(317_460_317_460_317_460_318))));
    assert_eq!(repay(1_000, 1_050, &TARGET), Ok(Some(Value::ZERO)));
    assert_eq!(repay(1_000, 2_000, &TARGET), Ok(Some(Value::ZERO)));
    // 1.05 × 1 against 1 × 1.05, and beyond: no repayment gets there.
    let steep = Target { borrow_factor: Bps::ONE, threshold: Bps::ONE, ..TARGET };
    assert_eq!(repay(1_000, 900, &steep), Ok(None));
    assert_eq!(repay(1_000, 900, &Target { bonus: percent(6), ..steep }), Ok(None));
}

/// Of one collateral and one debt both forms are the same: target ratio = threshold ÷ health.
#[test]
fn the_two_forms_agree() {
    let target = Target { health: Bps::ONE, borrow_factor: Bps::ONE, ..TARGET };
    let general = health_repay_up(dollars(900), dollars(800), &target);
    let ratio = target_repay_up(dollars(900), dollars(1_000), percent(80), percent(5));
    assert_eq!(general.map(Option::unwrap), ratio);
    assert_eq!(ratio, Ok(dollars(625)));
}

#[test]
fn flash_fees() {
    let fee = |amount, bps| flash_fee_up(Amount(amount), Bps(bps));
    assert_eq!(fee(1_000_000, 5), Ok(Amount(500)));
    assert_eq!(fee(1, 5), Ok(Amount(1)));
    assert_eq!(fee(2_001, 5), Ok(Amount(2)));
    assert_eq!(fee(u64::MAX, 0), Ok(Amount(0)));
    assert_eq!(fee(u64::MAX, 10_000), Ok(Amount(u64::MAX)));
    assert_eq!(fee(u64::MAX, 10_001), Err(LendingError::MathOverflow));
    assert_eq!(protocol_part_down(Amount(1), Bps(1_000)), Ok(Fine(100_000_000)));
    assert_eq!(protocol_part_down(Amount(0), Bps(1_000)), Ok(Fine(0)));
}

proptest! {
    /// Repaying the result reaches the target, and a billionth of a dollar less does not. Debts are
    /// drawn where a partial repayment is the answer: above the target, `D > T·C`, and low enough
    /// that the bonus still fits, `D·(1 + b) < C`.
    #[test]
    fn the_target_is_reached_and_not_passed(
        collateral in 1_000_000_u128..1 << 60,
        target_bps in 1_u128..9_500,
        bonus_part in 0_u128..1_000,
        debt_part in 1_u128..1_000,
    ) {
        let bonus_bps = (100_000_000 / target_bps - 10_001).min(2_500) * bonus_part / 1_000;
        let collateral = collateral * 1_000_000_000;
        let (from, to) = (collateral * target_bps / 10_000, collateral * 10_000 / (10_000 + bonus_bps));
        let debt = from + (to - from) / 1_000 * debt_part;
        let (target, bonus) = (Wad(target_bps * (WAD / 10_000)), Wad(bonus_bps * (WAD / 10_000)));
        let repay = target_repay_up(Value(debt), Value(collateral), target, bonus).unwrap().get();
        // (D − x) ≤ T·(C − x·(1 + b)), in whole basis points and exactly.
        let reaches = |repay: u128| {
            let left = collateral * 10_000 - repay * (10_000 + bonus_bps);
            (debt - repay) * 10_000 * 10_000 <= target_bps * left
        };
        prop_assert!(repay < debt && reaches(repay));
        prop_assert!(!reaches(repay - (repay / 1_000_000 + 1_000_000_000).min(repay)));
    }

    #[test]
    fn a_flash_fee_is_never_below_the_rate_and_never_a_unit_above(
        amount in any::<u64>(),
        bps in 0_u32..=100,
    ) {
        let fee = u128::from(flash_fee_up(Amount(amount), Bps(bps)).unwrap().get());
        let exact = u128::from(amount) * u128::from(bps);
        prop_assert!(fee * 10_000 >= exact && fee * 10_000 < exact + 10_000);
    }
}
