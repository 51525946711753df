//! Figures: what they are of paths that can be worked out by hand.

use cofferdam_stress::{
    campaign::{Results, Unit, summary, unit_of},
    outcome::{PathOutcome, Payers},
};

use super::results;
use crate::fixture_paths;

const DOLLAR: u128 = 1_000_000;

/// A hundred paths: on path `n` suppliers of the first pool lose `n` dollars, and the fund pays
/// another ten on every one.
fn hundred() -> Vec<PathOutcome> {
    let mut rows = fixture_paths::paths(100);
    for (row, lost) in rows.iter_mut().zip(0_u128..) {
        let pool = &mut row.pools[0];
        pool.bad_debt =
            Payers { insurance: 10 * DOLLAR, suppliers: lost * DOLLAR, ..Payers::default() };
        pool.exhausted_s = (lost > 0).then_some(60 * u32::try_from(lost).unwrap());
        pool.delays = vec![(0, 3), (u32::try_from(lost).unwrap(), 1)];
        pool.liquidator_profit = -7_000_000;
    }
    rows
}

fn value(results: &Results, name: &str) -> f64 {
    results.figure(name).unwrap_or_else(|error| panic!("{error}")).figure.value
}

#[test]
fn figures_are_those_of_the_paths() {
    let results = results(&hundred());
    for (name, expected) in [
        ("supplied", 180_000_000.0),
        ("bad_debt.mean", 59.5),
        ("bad_debt.p50", 59.0),
        ("bad_debt.p95", 104.0),
        ("bad_debt.p99", 108.0),
        ("bad_debt.es95", 107.0),
        ("bad_debt.es99", 109.0),
        ("bad_debt.max", 109.0),
        ("bad_debt.probability", 1.0),
        ("bad_debt.suppliers.mean", 49.5),
        ("bad_debt.insurance.mean", 10.0),
        ("bad_debt.fees.max", 0.0),
        ("insurance.exhausted", 0.99),
        ("liquidators.profit.mean", -7.0),
        ("liquidators.profit.p5", -7.0),
        ("delay_s.count", 400.0),
        ("delay_s.p50", 0.0),
        ("delay_s.max", 99.0),
        ("untouched", 0.0),
        ("pools.eth-dai.bad_debt.p95", 104.0),
        ("pools.usdc-dai.bad_debt.p95", 0.0),
        ("pools.usdc-dai.untouched", 1.0),
        ("pools.usdc-dai.insurance.exhausted", 0.0),
    ] {
        assert!(
            (value(&results, name) - expected).abs() < 1e-9,
            "{name}: {}",
            value(&results, name)
        );
    }
    let var = results.figure("bad_debt.p95").unwrap().figure;
    assert!(var.low.unwrap() < 104.0 && var.high.unwrap() > 104.0, "{var:?}");
    // A hundred paths cannot bound their 99 % quantile from above.
    assert_eq!(results.figure("bad_debt.p99").unwrap().figure.high, None);
    let never = results.figure("pools.usdc-dai.insurance.exhausted").unwrap().figure;
    assert!(never.high.unwrap() > 0.03, "nothing seen is not nothing: {never:?}");
}

#[test]
fn weights_count_and_courses_have_quantiles() {
    let mut rows = hundred();
    for row in &mut rows[50..] {
        row.weight = 0.0;
    }
    let results = results(&rows);
    assert!((value(&results, "bad_debt.mean") - 0.5 * 34.5).abs() < 1e-9);
    assert!((results.effective_paths - 50.0).abs() < 1e-9);
    let course = &results.pools[0].course;
    assert_eq!(course.unix_s.len(), 64);
    let mut last: Vec<i128> =
        rows[..50].iter().map(|row| row.pools[0].course[63].price.0.into()).collect();
    last.sort_unstable();
    assert_eq!((course.price.p50[63], course.price.p5[63]), (last[24], last[2]));
}

/// Half of the paths are drawn where it is slow, and are a hundredth of what there is.
#[test]
fn delays_and_the_end_of_a_fund_have_the_weight_of_their_path() {
    let mut rows = hundred();
    for row in &mut rows {
        let tilted = row.path >= 50;
        row.weight = if tilted { 0.02 } else { 1.98 };
        row.pools[0].delays = vec![(if tilted { 900 } else { 60 }, 4)];
        row.pools[0].exhausted_s = Some(if tilted { 60 } else { 7_200 });
    }
    let results = results(&rows);
    let delay = |name: &str| results.figure(&format!("delay_s.{name}")).unwrap().figure;
    assert_eq!((delay("count").value, delay("max").value), (400.0, 900.0));
    for name in ["p50", "p90", "p95"] {
        assert_eq!((delay(name).value, delay(name).low), (60.0, Some(60.0)), "{name}");
    }
    assert_eq!(delay("p50").high, Some(60.0));
    assert_eq!(delay("p99").high, None, "fifty paths say little about one in a hundred");
    let after = results.pools[0].figures.insurance.exhausted_after_s.unwrap();
    assert_eq!((after.value, after.low, after.high), (7_200.0, Some(7_200.0), Some(7_200.0)));
}

#[test]
fn results_are_read_back_as_they_were_written() {
    let results = results(&hundred());
    let text = serde_json::to_string(&results).unwrap();
    assert_eq!(serde_json::from_str::<Results>(&text).unwrap(), results);
    let table = summary(&results);
    for part in [
        "eth-dai",
        "all pools",
        "VaR 99 %",
        "$108 [$10",
        "-$7 [-$7, -$7]",
        "0 s [0 s, 0 s]",
        "99 s",
        ", ?]",
        "yes, on every path",
    ] {
        assert!(table.contains(part), "no {part} in {table}");
    }
}

#[test]
fn names_that_are_no_figures_are_none() {
    assert_eq!(unit_of("insurance.exhausted"), Some(Unit::Share));
    assert_eq!(unit_of("bad_debt.suppliers.es99"), Some(Unit::Dollars));
    assert_eq!(unit_of("delay_s.p95"), Some(Unit::Seconds));
    for name in ["", "bad_debt", "bad_debt.p94", "course.price", "pools.x", "plan"] {
        assert_eq!(unit_of(name), None, "{name}");
    }
    let error = results(&hundred()).figure("pools.nowhere.bad_debt.p95").unwrap_err();
    assert!(error.to_string().starts_with("`pools.nowhere.bad_debt.p95` is no figure"), "{error}");
}

/// The same table twice: what one has as text, the other has by columns.
#[cfg(feature = "parquet")]
#[test]
fn columns_are_the_lines() {
    use cofferdam_stress::campaign::{csv, parquet};
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;

    let (rows, subject) = (hundred(), super::subject());
    let bytes = parquet(subject.scenario(), &rows).unwrap();
    assert_eq!(bytes, parquet(subject.scenario(), &rows).unwrap());
    let text = csv(subject.scenario(), &rows).unwrap();
    let mut text = csv::Reader::from_reader(&text[..]);
    let heads = text.headers().unwrap().clone();
    let mut file = tempfile::tempfile().unwrap();
    std::io::Write::write_all(&mut file, &bytes).unwrap();
    let reader = SerializedFileReader::new(file).unwrap();
    let mut lines = 0;
    for (line, record) in text.records().zip(reader.get_row_iter(None).unwrap()) {
        let (line, record) = (line.unwrap(), record.unwrap());
        for ((head, cell), (name, field)) in heads.iter().zip(&line).zip(record.get_column_iter()) {
            let found = match field {
                Field::Null => String::new(),
                Field::Str(text) => text.clone(),
                Field::Bool(truth) => u8::from(*truth).to_string(),
                Field::Double(weight) => format!("{:016x}", weight.to_bits()),
                Field::Long(number) => number.to_string(),
                Field::Decimal(decimal) => {
                    let bytes = decimal.data().try_into().unwrap();
                    i64::from_be_bytes(bytes).to_string()
                }
                other => panic!("{other} is of no kind that is written"),
            };
            assert_eq!((found.as_str(), head.trim_end_matches("_bits")), (cell, name.as_str()));
        }
        lines += 1;
    }
    assert_eq!(lines, rows.len() * subject.scenario().pools.len());
}
