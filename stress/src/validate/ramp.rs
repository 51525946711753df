//! The largest limits that a ramp and a throughput allow (B5): Gauntlet's recommendations for
//! Morpho Blue, with the program in place of their model.

use cofferdam_sdk::interface::units::Amount;

use super::{
    fault::ValidateError,
    lab::{Lab, nearest_bonus_bps, units},
    rig::{DEBT_TOKEN, Design, Loan, OPENING, Rig, wad},
    run::{unexplained, whole},
};
use crate::{closed_form::Ramp, prices::MicroUsd};

/// Collateral, repaid a step, drawdown, step; then the limit recommended, its bonus, and what the
/// next limit up loses, as their notebook prints them.
const RAMPS: [([f64; 4], [f64; 3]); 6] = [
    ([360_383_272.31, 20_904_419.67, 0.4, 0.005], [0.93, 0.021_450_5, 284_536.96]),
    ([360_383_272.31, 5_000_000.0, 0.7, 0.005], [0.79, 0.067_235_9, 1_681_396.36]),
    ([200_000_000.0, 20_000_000.0, 0.4, 0.005], [0.96, 0.012_145_7, 1_125_373.93]),
    ([200_000_000.0, 5_000_000.0, 0.4, 0.005], [0.87, 0.040_582_7, 1_085_117.93]),
    ([400_000_000.0, 10_000_000.0, 0.05, 0.01], [0.93, 0.021_450_5, 1_819_484.91]),
    ([100_000_000.0, 2_000_000.0, 0.5, 0.005], [0.84, 0.050_420_2, 258_377.62]),
];

/// A ramp of theirs, with their bonus: 0.3 of the room below the limit, from 0.5 to 15 %.
const fn ramp([collateral, repay_per_step, drawdown, step]: [f64; 4]) -> Ramp {
    let (bonus_max, beta, bonus_min) = (0.15, 0.3, 0.005);
    Ramp { collateral, repay_per_step, drawdown, step, bonus_max, beta, bonus_min }
}

/// What a ramp on the program came to.
#[derive(Debug, Clone, Copy)]
struct End {
    bad_debt: f64,
    bonus: f64,
    runs: u64,
}

/// B5.
pub(super) fn recommendations(lab: &mut Lab<'_>) -> Result<(), ValidateError> {
    for (figures, [limit, bonus, next]) in RAMPS {
        let ramp = ramp(figures);
        let (percent, best, above, runs) = recommend(&ramp)?;
        let name = format!(
            "${:.1}m, ${:.1}m a step, drawdown {:.0} %",
            ramp.collateral / 1e6,
            ramp.repay_per_step / 1e6,
            100.0 * ramp.drawdown
        );
        let found = f64::from(percent) / 100.0;
        lab.exact("B5", format!("largest limit without loss: {name}"), [limit, found, 0.0], runs);
        let paid = [bonus, best.bonus, 5.000_001e-5];
        lab.exact("B5", format!("its bonus, in whole basis points: {name}"), paid, 0);
        let figure = format!("loss in $ of the next limit up: {name}");
        // Published to the cent, and a unit or two of either asset.
        lab.exact("B5", figure, [next, above, 0.006], 0);
    }
    deeper(lab)
}

/// More depth, less loss: the first ramp at a limit too high for it.
fn deeper(lab: &mut Lab<'_>) -> Result<(), ValidateError> {
    let ([collateral, _, drawdown, step], _) = RAMPS[0];
    let mut losses = Vec::new();
    let mut runs = 0;
    for repay_per_step in [2_000_000.0, 5_000_000.0, 10_000_000.0, 20_000_000.0] {
        let end = play(&ramp([collateral, repay_per_step, drawdown, step]), 96)?;
        losses.push(end.bad_debt);
        runs += end.runs;
    }
    let rises = losses.windows(2).filter(|pair| pair[1] >= pair[0]).count();
    let figure = "depths of $2m, $5m, $10m, $20m a step of which the larger one does not lose less";
    lab.exact("L", figure, [0.0, whole(rises as u128), 0.0], runs);
    Ok(())
}

/// The largest limit that loses nothing, how it ends, what the next limit up loses, and how often
/// the program ran.
fn recommend(ramp: &Ramp) -> Result<(u32, End, f64, u64), ValidateError> {
    let (mut above, mut runs) = (0.0, 0);
    for percent in (1..=99).rev() {
        let end = play(ramp, percent)?;
        runs += end.runs;
        if end.bad_debt == 0.0 {
            return Ok((percent, end, above, runs));
        }
        above = end.bad_debt;
    }
    Err(unexplained("a limit of 1 % loses"))
}

/// One whale at its limit on the ramp. Recognition comes first in every step, then a repayment of
/// what a step allows.
fn play(ramp: &Ramp, percent: u32) -> Result<End, ValidateError> {
    let lltv = f64::from(percent) / 100.0;
    let bonus_bps = nearest_bonus_bps(1.0 + ramp.bonus(lltv));
    let rig = rig(ramp, percent, bonus_bps)?;
    let (mut run, mut lost, mut runs) = (rig.run(), 0.0, 0);
    let drop = units(ramp.step * 1e6) * (OPENING.0 / 1_000_000);
    let floor = OPENING.0 - units(ramp.drawdown * 1e6) * (OPENING.0 / 1_000_000);
    let mut price = OPENING.0;
    let most = Amount(units(ramp.repay_per_step * whole(DEBT_TOKEN.into())));
    loop {
        price = floor.max(price.saturating_sub(drop));
        run.publish(wad(MicroUsd(price)))?;
        if let Some(loss) = run.absorb(0)? {
            lost += whole(loss.recognised.get()) / 1e18;
        }
        let liquidated = run.liquidate(0, most)?;
        lost += liquidated.as_ref().map_or(0.0, |(_, loss)| whole(loss.recognised.get()) / 1e18);
        runs += 1;
        let standing = run.standing(0)?;
        // Less than two units of debt are rounding.
        let over = standing.debt.get() < 2_000_000_000 || standing.collateral.is_zero();
        if over || (price == floor && liquidated.is_none()) {
            let bad_debt = if lost < 1e-6 { 0.0 } else { lost };
            return Ok(End { bad_debt, bonus: f64::from(bonus_bps) / 1e4, runs });
        }
        run.wait(1)?;
    }
}

/// The whale at its limit. A bonus of whole basis points takes another share of the collateral than
/// the model's; so much more or less of it is there.
fn rig(ramp: &Ramp, percent: u32, bonus_bps: u32) -> Result<Rig, ValidateError> {
    let lltv = f64::from(percent) / 100.0;
    let makes_up = (1.0 + f64::from(bonus_bps) / 1e4) / (1.0 + ramp.bonus(lltv));
    let held = units(makes_up * ramp.collateral / (whole(OPENING.0.into()) / 1e6) * 1e12);
    let debt = units(lltv * ramp.collateral * whole(DEBT_TOKEN.into()));
    let loans = vec![Loan { collateral: held, debt }];
    let suppliers = vec![2 * debt];
    Rig::new(&Design { loans, suppliers, ..Design::plain(100 * percent, bonus_bps, 1) })
}
