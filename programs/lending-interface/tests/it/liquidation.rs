use std::ops::Range;

use cofferdam_lending_interface::{
    LendingError,
    math::{
        health::{CollateralFactors, Health},
        liquidation::recoverable_down,
        liquidation::{BonusRange, Case, Plan, Terms, bonus_down, close_limit_up, plan},
        value::{Quote, discount_up},
    },
    units::{Amount, Bps, Price, Value, WAD, Wad},
};
use proptest::prelude::*;

const TERMS: Terms = Terms {
    target_health: Bps(10_500),
    full_close_health: Bps(9_500),
    borrow_factor: Bps::ONE,
    threshold: Bps(8_000),
    bonus: BonusRange { min: Bps(200), max: Bps(800), insolvent: Bps(100) },
    protocol_fee: Bps(1_000),
    min_left: Value::ZERO,
};
const FACTORS: CollateralFactors =
    CollateralFactors { collateral_factor: Bps(7_500), liquidation_threshold: Bps(8_000) };
const DOLLAR: Quote = Quote { price: Price(WAD), decimals: 6 };

/// A position of one collateral (9 decimals) and one debt (6 decimals, worth a dollar).
fn case(held: u64, price_cents: u64, owed: u64, repay_max: u64) -> Case {
    case_of(TERMS, (held, price_cents), owed, repay_max)
}

fn case_of(terms: Terms, (held, price_cents): (u64, u64), owed: u64, repay_max: u64) -> Case {
    let collateral_quote = Quote { price: Price(u128::from(price_cents) * WAD / 100), decimals: 9 };
    let health = Health::default()
        .with_collateral(Amount(held).fine(), collateral_quote, FACTORS)
        .and_then(|health| health.with_debt(Amount(owed).fine(), DOLLAR, terms.borrow_factor))
        .unwrap();
    Case {
        health,
        owed: Amount(owed),
        debt_quote: DOLLAR,
        held: Amount(held),
        collateral_quote,
        terms,
        repay_max: Amount(repay_max),
    }
}

/// 10 tokens at 100 against `owed` micro-dollars.
fn ten(owed: u64, repay_max: u64) -> Case {
    case(10_000_000_000, 10_000, owed, repay_max)
}

fn dusty(dollars: u128) -> Terms {
    Terms { min_left: Value(dollars * WAD), ..TERMS }
}

#[test]
fn the_target_is_restored_when_barely_unhealthy() {
    // Against 810 the threshold is 800: health 0.98765, a quarter (0.24691) of the way to the
    // full-close level, so the bonus is 2 % + 0.24691 × 6 %. To health 1.05:
    // (1.05 × 810 − 800) ÷ (1.05 − 0.8 × 1.034814814814814814) = 227.325775…
    let case = ten(810_000_000, u64::MAX);
    let plan = plan(&case).unwrap();
    let expected = Plan {
        bonus: Wad(34_814_814_814_814_814),
        repay: Amount(227_325_776),
        seize: Amount(2_352_400_807),
        protocol_fee: Amount(7_914_305),
    };
    assert_eq!(plan, expected);
    assert_eq!(plan.payout(), Ok(Amount(2_344_486_502)));
    let left = (case.held.get() - plan.seize.get(), case.owed.get() - plan.repay.get());
    let after = case_of(TERMS, (left.0, 10_000), left.1, 0).health.factor_down().unwrap();
    assert_eq!(after.unwrap().get() / (WAD / 1_000_000), 1_050_000);
}

#[test]
fn everything_is_repaid_at_the_full_close_level() {
    // 800 of threshold: at 842.105263 of debt health is 0.95 and a little.
    let limit = |owed| close_limit_up(&ten(owed, 0), Wad(WAD / 100 * 8)).unwrap().get();
    assert_eq!(limit(850_000_000), 850_000_000);
    assert_eq!(limit(842_105_264), 842_105_264);
    // One unit healthier: (1.05 × 842.105263 − 800) ÷ (1.05 − 0.864) = 452.744764…
    assert_eq!(limit(842_105_263), 452_744_765);
    assert_eq!(plan(&ten(850_000_000, u64::MAX)).unwrap().repay, Amount(850_000_000));
}

#[test]
fn more_than_nine_tenths_is_made_all() {
    // With a target of 1.5: (1.5 × 810 − 800) ÷ (1.5 − 0.8 × (1 + b)), b for 90 % of 810, 729,
    // is (1.5 − 415 ÷ 729) ÷ 0.8 − 1 = 0.16341…
    let terms = Terms { target_health: Bps(15_000), ..TERMS };
    let case = case_of(terms, (10_000_000_000, 10_000), 810_000_000, 0);
    let limit = |bonus_bps: u128| close_limit_up(&case, Wad(WAD / 10_000 * bonus_bps)).unwrap();
    // 415 ÷ (1.5 − 0.8 × 1.1634) = 728.99100…
    assert_eq!(limit(1_634), Amount(728_991_007));
    assert_eq!(limit(1_635), Amount(810_000_000));
}

#[test]
fn a_debt_that_is_dust_is_repaid_in_full() {
    let case = |terms| case_of(terms, (1_000_000_000, 10_000), 81_000_000, u64::MAX);
    assert_eq!(plan(&case(dusty(82))).unwrap().repay, Amount(81_000_000));
    assert_eq!(close_limit_up(&case(dusty(82)), Wad::ONE), Ok(Amount(81_000_000)));
    assert!(close_limit_up(&case(dusty(81)), Wad(0)).unwrap() < Amount(81_000_000));
    // Exactly the least is not dust.
    assert!(plan(&case(dusty(40))).unwrap().repay < Amount(81_000_000));
}

/// Of 810 the limit is 227.33, which leaves 582.67 of debt and 7.6476 tokens, 764.76.
#[test]
fn dust_of_debt_is_taken_too() {
    let plan =
        |least| plan(&case_of(dusty(least), (10_000_000_000, 10_000), 810_000_000, u64::MAX));
    assert_eq!(plan(582).unwrap().repay, Amount(227_325_776));
    assert_eq!(plan(583).unwrap().repay, Amount(810_000_000));
}

/// At a threshold of 92 % the debt may be nearly what the collateral is worth, and at the cap of
/// 1,000 ÷ 930 − 1 the collateral runs out with the debt. A target of 1 with a bonus of 0.5 %:
/// (930 − 920) ÷ (1 − 0.92 × 1.005) = 132.62…, which leaves 797.38 of debt.
#[test]
fn dust_of_collateral_is_taken_and_paid_for() {
    let terms = Terms {
        threshold: Bps(9_200),
        target_health: Bps::ONE,
        full_close_health: Bps(1),
        bonus: BonusRange { min: Bps(50), max: Bps(50), insolvent: Bps(0) },
        ..dusty(100)
    };
    // Two collaterals: this one is worth 200 of the 1,000, the debt is 930.
    let whole = case_of(terms, (10_000_000_000, 10_000), 930_000_000, u64::MAX);
    let limit = Value(920 * WAD);
    let health = Health { liquidation_limit: limit, ..whole.health };
    let case = Case { health, held: Amount(2_000_000_000), ..whole };
    // 132.62 would take 133.29 of the 200 and leave 66.71: dust, so all of it goes, for
    // 200 ÷ 1.005 = 199.004975…
    let all = plan(&case).unwrap();
    assert_eq!((all.repay, all.seize), (Amount(199_004_976), Amount(2_000_000_000)));
    // Less may be repaid as long as it leaves no dust: 99.50 take 99.9975.
    let some = |repay_max| plan(&Case { repay_max: Amount(repay_max), ..case });
    assert_eq!(some(99_500_000).unwrap().seize, Amount(999_975_000));
    assert_eq!(some(99_510_000), Err(LendingError::PositionTooSmall));
    assert_eq!(some(199_004_975), Err(LendingError::PositionTooSmall));
}

#[test]
fn what_collateral_does_not_pay_may_stay_owed() {
    // 1,000 of collateral against 1,050 of debt at 1 % leave 59.90, below the least of 100: there
    // is nothing left to take for it.
    let plan =
        plan(&case_of(dusty(100), (10_000_000_000, 10_000), 1_050_000_000, u64::MAX)).unwrap();
    assert_eq!((plan.repay, plan.seize), (Amount(990_099_010), Amount(10_000_000_000)));
}

#[test]
fn the_bonus_grows_to_the_full_close_level() {
    let bonus = |debt| {
        let health = ten(debt, 0).health;
        bonus_down(health, TERMS.bonus, TERMS.full_close_health).unwrap().get()
    };
    // Health 1: the least. 0.975 (800 ÷ 820.5128…): half way. 0.95 and below: the most.
    assert_eq!(bonus(800_000_000), WAD / 100 * 2);
    assert_eq!(bonus(820_512_821) / (WAD / 1_000_000), 50_000);
    assert_eq!(bonus(842_105_264), WAD / 100 * 8);
    assert_eq!(bonus(900_000_000), WAD / 100 * 8);
}

#[test]
fn the_bonus_shrinks_to_what_the_collateral_leaves() {
    let bonus = |debt| {
        let health = ten(debt, 0).health;
        bonus_down(health, TERMS.bonus, TERMS.full_close_health).unwrap().get()
    };
    assert_eq!(bonus(950_000_000), WAD * 50 / 950);
    assert_eq!(bonus(1_000_000_000), 0);
    assert_eq!(bonus(1_000_000_001), WAD / 100);
}

/// A debt at factor 1.25 counts for 1,000 of 800: health 0.8. What there is to take is judged by
/// the 800 that are owed: the surplus of 25 % caps nothing.
#[test]
fn the_borrow_factor_weighs_for_health_and_not_for_the_bonus() {
    let terms = Terms { borrow_factor: Bps(12_500), ..TERMS };
    let case = case_of(terms, (10_000_000_000, 10_000), 800_000_000, u64::MAX);
    assert_eq!(case.health.debt, Value(800 * WAD));
    assert_eq!(case.health.debt_weighted, Value(1_000 * WAD));
    assert_eq!(case.health.factor_down(), Ok(Some(Wad(WAD / 10 * 8))));
    assert!(!case.health.is_within_borrow_limit() && !case.health.is_insolvent());
    assert_eq!(plan(&case).unwrap().bonus, Wad(WAD / 100 * 8));
    // 650 count for 812.5. (1.05 × 812.5 − 800) ÷ (1.05 × 1.25 − 0.8 × (1 + b)) with health
    // 0.984615…, b = 2 % + 0.307692 × 6 %.
    let mild = case_of(terms, (10_000_000_000, 10_000), 650_000_000, u64::MAX);
    let plan = plan(&mild).unwrap();
    assert!(!mild.health.is_within_borrow_limit(), "812.5 of 750");
    assert_eq!(plan.bonus.get() / (WAD / 1_000_000), 38_461);
    assert_eq!(plan.repay, Amount(110_279_442));
}

#[test]
fn a_healthy_position_is_left_alone() {
    assert_eq!(plan(&ten(800_000_000, u64::MAX)), Err(LendingError::NotLiquidatable));
}

#[test]
fn nothing_for_nothing_is_refused() {
    let offered = |repay_max| plan(&ten(900_000_000, repay_max));
    assert_eq!(offered(0), Err(LendingError::AmountTooSmall));
    assert!(offered(1).is_ok());
}

/// The collateral has no decimals, a unit is worth 300. The target asks for less than one.
#[test]
fn a_coarse_collateral_goes_by_the_unit() {
    let quote = Quote { price: Price(300 * WAD), decimals: 0 };
    let target = Terms { target_health: Bps::ONE, ..TERMS };
    let health = Health::default()
        .with_collateral(Amount(10).fine(), quote, FACTORS)
        .and_then(|health| health.with_debt(Amount(2_401_000_000).fine(), DOLLAR, Bps::ONE));
    let case = Case {
        health: health.unwrap(),
        owed: Amount(2_401_000_000),
        debt_quote: DOLLAR,
        held: Amount(10),
        collateral_quote: quote,
        terms: target,
        repay_max: Amount(u64::MAX),
    };
    let plan = plan(&case).unwrap();
    assert_eq!(plan.seize, Amount(1));
    // 300 ÷ 1.0204997…; the bonus is less than a unit, so there is no fee.
    assert_eq!((plan.repay.get() / 1_000_000, plan.protocol_fee), (293, Amount(0)));
}

#[test]
fn the_fee_is_at_least_one_unit_and_at_most_the_bonus() {
    let free = Terms { protocol_fee: Bps(0), ..TERMS };
    let fee = |terms, repay| {
        // A unit of collateral is worth 10⁻⁷, a tenth of one of debt.
        let case = case_of(terms, (10_000_000_000, 10_000), 900_000_000, repay);
        let plan = plan(&case).unwrap();
        (plan.seize.get(), plan.protocol_fee.get())
    };
    // The bonus is 8 %: 10 units of principal, no whole one of bonus.
    assert_eq!(fee(TERMS, 1), (10, 0));
    // 20 and 1: a tenth of it is rounded up to the one.
    assert_eq!(fee(TERMS, 2), (21, 1));
    assert_eq!(fee(free, 2), (21, 1));
    assert_eq!(fee(free, 1_000_000), (10_800_000, 1));
    assert_eq!(fee(TERMS, 1_000_000), (10_800_000, 80_000));
}

#[test]
fn recoverable_is_the_value_before_the_bonus() {
    assert_eq!(recoverable_down(Value(1_080 * WAD), Bps(800)), Ok(Value(1_000 * WAD)));
    assert_eq!(recoverable_down(Value(1), Bps(800)), Ok(Value(0)));
}

#[test]
fn a_dear_collateral_does_not_overflow_a_cheap_debt() {
    // A whole unit costs far more of this debt than 64 bits hold.
    let mut case = case(1 << 50, 100_000_000_000, 1_000, u64::MAX);
    case.debt_quote.price = Price(1);
    case.health = Health {
        debt: Value(1),
        debt_weighted: Value(2),
        liquidation_limit: Value(1),
        ..case.health
    };
    assert!(plan(&case).is_err_and(|error| error == LendingError::AmountTooSmall));
    case.collateral_quote.price = Price(1);
    (case.held, case.owed) = (Amount(u64::MAX), Amount(1_000_000_000_000));
    assert!(plan(&case).is_ok());
}

/// A position near or below its threshold, with any repayment on offer.
fn any_case(min_left: impl Strategy<Value = u128>) -> impl Strategy<Value = Case> {
    case_near(7_900..12_000, min_left)
}

/// A position whose weighted debt is that many basis points of its collateral.
fn case_near(
    debt_bps: Range<u64>,
    min_left: impl Strategy<Value = u128>,
) -> impl Strategy<Value = Case> {
    let position = (1_000_u64..1 << 50, 1_u64..10_000_000, debt_bps);
    let repay_max = prop_oneof![Just(u64::MAX), 1_u64..u64::MAX, 1_u64..1 << 40];
    (position, 10_000_u32..20_000, repay_max, min_left).prop_filter_map(
        "owes nothing",
        |((held, cents, debt_bps), factor, repay_max, min_left)| {
            let terms = Terms { borrow_factor: Bps(factor), min_left: Value(min_left), ..TERMS };
            let micro = u128::from(held) * u128::from(cents) / 100_000;
            let micro = micro * u128::from(debt_bps) / u128::from(factor);
            let owed = u64::try_from(micro).ok().filter(|owed| *owed > 0)?;
            Some(case_of(terms, (held, cents), owed, repay_max))
        },
    )
}

/// What a plan leaves of the case: value of the collateral, rounded down, and of the debt, up.
fn left(case: &Case, plan: &Plan) -> Health {
    let (held, owed) = (case.held.minus(plan.seize), case.owed.minus(plan.repay));
    let health =
        Health::default().with_collateral(held.unwrap().fine(), case.collateral_quote, FACTORS);
    let owed = owed.unwrap().fine();
    health.and_then(|h| h.with_debt(owed, DOLLAR, case.terms.borrow_factor)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn a_liquidation_never_raises_ltv_while_collateral_covers_debt(
        case in any_case(0..1_000 * WAD),
    ) {
        let Ok(plan) = plan(&case) else { return Ok(()) };
        prop_assume!(!case.health.is_insolvent());
        let after = left(&case, &plan);
        // debt' ÷ collateral' ≤ debt ÷ collateral, cross-multiplied, both scaled down to fit; one
        // unit of either may be rounded either way.
        let scale = WAD / 1_000_000;
        let unit = case.collateral_quote.value_up(Amount(1).fine()).unwrap().get();
        let debt = after.debt.get().saturating_sub(WAD / 1_000_000);
        let before = (case.health.debt.get() / scale) * ((after.collateral.get() + unit) / scale + 1);
        let after = (debt / scale) * (case.health.collateral.get() / scale);
        prop_assert!(after <= before + case.health.debt.get() / scale + 1);
    }

    #[test]
    fn nothing_beyond_the_terms_changes_hands(case in any_case(0..1_000 * WAD)) {
        let Ok(plan) = plan(&case) else { return Ok(()) };
        prop_assert!(plan.repay <= case.owed && plan.repay <= case.repay_max);
        prop_assert!(plan.seize <= case.held);
        let range = case.terms.bonus;
        let least = if case.health.is_insolvent() { range.insolvent } else { range.max };
        prop_assert!(plan.bonus <= least.wad());
        // What is taken is never worth more than the repayment and its bonus.
        let worth = case.collateral_quote.value_down(plan.seize.fine()).unwrap().get();
        let paid = case.debt_quote.value_up(plan.repay.fine()).unwrap().get();
        let bonus = paid / 1_000_000 * (plan.bonus.get() / (WAD / 1_000_000) + 1);
        prop_assert!(worth <= paid + bonus + 1_000_000);
        // The liquidator gets back at least what was repaid, in whole units.
        let principal = discount_up(u128::from(plan.seize.get()), plan.bonus).unwrap();
        prop_assert!(u128::from(plan.payout().unwrap().get()) >= principal);
    }

    #[test]
    fn no_dust_is_left(case in any_case(WAD..1_000 * WAD)) {
        let least = case.terms.min_left;
        match plan(&case) {
            Ok(plan) => {
                let after = left(&case, &plan);
                let cleared = plan.repay == case.owed || plan.seize == case.held;
                prop_assert!(cleared || (after.debt >= least && after.collateral >= least));
            }
            // Only who asks for less than the limit is told to ask for something else.
            Err(LendingError::PositionTooSmall) => {
                let most = plan(&Case { repay_max: Amount(u64::MAX), ..case }).unwrap();
                prop_assert!(case.repay_max < most.repay);
            }
            Err(LendingError::NotLiquidatable) => prop_assert!(!case.health.is_liquidatable()),
            Err(error) => {
                prop_assert_eq!(error, LendingError::AmountTooSmall);
                // Not even all of the debt pays for a unit of the collateral, or next to nothing
                // was offered.
                let unit = case.collateral_quote.value_down(Amount(1).fine()).unwrap();
                let most = case.owed.min(case.repay_max).fine();
                let offered = DOLLAR.value_up(most).unwrap().get();
                prop_assert!(offered * 2 < unit.get() || offered <= WAD / 1_000_000);
            }
        }
    }

    /// The limit restores the target, and a thousandth less does not.
    #[test]
    fn the_limit_is_what_restores_the_target(case in case_near(8_001..8_420, Just(0))) {
        let case = Case { repay_max: Amount(u64::MAX), ..case };
        let Ok(most) = plan(&case) else { return Ok(()) };
        prop_assume!(most.repay < case.owed && most.seize < case.held);
        prop_assume!(most.repay > Amount(1_000_000) && most.seize > Amount(1_000_000));
        let at_target = |health: Health| {
            let wanted = health.debt_weighted.get() / 10_000 * 10_500;
            wanted <= health.liquidation_limit.get() + 1_000_000
        };
        prop_assert!(at_target(left(&case, &most)));
        let repay_max = Amount(most.repay.get() - most.repay.get() / 1_000);
        let less = plan(&Case { repay_max, ..case }).unwrap();
        prop_assert!(!at_target(left(&case, &less)));
    }

    #[test]
    fn a_deeper_position_never_pays_a_smaller_bonus_until_the_surplus_caps_it(
        owed in 800_000_001_u64..1_000_000_000,
        more in 0_u64..100_000_000,
    ) {
        let bonus = |owed| {
            let health = ten(owed, 0).health;
            let surplus = health.collateral.get() * 1_000 / health.debt.get() - 1_000;
            let bonus = bonus_down(health, TERMS.bonus, TERMS.full_close_health).unwrap();
            (bonus, surplus > 80)
        };
        let (deeper, uncapped) = bonus((owed + more).min(1_000_000_000));
        prop_assert!(!uncapped || bonus(owed).0 <= deeper);
    }
}
