//! Which change of which parameter raises risk: both directions of every field.

use cofferdam_host::Address;
use cofferdam_lending_interface::{
    math::interest::RateCurve,
    state::{LossPolicy, PoolConfig, RateModel, ReserveConfig},
    units::{Amount, Bps, Value},
};

/// Directions of a parameter that raise risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Raises {
    Up,
    Down,
    Both,
    Neither,
}

impl Raises {
    const fn lower(self) -> bool {
        matches!(self, Self::Down | Self::Both)
    }

    const fn higher(self) -> bool {
        matches!(self, Self::Up | Self::Both)
    }
}

/// In the middle of every range, so that each parameter can go both ways.
fn middle() -> ReserveConfig {
    ReserveConfig {
        borrow_factor: Bps(20_000),
        supply_cap: Amount(100),
        borrow_cap: Amount(100),
        max_utilisation: Bps(9_000),
        outflow_hour_max: Amount(100),
        outflow_day_max: Amount(100),
        max_divergence: Bps(5_000),
        ..ReserveConfig::default()
    }
}

type Field = (&'static str, Raises, fn(&mut ReserveConfig) -> &mut u32);

#[test]
fn every_ratio_of_a_reserve() {
    let fields: [Field; 17] = [
        ("collateral_factor", Raises::Up, |c| &mut c.collateral_factor.0),
        ("liquidation_threshold", Raises::Up, |c| &mut c.liquidation_threshold.0),
        ("borrow_factor", Raises::Both, |c| &mut c.borrow_factor.0),
        ("target_health", Raises::Both, |c| &mut c.target_health.0),
        ("full_close_health", Raises::Both, |c| &mut c.full_close_health.0),
        ("liquidation_bonus_min", Raises::Both, |c| &mut c.liquidation_bonus_min.0),
        ("liquidation_bonus_max", Raises::Both, |c| &mut c.liquidation_bonus_max.0),
        ("insolvent_bonus", Raises::Both, |c| &mut c.insolvent_bonus.0),
        ("liquidation_protocol_fee", Raises::Both, |c| &mut c.liquidation_protocol_fee.0),
        ("reserve_factor", Raises::Both, |c| &mut c.reserve_factor.0),
        ("insurance_share", Raises::Down, |c| &mut c.insurance_share.0),
        ("max_utilisation", Raises::Up, |c| &mut c.max_utilisation.0),
        ("max_price_age_s", Raises::Both, |c| &mut c.max_price_age_s),
        ("max_confidence", Raises::Both, |c| &mut c.max_confidence.0),
        ("max_divergence", Raises::Both, |c| &mut c.max_divergence.0),
        ("flash_fee", Raises::Neither, |c| &mut c.flash_fee.0),
        ("curve", Raises::Both, |c| &mut c.curve.points[1].rate.0),
    ];
    for (name, raises, field) in fields {
        let (mut lower, mut higher) = (middle(), middle());
        *field(&mut lower) -= 1;
        *field(&mut higher) += 1;
        check(name, raises, [lower, higher].map(|config| config.raises_risk(&middle())));
    }
}

#[test]
fn every_amount_of_a_reserve() {
    type Field = (&'static str, Raises, fn(&mut ReserveConfig) -> &mut u64);
    let fields: [Field; 4] = [
        ("supply_cap", Raises::Up, |c| &mut c.supply_cap.0),
        ("borrow_cap", Raises::Up, |c| &mut c.borrow_cap.0),
        ("outflow_hour_max", Raises::Both, |c| &mut c.outflow_hour_max.0),
        ("outflow_day_max", Raises::Both, |c| &mut c.outflow_day_max.0),
    ];
    for (name, raises, field) in fields {
        let (mut lower, mut higher) = (middle(), middle());
        *field(&mut lower) -= 1;
        *field(&mut higher) += 1;
        check(name, raises, [lower, higher].map(|config| config.raises_risk(&middle())));
    }
}

#[test]
fn every_choice_of_a_reserve() {
    assert_eq!(middle().raises_risk(&middle()), None);
    for policy in LossPolicy::ALL {
        let config = ReserveConfig { loss_policy: policy, ..middle() };
        assert_eq!(config.raises_risk(&middle()).is_some(), policy != middle().loss_policy);
    }
    let adaptive = ReserveConfig { rate_model: RateModel::Adaptive, ..middle() };
    assert!(adaptive.raises_risk(&middle()).unwrap().contains("rate_model"));
    let curve = RateCurve::new(&[(0, 0), (10_000, 1)]).unwrap();
    let flat = ReserveConfig { curve, ..middle() };
    assert!(flat.raises_risk(&middle()).unwrap().contains("curve"));
}

#[test]
fn every_parameter_of_a_pool() {
    let (first, second) = (Address::new_from_array([1; 32]), Address::new_from_array([2; 32]));
    let before = PoolConfig {
        guardian: first,
        timelock_s: 100,
        withdrawal_notice_s: 100,
        grace_s: 100,
        min_position_value: Value(100),
    };
    type Field = (&'static str, Raises, fn(&mut PoolConfig) -> &mut u32);
    let fields: [Field; 3] = [
        ("timelock_s", Raises::Down, |c| &mut c.timelock_s),
        ("withdrawal_notice_s", Raises::Both, |c| &mut c.withdrawal_notice_s),
        ("grace_s", Raises::Up, |c| &mut c.grace_s),
    ];
    for (name, raises, field) in fields {
        let (mut lower, mut higher) = (before, before);
        *field(&mut lower) -= 1;
        *field(&mut higher) += 1;
        check(name, raises, [lower, higher].map(|config| config.raises_risk(&before)));
    }
    for value in [99, 101] {
        let config = PoolConfig { min_position_value: Value(value), ..before };
        assert!(config.raises_risk(&before).unwrap().contains("min_position_value"));
    }
    let replaced = PoolConfig { guardian: second, ..before };
    assert!(replaced.raises_risk(&before).unwrap().contains("guardian"));
    let removed = PoolConfig { guardian: Address::default(), ..before };
    assert!(removed.raises_risk(&before).unwrap().contains("guardian"));
    assert_eq!(before.raises_risk(&removed), None, "a first guardian can only reduce risk");
    assert_eq!(before.raises_risk(&before), None);
}

/// The reason names the parameter.
fn check(name: &str, raises: Raises, [lower, higher]: [Option<&str>; 2]) {
    for (reason, raised) in [(lower, raises.lower()), (higher, raises.higher())] {
        assert_eq!(reason.is_some(), raised, "{name}, which raises {raises:?}: {reason:?}");
        assert!(reason.is_none_or(|reason| reason.contains(name)), "{name}: {reason:?}");
    }
}
