//! Whether a position ever becomes liquidatable (A3), and the whole way from a healthy loan to
//! its bad debt (A4), by looks that are ever closer together.

use cofferdam_sdk::interface::{math::loss::LossSplit, units::Amount};

use super::{
    delay::gbm,
    fault::ValidateError,
    lab::{
        Lab, OneStep, Played, collateral_units, figures, nearest_bonus_bps, share, shift, units,
    },
    rig::{Design, OPENING, Rig, wad},
    run::whole,
};
use crate::{
    closed_form::{
        Monitored, Passage, Terms, liquidation_incentive_factor, monitored, whole_process,
        whole_process_discrete,
    },
    math::{exp, ln, years},
    prices::{
        Grid, MicroUsd,
        process::{Draw, Market, Model, Scheme, Tilt},
    },
    statistics::{Estimate, Losses, Sampled},
};

const DAY_S: u32 = 86_400;
/// How far above its limit a position is asked about at all, as a share of the price: whether
/// the program lets it be liquidated is the program's answer, and this far from the limit the
/// answer is known.
const NEAR: f64 = 1e-4;
/// Largest relative error of the discrete correction of A4, in squares of the mean overshoot.
const CORRECTION_ERROR: f64 = 1_800.0;

/// A passage with its looks.
#[derive(Debug, Clone, Copy)]
struct Case {
    ltv: f64,
    lltv: f64,
    volatility: f64,
    days: u32,
    steps: u32,
}

/// Where a path was first found liquidatable, and the path's weight.
#[derive(Debug, Clone, Copy)]
struct Hit {
    price: Option<MicroUsd>,
    weight: f64,
}

const PASSAGES: [Case; 5] = [
    Case { ltv: 0.7, lltv: 0.86, volatility: 0.8, days: 7, steps: 42 },
    Case { ltv: 0.7, lltv: 0.86, volatility: 0.8, days: 7, steps: 168 },
    Case { ltv: 0.7, lltv: 0.86, volatility: 0.8, days: 7, steps: 672 },
    Case { ltv: 0.6, lltv: 0.8, volatility: 1.0, days: 30, steps: 720 },
    Case { ltv: 0.5, lltv: 0.86, volatility: 1.0, days: 30, steps: 720 },
];

/// With the delay in hours.
const PROCESSES: [(Case, u32); 6] = [
    (Case { ltv: 0.7, lltv: 0.86, volatility: 2.0, days: 7, steps: 168 }, 6),
    (Case { ltv: 0.7, lltv: 0.86, volatility: 2.0, days: 7, steps: 672 }, 6),
    (Case { ltv: 0.7, lltv: 0.86, volatility: 2.0, days: 7, steps: 2_688 }, 6),
    (Case { ltv: 0.6, lltv: 0.8, volatility: 1.5, days: 14, steps: 112 }, 12),
    (Case { ltv: 0.6, lltv: 0.8, volatility: 1.5, days: 14, steps: 448 }, 12),
    (Case { ltv: 0.6, lltv: 0.8, volatility: 1.5, days: 14, steps: 1_792 }, 12),
];

impl Case {
    fn passage(&self) -> Passage {
        let Self { ltv, lltv, volatility, days, .. } = *self;
        Passage { ltv, lltv, volatility, years: years(f64::from(days * DAY_S)) }
    }

    fn name(&self) -> String {
        format!("{}, {} looks", self.way(), self.steps)
    }

    fn way(&self) -> String {
        let Self { ltv, lltv, volatility, days, .. } = self;
        format!("{ltv} to {lltv}, volatility {:.0} %, {days} d", 100.0 * volatility)
    }

    /// A rig whose one position stands at the opening loan-to-value.
    fn rig(&self) -> Result<Rig, ValidateError> {
        let lif = liquidation_incentive_factor(self.lltv);
        let lltv_bps = nearest_bonus_bps(1.0 + self.lltv);
        let collateral = units(collateral_units(1.0 / self.ltv));
        Rig::new(&Design::plain(lltv_bps, nearest_bonus_bps(lif), collateral))
    }

    /// Paths pushed towards the limit.
    fn market(&self) -> Result<Market, ValidateError> {
        let passage = self.passage();
        let barrier = ln(self.ltv / self.lltv) / (self.volatility * passage.years.sqrt());
        let model = Model::new(OPENING, gbm(self.volatility))?;
        let market = Market::new(vec![("COLL".to_owned(), model)]);
        Ok(market.tilted(Tilt { asset: 0, shift: barrier.max(-3.0), jump_multiple: 1.0 })?)
    }
}

/// A3.
pub(super) fn first(lab: &mut Lab<'_>) -> Result<(), ValidateError> {
    let mut seen = Vec::new();
    for case in PASSAGES {
        let hits = hits(lab, &case)?;
        let (passage, name) = (case.passage(), case.name());
        let exact = monitored(&passage, case.steps, |_| 0.0);
        let chance = mean(&hits, |hit| f64::from(hit.is_some()))?;
        let form = passage.probability_discrete(case.steps);
        let known = [form, (form - exact.probability).abs()];
        lab.sampled("A3", format!("P(reached): {name}"), known, chance, lab.options.paths);
        overshoot(lab, &case, &hits, &exact)?;
        seen.push((chance, exact.probability));
    }
    let always = PASSAGES[0].passage().probability();
    let figure = format!("P(reached), always watched: {}", PASSAGES[0].way());
    closer(lab, "A3", &figure, always, [seen[0], seen[1], seen[2]]);
    Ok(())
}

/// Mean overshoot of those that were found past the limit: a ratio of two means.
fn overshoot(
    lab: &mut Lab<'_>,
    case: &Case,
    hits: &[Hit],
    exact: &Monitored,
) -> Result<(), ValidateError> {
    let limit = ln(case.ltv / case.lltv) + ln(micro(OPENING));
    let past = |price: Option<MicroUsd>| price.map_or(0.0, |price| limit - ln(micro(price)));
    let (sum, chance) = (mean(hits, past)?, mean(hits, |hit| f64::from(hit.is_some()))?);
    let ratio = sum.value / chance.value;
    // To first order a ratio varies like the mean of what is left when it is taken out.
    let rest = mean(hits, |hit| past(hit) - ratio * f64::from(hit.is_some()))?;
    let standard_error = rest.standard_error / chance.value;
    let form = case.passage().mean_log_overshoot(case.steps);
    let known = [form, (form - exact.mean_log_overshoot).abs()];
    let estimate = Estimate { value: ratio, standard_error, ..rest };
    lab.sampled("A3", format!("mean log overshoot: {}", case.name()), known, estimate, 0);
    Ok(())
}

/// A4.
pub(super) fn whole_way(lab: &mut Lab<'_>) -> Result<(), ValidateError> {
    let mut seen = Vec::new();
    for (case, delay_h) in PROCESSES {
        let played = late(lab, &case, delay_h * 3_600)?;
        let group = usize::try_from(lab.sobol()?.group_paths()).unwrap_or(1);
        let mean = figures(&played, group, |loss| share(loss.recognised))?.mean();
        let (passage, terms) = (case.passage(), terms(case.lltv));
        let delay_years = years(f64::from(delay_h * 3_600));
        let put = terms.delayed(case.volatility, delay_years);
        let loss = |past: f64| put.scaled(exp(-past)).expected_above(0.0);
        let exact = monitored(&passage, case.steps, loss).expected_loss;
        let figure = format!("E[bad debt]: {}, {delay_h} h late", case.name());
        lab.sampled("A4", figure, [exact, 0.0], mean, lab.options.paths);
        correction(lab, &case, delay_years, exact);
        seen.push((mean, exact));
    }
    for first in [0, 3] {
        let (case, delay_h) = PROCESSES[first];
        let delay_years = years(f64::from(delay_h * 3_600));
        let always = whole_process(&case.passage(), terms(case.lltv).lif, delay_years);
        let figure = format!("E[bad debt], always watched: {}, {delay_h} h late", case.way());
        closer(lab, "A4", &figure, always, [seen[first], seen[first + 1], seen[first + 2]]);
    }
    Ok(())
}

/// The closed form with the discrete correction against the quadrature: the mean overshoot stands
/// for its distribution there, so it is off by an order of the step. Nothing runs for it.
fn correction(lab: &mut Lab<'_>, case: &Case, delay_years: f64, exact: f64) {
    let terms = terms(case.lltv);
    let form = whole_process_discrete(&case.passage(), terms.lif, delay_years, case.steps);
    let step_deviation = case.passage().mean_log_overshoot(case.steps);
    let off = form / exact - 1.0;
    let figure = format!("discrete correction, relative error: {}", case.name());
    lab.exact("A4", figure, [0.0, off, CORRECTION_ERROR * step_deviation * step_deviation], 0);
}

/// A figure for looks without end, extrapolated from three series of which each has four times as
/// many looks as the one before: what is missing is a term in the root of a step, which halves,
/// and one in the step, which quarters.
fn closer(lab: &mut Lab<'_>, id: &str, figure: &str, always: f64, seen: [(Estimate, f64); 3]) {
    let extrapolated = |[few, more, most]: [f64; 3]| (8.0 * most - 6.0 * more + few) / 3.0;
    let form_error = (extrapolated(seen.map(|(_, exact)| exact)) - always).abs();
    let [few, more, most] = seen.map(|(estimate, _)| estimate.standard_error);
    let standard_error = ((8.0 * most).powi(2) + (6.0 * more).powi(2) + few.powi(2)).sqrt() / 3.0;
    let value = extrapolated(seen.map(|(estimate, _)| estimate.value));
    let estimate = Estimate { value, standard_error, ..seen[0].0 };
    lab.sampled(id, figure, [always, form_error], estimate, 0);
}

/// The program's own parameters: whole basis points.
fn terms(lltv: f64) -> Terms {
    let bonus_bps = nearest_bonus_bps(liquidation_incentive_factor(lltv));
    Terms { lltv, lif: 1.0 + f64::from(bonus_bps) / 1e4 }
}

/// Plays every path up to where the program first lets its position be liquidated.
fn hits(lab: &Lab<'_>, case: &Case) -> Result<Vec<Hit>, ValidateError> {
    let (rig, market, seed) = (case.rig()?, case.market()?, lab.seed(&case.name()));
    lab.each(lab.options.paths, |path| hit(case, &rig, &market, seed, path))
}

fn hit(
    case: &Case,
    rig: &Rig,
    market: &Market,
    seed: u64,
    path: u64,
) -> Result<Hit, ValidateError> {
    hit_within(case, (rig, market), (seed, path), 1.0 + NEAR)
}

/// Asks about every look at a price of at most `reach` times the limit's.
fn hit_within(
    case: &Case,
    (rig, market): (&Rig, &Market),
    (seed, path): (u64, u64),
    reach: f64,
) -> Result<Hit, ValidateError> {
    let steps = usize::try_from(case.steps).unwrap_or(usize::MAX);
    let step_s = case.days * DAY_S / case.steps;
    let grid = Grid { start_s: 0, step_s, steps: steps + 1 };
    let draw = Draw { seed, path, scheme: Scheme::Independent };
    let sample = market.sample(&grid, &draw)?;
    let near = micro(OPENING) * case.ltv / case.lltv * reach;
    let prices = sample.paths.iter().flat_map(|(_, path)| path.prices().iter().skip(1).copied());
    let mut price = None;
    for candidate in prices.filter(|price| micro(*price) <= near) {
        let mut run = rig.run();
        run.publish(wad(candidate))?;
        if run.liquidate(0, Amount::MAX)?.is_some() {
            price = Some(candidate);
            break;
        }
    }
    Ok(Hit { price, weight: sample.weight })
}

/// Plays every path to where it may be liquidated and on from there until somebody does, `delay_s`
/// later. The price forgets how it got there, so what comes after is drawn anew, where losses are.
fn late(lab: &Lab<'_>, case: &Case, delay_s: u32) -> Result<Vec<Played>, ValidateError> {
    let (rig, market, name) = (case.rig()?, case.market()?, case.name());
    let (before, after) = (lab.seed(&name), lab.seed(&format!("{name}, then late")));
    let scheme = lab.sobol()?;
    let deviation = case.volatility * years(f64::from(delay_s)).sqrt();
    let shift = shift(terms(case.lltv), deviation);
    lab.each(lab.options.paths, |path| {
        let Hit { price, weight } = hit(case, &rig, &market, before, path)?;
        let Some(price) = price else {
            return Ok(Played { loss: LossSplit::default(), weight });
        };
        let step = OneStep::from(price, gbm(case.volatility), delay_s, after)?;
        let (then, then_weight) = step.scheme(scheme).tilted(shift, 1.0)?.price(path)?;
        let mut run = rig.run();
        run.publish(wad(price))?;
        run.wait(delay_s.into())?;
        Ok(Played { loss: run.settle(0, wad(then))?, weight: weight * then_weight })
    })
}

fn mean(hits: &[Hit], figure: impl Fn(Option<MicroUsd>) -> f64) -> Result<Estimate, ValidateError> {
    let sampled = |hit: &Hit| Sampled { loss: figure(hit.price), weight: hit.weight };
    Ok(Losses::new(hits.iter().map(sampled).collect(), 1)?.mean())
}

fn micro(price: MicroUsd) -> f64 {
    whole(price.0.into())
}

/// First liquidatable prices of some paths when looks within `reach` of the limit are asked about.
#[cfg(test)]
pub(super) fn found_within(reach: f64, paths: u64) -> Result<Vec<Option<MicroUsd>>, ValidateError> {
    let case = Case { ltv: 0.7, lltv: 0.86, volatility: 2.0, days: 7, steps: 42 };
    let (rig, market) = (case.rig()?, case.market()?);
    let price = |path| Ok(hit_within(&case, (&rig, &market), (1, path), reach)?.price);
    (0..paths).map(price).collect()
}
