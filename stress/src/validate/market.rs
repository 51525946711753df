//! What a liquidator does with the collateral: sells it to a constant-product market (A7, B3), or
//! leaves it for the gas it would cost (A8).

use cofferdam_sdk::interface::units::{Amount, Price};

use super::{
    fault::ValidateError,
    lab::{Lab, collateral_units, units},
    rig::{DEBT, DEBT_TOKEN, Design, Loan, OPENING, Rig, wad},
    run::{unexplained, whole},
};
use crate::closed_form::{ConstantProduct, smallest_debt, threshold_with_impact};

/// Loan-to-value of the position that a liquidator takes from; liquidation begins at 0.80.
const LTV: f64 = 0.85;
const LLTV_BPS: u32 = 8_000;

/// Bonus in basis points, and the market's fee.
const MARKETS: [(u32, f64); 3] = [(500, 0.0), (500, 0.003), (1_000, 0.0)];
/// Gas in dollars, and bonus in basis points.
const GAS: [(f64, u32); 3] = [(140.0, 500), (20.0, 500), (140.0, 800)];
/// Bonus in basis points, collateral over the market's debt-side reserve.
const IMPACTS: [(u32, f64); 7] = [
    (500, 0.0),
    (1_000, 0.0),
    (500, 0.10),
    (500, 0.25),
    (1_000, 0.05),
    (1_000, 0.10),
    (1_000, 0.25),
];

/// A liquidator's trade, in units.
#[derive(Debug, Clone, Copy)]
struct Trade {
    repaid: f64,
    collateral: f64,
}

/// A7.
pub(super) fn constant_product(lab: &mut Lab<'_>) -> Result<(), ValidateError> {
    for (bonus_bps, fee) in MARKETS {
        let bonus = f64::from(bonus_bps) / 1e4;
        let form = ConstantProduct { bonus, fee };
        let collateral = units(collateral_units(1.0 / LTV));
        let rig = Rig::new(&Design::plain(LLTV_BPS, bonus_bps, collateral))?;
        // As much collateral in the market as the position has.
        let depth = whole(collateral.into());
        let profit = |repay: u64| -> Result<(f64, f64), ValidateError> {
            let trade = trade(&rig, repay)?;
            let size = trade.collateral / depth;
            let kept = (1.0 - fee) * size;
            let worth = depth / 1e12 * (whole(OPENING.0.into()) / 1e6) * 1e9;
            Ok((size, kept / (1.0 + kept) - trade.repaid / worth))
        };
        let mut runs = 0;
        let even = largest(1, DEBT, |repay| {
            runs += 1;
            Ok(profit(repay)?.1 >= 0.0)
        })?;
        let best = summit(DEBT / 2, |repay| {
            runs += 1;
            Ok(profit(repay)?.1)
        })?;
        let name = format!("bonus {} %, fee {} %", 100.0 * bonus, 100.0 * fee);
        let (even, (optimal, most)) = (profit(even)?.0, profit(best)?);
        let break_even = [form.break_even(), even, 1e-9];
        lab.exact("A7", format!("largest sale that pays, {name}"), break_even, runs);
        let best_size = [form.optimal(), optimal, 2e-6];
        lab.exact("A7", format!("most profitable sale, {name}"), best_size, 0);
        let best_profit = [form.greatest_profit(), most, 1e-11];
        lab.exact("A7", format!("its profit, {name}"), best_profit, 0);
    }
    Ok(())
}

/// A8.
pub(super) fn dust(lab: &mut Lab<'_>) -> Result<(), ValidateError> {
    for (gas, bonus_bps) in GAS {
        let bonus = f64::from(bonus_bps) / 1e4;
        let mut runs = 0;
        let hopeless = largest(DEBT_TOKEN, 100_000 * DEBT_TOKEN, |debt| {
            runs += 1;
            let value = whole(debt.into()) / whole(DEBT.into());
            let loan = Loan { collateral: units(collateral_units(value / LTV)), debt };
            let design = Design { loans: vec![loan], ..Design::plain(LLTV_BPS, bonus_bps, 1) };
            let Trade { repaid, collateral } = trade(&Rig::new(&design)?, u64::MAX)?;
            let proceeds = collateral / 1e12 * (whole(OPENING.0.into()) / 1e6);
            Ok(proceeds - repaid / 1e9 < gas)
        })?;
        let least = whole(u128::from(hopeless) + 1) / whole(DEBT_TOKEN.into());
        let figure = format!("smallest debt worth ${gas} of gas, bonus {} %, in $", 100.0 * bonus);
        // A unit of collateral is 10⁻⁷ dollars of profit.
        lab.exact("A8", figure, [smallest_debt(gas, bonus), least, 2e-7 / bonus], runs);
    }
    Ok(())
}

/// B3.
pub(super) fn impact(lab: &mut Lab<'_>) -> Result<(), ValidateError> {
    for (bonus_bps, depth) in IMPACTS {
        let rig = Rig::new(&Design::plain(5_000, bonus_bps, units(collateral_units(1.0))))?;
        let mut runs = 0;
        // The position owes what its collateral is worth at the opening, so a dearer price is a
        // lower loan-to-value: the price, in millionths, up to which selling makes it worse.
        let worse = largest(OPENING.0, OPENING.0 / 5 * 9, |price| {
            runs += 1;
            let price = wad(crate::prices::MicroUsd(price));
            Ok(ltv_gain(&rig, price, depth)? >= -1e-12)
        })?;
        let threshold = whole(OPENING.0.into()) / whole(worse.into());
        let bonus = f64::from(bonus_bps) / 1e4;
        let form = threshold_with_impact(bonus, depth);
        let name = format!("bonus {} %, collateral {depth} of the market", 100.0 * bonus);
        let figure = format!("loan-to-value from which selling does not help, {name}");
        // The sale that is tried is a millionth of the position.
        lab.exact("B3", figure, [form, threshold, 3e-6], runs);
    }
    Ok(())
}

/// By how much, relatively, a small liquidation raises the loan-to-value when its collateral is
/// sold into the market that the feed reads.
fn ltv_gain(rig: &Rig, price: Price, depth: f64) -> Result<f64, ValidateError> {
    let mut run = rig.run();
    run.publish(price)?;
    run.wait(super::rig::REST_S)?;
    let before = run.standing(0)?;
    let Some((told, _)) = run.liquidate(0, Amount(DEBT / 1_000_000))? else {
        return Err(unexplained("a position far above its limit is healthy"));
    };
    let left_of_debt = 1.0 - whole(told.repaid.get().into()) / (whole(before.debt.get()) / 1e9);
    let sold = whole(told.seized.get().into()) / (whole(before.collateral.get()) / 1e9);
    // The market holds as much collateral, in value, as debt: its price falls with the square.
    let fall = (1.0 + sold * depth).powi(-2);
    Ok(left_of_debt / ((1.0 - sold) * fall) - 1.0)
}

/// One liquidation of at most `repay` on a fork.
fn trade(rig: &Rig, repay: u64) -> Result<Trade, ValidateError> {
    let Some((told, _)) = rig.run().liquidate(0, Amount(repay))? else {
        return Err(unexplained("a position above its limit is healthy"));
    };
    let repaid = whole(told.repaid.get().into());
    let paid_out = told.seized.minus(told.protocol_fee)?;
    Ok(Trade { repaid, collateral: whole(paid_out.get().into()) })
}

/// The largest number from `low` on, below `high`, of which `holds` is true; it has to be true of
/// `low` and to end once.
pub(super) fn largest(
    low: u64,
    high: u64,
    mut holds: impl FnMut(u64) -> Result<bool, ValidateError>,
) -> Result<u64, ValidateError> {
    let (mut low, mut high) = (low, high);
    while high - low > 1 {
        let middle = low.midpoint(high);
        if holds(middle)? {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

/// Where a function with one summit between 1 and `high` is highest.
fn summit(
    high: u64,
    mut height: impl FnMut(u64) -> Result<f64, ValidateError>,
) -> Result<u64, ValidateError> {
    let (mut low, mut high) = (1, high);
    while high - low > 3 {
        let third = (high - low) / 3;
        let (left, right) = (low + third, high - third);
        if height(left)? < height(right)? {
            low = left;
        } else {
            high = right;
        }
    }
    Ok(low.midpoint(high))
}
