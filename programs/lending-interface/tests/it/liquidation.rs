use cofferdam_lending_interface::{
    LendingError,
    math::{
        health::{CollateralFactors, Health},
        liquidation::{Case, Plan, Terms, bonus_down, close_limit_up, plan, recoverable_down},
        value::Quote,
    },
    units::{Amount, Bps, Price, Value, WAD, Wad},
};
use proptest::prelude::*;

const TERMS: Terms = Terms {
    close_factor: Bps(5_000),
    full_close_health: Bps(9_500),
    bonus: Bps(800),
    insolvent_bonus: Bps(100),
    protocol_fee: Bps(1_000),
};
const FACTORS: CollateralFactors =
    CollateralFactors { collateral_factor: Bps(7_500), liquidation_threshold: Bps(8_000) };
const DOLLAR: Quote = Quote { price: Price(WAD), decimals: 6 };

/// A position of one collateral (9 decimals) and one debt (6 decimals, worth a dollar).
fn case(held: u64, price_cents: u64, owed: u64, repay_max: u64) -> Case {
    let collateral_quote = Quote { price: Price(u128::from(price_cents) * WAD / 100), decimals: 9 };
    let health = Health::default()
        .with_collateral(Amount(held).fine(), collateral_quote, FACTORS)
        .and_then(|health| health.with_debt(Amount(owed).fine(), DOLLAR))
        .unwrap();
    Case {
        health,
        owed: Amount(owed),
        debt_quote: DOLLAR,
        held: Amount(held),
        collateral_quote,
        terms: TERMS,
        repay_max: Amount(repay_max),
    }
}

#[test]
fn half_is_repaid_with_the_bonus_when_barely_unhealthy() {
    // 10 tokens at 100 against 810 of debt: threshold 800, health factor 0.987.
    let plan = plan(&case(10_000_000_000, 10_000, 810_000_000, u64::MAX)).unwrap();
    // 405 repaid, 437.40 seized, of the 32.40 bonus a tenth is the protocol's.
    let expected = Plan {
        bonus: Wad(WAD / 100 * 8),
        repay: Amount(405_000_000),
        seize: Amount(4_374_000_000),
        protocol_fee: Amount(32_400_000),
    };
    assert_eq!(plan, expected);
    assert_eq!(plan.payout(), Ok(Amount(4_341_600_000)));
}

#[test]
fn everything_is_repaid_when_far_below() {
    let case = case(10_000_000_000, 10_000, 850_000_000, u64::MAX);
    assert_eq!(case.health.factor_down().unwrap(), Some(Wad(800 * WAD / 850)));
    assert_eq!(close_limit_up(case.health, case.owed, &TERMS), Ok(Amount(850_000_000)));
    assert_eq!(plan(&case).unwrap().repay, Amount(850_000_000));
}

#[test]
fn the_bonus_shrinks_to_what_the_collateral_leaves() {
    let bonus = |debt| {
        let health = case(10_000_000_000, 10_000, debt, 0).health;
        bonus_down(health, TERMS.bonus, TERMS.insolvent_bonus).unwrap().get()
    };
    assert_eq!(bonus(810_000_000), WAD / 100 * 8);
    assert_eq!(bonus(950_000_000), WAD * 50 / 950);
    assert_eq!(bonus(1_000_000_000), 0);
    assert_eq!(bonus(1_000_000_001), WAD / 100);
}

#[test]
fn a_healthy_position_is_left_alone() {
    assert_eq!(
        plan(&case(10_000_000_000, 10_000, 800_000_000, u64::MAX)),
        Err(LendingError::NotLiquidatable)
    );
}

#[test]
fn nothing_for_nothing_is_refused() {
    let offered = |repay_max| plan(&case(10_000_000_000, 10_000, 900_000_000, repay_max));
    assert_eq!(offered(0), Err(LendingError::AmountTooSmall));
    assert!(offered(1).is_ok());
}

#[test]
fn recoverable_is_the_value_before_the_bonus() {
    assert_eq!(recoverable_down(Value(1_080 * WAD), Bps(800)), Ok(Value(1_000 * WAD)));
    assert_eq!(recoverable_down(Value(1), Bps(800)), Ok(Value(0)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn a_liquidation_never_raises_ltv_while_collateral_covers_debt(
        held in 1_000_u64..1 << 50,
        price_cents in 1_u64..10_000_000,
        debt_bps in 1_u64..20_000,
        repay_max in 1_u64..u64::MAX,
    ) {
        let value_micro = u128::from(held) * u128::from(price_cents) / 100_000;
        let owed = u64::try_from(value_micro * u128::from(debt_bps) / 10_000).unwrap_or(u64::MAX);
        prop_assume!(owed > 0);
        let case = case(held, price_cents, owed, repay_max);
        let Ok(plan) = plan(&case) else { return Ok(()) };

        prop_assert!(plan.repay <= case.owed && plan.repay.get() <= repay_max);
        prop_assert!(plan.seize <= case.held);
        prop_assert!(plan.protocol_fee <= plan.seize);
        // What the liquidator takes is never worth more than the repayment and its bonus.
        let worth = case.collateral_quote.value_down(plan.seize.fine()).unwrap().get();
        let paid = case.debt_quote.value_up(plan.repay.fine()).unwrap().get();
        prop_assert!(worth <= paid + paid * 8 / 100 + 1);
        if case.health.collateral >= case.health.debt {
            let left_collateral = case.health.collateral.get() - worth;
            let left_debt = case.health.debt.get().saturating_sub(paid);
            // debt' ÷ collateral' ≤ debt ÷ collateral, cross-multiplied, both scaled down to fit;
            // one unit of collateral may be rounded either way.
            let scale = WAD / 1_000_000;
            let unit = case.collateral_quote.value_up(Amount(1).fine()).unwrap().get();
            let before = (case.health.debt.get() / scale) * ((left_collateral + unit) / scale + 1);
            let after = (left_debt / scale) * (case.health.collateral.get() / scale);
            prop_assert!(after <= before + case.health.debt.get() / scale + 1);
        }
    }
}
