//! The same formulas by the laboratory's own machinery (P): scenario files, staged, drawn and
//! played as `cofferdam stress` plays them, with its keepers, liquidators, markets and blocks.

mod laws;
mod plot;

use self::plot::{Plot, WORTH, broken, play, random, stated};
use super::{
    fault::ValidateError,
    lab::{Lab, shift},
    market::largest,
    run::{unexplained, whole},
};
use crate::{
    closed_form::{ConstantProduct, DelayedPut, Passage, Terms, monitored},
    engine::Mode,
    math::{ln, years},
    outcome::{PathOutcome, Payers},
    scenario::{Scenario, plan},
    statistics::{Losses, Sampled},
};

const HOUR_S: u32 = 3_600;
const BONUS_BPS: u32 = 438;
/// Bonus of the position that is sold to a market.
const MARKET_BONUS: f64 = 0.05;
/// Exact paths are slow.
const EXACT_PATHS: u64 = 48;
/// Chances that a liquidator looks in a step, in basis points.
const ATTENTION_BPS: [u32; 2] = [5_000, 2_500];
/// Positions in a queue, and how many of them a block takes.
const QUEUE: u32 = 12;
const CAPACITIES: [u32; 4] = [1, 2, 3, 6];

/// All figures.
pub(super) fn all(lab: &mut Lab<'_>) -> Result<(), ValidateError> {
    puts(lab)?;
    payers(lab)?;
    passage(lab)?;
    break_even(lab)?;
    best_sale(lab)?;
    waits(lab)?;
    queue(lab)?;
    laws::all(lab)
}

/// A position's terms: it stands ten basis points below its limit when its price begins to move.
fn terms(plot: &Plot) -> Terms {
    let share = |bps: u32| f64::from(bps) / 1e4;
    Terms { lltv: share(plot.ltv_bps), lif: 1.0 + share(plot.bonus_bps) }
}

/// A price that nobody sees before `hours` have gone by.
fn late(volatility: f64, hours: u32) -> Plot {
    let mut plot = Plot::new(random(volatility), 8_600, BONUS_BPS);
    plot.step_s = hours * HOUR_S;
    plot.tilt = shift(terms(&plot), volatility * years(f64::from(plot.step_s)).sqrt());
    plot
}

fn put(plot: &Plot, volatility: f64) -> DelayedPut {
    terms(plot).delayed(volatility, years(f64::from(plot.step_s)))
}

/// Shares of the debt that each payer pays on a path, with its weight.
fn shares(outcome: &PathOutcome) -> (Payers, f64, f64) {
    let pool = &outcome.pools[0];
    (pool.bad_debt, whole(pool.borrowed), outcome.weight)
}

fn losses(
    paths: &[(Payers, f64, f64)],
    figure: impl Fn(&Payers) -> u128,
) -> Result<Losses, ValidateError> {
    let sampled = |(paid, debt, weight): &(Payers, f64, f64)| Sampled {
        loss: whole(figure(paid)) / debt,
        weight: *weight,
    };
    Ok(Losses::new(paths.iter().map(sampled).collect(), 1)?)
}

/// A1.
fn puts(lab: &mut Lab<'_>) -> Result<(), ValidateError> {
    for (volatility, hours) in [(2.0, 6), (4.0, 1), (4.0, 6)] {
        let plot = late(volatility, hours);
        let name = format!(
            "a scenario's position, volatility {:.0} %, {hours} h late",
            100.0 * volatility
        );
        let prepared = plot.prepared(lab, &name)?;
        let paths = play(lab, &prepared, lab.options.paths, shares)?;
        let losses = losses(&paths, Payers::total)?;
        let form = put(&plot, volatility).bad_debt();
        let chance = losses.probability_above(0.0);
        let figure = format!("A1, P(bad debt): {name}");
        lab.sampled("P", figure, [form.probability, 0.0], chance, lab.options.paths);
        let figure = format!("A1, E[bad debt]: {name}");
        lab.sampled("P", figure, [form.expected, 0.0], losses.mean(), 0);
    }
    both_speeds(lab)
}

/// Every step looked at, and only those in which somebody can act.
fn both_speeds(lab: &mut Lab<'_>) -> Result<(), ValidateError> {
    let mut plot = Plot { steps: 24, capital: 2 * WORTH, ..late(4.0, 1) };
    plot.tilt = 0.0;
    let prepared = plot.prepared(lab, "both speeds")?;
    let differ = lab.each(EXACT_PATHS, |path| {
        let play = |mode| prepared.play(path, mode).map_err(|error| broken(&error));
        Ok(u32::from(play(Mode::Exact)? != play(Mode::Fast)?))
    })?;
    let differ = f64::from(differ.iter().sum::<u32>());
    lab.exact("P", "paths that differ between exact and fast", [0.0, differ, 0.0], 2 * EXACT_PATHS);
    Ok(())
}

/// A5, under two policies.
fn payers(lab: &mut Lab<'_>) -> Result<(), ValidateError> {
    const COVERED: f64 = 0.03;
    for policy in ["waterfall", "haircut"] {
        let mut plot = Plot { policy, ..late(4.0, 6) };
        plot.insurance = WORTH / 10_000 * plot.ltv_bps / 100 * 3;
        let prepared = plot.prepared(lab, "who pays")?;
        let paths = play(lab, &prepared, lab.options.paths, shares)?;
        let (split, all) = (put(&plot, 4.0).tranches(0.0, COVERED), put(&plot, 4.0).bad_debt());
        let spared = policy == "haircut";
        let insurance = if spared { 0.0 } else { split.insurance };
        let suppliers = if spared { all.expected } else { split.socialised };
        let [by_suppliers, by_insurance] =
            [|paid: &Payers| paid.suppliers, |paid: &Payers| paid.insurance]
                .map(|figure| losses(&paths, figure));
        let (by_suppliers, by_insurance) = (by_suppliers?, by_insurance?);
        let figure = format!("A5, paid by suppliers: policy {policy}, 3 % insurance");
        lab.sampled("P", figure, [suppliers, 0.0], by_suppliers.mean(), lab.options.paths);
        let figure = format!("A5, paid by insurance: policy {policy}");
        if spared {
            lab.exact("P", figure, [0.0, by_insurance.mean().value, 0.0], 0);
        } else {
            lab.sampled("P", figure, [insurance, 0.0], by_insurance.mean(), 0);
            let form = [split.probability_exhausted, 0.0];
            let chance = by_suppliers.probability_above(0.0);
            lab.sampled("P", "A5, P(insurance exhausted): policy waterfall", form, chance, 0);
        }
        let unpaid = paths.iter().map(|(paid, ..)| paid.deficit + paid.uncollected + paid.fees);
        let figure = format!("A5, paid by others, in millionths of a dollar: policy {policy}");
        lab.exact("P", figure, [0.0, whole(unpaid.sum()), 0.0], 0);
    }
    Ok(())
}

/// A3 and the first half of A4: whether anybody is ever liquidated.
fn passage(lab: &mut Lab<'_>) -> Result<(), ValidateError> {
    for (volatility, days) in [(0.8, 7), (2.0, 2)] {
        let plot = Plot {
            steps: 24 * days,
            ltv_bps: 7_000,
            capital: 2 * WORTH,
            ..Plot::new(random(volatility), 8_600, BONUS_BPS)
        };
        let years = years(f64::from(24 * days * HOUR_S));
        let passage = Passage { ltv: 0.7, lltv: 0.86, volatility, years };
        let tilt = ln(0.7 / 0.86) / (volatility * years.sqrt());
        let plot = Plot { tilt: tilt.max(-3.0), ..plot };
        let name =
            format!("0.7 to 0.86, volatility {:.0} %, {days} d, every hour", 100.0 * volatility);
        let prepared = plot.prepared(lab, &name)?;
        let hits = play(lab, &prepared, lab.options.paths, |outcome| Sampled {
            loss: f64::from(outcome.pools[0].liquidations.executed.min(1)),
            weight: outcome.weight,
        })?;
        let chance = Losses::new(hits, 1)?.mean();
        let form = monitored(&passage, plot.steps, |_| 0.0).probability;
        let figure = format!("A3, P(liquidated): {name}");
        lab.sampled("P", figure, [form, 1e-6], chance, lab.options.paths);
    }
    Ok(())
}

/// A position at a loan-to-value of 0.85 from the first step on, and one liquidator who sells to a
/// constant-product market of so many dollars.
fn seller(depth: u64, fee_bps: u32, sizing: &str) -> Plot {
    let bonus_bps = 500;
    let fall = stated(HOUR_S, &[(1, 0.9)]);
    let sections = format!(
        "[markets.COLL]\nmodel = \"constant_product\"\ndepth_usd = {depth}\nfee_bps = {fee_bps}\n\
         recovery_half_life_s = 1\n[[liquidators]]\ncount = 1\ncapital = {{ DEBT = {} }}\n\
         sizing = \"{sizing}\"\n",
        20 * WORTH
    );
    Plot { ltv_bps: 7_650, sections, ..Plot::new(fall, 8_000, bonus_bps) }
}

/// What the one path of a stated price came to.
fn only(lab: &Lab<'_>, plot: &Plot) -> Result<PathOutcome, ValidateError> {
    let prepared = plot.prepared(lab, "one path")?;
    let mut played = play(lab, &prepared, 1, Clone::clone)?;
    played.pop().ok_or_else(|| unexplained("no path was played"))
}

/// A7: the deepest market on which the whole position does not pay.
fn break_even(lab: &mut Lab<'_>) -> Result<(), ValidateError> {
    for fee_bps in [0, 30] {
        let form = ConstantProduct { bonus: MARKET_BONUS, fee: f64::from(fee_bps) / 1e4 };
        let mut runs = 0;
        let shallow = largest(1_000_000, 1_000_000_000, |depth| {
            runs += 1;
            let outcome = only(lab, &seller(depth, fee_bps, "max"))?;
            Ok(outcome.pools[0].liquidations.executed == 0)
        })?;
        let sold = (1.0 + MARKET_BONUS) * 0.765 * f64::from(WORTH);
        let measured = sold / whole(u128::from(shallow) + 1);
        let figure =
            format!("A7, largest sale that a liquidator takes on, bonus 5 %, fee {fee_bps} bps");
        lab.exact("P", figure, [form.break_even(), measured, 2e-7], runs);
    }
    Ok(())
}

/// A7: what a liquidator sells who sells what earns most.
fn best_sale(lab: &mut Lab<'_>) -> Result<(), ValidateError> {
    const DEPTH: u64 = 20_000_000;
    for fee_bps in [0, 30] {
        let form = ConstantProduct { bonus: MARKET_BONUS, fee: f64::from(fee_bps) / 1e4 };
        let pool = &only(lab, &seller(DEPTH, fee_bps, "optimal"))?.pools[0];
        let depth = whole(DEPTH.into()) * 1e6;
        let sold = (1.0 + MARKET_BONUS) * whole(pool.liquidated) / depth;
        let name = format!("bonus 5 %, fee {fee_bps} bps");
        // To the 1024th of the largest liquidation.
        let finest = (1.0 + MARKET_BONUS) * 0.765 * f64::from(WORTH) * 1e6 / depth / 1_024.0;
        lab.exact("P", format!("A7, sale chosen, {name}"), [form.optimal(), sold, finest], 1);
        let profit = whole(pool.liquidator_profit.unsigned_abs()) / depth;
        let figure = format!("A7, profit booked, {name}");
        lab.exact("P", figure, [form.greatest_profit(), profit, finest * finest], 0);
    }
    Ok(())
}

/// A9 by chance: how long a position waits for a liquidator who looks now and then.
fn waits(lab: &mut Lab<'_>) -> Result<(), ValidateError> {
    for attention_bps in ATTENTION_BPS {
        let sections = format!(
            "[[liquidators]]\ncount = 1\ncapital = {{ DEBT = {WORTH} }}\nparticipation_bps = {attention_bps}\n"
        );
        let fall = stated(HOUR_S, &[(1, 0.98)]);
        let plot = Plot { steps: 96, sections, ..Plot::new(fall, 8_600, BONUS_BPS) };
        let prepared = plot.prepared(lab, "waits")?;
        let waited = play(lab, &prepared, lab.options.paths / 4, |outcome| {
            let first = outcome.pools[0].delays.first();
            Sampled { loss: first.map_or(96.0, |(s, _)| f64::from(s / HOUR_S)), weight: 1.0 }
        })?;
        let chance = f64::from(attention_bps) / 1e4;
        let figure = format!(
            "A9, mean wait in blocks, a liquidator who looks at {:.0} % of them",
            100.0 * chance
        );
        let mean = Losses::new(waited, 1)?.mean();
        lab.sampled("P", figure, [(1.0 - chance) / chance, 0.0], mean, lab.options.paths / 4);
    }
    Ok(())
}

/// A9 by capacity: the i-th of a queue of insolvent positions waits for the block that has room for
/// it, while the price falls on. What it loses there is known to the unit.
fn queue(lab: &mut Lab<'_>) -> Result<(), ValidateError> {
    let mut lost = Vec::new();
    for capacity in CAPACITIES {
        let plot = queued(capacity);
        let prepared = plot.prepared(lab, "queue")?;
        let pool = &play(lab, &prepared, 1, Clone::clone)?[0].pools[0];
        let form = queue_form(&plot, capacity, prepared.scenario())?;
        let measured = whole(pool.bad_debt.recognised()) / whole(pool.borrowed);
        let figure = format!(
            "A9, loss of {QUEUE} positions in a falling market, {capacity} a block of [fees]"
        );
        lab.exact("P", figure, [form, measured, 1e-8], 1);
        lost.push(measured);
    }
    let rises = lost.windows(2).filter(|pair| pair[1] >= pair[0]).count();
    let figure = "L, capacities of 1, 2, 3, 6 a block of which the larger one does not lose less";
    lab.exact("P", figure, [0.0, whole(rises as u128), 0.0], 0);
    Ok(())
}

/// Share of the opening price at a step: from the first on all positions are insolvent.
fn fallen(step: u32) -> f64 {
    0.86 - 0.02 * f64::from(step)
}

/// A liquidator for each position, and little room.
fn queued(capacity: u32) -> Plot {
    let falls: Vec<(u32, f64)> = (1..=QUEUE).map(|step| (step, fallen(step))).collect();
    let sections = format!(
        "[fees]\ncapacity_per_step = {capacity}\nbase_fee_usd = \"0.01\"\n\
         base_fee_min_usd = \"0.01\"\nbackground_per_step = 0\nbackground_bid_usd = \"1\"\n\
         [[liquidators]]\ncount = {QUEUE}\ncapital = {{ DEBT = {} }}\nbid_usd = \"100\"\n\
         expire_after_steps = 100\n",
        2 * WORTH
    );
    let plot = Plot::new(stated(HOUR_S, &falls), 8_600, BONUS_BPS);
    Plot { steps: QUEUE, borrowers: QUEUE, sections, ..plot }
}

/// Of the whole debt, what positions lose that are closed in the order of their sizes, which is
/// that of what they earn.
fn queue_form(plot: &Plot, capacity: u32, scenario: &Scenario) -> Result<f64, ValidateError> {
    let book =
        plan(scenario, &scenario.pools[0]).map_err(|error| unexplained(&error.to_string()))?;
    let mut sizes: Vec<u64> = book.iter().map(|position| position.collateral_native).collect();
    sizes.sort_unstable_by_key(|size| std::cmp::Reverse(*size));
    let cover = terms(plot).cover();
    let (mut lost, mut all) = (0.0, 0.0);
    for (rank, size) in (0_u32..).zip(sizes) {
        let size = whole(size.into());
        lost += size * (1.0 - fallen(1 + rank / capacity) * cover);
        all += size;
    }
    Ok(lost / all)
}
