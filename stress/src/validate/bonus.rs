//! What a bonus does to the position that pays it: toxic liquidations and their spiral (B1, B2),
//! Morpho's incentive (B4), its README's cases (B6), two liquidations in place of one (B7).

use cofferdam_sdk::interface::{event::Liquidated, units::Amount};

use super::{
    fault::ValidateError,
    lab::{Lab, collateral_units, nearest_bonus_bps, share, units},
    market::largest,
    rig::{DEBT, DEBT_TOKEN, Design, Loan, OPENING, REST_S, Rig, wad},
    run::{Run, Standing, unexplained, whole},
};
use crate::{
    closed_form::{
        critical_ltv, liquidation_buffer, liquidation_incentive_factor, ltv_after,
        terminal_bad_debt, two_step,
    },
    prices::MicroUsd,
};

const BONUS: f64 = 0.08;
const BONUS_BPS: u32 = 800;
const LLTV_BPS: u32 = 8_000;
/// Limits for which Morpho's incentive is listed.
const LIMITS: [f64; 8] = [0.385, 0.625, 0.77, 0.86, 0.915, 0.945, 0.965, 0.98];

/// A rig whose position stands at `ltv`.
fn standing_at(ltv: f64) -> Result<Rig, ValidateError> {
    Rig::new(&Design::plain(LLTV_BPS, BONUS_BPS, units(collateral_units(1.0 / ltv))))
}

/// B1.
pub(super) fn toxic(lab: &mut Lab<'_>) -> Result<(), ValidateError> {
    // Below the threshold, at it, solvent above it, insolvent.
    for ltv in [0.90, 0.93, 0.96, 0.99, 1.02, 1.10] {
        let rig = standing_at(ltv)?;
        let mut run = rig.run();
        let before = run.standing(0)?;
        let told = liquidated(&mut run, DEBT / 2)?;
        let bonus = whole(told.bonus.get()) / 1e18;
        // By design no more than the collateral leaves, while the position is solvent.
        let allowed = if ltv < 1.0 { BONUS.min(1.0 / ltv - 1.0) } else { BONUS };
        let figure = format!("bonus paid at loan-to-value {ltv}, of 8 %");
        lab.exact("B1", figure, [allowed, bonus, 1e-11], 1);
        let figure = format!("loan-to-value {ltv} after half of the debt is repaid");
        let after = after(&before, &told);
        lab.exact("B1", figure, [ltv_after(ltv, allowed, 0.5), after, 1e-11], 0);
    }
    let rig = standing_at(1.0)?;
    let mut runs = 0;
    let helps = |micro: u64| -> Result<bool, ValidateError> {
        let mut run = rig.run();
        run.publish(wad(MicroUsd(micro)))?;
        run.wait(REST_S)?;
        let before = run.standing(0)?;
        let told = liquidated(&mut run, DEBT / 2)?;
        Ok(after(&before, &told) < before.ltv(wad(OPENING)) * (1.0 - 1e-10))
    };
    // A dearer price is a lower loan-to-value: the first from which a liquidation lowers it.
    let worse = largest(OPENING.0, OPENING.0 / 5 * 6, |micro| {
        runs += 1;
        Ok(!helps(micro)?)
    })?;
    let threshold = whole(OPENING.0.into()) / whole(worse.into());
    let figure = "loan-to-value from which a liquidation does not lower it, bonus 8 %";
    lab.exact("B1", figure, [critical_ltv(1.0 + BONUS), threshold, 1e-9], runs);
    Ok(())
}

/// Loan-to-value at the opening price after a liquidation, what it recognised left aside.
fn after(before: &Standing, told: &Liquidated) -> f64 {
    let debt = whole(before.debt.get()) / 1e18 - whole(told.repaid.get().into()) / 1e9;
    let collateral = whole(before.collateral.get()) / 1e21 - whole(told.seized.get().into()) / 1e12;
    debt / (collateral * (whole(OPENING.0.into()) / 1e6))
}

fn liquidated(run: &mut Run<'_>, repay: u64) -> Result<Liquidated, ValidateError> {
    let told = run.liquidate(0, Amount(repay))?;
    let (told, _) = told.ok_or_else(|| unexplained("a position above its limit is healthy"))?;
    Ok(told)
}

/// B2.
pub(super) fn spiral(lab: &mut Lab<'_>) -> Result<(), ValidateError> {
    for ltv in [0.90, 0.93, 0.96] {
        let rig = standing_at(ltv)?;
        let mut run = rig.run();
        let lost = run.absorb(0)?.map_or(0.0, |loss| ltv * share(loss.recognised));
        let figure = format!("bad debt recognised at loan-to-value {ltv}, of the collateral");
        lab.exact("B2", figure, [terminal_bad_debt(ltv, BONUS), lost, 1e-11], 1);
    }
    for parts in [1, 2, 4] {
        for ltv in [1.02, 1.10] {
            let lost = closed_in_parts(&standing_at(ltv)?, parts)?;
            let figure = format!(
                "bad debt of an insolvent position, loan-to-value {ltv}, closed 1/{parts} at a time"
            );
            let form = terminal_bad_debt(ltv, BONUS);
            lab.exact("B2", figure, [form, ltv * lost, 1e-10], 8);
        }
    }
    // What the cap saves: the same two positions, the liquidator first and at once.
    for ltv in [0.93, 0.96] {
        let lost = closed_in_parts(&standing_at(ltv)?, 1)?;
        let figure = format!("bad debt at loan-to-value {ltv} when a liquidator closes it first");
        lab.exact("B2", figure, [0.0, ltv * lost, 1e-10], 1);
    }
    let rig = standing_at(0.90)?;
    let mut run = rig.run();
    let _ = liquidated(&mut run, u64::MAX)?;
    let left = whole(run.standing(0)?.collateral.get()) / 1e9;
    let of = whole(u128::from(units(collateral_units(1.0 / 0.90))));
    let figure = "collateral left by a full close at loan-to-value 0.9";
    lab.exact("B2", figure, [1.0 - 0.9 * (1.0 + BONUS), left / of, 1e-11], 1);
    Ok(())
}

/// Share of the debt that is lost when one part of what is owed is repaid at a time, and after
/// eight rounds all of it.
fn closed_in_parts(rig: &Rig, parts: u64) -> Result<f64, ValidateError> {
    let (mut run, mut lost) = (rig.run(), 0.0);
    for round in 0..8 {
        let owed = run.standing(0)?.debt.units_up()?.get();
        if owed == 0 {
            break;
        }
        let most = if round == 7 { u64::MAX } else { owed.div_ceil(parts) };
        let Some((_, loss)) = run.liquidate(0, Amount(most))? else { break };
        lost += share(loss.recognised);
        run.wait(1)?;
    }
    Ok(lost)
}

/// B4.
pub(super) fn morpho(lab: &mut Lab<'_>) -> Result<(), ValidateError> {
    for lltv in LIMITS {
        let lif = liquidation_incentive_factor(lltv);
        let (lltv_bps, bonus_bps) = (nearest_bonus_bps(1.0 + lltv), nearest_bonus_bps(lif));
        let collateral = units(collateral_units(1.0 / lltv));
        let rig = Rig::new(&Design::plain(lltv_bps, bonus_bps, collateral))?;
        let paid = {
            let mut run = rig.run();
            run.publish(wad(MicroUsd(OPENING.0 / 1_000 * 998)))?;
            whole(liquidated(&mut run, DEBT)?.bonus.get()) / 1e18
        };
        let figure = format!("incentive at limit {lltv}, in whole basis points");
        lab.exact("B4", figure, [lif, 1.0 + paid, 5.000_001e-5], 1);
        let mut runs = 0;
        let bad = largest(OPENING.0 / 4, OPENING.0, |micro| {
            runs += 1;
            let mut run = rig.run();
            run.publish(wad(MicroUsd(micro)))?;
            Ok(run.absorb(0)?.is_some())
        })?;
        let buffer = 1.0 - whole(bad.into()) / whole(OPENING.0.into());
        let factor = 1.0 + f64::from(bonus_bps) / 1e4;
        let figure = format!("fall from limit {lltv} to the first bad debt, bonus {bonus_bps} bps");
        lab.exact("B4", figure, [liquidation_buffer(lltv, factor), buffer, 1e-10], runs);
    }
    Ok(())
}

/// B6.
pub(super) fn readme(lab: &mut Lab<'_>) -> Result<(), ValidateError> {
    // Collateral of 200 falls to 165 under a debt of 160; bonus 10 %, two lenders of 100.
    let token = |tokens: f64| units(tokens * whole(DEBT_TOKEN.into()));
    let dollars = |dollars: f64| units(dollars / (whole(OPENING.0.into()) / 1e6) * 1e12);
    let loans = vec![Loan { collateral: dollars(165.0), debt: token(160.0) }];
    let suppliers = vec![token(100.0); 2];
    let rig = Rig::new(&Design { loans, suppliers, ..Design::plain(9_000, 1_000, 1) })?;
    let (mut run, before) = (rig.run(), rig.run().owned(0)?);
    let lost = run.settle(0, wad(OPENING))?;
    let repaid = whole((160 * u128::from(DEBT_TOKEN)) * 1_000_000_000 - lost.recognised.get());
    let gone = whole(before.get() - run.owned(0)?.get()) / 1e18;
    // One unit of either asset.
    lab.exact("B6", "165 for 160: repaid", [150.0, repaid / 1e18, 2e-7], 1);
    let measured = whole(lost.recognised.get()) / 1e18;
    lab.exact("B6", "165 for 160: bad debt", [10.0, measured, 2e-7], 0);
    lab.exact("B6", "165 for 160: each of two lenders loses", [5.0, gone, 2e-7], 0);
    let loans = vec![Loan { collateral: dollars(98.5), debt: token(97.0) }];
    let suppliers = vec![token(100.0); 2];
    let rig = Rig::new(&Design { loans, suppliers, ..Design::plain(9_700, 200, 1) })?;
    let lost = whole(rig.run().settle(0, wad(OPENING))?.recognised.get()) / 1e18;
    let form = 97.0 - 98.5 / 1.02;
    lab.exact("B6", "98.5 for 97: bad debt", [form, lost, 2e-7], 1);
    lab.exact("B6", "98.5 for 97: repaid", [98.5 / 1.02, 97.0 - lost, 2e-7], 0);
    Ok(())
}

/// B7: collateral, debt, threshold, bonus in basis points, close factor.
const CASES: [(f64, f64, f64, u32, f64); 3] = [
    (100.0, 80.0, 0.75, 500, 0.5),
    (136.730_894_49, 102.610_412_78, 0.75, 800, 0.5),
    (100.0, 76.0, 0.75, 1_000, 0.25),
];

/// B7.
pub(super) fn two_steps(lab: &mut Lab<'_>) -> Result<(), ValidateError> {
    for (collateral, debt, threshold, bonus_bps, close_factor) in CASES {
        let million = 1_000_000.0;
        let owed = units(debt * million * whole(DEBT_TOKEN.into()));
        let held = units(collateral * million / (whole(OPENING.0.into()) / 1e6) * 1e12);
        let loans = vec![Loan { collateral: held, debt: owed }];
        let suppliers = vec![2 * owed];
        let lltv_bps = nearest_bonus_bps(1.0 + threshold);
        let plain = Design::plain(lltv_bps, bonus_bps, 1);
        let rig = Rig::new(&Design { loans, suppliers, ..plain })?;
        let mut runs = 0;
        // The largest first repayment after which the program still lets it be liquidated.
        let first = largest(1, owed, |repay| {
            runs += 1;
            let mut run = rig.run();
            let _ = liquidated(&mut run, repay)?;
            run.wait(1)?;
            Ok(run.liquidate(0, Amount(1_000_000))?.is_some())
        })?;
        let share_of = |owed: u64| units(close_factor * whole(owed.into()));
        let mut run = rig.run();
        let one = profit(&liquidated(&mut rig.run(), share_of(owed))?);
        let two = profit(&liquidated(&mut run, first)?);
        run.wait(1)?;
        let second = share_of(run.standing(0)?.debt.units_up()?.get());
        let two = two + profit(&liquidated(&mut run, second)?);
        let form = two_step(collateral, debt, threshold, f64::from(bonus_bps) / 1e4, close_factor);
        let name = format!("collateral {collateral}, debt {debt}, threshold {threshold}");
        let unit = million * whole(DEBT_TOKEN.into());
        let (first, second) = (whole(first.into()) / unit, whole(second.into()) / unit);
        for (figure, expected, measured) in [
            ("first repayment", form.first_repay, first),
            ("second repayment", form.second_repay, second),
            ("profit of one", form.profit_single, one / million),
            ("profit of two", form.profit, two / million),
        ] {
            lab.exact("B7", format!("{figure}: {name}"), [expected, measured, 1e-10], runs);
            runs = 0;
        }
    }
    Ok(())
}

/// Profit at the opening price, in dollars.
fn profit(told: &Liquidated) -> f64 {
    let paid_out = whole((told.seized.get() - told.protocol_fee.get()).into()) / 1e12;
    paid_out * (whole(OPENING.0.into()) / 1e6) - whole(told.repaid.get().into()) / 1e9
}
