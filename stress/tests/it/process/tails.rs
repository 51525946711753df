//! Losses of late liquidations by simulation: whole distributions, and tails by importance
//! sampling.

use cofferdam_stress::closed_form::{self as form, Passage, Terms, liquidation_incentive_factor};
use cofferdam_stress::prices::process::{MarketError, Process, Tilt};
use cofferdam_stress::statistics::{Level, Losses, Sampled, wilson};

use super::*;

const HOUR: f64 = DAY / 24.0;

fn terms(lltv: f64) -> Terms {
    Terms { lltv, lif: liquidation_incentive_factor(lltv) }
}

/// Losses of a position at its limit, closed `years` late.
fn losses(market: &Market, terms: Terms, years: f64, paths: u64) -> Losses {
    let study = Study::once(paths, years);
    let sampled = |logs: &[Vec<f64>], weight| {
        let loss = (1.0 - terms.cover() * last(&logs[0]).exp()).max(0.0);
        Sampled { loss, weight }
    };
    Losses::new(study.each(market, sampled), 1).expect("losses")
}

fn tilted(process: Process, shift: f64, jump_multiple: f64) -> Market {
    alone(process).tilted(Tilt { asset: 0, shift, jump_multiple }).expect("a tilt")
}

#[test]
fn late_liquidations_lose_their_put() {
    for (lltv, volatility, hours) in [(0.86, 2.0, 6.0), (0.86, 4.0, 1.0), (0.915, 4.0, 24.0)] {
        let exact = terms(lltv).delayed(volatility, hours * HOUR).bad_debt();
        let found = losses(&alone(gbm(volatility)), terms(lltv), hours * HOUR, 60_000);
        meets(found.mean(), exact.expected, 0.1 * exact.expected);
        meets(found.probability_above(0.0), exact.probability, 0.06 * exact.probability);
    }
}

#[test]
fn late_liquidations_of_a_jumping_price_lose_their_mixture() {
    for hours in [1.0, 6.0] {
        let exact = form::merton(terms(0.86), &merton(), hours * HOUR);
        let plain = losses(&alone(Process::Merton(merton())), terms(0.86), hours * HOUR, 60_000);
        meets(plain.mean(), exact.expected, 0.12 * exact.expected);
        meets(plain.probability_above(0.0), exact.probability, 0.1 * exact.probability);
        // Jumps made frequent instead: half of all paths jump, and the answer is the same.
        let often = tilted(Process::Merton(merton()), 0.0, 0.5 / (50.0 * hours * HOUR));
        let found = losses(&often, terms(0.86), hours * HOUR, 60_000);
        meets(found.mean(), exact.expected, 0.02 * exact.expected);
        assert!(found.mean().standard_error < 0.5 * plain.mean().standard_error);
        meets(found.mean_weight(), 1.0, 0.005);
    }
}

#[test]
fn every_payer_pays_its_tranche() {
    let put = terms(0.86).delayed(4.0, 6.0 * HOUR);
    let exact = put.tranches(0.01, 0.03);
    let study = Study::once(60_000, 6.0 * HOUR);
    let market = alone(gbm(4.0));
    let loss = |logs: &[f64]| (1.0 - terms(0.86).cover() * last(logs).exp()).max(0.0);
    let paid = |from: f64, to: f64| study.mean(&market, |logs| loss(logs).clamp(from, to) - from);
    meets(paid(0.0, 0.01), exact.reserves, 2e-5);
    meets(paid(0.01, 0.04), exact.insurance, 5e-5);
    meets(paid(0.04, 1.0), exact.socialised, 1e-4);
    let exhausted = study.each(&market, |logs, _| f64::from(loss(&logs[0]) > 0.04));
    let count = exhausted.iter().filter(|seen| **seen > 0.0).count() as u64;
    assert!(wilson(count, 60_000, Level::P99).contains(exact.probability_exhausted));
}

#[test]
fn the_worst_cases_are_those_of_the_closed_form() {
    let put = terms(0.86).delayed(4.0, 6.0 * HOUR);
    let plain = losses(&alone(gbm(4.0)), terms(0.86), 6.0 * HOUR, 60_000);
    let pushed = losses(&tilted(gbm(4.0), -2.0, 1.0), terms(0.86), 6.0 * HOUR, 60_000);
    for level in [Level::P95, Level::P99] {
        let (at_risk, shortfall) =
            (put.value_at_risk(level.share()), put.expected_shortfall(level.share()));
        let mut widths = Vec::new();
        for found in [&plain, &pushed] {
            let quantile = found.value_at_risk(level, Level::P99);
            let (low, high) =
                (quantile.low.expect("a low end"), quantile.high.expect("a high end"));
            assert!(low <= at_risk && at_risk <= high, "{quantile:?} misses {at_risk}");
            widths.push(high - low);
            meets(found.expected_shortfall(level), shortfall, 0.02);
        }
        assert!(widths[1] < 0.7 * widths[0], "{widths:?}");
    }
}

#[test]
fn importance_sampling_agrees_with_plain_at_a_lower_variance() {
    let exact = terms(0.86).delayed(2.0, 6.0 * HOUR).bad_debt();
    let plain = losses(&alone(gbm(2.0)), terms(0.86), 6.0 * HOUR, 60_000);
    let pushed = losses(&tilted(gbm(2.0), -2.0, 1.0), terms(0.86), 6.0 * HOUR, 60_000);
    for found in [&plain, &pushed] {
        meets(found.mean(), exact.expected, 0.1 * exact.expected);
        meets(found.probability_above(0.0), exact.probability, 0.1 * exact.probability);
    }
    let gain = plain.mean().standard_error / pushed.mean().standard_error;
    assert!(gain > 5.0, "{gain}");
    meets(pushed.mean_weight(), 1.0, 0.03);
    assert!(pushed.effective_count() < 10_000.0 && plain.effective_count() == 60_000.0);
}

/// Five in a thousand million: plain simulation would need the age of the machine.
#[test]
fn importance_sampling_reaches_far_tails() {
    let far = terms(0.8).delayed(1.2, 6.0 * HOUR).bad_debt();
    assert!(far.probability < 1e-6, "{far:?}");
    for steps in [1, 24] {
        let market = tilted(gbm(1.2), -5.0, 1.0);
        let study = Study { steps, ..Study::once(20_000, 6.0 * HOUR) };
        let loss = |logs: &[f64]| (1.0 - terms(0.8).cover() * last(logs).exp()).max(0.0);
        meets(study.mean(&market, loss), far.expected, 0.05 * far.expected);
    }
}

/// The tilt of one asset moves the others as their correlation says, and the weight knows it.
#[test]
fn a_tilt_is_weighed_for_every_asset() {
    let assets = ["ETH", "BTC"].map(|symbol| (symbol.to_owned(), model(gbm(2.0))));
    let market = Market::new(assets.into()).correlated(&[(0, 1, 0.8)]).unwrap();
    let market = market.tilted(Tilt { asset: 1, shift: -2.0, jump_multiple: 1.0 }).unwrap();
    let study = Study { steps: 4, ..Study::once(40_000, DAY) };
    let noise = |logs: &[f64]| (last(logs) + 2.0 * DAY) / (2.0 * DAY.sqrt());
    let drawn = |asset: usize| mean(&study.each(&market, |logs, _| noise(&logs[asset])), 1);
    meets(drawn(1), -2.0, 0.006);
    meets(drawn(0), -1.6, 0.006);
    for asset in [0, 1] {
        let both = |logs: &[Vec<f64>], weight| weight * f64::from(noise(&logs[asset]) < -2.0);
        let exact = cofferdam_stress::math::normal_cdf(-2.0);
        meets(mean(&study.each(&market, both), 1), exact, 0.02 * exact);
    }
}

/// Common jumps are tilted once, though they move two assets.
#[test]
fn common_jumps_are_weighed_once() {
    let jumpy = |symbol: &str| (symbol.to_owned(), model(Process::Merton(merton())));
    let market = Market::new(vec![jumpy("ETH"), jumpy("BTC")]).with_common_jumps(0.7).unwrap();
    let market = market.tilted(Tilt { asset: 0, shift: -0.5, jump_multiple: 3.0 }).unwrap();
    let study = Study { steps: 3, ..Study::once(40_000, DAY) };
    meets(mean(&study.each(&market, |_, weight| weight), 1), 1.0, 0.006);
    for asset in [0, 1] {
        let price = |logs: &[Vec<f64>], weight: f64| weight * last(&logs[asset]).exp();
        meets(mean(&study.each(&market, price), 1), 1.0, 0.006);
    }
}

/// How far looking once a step is from looking always shrinks with the square root of the step,
/// and the corrected form foresees it.
#[test]
fn first_passages_meet_the_discrete_correction() {
    let passage = Passage { ltv: 0.7, lltv: 0.86, volatility: 2.0, years: 7.0 * DAY };
    let barrier = (passage.ltv / passage.lltv).ln();
    let market = alone(gbm(2.0));
    for steps in [7_u32, 56] {
        let study = Study { steps: steps as usize, ..Study::once(20_000, passage.years) };
        let fell = |logs: &[f64]| logs.iter().copied().find(|log| *log <= barrier);
        let found = study.mean(&market, |logs| f64::from(fell(logs).is_some()));
        // The correction is of the order of the root of a step; what it leaves is of the step's.
        let left = 1.5 / f64::from(steps) * found.value;
        let foreseen = passage.probability_discrete(steps);
        assert!((found.value - foreseen).abs() < 3.0 * found.standard_error + left, "{found:?}");
        assert!(passage.probability() - found.value > 6.0 * found.standard_error, "{found:?}");
        let overshoot = |logs: &[f64]| fell(logs).map_or(0.0, |log| barrier - log);
        let mean = study.mean(&market, overshoot).value / found.value;
        let foreseen = passage.mean_log_overshoot(steps);
        assert!((mean / foreseen - 1.0).abs() < 0.1, "{mean} is not {foreseen}");
    }
}

/// A position that may reach its limit within a week and is closed six hours later. Looks every
/// six hours and every half hour: the loss is that of the discrete form up to what its mean
/// overshoot leaves out, and both near the continuous form as the step shrinks.
#[test]
fn the_whole_process_nears_its_closed_form_as_the_step_shrinks() {
    let passage = Passage { ltv: 0.7, lltv: 0.86, volatility: 2.0, years: 7.0 * DAY };
    let lif = liquidation_incentive_factor(0.86);
    let barrier = (passage.ltv / passage.lltv).ln();
    let exact = form::whole_process(&passage, lif, 6.0 * HOUR);
    let mut gaps = Vec::new();
    for per_delay in [1_usize, 12] {
        let (looks, steps) = (28 * per_delay, 29 * per_delay);
        let study = Study { steps, ..Study::once(20_000, 7.25 * DAY) };
        let loss = |logs: &[f64]| {
            let reached = logs[..looks].iter().position(|log| *log <= barrier);
            // Debt is one, so the collateral is worth 1 / ltv at the start.
            let paid = |at: usize| logs[at + per_delay].exp() / (passage.ltv * lif);
            reached.map_or(0.0, |at| (1.0 - paid(at)).max(0.0))
        };
        let found = study.mean(&tilted(gbm(2.0), -1.5, 1.0), loss);
        let looks = u32::try_from(looks).unwrap();
        let foreseen = form::whole_process_discrete(&passage, lif, 6.0 * HOUR, looks);
        assert!(found.standard_error < 0.08 * found.value, "{found:?}");
        // The mean overshoot leaves its spread out, which only adds to a loss.
        assert!(exact < foreseen && foreseen < found.value, "{found:?}, foreseen {foreseen}");
        gaps.push((found.value / exact - 1.0, found.value / foreseen - 1.0));
    }
    let [coarse, fine] = gaps[..] else { panic!("two step sizes") };
    assert!(fine.0 < 0.25 * coarse.0 && fine.1 < 0.4 * coarse.1, "{gaps:?}");
    assert!(fine.1 < 0.2, "{gaps:?}");
}

#[test]
fn tilts_that_cannot_be_weighed_are_refused() {
    let refused = |asset, shift, jump_multiple| {
        alone(gbm(1.0)).tilted(Tilt { asset, shift, jump_multiple }).expect_err("refused")
    };
    assert_eq!(refused(1, 0.0, 1.0), MarketError::NoAsset { asset: 1, count: 1 });
    assert_eq!(refused(0, -21.0, 1.0).to_string(), "shift: -21 is not within -20 to 20");
    assert_eq!(refused(0, 0.0, 0.0).to_string(), "jump_multiple: 0 is not within 0.001 to 1000");
}
