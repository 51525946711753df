//! Sweeps, advice and reverse stress, over an answer that is known.

use cofferdam_stress::{
    campaign::{
        CampaignError, Change, Fall, Results, Shock, Subject,
        advise::{Goal, Question, Tie, advise},
        reverse::{replay, smallest},
        sweep::sweep,
    },
    outcome::{PathOutcome, Payers},
    scenario::{Assertion, Axis, parse},
};
use rust_decimal::Decimal;

use super::{results, subject};
use crate::fixture_paths;

/// Suppliers lose a dollar for each second of the oracle's lag above an hour, give or take what
/// `noise` says.
fn lossy(subject: &Subject, noise: u128) -> Result<Results, CampaignError> {
    let lag_s = u128::from(subject.scenario().oracle.lag_s);
    let mut rows: Vec<PathOutcome> = fixture_paths::paths(200);
    for (row, number) in rows.iter_mut().zip(0_u128..) {
        let suppliers = lag_s.saturating_sub(3_600) * 1_000_000 + noise * (number % 2);
        row.pools[0].bad_debt = Payers { suppliers, ..Payers::default() };
    }
    Ok(results(&rows))
}

fn question(goal: Goal, target: &str) -> Question {
    Question {
        key: "oracle.lag_s".into(),
        ties: Vec::new(),
        goal,
        between: (Decimal::from(0), Decimal::from(7_200)),
        step: Decimal::from(60),
        target: Assertion::parse_line(target).unwrap(),
    }
}

/// A loss that never came is no proof that a tail is small.
#[test]
fn advice_takes_no_tail_without_evidence_for_safe() {
    let ask = |target: &str| {
        advise(&subject(), &question(Goal::Largest, target), &mut |subject| lossy(subject, 0))
            .unwrap()
    };
    let advice = ask("bad_debt.suppliers.es95 <= 1000000");
    assert_eq!(advice.answer, None);
    assert!(advice.trials.iter().all(|trial| trial.figure.high.is_none()), "{advice:?}");
    assert_eq!(ask("bad_debt.suppliers.p95 <= 0").answer, Some(Decimal::from(3_600)));
}

#[test]
fn a_sweep_plays_every_cell_with_the_same_seed() {
    let axes = [
        Axis::parse("oracle.lag_s=3600,4600,5600").unwrap(),
        Axis::parse("pools.eth-dai.ETH.liquidation_threshold_bps=7900,8000").unwrap(),
    ];
    let mut seen = Vec::new();
    let figures = ["bad_debt.mean", "insurance.exhausted"].map(String::from);
    let grid = sweep(&subject(), &axes, &figures, &mut |subject| {
        let scenario = subject.scenario();
        let reserve = scenario.pools[0].reserve("ETH").unwrap();
        seen.push((scenario.oracle.lag_s, reserve.liquidation_threshold_bps, scenario.seed));
        lossy(subject, 0)
    })
    .unwrap();
    let seed = subject().scenario().seed;
    let lags = [3_600, 4_600, 5_600];
    let expected: Vec<_> =
        lags.iter().flat_map(|lag| [(*lag, 7_900, seed), (*lag, 8_000, seed)]).collect();
    assert_eq!(seen, expected);
    let map = &grid.maps()[0];
    assert_eq!((map.rows.len(), map.columns.len(), grid.maps().len()), (3, 2, 2));
    // 2,000 dollars of 180 million.
    assert!((map.cells[2][1].0 - 2_000.0 / 180e6).abs() < 1e-12);
    assert_eq!(map.rows_name, "lag_s");
    let csv = String::from_utf8(grid.csv().unwrap()).unwrap();
    assert_eq!(csv.lines().count(), 7);
    assert!(csv.lines().nth(6).unwrap().starts_with("5600,8000,2000,"), "{csv}");
}

#[test]
fn a_sweep_refuses_a_bad_cell_before_it_plays_one() {
    let never = &mut |_: &Subject| -> Result<Results, CampaignError> { panic!("played") };
    for (axis, reason) in [
        ("oracle.lag=1,2", "lag"),
        ("pools.nowhere.ETH.x=1", "`nowhere` is nowhere"),
        ("pools.eth-dai.ETH.liquidation_threshold_bps=8000,7499", "collateral_factor_bps"),
    ] {
        let axes = [Axis::parse(axis).unwrap()];
        let error = sweep(&subject(), &axes, &[], never).unwrap_err().to_string();
        assert!(error.contains(reason) && !error.contains('\n'), "{error}");
    }
    assert!(sweep(&subject(), &[], &[], never).unwrap_err().to_string().contains("no axis"));
}

#[test]
fn advice_is_the_last_value_whose_interval_holds() {
    let question = question(Goal::Largest, "bad_debt.suppliers.mean <= 600");
    let advice = advise(&subject(), &question, &mut |subject| lossy(subject, 0)).unwrap();
    assert_eq!(advice.answer, Some(Decimal::from(4_200)));
    assert!(advice.turns_once && advice.is_monotone);
    assert!(advice.trials.is_sorted_by(|a, b| a.value < b.value));
    let next = advice.trials.iter().find(|trial| trial.value == Decimal::from(4_260)).unwrap();
    assert!(!next.holds && advice.trials.len() < 16);
    // The mean is 550 dollars there, but 600 is within its interval.
    let advice =
        advise(&subject(), &question, &mut |subject| lossy(subject, 1_000_000_000)).unwrap();
    let noisy = advice.answer.unwrap();
    assert!(noisy < Decimal::from(3_700), "{noisy}");
    let trial = advice.trials.iter().find(|trial| trial.value == noisy).unwrap();
    assert!(trial.figure.value < 550.0 && trial.figure.high.unwrap() <= 600.0);
}

#[test]
fn advice_on_the_smallest_and_on_nothing() {
    let least = question(Goal::Smallest, "bad_debt.suppliers.mean >= 600");
    let advice = advise(&subject(), &least, &mut |subject| lossy(subject, 0)).unwrap();
    assert_eq!(advice.answer, Some(Decimal::from(4_200)));
    let never = question(Goal::Largest, "bad_debt.suppliers.mean >= 600");
    let advice = advise(&subject(), &never, &mut |subject| lossy(subject, 0)).unwrap();
    assert_eq!(advice.answer, None, "the safe end is low and does not hold");
}

#[test]
fn advice_says_when_the_target_turns_twice() {
    let question = question(Goal::Largest, "bad_debt.suppliers.mean <= 600");
    let humped = &mut |subject: &Subject| {
        let lag_s = subject.scenario().oracle.lag_s;
        let bumped = if (1_500..2_500).contains(&lag_s) { 7_000 } else { lag_s };
        lossy(&subject.with(&[Change::new("oracle.lag_s", bumped.to_string())])?, 0)
    };
    let advice = advise(&subject(), &question, humped).unwrap();
    assert!(advice.answer.unwrap() < Decimal::from(1_500), "{:?}", advice.answer);
    assert!(!advice.turns_once && !advice.is_monotone);
}

#[test]
fn tied_keys_move_along_and_bad_questions_are_one_line() {
    let mut tied = question(Goal::Largest, "bad_debt.suppliers.mean <= 600");
    tied.ties = vec![Tie::parse("oracle.heartbeat_s=+60").unwrap()];
    let _advice = advise(&subject(), &tied, &mut |subject| {
        let oracle = subject.scenario().oracle;
        assert_eq!(oracle.heartbeat_s, oracle.lag_s + 60);
        lossy(subject, 0)
    })
    .unwrap();
    let never = &mut |_: &Subject| -> Result<Results, CampaignError> { panic!("played") };
    let base = question(Goal::Largest, "bad_debt.mean <= 1%");
    for (question, reason) in [
        (Question { step: Decimal::ZERO, ..base.clone() }, "above zero"),
        (Question { between: (Decimal::ONE, Decimal::ONE), ..base.clone() }, "above its start"),
        (Question { step: Decimal::new(1, 9), ..base.clone() }, "too many values"),
        (question_of("bad_debt.p94 <= 1%"), "is no figure"),
        (Question { key: "oracle.no.such".into(), ..base }, "is nowhere"),
    ] {
        let error = advise(&subject(), &question, never).unwrap_err().to_string();
        assert!(error.contains(reason) && !error.contains('\n'), "{error}");
    }
    assert!(Tie::parse("oracle.lag_s").is_err() && Tie::parse("a=b").is_err());
}

fn question_of(target: &str) -> Question {
    question(Goal::Largest, target)
}

#[test]
fn the_smallest_shock_loses_and_the_next_lesser_does_not() {
    let base = subject();
    let shock = Shock::oracle_delay(&base);
    let until = Assertion::parse_line("bad_debt.suppliers.max > 1000").unwrap();
    let found = smallest(&base, &shock, &until, &mut |subject| lossy(subject, 0)).unwrap();
    let edge = found.found.clone().unwrap();
    // 3,600 s of lag, and minutes on top: 17 minutes are 1,020 dollars.
    assert_eq!((edge.severity.as_str(), edge.figure), ("4620 s", 1_020.0));
    let lesser = edge.lesser.clone().unwrap();
    assert_eq!((lesser.severity.as_str(), lesser.figure), ("4560 s", 960.0));
    assert!(found.turns_once);
    let text = replay(&base, "oracle", &edge).unwrap();
    let scenario = parse("break.toml", &text).unwrap();
    assert_eq!((scenario.oracle.lag_s, scenario.name.as_str()), (4_620, "black-thursday-oracle"));
    let never = Assertion::parse_line("bad_debt.suppliers.max > 99999999").unwrap();
    let none = smallest(&base, &shock, &never, &mut |subject| lossy(subject, 0)).unwrap();
    assert_eq!(none.found, None);
}

#[test]
fn shocks_are_scenarios_and_impossible_ones_are_refused() {
    let base = subject();
    let fall = Fall { after_s: 3_600, over_s: 7_200 };
    let price = Shock::price(&base, "ETH", fall).unwrap();
    let half = base.with(&price.changes(500)).unwrap();
    let path = &cofferdam_stress::prices::paths(half.scenario(), None).unwrap()["ETH"];
    let start_s = half.scenario().start.unix_s();
    let at = |after_s: i64| path.at(start_s + after_s).0;
    assert_eq!((at(0), at(3_600), at(10_800)), (200_770_000, 200_770_000, 100_385_000));
    let jam = Shock::congestion(&base, 3_600).unwrap();
    let window = base.with(&jam.changes(4)).unwrap().scenario().congestion.unwrap();
    let own = base.scenario().congestion.unwrap();
    assert_eq!(window.until.unix_s() - window.from.unix_s(), 5 * i64::from(base.scenario().step_s));
    assert_eq!((window.from, window.capacity_share), (own.from, own.capacity_share));
    assert!(Shock::price(&base, "BTC", fall).is_err());
    assert!(Shock::price(&base, "ETH", Fall { after_s: 0, over_s: 1 }).is_err());
    assert!(Shock::liquidity(&base, "ETH").is_err());
}
