//! The checks of liquidators, markets and the fee market.

use rust_decimal::Decimal;

use super::{Faulty, MAX_PEOPLE, amount, known, within};
use crate::scenario::{Depth, DepthModel, Fault, Fees, Liquidators, Scenario};

/// A million million dollars, which in millionths still fits 64 bits.
const MAX_USD: u64 = 1_000_000_000_000;
const MAX_STEPS: u32 = 1_000_000;

/// Checks everything about agents and what they act on.
pub(super) fn agents(scenario: &Scenario) -> Result<(), Faulty> {
    for (index, group) in scenario.liquidators.iter().enumerate() {
        liquidators(scenario, group, &format!("liquidators[{index}]"))?;
    }
    for (symbol, market) in &scenario.markets {
        known(scenario, &format!("markets.{symbol}"), symbol)?;
        depth(market, &format!("markets.{symbol}"))?;
    }
    scenario.fees.as_ref().map_or(Ok(()), fees)
}

fn liquidators(scenario: &Scenario, group: &Liquidators, key: &str) -> Result<(), Faulty> {
    within(&format!("{key}.count"), group.count, 1, MAX_PEOPLE)?;
    for (symbol, capital) in &group.capital {
        let key = format!("{key}.capital.{symbol}");
        known(scenario, &key, symbol)?;
        amount(scenario, &key, symbol, *capital)?;
    }
    dollars(&format!("{key}.min_profit_usd"), group.min_profit_usd, Decimal::ZERO)?;
    dollars(&format!("{key}.bid_usd"), group.bid_usd, Decimal::ZERO)?;
    within(&format!("{key}.latency_steps"), group.latency_steps, 0, MAX_STEPS)?;
    within(&format!("{key}.participation_bps"), group.participation_bps, 0, 10_000)?;
    within(&format!("{key}.escalation_bps"), group.escalation_bps, 10_000, 1_000_000)?;
    within(&format!("{key}.expire_after_steps"), group.expire_after_steps, 1, MAX_STEPS)
}

fn depth(market: &Depth, key: &str) -> Result<(), Faulty> {
    dollars(&format!("{key}.depth_usd"), market.depth_usd, Decimal::ONE)?;
    within(&format!("{key}.fee_bps"), market.fee_bps, 0, 10_000)?;
    within(&format!("{key}.recovery_half_life_s"), market.recovery_half_life_s, 1, u32::MAX)?;
    let key = format!("{key}.impact_bps");
    match (market.model, market.impact_bps) {
        (DepthModel::SquareRoot, Some(impact_bps)) => within(&key, impact_bps, 1, 10_000),
        (DepthModel::SquareRoot, None) => Err((key, Fault::Missing)),
        (DepthModel::ConstantProduct, Some(_)) => Err((key, Fault::Foreign("square_root"))),
        (DepthModel::ConstantProduct, None) => Ok(()),
    }
}

fn fees(fees: &Fees) -> Result<(), Faulty> {
    within("fees.capacity_per_step", fees.capacity_per_step, 1, 1_000_000)?;
    within("fees.background_per_step", fees.background_per_step, 0, 1_000_000)?;
    let least = Decimal::new(1, 6);
    dollars("fees.base_fee_min_usd", fees.base_fee_min_usd, least)?;
    dollars("fees.base_fee_usd", fees.base_fee_usd, fees.base_fee_min_usd)?;
    dollars("fees.background_bid_usd", fees.background_bid_usd, least)
}

/// Dollars from `low` on, with at most six decimals.
pub(super) fn dollars(key: &str, found: Decimal, low: Decimal) -> Result<(), Faulty> {
    let high = Decimal::from(MAX_USD);
    if found < low || found > high {
        return Err((key.to_owned(), Fault::Range { found, low, high }));
    }
    if found.normalize().scale() > 6 {
        return Err((key.to_owned(), Fault::TooFineUsd(found)));
    }
    Ok(())
}
