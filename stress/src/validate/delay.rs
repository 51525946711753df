//! Liquidations that come too late: the delay put (A1), jumps (A2), who pays (A5), the tail (A6).

use cofferdam_sdk::interface::{math::loss::LossSplit, units::Amount};

use super::{
    fault::ValidateError,
    lab::{Lab, OneStep, Played, collateral_for, figures, nearest_bonus_bps, share, shift},
    rig::{DEBT, Design, Rig, wad},
};
use crate::{
    closed_form::{DelayedPut, Terms, liquidation_incentive_factor, merton},
    math::{normal_quantile, years},
    prices::process::{Gbm, Merton, Process},
    statistics::{Estimate, Level, Losses, Quantile},
};

const HOUR_S: u32 = 3_600;

/// Limit, volatility per square root of a year, delay in hours.
const DELAYS: [(f64, f64, u32); 19] = [
    (0.80, 1.0, 1),
    (0.80, 1.0, 6),
    (0.80, 1.0, 24),
    (0.80, 2.0, 6),
    (0.80, 2.0, 24),
    (0.80, 4.0, 6),
    (0.86, 1.0, 6),
    (0.86, 2.0, 6),
    (0.86, 2.0, 24),
    (0.86, 4.0, 1),
    (0.86, 4.0, 6),
    (0.86, 4.0, 24),
    (0.915, 1.0, 6),
    (0.915, 2.0, 1),
    (0.915, 2.0, 6),
    (0.915, 2.0, 24),
    (0.915, 4.0, 1),
    (0.915, 4.0, 6),
    (0.915, 4.0, 24),
];

/// Limit, volatility, delay in hours, jumps a year, mean and deviation of a jump.
const JUMPS: [(f64, f64, u32, f64, f64, f64); 3] = [
    (0.86, 0.8, 1, 50.0, -0.10, 0.08),
    (0.86, 0.8, 6, 50.0, -0.10, 0.08),
    (0.77, 1.2, 24, 100.0, -0.08, 0.10),
];

/// Reserves and insurance of the waterfall, as shares of the debt.
const RESERVES: f64 = 0.01;
const INSURANCE: f64 = 0.03;

/// Morpho's incentive at a limit.
pub(super) fn morpho(lltv: f64) -> Terms {
    Terms { lltv, lif: liquidation_incentive_factor(lltv) }
}

/// A rig whose one position loses from the same fall on as `terms` say.
pub(super) fn design(terms: Terms) -> Design {
    let (lltv_bps, bonus_bps) = (nearest_bonus_bps(1.0 + terms.lltv), nearest_bonus_bps(terms.lif));
    Design::plain(lltv_bps, bonus_bps, collateral_for(terms, bonus_bps))
}

pub(super) fn gbm(volatility: f64) -> Process {
    Process::Gbm(Gbm { drift_per_year: 0.0, volatility })
}

/// A delay's draws, tilted to where the loss begins.
pub(super) fn late(
    lab: &Lab<'_>,
    terms: Terms,
    volatility: f64,
    delay_s: u32,
    purpose: &str,
) -> Result<OneStep, ValidateError> {
    let deviation = volatility * years(f64::from(delay_s)).sqrt();
    let step = OneStep::new(gbm(volatility), delay_s, lab.seed(purpose))?.scheme(lab.sobol()?);
    step.tilted(shift(terms, deviation), 1.0)
}

/// A1.
pub(super) fn puts(lab: &mut Lab<'_>) -> Result<(), ValidateError> {
    for (lltv, volatility, hours) in DELAYS {
        let terms = morpho(lltv);
        let rig = Rig::new(&design(terms))?;
        let name = format!("limit {lltv}, volatility {:.0} %, {hours} h", 100.0 * volatility);
        let step = late(lab, terms, volatility, hours * HOUR_S, &name)?;
        let played = lab.settle_each(&rig, &step)?;
        let form = terms.delayed(volatility, years(f64::from(hours * HOUR_S))).bad_debt();
        pair(lab, "A1", &name, &played, step.group(), [form.probability, form.expected])?;
    }
    first_come(lab)
}

/// The chance of a loss and its mean.
fn pair(
    lab: &mut Lab<'_>,
    id: &str,
    name: &str,
    played: &[Played],
    group: usize,
    [probability, expected]: [f64; 2],
) -> Result<(), ValidateError> {
    let losses = figures(played, group, |loss| share(loss.recognised))?;
    let chance = losses.probability_above(0.0);
    lab.sampled(id, format!("P(bad debt): {name}"), [probability, 0.0], chance, lab.options.paths);
    lab.sampled(id, format!("E[bad debt]: {name}"), [expected, 0.0], losses.mean(), 0);
    Ok(())
}

/// Where the program departs from the put by design: a liquidation that comes before the
/// recognition pays no more bonus than the collateral leaves, and then nothing is lost while the
/// position is solvent.
fn first_come(lab: &mut Lab<'_>) -> Result<(), ValidateError> {
    let (terms, volatility, delay_s) = (morpho(0.86), 4.0, 6 * HOUR_S);
    let design = design(terms);
    let rig = Rig::new(&design)?;
    let step = late(lab, terms, volatility, delay_s, "liquidator first")?;
    let played = lab.each(lab.options.paths, |path| {
        let (price, weight) = step.price(path)?;
        let mut run = rig.run();
        run.publish(wad(price))?;
        let loss = run.liquidate(0, Amount::MAX)?;
        Ok(Played { loss: loss.map(|(_, loss)| loss).unwrap_or_default(), weight })
    })?;
    // What a solvent position at most lacks for a full bonus.
    let gap = 1.0 - 1.0 / (1.0 + f64::from(design.bonus_bps) / 1e4);
    let put = terms.delayed(volatility, years(f64::from(delay_s)));
    let chance = put.probability_above(gap);
    let form = [chance, put.expected_above(gap) + gap * chance];
    // Less than a unit may be left of a position that was just solvent.
    let played: Vec<Played> = played.into_iter().map(without_dust).collect();
    let name = "limit 0.86, volatility 400 %, 6 h, the liquidator before the recognition";
    pair(lab, "A1", name, &played, step.group(), form)
}

/// A loss of a unit or two is rounding.
fn without_dust(played: Played) -> Played {
    let dust = played.loss.recognised.get() <= 2_000_000_000;
    if dust { Played { loss: LossSplit::default(), ..played } } else { played }
}

/// A2.
pub(super) fn jumps(lab: &mut Lab<'_>) -> Result<(), ValidateError> {
    for (lltv, volatility, hours, jumps_per_year, jump_mean, jump_deviation) in JUMPS {
        let terms = morpho(lltv);
        let process =
            Merton { drift_per_year: 0.0, volatility, jumps_per_year, jump_mean, jump_deviation };
        let delay_years = years(f64::from(hours * HOUR_S));
        let name = format!(
            "limit {lltv}, volatility {:.0} %, {jumps_per_year} jumps a year, {hours} h",
            100.0 * volatility
        );
        // Losses come with jumps: draw about one in every path.
        let multiple = (1.0 / (jumps_per_year * delay_years)).max(1.0);
        let step = OneStep::new(Process::Merton(process), hours * HOUR_S, lab.seed(&name))?;
        let step = step.tilted(0.0, multiple)?;
        let rig = Rig::new(&design(terms))?;
        let played = lab.settle_each(&rig, &step)?;
        let form = merton(terms, &process, delay_years);
        pair(lab, "A2", &name, &played, step.group(), [form.probability, form.expected])?;
    }
    Ok(())
}

/// A5 and A6.
pub(super) fn tranches(lab: &mut Lab<'_>) -> Result<(), ValidateError> {
    let (terms, volatility, delay_s) = (morpho(0.86), 4.0, 6 * HOUR_S);
    let (fees, insurance) = (DEBT / 100, 3 * (DEBT / 100));
    let rig = Rig::new(&Design { fees, insurance, ..design(terms) })?;
    let (held, insured) = rig.run().funds()?;
    lab.exact("A5", "reserves at the start, share of the debt", [RESERVES, share(held), 0.0], 1);
    lab.exact("A5", "insurance at the start", [INSURANCE, share(insured), 0.0], 1);
    let step = late(lab, terms, volatility, delay_s, "tranches")?;
    let played = lab.settle_each(&rig, &step)?;
    let put = terms.delayed(volatility, years(f64::from(delay_s)));
    let form = put.bad_debt();
    let name = "limit 0.86, volatility 400 %, 6 h, 1 % reserves, 3 % insurance";
    pair(lab, "A5", name, &played, step.group(), [form.probability, form.expected])?;
    payers(lab, &put, &played, step.group())?;
    tail(lab, &put, &figures(&played, step.group(), |loss| share(loss.recognised))?)
}

fn payers(
    lab: &mut Lab<'_>,
    put: &DelayedPut,
    played: &[Played],
    group: usize,
) -> Result<(), ValidateError> {
    let split = put.tranches(RESERVES, INSURANCE);
    let suppliers = figures(played, group, |loss| share(loss.suppliers))?;
    let reserves = figures(played, group, |loss| share(loss.fees))?;
    let insurance = figures(played, group, |loss| share(loss.insurance))?;
    let unpaid = figures(played, group, |loss| share(loss.deficit))?;
    for (payer, form, measured) in [
        ("paid by reserves", split.reserves, reserves.mean()),
        ("paid by insurance", split.insurance, insurance.mean()),
        ("paid by suppliers", split.socialised, suppliers.mean()),
        ("P(insurance exhausted)", split.probability_exhausted, suppliers.probability_above(0.0)),
    ] {
        lab.sampled("A5", payer, [form, 0.0], measured, 0);
    }
    lab.exact("A5", "paid by nobody", [0.0, unpaid.mean().value, 0.0], 0);
    Ok(())
}

fn tail(lab: &mut Lab<'_>, put: &DelayedPut, losses: &Losses) -> Result<(), ValidateError> {
    for (name, level) in [("95", Level::P95), ("99", Level::P99)] {
        let at_risk = quantile_estimate(losses, level);
        let form = put.value_at_risk(level.share());
        lab.sampled("A6", format!("VaR {name} %"), [form, 0.0], at_risk, 0);
        let form = put.expected_shortfall(level.share());
        lab.sampled("A6", format!("ES {name} %"), [form, 0.0], losses.expected_shortfall(level), 0);
    }
    Ok(())
}

/// A quantile with the standard error that its own interval implies.
fn quantile_estimate(losses: &Losses, level: Level) -> Estimate {
    let confidence = Level::P99;
    let Quantile { value, low, high } = losses.value_at_risk(level, confidence);
    let reach = normal_quantile(0.5 + 0.5 * confidence.share());
    let width = low.zip(high).map_or(f64::INFINITY, |(low, high)| high - low);
    Estimate { value, standard_error: 0.5 * width / reach, groups: 0 }
}
