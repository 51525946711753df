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
    Case { ltv: 0.7, lltv: 0.86, volatility: 0.8, days: 7, steps: 21 },
    Case { ltv: 0.7, lltv: 0.86, volatility: 0.8, days: 7, steps: 168 },
    Case { ltv: 0.7, lltv: 0.86, volatility: 0.8, days: 7, steps: 336 },
    Case { ltv: 0.6, lltv: 0.8, volatility: 1.0, days: 30, steps: 720 },
    Case { ltv: 0.5, lltv: 0.86, volatility: 1.0, days: 30, steps: 720 },
];

/// With the delay in hours.
const PROCESSES: [(Case, u32); 4] = [
    (Case { ltv: 0.7, lltv: 0.86, volatility: 2.0, days: 7, steps: 42 }, 6),
    (Case { ltv: 0.7, lltv: 0.86, volatility: 2.0, days: 7, steps: 168 }, 6),
    (Case { ltv: 0.7, lltv: 0.86, volatility: 2.0, days: 7, steps: 672 }, 6),
    (Case { ltv: 0.6, lltv: 0.8, volatility: 1.5, days: 14, steps: 336 }, 12),
];

impl Case {
    fn passage(&self) -> Passage {
        let Self { ltv, lltv, volatility, days, .. } = *self;
        Passage { ltv, lltv, volatility, years: years(f64::from(days * DAY_S)) }
    }

    fn name(&self) -> String {
        let Self { ltv, lltv, volatility, days, steps } = self;
        format!("{ltv} to {lltv}, volatility {:.0} %, {days} d, {steps} looks", 100.0 * volatility)
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
        seen.push((case, chance, exact.probability));
    }
    let limit = seen[0].0.passage().probability();
    let figure = "P(reached), looks ever closer (21 and 336 looks): 0.7 to 0.86";
    closer(lab, "A3", figure, limit, [(seen[0].1, seen[0].2), (seen[2].1, seen[2].2)]);
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
        let form = whole_process_discrete(&passage, terms.lif, delay_years, case.steps);
        let figure = format!("E[bad debt]: {}, {delay_h} h late", case.name());
        lab.sampled("A4", figure, [form, (form - exact).abs()], mean, lab.options.paths);
        let always = whole_process(&passage, terms.lif, delay_years);
        seen.push((always, mean, exact));
    }
    let figure = "E[bad debt], looks ever closer (42 and 672 looks): 0.7 to 0.86, 6 h late";
    closer(lab, "A4", figure, seen[0].0, [(seen[0].1, seen[0].2), (seen[2].1, seen[2].2)]);
    Ok(())
}

/// The figure at looks without end, extrapolated from two series of which the second has sixteen
/// times as many: what is missing shrinks with the square root of a step, so it is a quarter.
fn closer(
    lab: &mut Lab<'_>,
    id: &str,
    figure: &str,
    limit: f64,
    [(few, few_exact), (many, many_exact)]: [(Estimate, f64); 2],
) {
    let extrapolated = |few: f64, many: f64| (4.0 * many - few) / 3.0;
    let form_error = (extrapolated(few_exact, many_exact) - limit).abs();
    let errors = 16.0 * many.standard_error.powi(2) + few.standard_error.powi(2);
    let value = extrapolated(few.value, many.value);
    let estimate = Estimate { value, standard_error: errors.sqrt() / 3.0, ..few };
    lab.sampled(id, figure, [limit, form_error], estimate, 0);
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
    let steps = usize::try_from(case.steps).unwrap_or(usize::MAX);
    let step_s = case.days * DAY_S / case.steps;
    let grid = Grid { start_s: 0, step_s, steps: steps + 1 };
    let draw = Draw { seed, path, scheme: Scheme::Independent };
    let sample = market.sample(&grid, &draw)?;
    let near = micro(OPENING) * case.ltv / case.lltv * (1.0 + NEAR);
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
