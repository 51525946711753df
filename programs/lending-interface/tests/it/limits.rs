//! What a reserve's limits leave room for, to the unit.

use cofferdam_lending_interface::{
    LendingError,
    math::ramp::ThresholdRamp,
    plan,
    state::{Entry, PoolConfig, Reserve, ReserveConfig, require_ready},
    units::{Amount, Bps, DebtShares, Fine, Shares, Value, WAD},
};
use proptest::prelude::*;

use crate::encoding::reserve;

/// A million in cash, 500,000 of it supplied beyond a debt of 500,000 units.
fn lent() -> Reserve {
    Reserve { cash: Amount(500_000), debt_shares: DebtShares(500_000_000_000_000), ..reserve() }
}

fn capped(change: impl FnOnce(&mut ReserveConfig)) -> Reserve {
    let mut reserve = lent();
    change(&mut reserve.config);
    reserve
}

#[test]
fn supply_cap() {
    let reserve = capped(|config| config.supply_cap = Amount(1_000_100));
    assert_eq!(reserve.supply_room_down(), Ok(Amount(100)));
    assert!(plan::deposit(&reserve, Amount(100)).is_ok());
    let over = plan::deposit(&reserve, Amount(101));
    assert_eq!(over, Err(LendingError::SupplyCapExceeded));
    let full = capped(|config| config.supply_cap = Amount(0));
    assert_eq!(full.supply_room_down(), Ok(Amount::ZERO), "interest carried it past the cap");
    assert_eq!(plan::deposit(&full, Amount(1)), Err(LendingError::SupplyCapExceeded));
    assert_eq!(lent().supply_room_down(), Ok(Amount::MAX));
}

#[test]
fn borrow_cap() {
    let reserve = capped(|config| config.borrow_cap = Amount(500_100));
    assert_eq!(reserve.borrow_room_down(), Ok(Amount(100)));
    assert!(plan::borrow(&reserve, Amount(100)).is_ok());
    assert_eq!(plan::borrow(&reserve, Amount(101)), Err(LendingError::BorrowCapExceeded));
    let full = capped(|config| config.borrow_cap = Amount(0));
    assert_eq!(plan::borrow(&full, Amount(1)), Err(LendingError::BorrowCapExceeded));
    let entry = Entry { debt: DebtShares(1_000_000_000), ..Entry::default() };
    assert!(plan::repay(&full, &entry, Amount(1)).is_ok(), "repaying is never limited");
}

#[test]
fn a_part_of_a_unit_owed_counts() {
    let mut reserve = capped(|config| config.borrow_cap = Amount(500_100));
    reserve.debt_shares = DebtShares(500_000_000_000_001);
    assert_eq!(reserve.borrow_room_down(), Ok(Amount(99)));
}

#[test]
fn max_utilisation() {
    let reserve = capped(|config| config.max_utilisation = Bps(9_000));
    assert!(plan::borrow(&reserve, Amount(400_000)).is_ok());
    assert_eq!(plan::borrow(&reserve, Amount(400_001)), Err(LendingError::UtilisationTooHigh));
    assert!(plan::borrow(&lent(), Amount(500_000)).is_ok());
    assert_eq!(plan::borrow(&lent(), Amount(500_001)), Err(LendingError::InsufficientCash));
    // Insurance cannot be lent, so it is no part of the funds.
    let mut insured = reserve;
    insured.insurance = Fine(100_000_000_000_000);
    insured.insurance_cash = insured.insurance;
    assert!(plan::borrow(&insured, Amount(310_000)).is_ok());
    assert_eq!(plan::borrow(&insured, Amount(310_001)), Err(LendingError::UtilisationTooHigh));
}

#[test]
fn outflow_limits_hold_loans_and_withdrawals_together() {
    let mut reserve = capped(|config| config.outflow_hour_max = Amount(1_000));
    let mut entry = Entry { supply: Shares(400_000_000_000), ..Entry::default() };
    let mut other = Entry::default();
    let loan = plan::borrow(&reserve, Amount(600)).unwrap();
    loan.apply(&mut reserve, &mut other).unwrap();
    reserve.count_out(loan.amount).unwrap();
    assert_eq!(reserve.outflow_room_down(), Ok(Amount(400)));
    let over = plan::withdraw(&reserve, &entry, Amount(401));
    assert_eq!(over, Err(LendingError::OutflowLimitExceeded));
    assert_eq!(plan::borrow(&reserve, Amount(401)), Err(LendingError::OutflowLimitExceeded));
    let taken = plan::withdraw(&reserve, &entry, Amount(400)).unwrap();
    taken.apply(&mut reserve, &mut entry).unwrap();
    reserve.count_out(taken.amount).unwrap();
    let over = plan::withdraw(&reserve, &entry, Amount(1));
    assert_eq!(over, Err(LendingError::OutflowLimitExceeded));
    assert_eq!(reserve.count_out(Amount(1)), Err(LendingError::OutflowLimitExceeded));
    reserve.count_in(Amount(5)).unwrap();
    assert_eq!(reserve.outflow_room_down(), Ok(Amount(5)));
}

#[test]
fn bounds_of_a_pools_parameters() {
    type Field = fn(&mut PoolConfig) -> &mut u32;
    let fields: [(Field, u32, &str); 3] = [
        (|c| &mut c.timelock_s, PoolConfig::TIMELOCK_MAX_S, "timelock_s"),
        (|c| &mut c.withdrawal_notice_s, PoolConfig::NOTICE_MAX_S, "withdrawal_notice_s"),
        (|c| &mut c.grace_s, PoolConfig::GRACE_MAX_S, "grace_s"),
    ];
    for (field, most, name) in fields {
        let mut config = PoolConfig::default();
        *field(&mut config) = most;
        assert_eq!(config.fault(), None, "{name}");
        *field(&mut config) = most + 1;
        assert!(config.fault().unwrap().contains(name));
    }
    let least = |value| PoolConfig { min_position_value: Value(value), ..PoolConfig::default() };
    assert_eq!(least(10_000 * WAD).fault(), None);
    assert!(least(10_000 * WAD + 1).fault().unwrap().contains("min_position_value"));
}

#[test]
fn bounds_of_a_reserves_limits() {
    let at = |change: fn(&mut ReserveConfig)| {
        let mut config = ReserveConfig::default();
        change(&mut config);
        config.fault().unwrap_or("fine")
    };
    assert_eq!(at(|c| c.max_utilisation = Bps(1)), "fine");
    assert!(at(|c| c.max_utilisation = Bps(0)).contains("max_utilisation"));
    assert!(at(|c| c.max_utilisation = Bps(10_001)).contains("max_utilisation"));
    assert_eq!(at(|c| c.borrow_factor = Bps(50_000)), "fine");
    assert!(at(|c| c.borrow_factor = Bps(50_001)).contains("borrow_factor"));
    assert!(at(|c| c.borrow_factor = Bps(9_999)).contains("borrow_factor"));
    assert!(at(|c| c.outflow_day_max = Amount(1)).contains("outflow_hour_max"));
    assert_eq!(at(|c| (c.outflow_hour_max, c.outflow_day_max) = (Amount(1), Amount(1))), "fine");
    assert_eq!(at(|c| (c.supply_cap, c.borrow_cap) = (Amount(0), Amount(0))), "fine");
    assert_eq!(at(|c| c.max_confidence = Bps(1)), "fine");
    assert!(at(|c| c.max_confidence = Bps(0)).contains("max_confidence"));
    assert!(at(|c| c.max_confidence = Bps(10_001)).contains("max_confidence"));
    assert_eq!(at(|c| c.max_divergence = Bps(1)), "fine");
    assert!(at(|c| c.max_divergence = Bps(0)).contains("max_divergence"));
    assert!(at(|c| c.max_divergence = Bps(10_001)).contains("max_divergence"));
    assert_eq!(at(|c| c.flash_fee = Bps(100)), "fine");
    assert!(at(|c| c.flash_fee = Bps(101)).contains("flash_fee"));
    assert_eq!(at(|c| c.insurance_share = Bps(10_000)), "fine");
    assert!(at(|c| c.insurance_share = Bps(10_001)).contains("insurance_share"));
}

#[test]
fn bounds_of_a_reserves_liquidation_terms() {
    let at = |change: fn(&mut ReserveConfig)| {
        let mut config = ReserveConfig::default();
        change(&mut config);
        config.fault().unwrap_or("fine")
    };
    assert_eq!(at(|c| c.target_health = Bps(10_000)), "fine");
    assert_eq!(at(|c| c.target_health = Bps(15_000)), "fine");
    assert!(at(|c| c.target_health = Bps(15_001)).contains("target_health"));
    assert_eq!(at(|c| c.full_close_health = Bps(0)), "fine");
    assert_eq!(at(|c| c.full_close_health = Bps(9_999)), "fine");
    assert!(at(|c| c.full_close_health = Bps(10_000)).contains("full_close_health"));
    assert_eq!(at(|c| c.liquidation_bonus_min = Bps(800)), "fine");
    assert!(at(|c| c.liquidation_bonus_min = Bps(801)).contains("liquidation_bonus_min"));
    assert_eq!(at(|c| c.insolvent_bonus = Bps(800)), "fine");
    assert_eq!(at(|c| c.insolvent_bonus = Bps(10)), "fine");
    assert!(at(|c| c.insolvent_bonus = Bps(9)).contains("insolvent_bonus must be 10 bps"));
    assert!(at(|c| c.insolvent_bonus = Bps(801)).contains("insolvent_bonus"));
    assert_eq!(at(|c| c.liquidation_protocol_fee = Bps(5_000)), "fine");
    assert!(at(|c| c.liquidation_protocol_fee = Bps(5_001)).contains("protocol_fee"));
    assert_eq!(at(|c| c.reserve_factor = Bps(5_000)), "fine");
    assert!(at(|c| c.reserve_factor = Bps(5_001)).contains("reserve_factor"));
    // 80 % × 1.25 is one exactly.
    assert_eq!(at(|c| c.liquidation_bonus_max = Bps(2_500)), "fine");
    assert!(at(|c| c.liquidation_bonus_max = Bps(2_501)).contains("liquidation_bonus_max"));
    assert_eq!(at(|c| c.liquidation_threshold = Bps(7_500)), "fine");
    assert!(at(|c| c.liquidation_threshold = Bps(7_499)).contains("collateral_factor"));
    assert_eq!(at(|c| c.max_price_age_s = 604_800), "fine");
    assert_eq!(at(|c| c.max_price_age_s = 1), "fine");
    assert!(at(|c| c.max_price_age_s = 604_801).contains("max_price_age_s"));
}

#[test]
fn a_queued_change_has_its_time() {
    let ready_s = 1_700_000_000;
    let life_s = 14 * 86_400;
    assert_eq!(require_ready(ready_s, ready_s - 1), Err(LendingError::ChangeNotReady));
    assert_eq!(require_ready(ready_s, ready_s), Ok(()));
    assert_eq!(require_ready(ready_s, ready_s + life_s), Ok(()));
    assert_eq!(require_ready(ready_s, ready_s + life_s + 1), Err(LendingError::ChangeExpired));
    assert_eq!(require_ready(i64::MIN, i64::MAX), Err(LendingError::ChangeExpired));
}

#[test]
fn a_refused_change_changes_nothing() {
    let mut reserve = lent();
    reserve.ramp = ThresholdRamp { from: Bps(8_500), start_s: 1_000, end_s: 90_000 };
    let before = reserve.clone();
    let wrong = ReserveConfig { flash_fee: Bps(101), ..reserve.config };
    assert_eq!(reserve.reconfigure(wrong, 0), Err(LendingError::InvalidConfig));
    let steep = ReserveConfig { liquidation_threshold: Bps(7_900), ..reserve.config };
    assert_eq!(reserve.reconfigure(steep, 1), Err(LendingError::RampTooShort));
    assert_eq!(reserve, before);
}

proptest! {
    /// The room is exact: so much is accepted and one unit more is not, whatever interest did.
    #[test]
    fn rooms_are_exact(
        cap in 1_u64..2_000_000,
        debt in 0_u64..900_000_000_000_000,
        utilisation in 1_u32..10_000,
    ) {
        let mut reserve = capped(|config| {
            (config.supply_cap, config.borrow_cap) = (Amount(cap), Amount(cap));
            config.max_utilisation = Bps(utilisation);
        });
        reserve.debt_shares = DebtShares(u128::from(debt));
        let deposit = reserve.supply_room_down().unwrap();
        prop_assert!(deposit.is_zero() || plan::deposit(&reserve, deposit).is_ok());
        let over = plan::deposit(&reserve, Amount(deposit.get() + 1));
        prop_assert_eq!(over, Err(LendingError::SupplyCapExceeded));
        let room = reserve.borrow_room_down().unwrap();
        let over = reserve.require_borrow_room(Amount(room.get() + 1));
        prop_assert_eq!(over, Err(LendingError::BorrowCapExceeded));
        let mut entry = Entry::default();
        let amount = room.min(Amount(500_000));
        if let Ok(loan) = plan::borrow(&reserve, amount) {
            loan.apply(&mut reserve, &mut entry).unwrap();
            prop_assert!(reserve.debt().unwrap() <= Amount(cap).fine());
            let used = reserve.utilisation_down().unwrap();
            prop_assert!(used <= u128::from(utilisation) * 10_u128.pow(23));
        }
    }
}
