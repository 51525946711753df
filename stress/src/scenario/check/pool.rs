//! The checks of one pool.

use std::collections::{BTreeMap, BTreeSet};

use cofferdam_sdk::interface::state::ReserveConfig;
use rust_decimal::Decimal;

use super::{Faulty, MAX_PEOPLE, amount, known, within};
use crate::prices::{self, MicroUsd};
use crate::scenario::{
    BorrowerGroup, CurvePoint, Fault, Pool, Reserve, Runners, Scenario, Stakers, each,
};

const ONE_BPS: u32 = 10_000;
/// Ten times what a group in a large market has.
const MAX_BORROWERS: u32 = 10_000_000;
const MAX_RATE_BPS: u32 = 1_000_000;

/// Checks a pool; `key` is its own path.
pub(super) fn pool(scenario: &Scenario, pool: &Pool, key: &str) -> Result<(), Faulty> {
    let mut symbols = BTreeSet::new();
    for (index, reserve) in pool.reserves.iter().enumerate() {
        let key = format!("{key}.reserves[{index}]");
        if !symbols.insert(reserve.asset.as_str()) {
            return Err((format!("{key}.asset"), Fault::Duplicate(reserve.asset.clone())));
        }
        state(scenario, reserve, &key)?;
        risk(reserve, &key)?;
        curve(&reserve.curve, &key)?;
    }
    if pool.reserves.is_empty() {
        return Err((format!("{key}.reserves"), Fault::Empty));
    }
    for (index, group) in pool.borrowers.iter().enumerate() {
        borrowers(scenario, pool, group, &format!("{key}.borrowers[{index}]"))?;
    }
    funded(scenario, pool, key)
}

fn state(scenario: &Scenario, reserve: &Reserve, key: &str) -> Result<(), Faulty> {
    known(scenario, &format!("{key}.asset"), &reserve.asset)?;
    amount(scenario, &format!("{key}.supplied"), &reserve.asset, reserve.supplied)?;
    amount(scenario, &format!("{key}.insurance"), &reserve.asset, reserve.insurance)?;
    cap(scenario, reserve, &format!("{key}.supply_cap"), reserve.supply_cap)?;
    cap(scenario, reserve, &format!("{key}.borrow_cap"), reserve.borrow_cap)?;
    if let Some(runners) = &reserve.runners {
        run(runners, &format!("{key}.runners"))?;
    }
    if let Some(stakers) = &reserve.stakers {
        stake(reserve, stakers, &format!("{key}.stakers"))?;
    }
    let fewest = u32::from(!reserve.supplied.is_zero());
    within(&format!("{key}.suppliers"), reserve.suppliers, fewest, MAX_PEOPLE)?;
    within(&format!("{key}.max_price_age_s"), reserve.max_price_age_s, 1, u32::MAX)
}

/// A cap of nothing would leave no pool to play.
fn cap(
    scenario: &Scenario,
    reserve: &Reserve,
    key: &str,
    cap: Option<Decimal>,
) -> Result<(), Faulty> {
    let Some(cap) = cap else { return Ok(()) };
    match amount(scenario, key, &reserve.asset, cap)? {
        0 => Err((key.to_owned(), Fault::CapOfNothing)),
        _ => Ok(()),
    }
}

fn run(runners: &Runners, key: &str) -> Result<(), Faulty> {
    within(&format!("{key}.share_bps"), runners.share_bps, 1, ONE_BPS)?;
    if runners.uncovered_loss_bps.is_none() && runners.utilisation_bps.is_none() {
        return Err((key.to_owned(), Fault::AnyOf("uncovered_loss_bps", "utilisation_bps")));
    }
    let least = runners.uncovered_loss_bps.unwrap_or(1);
    within(&format!("{key}.uncovered_loss_bps"), least, 1, ONE_BPS)?;
    let least = runners.utilisation_bps.unwrap_or(1);
    within(&format!("{key}.utilisation_bps"), least, 1, ONE_BPS)
}

fn stake(reserve: &Reserve, stakers: &Stakers, key: &str) -> Result<(), Faulty> {
    if reserve.insurance.is_zero() {
        return Err((key.to_owned(), Fault::Needs("insurance")));
    }
    within(&format!("{key}.count"), stakers.count, 1, 1_000)?;
    within(&format!("{key}.share_bps"), stakers.share_bps, 1, ONE_BPS)?;
    within(&format!("{key}.uncovered_loss_bps"), stakers.uncovered_loss_bps, 1, ONE_BPS)
}

fn risk(reserve: &Reserve, key: &str) -> Result<(), Faulty> {
    let threshold_bps = reserve.liquidation_threshold_bps;
    let shares = [
        ("collateral_factor_bps", reserve.collateral_factor_bps, 0),
        ("liquidation_threshold_bps", threshold_bps, 0),
        ("full_close_health_bps", reserve.full_close_health_bps, 0),
        ("liquidation_bonus_min_bps", reserve.liquidation_bonus_min_bps, 0),
        ("liquidation_bonus_max_bps", reserve.liquidation_bonus_max_bps, 0),
        ("liquidation_protocol_fee_bps", reserve.liquidation_protocol_fee_bps, 0),
        ("reserve_factor_bps", reserve.reserve_factor_bps, 0),
    ];
    for (field, found, low) in shares {
        within(&format!("{key}.{field}"), found, low, ONE_BPS)?;
    }
    within(&format!("{key}.target_health_bps"), reserve.target_health_bps, ONE_BPS, 15_000)?;
    collateral_factor(reserve, key)?;
    bonus(reserve, key)
}

/// Otherwise a position could be liquidated in the block that opens it.
fn collateral_factor(reserve: &Reserve, key: &str) -> Result<(), Faulty> {
    let (found, than) = (reserve.collateral_factor_bps, reserve.liquidation_threshold_bps);
    if found <= than {
        return Ok(());
    }
    let fault = Fault::Above { found, than_key: "liquidation_threshold_bps", than };
    Err((format!("{key}.collateral_factor_bps"), fault))
}

/// A position at its threshold must be worth more than what its liquidator takes, or the
/// liquidation itself creates the bad debt.
fn bonus(reserve: &Reserve, key: &str) -> Result<(), Faulty> {
    let (bonus_bps, threshold_bps) =
        (reserve.liquidation_bonus_max_bps, reserve.liquidation_threshold_bps);
    if u64::from(threshold_bps) * u64::from(ONE_BPS + bonus_bps) > u64::from(ONE_BPS).pow(2) {
        let fault = Fault::ToxicBonus { bonus_bps, threshold_bps };
        return Err((format!("{key}.liquidation_bonus_max_bps"), fault));
    }
    let found = reserve.insolvent_bonus_bps;
    let least = ReserveConfig::INSOLVENT_BONUS_MIN.get();
    within(&format!("{key}.insolvent_bonus_bps"), found, least, ONE_BPS)?;
    if found > bonus_bps {
        let fault = Fault::Above { found, than_key: "liquidation_bonus_max_bps", than: bonus_bps };
        return Err((format!("{key}.insolvent_bonus_bps"), fault));
    }
    let found = reserve.liquidation_bonus_min_bps;
    if found > bonus_bps {
        let fault = Fault::Above { found, than_key: "liquidation_bonus_max_bps", than: bonus_bps };
        return Err((format!("{key}.liquidation_bonus_min_bps"), fault));
    }
    Ok(())
}

fn curve(curve: &[CurvePoint], key: &str) -> Result<(), Faulty> {
    let refuse = |point| Err((format!("{key}.curve"), Fault::Curve(point)));
    if curve.first().is_none_or(|point| point.utilisation_bps != 0) {
        return refuse(0);
    }
    let last = curve.len() - 1;
    if curve[last].utilisation_bps != ONE_BPS {
        return refuse(last);
    }
    for (index, pair) in (1..).zip(curve.windows(2)) {
        let rises = pair[0].utilisation_bps < pair[1].utilisation_bps;
        if !rises || pair[0].rate_bps > pair[1].rate_bps {
            return refuse(index);
        }
    }
    within(&format!("{key}.curve[{last}][1]"), curve[last].rate_bps, 0, MAX_RATE_BPS)
}

fn borrowers(
    scenario: &Scenario,
    pool: &Pool,
    group: &BorrowerGroup,
    key: &str,
) -> Result<(), Faulty> {
    let collateral = reserve(pool, &group.collateral, &format!("{key}.collateral"))?;
    reserve(pool, &group.debt, &format!("{key}.debt"))?;
    if group.debt == group.collateral {
        return Err((format!("{key}.debt"), Fault::SameAsset(group.debt.clone())));
    }
    within(&format!("{key}.count"), group.count, 1, MAX_BORROWERS)?;
    amount(
        scenario,
        &format!("{key}.collateral_total"),
        &group.collateral,
        group.collateral_total,
    )?;
    within(&format!("{key}.trigger_health_bps"), group.trigger_health_bps, ONE_BPS, 100_000)?;
    let (low, high) = (group.trigger_health_bps, 1_000_000);
    within(&format!("{key}.target_health_bps"), group.target_health_bps, low, high)?;
    within(&format!("{key}.wallet_bps"), group.wallet_bps, 0, 1_000_000)?;
    let (from, to) = (group.ltv_bps.from, group.ltv_bps.to);
    if from > to {
        let fault = Fault::Above { found: from, than_key: "to", than: to };
        return Err((format!("{key}.ltv_bps.from"), fault));
    }
    let than = collateral.collateral_factor_bps;
    if to > than {
        let fault = Fault::Above { found: to, than_key: "collateral_factor_bps", than };
        return Err((format!("{key}.ltv_bps.to"), fault));
    }
    Ok(())
}

fn reserve<'a>(pool: &'a Pool, symbol: &str, key: &str) -> Result<&'a Reserve, Faulty> {
    let missing = || Fault::NoReserve { symbol: symbol.to_owned(), pool: pool.name.clone() };
    pool.reserve(symbol).ok_or_else(|| (key.to_owned(), missing()))
}

/// The suppliers must be able to lend what the borrowers open with at the opening prices.
fn funded(scenario: &Scenario, pool: &Pool, key: &str) -> Result<(), Faulty> {
    let debts =
        opening_debts(scenario, pool).map_err(|fault| (format!("{key}.borrowers"), fault))?;
    for (index, reserve) in pool.reserves.iter().enumerate() {
        let debt = debts.get(reserve.asset.as_str()).copied().unwrap_or_default();
        let supplied = reserve.supplied_within_cap();
        if debt > supplied {
            let symbol = reserve.asset.clone();
            let fault = Fault::Unfunded { supplied, debt, symbol };
            return Err((format!("{key}.reserves[{index}].supplied"), fault));
        }
    }
    Ok(())
}

/// What the positions of a pool borrow at the opening prices, by symbol, in whole tokens.
fn opening_debts(scenario: &Scenario, pool: &Pool) -> Result<BTreeMap<String, Decimal>, Fault> {
    let paths = prices::paths(scenario, None)?;
    let opening = |symbol: &str| -> Option<(MicroUsd, u8)> {
        Some((paths.get(symbol)?.first(), scenario.asset(symbol)?.decimals))
    };
    let mut debts = BTreeMap::new();
    for position in each(scenario, pool)? {
        let (collateral, debt) = (opening(&position.collateral), opening(&position.debt));
        let (Some(collateral), Some(debt)) = (collateral, debt) else { continue };
        let native = position
            .debt_native_down(collateral, debt)
            .ok_or_else(|| Fault::DebtTooLarge(position.debt.clone()))?;
        if native == 0 && pool.is_capped() {
            return Err(Fault::CapTooLow);
        }
        let tokens = Decimal::from_i128_with_scale(native.into(), debt.1.into());
        *debts.entry(position.debt).or_insert(Decimal::ZERO) += tokens;
    }
    Ok(debts)
}
