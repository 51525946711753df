//! Every row of the reference file, when it lies beside the repository.

use cofferdam_stress::closed_form as form;
use cofferdam_stress::prices::process::Merton;
use form::Terms;
use serde_json::Value;

use super::{close, hours};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/reference/golden.json");

/// The reference, or `None` with a word on the terminal.
fn golden() -> Option<Value> {
    match std::fs::read_to_string(PATH) {
        Ok(text) => Some(serde_json::from_str(&text).expect("golden.json is JSON")),
        Err(_) => {
            eprintln!("skipped: no ../shared");
            None
        }
    }
}

/// Runs `check` on every row of a table, of which there must be `count`.
fn rows(table: &str, count: usize, check: impl Fn(&dyn Fn(&str) -> f64, &Value)) {
    let Some(golden) = golden() else { return };
    let rows = golden[table].as_array().expect("a table is a list");
    assert_eq!(rows.len(), count, "{table}");
    for row in rows {
        let number = |key: &str| row[key].as_f64().unwrap_or_else(|| panic!("{table}.{key}"));
        check(&number, row);
    }
}

fn terms(number: &dyn Fn(&str) -> f64) -> Terms {
    Terms { lltv: number("lltv"), lif: number("lif") }
}

fn whole(number: f64) -> u32 {
    format!("{number}").parse().expect("a whole number")
}

#[test]
fn delayed_puts() {
    rows("delay_put", 16, |number, _| {
        let put = terms(number).delayed(number("sigma"), hours(number("tau_h"))).bad_debt();
        close(put.probability, number("prob"), 1e-9);
        close(put.expected, number("expected_bad_debt"), 1e-8);
    });
}

#[test]
fn merton_mixtures() {
    rows("merton", 3, |number, _| {
        let process = Merton {
            drift_per_year: 0.0,
            volatility: number("sigma"),
            jumps_per_year: number("lam"),
            jump_mean: number("m"),
            jump_deviation: number("d"),
        };
        let loss = form::merton(terms(number), &process, hours(number("tau_h")));
        close(loss.probability, number("prob"), 1e-11);
        close(loss.expected, number("expected_bad_debt"), 1e-11);
    });
}

#[test]
fn first_passages() {
    rows("first_passage", 2, |number, _| {
        let passage = form::Passage {
            ltv: number("ltv0"),
            lltv: number("lltv"),
            volatility: number("sigma"),
            years: number("days") / 365.0,
        };
        let steps = whole(number("steps"));
        close(passage.probability(), number("p_continuous"), 1e-12);
        // The reference rounds the constant of the shift to four digits.
        close(passage.probability_discrete(steps), number("p_discrete_bgk"), 1e-5);
        close(passage.mean_log_overshoot(steps), number("mean_log_overshoot"), 1e-5);
    });
}

#[test]
fn whole_processes() {
    rows("full_process", 1, |number, _| {
        let passage = form::Passage {
            ltv: number("ltv0"),
            lltv: number("lltv"),
            volatility: number("sigma"),
            years: number("horizon_d") / 365.0,
        };
        let found = form::whole_process(&passage, number("lif"), hours(number("tau_h")));
        close(found, number("expected_bad_debt"), 1e-11);
    });
}

#[test]
fn the_waterfall() {
    let Some(golden) = golden() else { return };
    let number = |key: &str| golden["waterfall"][key].as_f64().expect("a number");
    let lif = form::liquidation_incentive_factor(number("lltv"));
    let put = Terms { lltv: number("lltv"), lif }.delayed(number("sigma"), hours(number("tau_h")));
    let split = put.tranches(number("reserves"), number("insurance"));
    for (found, key) in [
        (put.bad_debt().expected, "total"),
        (put.bad_debt().probability, "prob_bad_debt"),
        (split.reserves, "absorbed_reserves"),
        (split.insurance, "absorbed_insurance"),
        (split.socialised, "socialised"),
        (split.probability_exhausted, "prob_insurance_exhausted"),
        (put.value_at_risk(0.95), "var95"),
        (put.value_at_risk(0.99), "var99"),
        (put.expected_shortfall(0.95), "es95"),
        (put.expected_shortfall(0.99), "es99"),
    ] {
        close(found, number(key), 1e-11);
    }
}

#[test]
fn constant_product_liquidators() {
    rows("cpmm_liquidator", 1, |number, _| {
        let market = form::ConstantProduct { bonus: number("bonus"), fee: number("fee") };
        close(market.break_even(), number("breakeven_dx_over_x"), 1e-12);
        close(market.optimal(), number("optimal_dx_over_x"), 1e-12);
        close(market.greatest_profit(), number("max_profit_over_px"), 1e-12);
    });
}

#[test]
fn morpho_incentives() {
    rows("morpho_lif", 6, |number, _| {
        let lif = form::liquidation_incentive_factor(number("lltv"));
        close(lif, number("lif"), 1e-15);
        close(form::critical_ltv(lif), number("crit_ltv"), 1e-15);
        close(form::liquidation_buffer(number("lltv"), lif), number("buffer"), 1e-12);
    });
}

#[test]
fn toxic_spirals() {
    rows("toxic_spiral", 4, |number, row| {
        let (ltv, bonus, factor) = (number("ltv"), number("bonus"), number("close_factor"));
        assert_eq!(form::is_toxic(ltv, bonus), row["toxic"].as_bool().expect("toxic"));
        let end = form::spiral(ltv, bonus, factor, number("lltv"), 1_000);
        assert_eq!(end.rounds, whole(number("rounds")));
        assert!((end.debt - number("final_debt")).abs() < 1e-14, "{end:?}");
        assert!((end.collateral - number("final_coll")).abs() < 1e-14, "{end:?}");
        let identity = form::terminal_bad_debt(ltv, bonus);
        assert!((identity - number("terminal_identity")).abs() < 1e-14, "{identity}");
    });
}

#[test]
fn toxic_thresholds_with_impact() {
    rows("toxic_amm", 5, |number, _| {
        let found = form::threshold_with_impact(number("bonus"), number("coll_over_pool"));
        close(found, number("threshold"), 1e-15);
    });
}

#[test]
fn two_step_liquidations() {
    rows("qin_two_step", 3, |number, _| {
        let [c, d, lt, ls, cf] = ["C", "D", "LT", "LS", "CF"].map(number);
        let found = form::two_step(c, d, lt, ls, cf);
        close(found.first_repay, number("repay1"), 1e-12);
        close(found.second_repay, number("repay2"), 1e-12);
        close(found.profit_single, number("profit_single"), 1e-12);
        close(found.profit, number("profit_two_step"), 1e-12);
        close(found.relative_gain, number("rel_gain"), 1e-10);
    });
}

#[test]
fn ramps() {
    rows("gauntlet_morpho", 6, |number, _| {
        let ramp = form::Ramp {
            collateral: number("initial_collateral_usd"),
            repay_per_step: number("repay_usd"),
            drawdown: number("max_drawdown"),
            step: number("pct_decrease"),
            bonus_max: number("m"),
            beta: number("beta"),
            bonus_min: number("min_liq_bonus"),
        };
        let found = ramp.recommend().expect("some limit is safe");
        close(f64::from(found.lltv_percent) / 100.0, number("lltv"), 1e-12);
        assert!((found.bonus - number("li")).abs() < 5e-8, "{found:?}");
        let insolvent = found.first_insolvent.expect("the next limit loses");
        close(f64::from(insolvent.lltv_percent) / 100.0, number("first_insolvent_lltv"), 1e-12);
        assert!((insolvent.bad_debt - number("first_insolvent_usd")).abs() < 0.01, "{found:?}");
    });
}
