//! The sections `[assert]` and `[sweep]`.

use cofferdam_stress::{
    campaign::verdicts,
    scenario::{Assertion, Bound, Comparison, parse},
};
use rust_decimal::Decimal;

use super::results;
use crate::{fixture::TEXT, fixture_paths};

fn with(section: &str) -> String {
    format!("{TEXT}\n{section}\n")
}

#[test]
fn lines_are_read_as_they_are_written() {
    let line = Assertion::parse_line("bad_debt.p95 <= 2.5%").unwrap();
    assert_eq!((line.figure.as_str(), line.comparison), ("bad_debt.p95", Comparison::AtMost));
    assert_eq!(line.bound, Bound::Percent(Decimal::new(25, 1)));
    assert_eq!(line.wanted(), "<= 2.5%");
    let bound = |text| Assertion::parse("x", text).unwrap().bound;
    assert_eq!(bound("> 1_000"), Bound::Number(Decimal::from(1_000)));
    assert_eq!(bound("= true"), Bound::Truth(true));
    assert_eq!(bound("< pools.a.bad_debt.mean"), Bound::Figure("pools.a.bad_debt.mean".into()));
    for text in ["", "2%", "<= ", "<= much", "=> 2"] {
        assert!(Assertion::parse("x", text).is_err(), "{text}");
    }
}

#[test]
fn verdicts_hold_figures_against_their_bounds() {
    let text = with(
        "[assert]\n\"bad_debt.mean\" = \"> 0\"\n\"bad_debt.p95\" = \"<= 0.001%\"\n\
         \"insurance.exhausted\" = \"< 100%\"\n\"pools.usdc-dai.untouched\" = \"= true\"\n\
         \"pools.eth-dai.untouched\" = \"= true\"\n\
         \"pools.eth-dai.bad_debt.p95\" = \"> pools.usdc-dai.bad_debt.p95\"\n\
         \"liquidations.late\" = \">= 1\"",
    );
    let scenario = parse("asserting.toml", &text).unwrap();
    let rows = fixture_paths::paths(200);
    let verdicts = verdicts(&results(&rows), &scenario).unwrap();
    let held: Vec<_> = verdicts.iter().map(|line| (line.figure.as_str(), line.holds)).collect();
    assert_eq!(
        held,
        [
            ("bad_debt.mean", true),
            ("bad_debt.p95", false),
            ("insurance.exhausted", true),
            ("liquidations.late", true),
            ("pools.eth-dai.bad_debt.p95", true),
            ("pools.eth-dai.untouched", false),
            ("pools.usdc-dai.untouched", true),
        ]
    );
    assert_eq!((verdicts[5].wanted.as_str(), verdicts[5].found.as_str()), ("= true", "false"));
    assert!(verdicts[1].found.contains(" % ($"), "{}", verdicts[1].found);
}

#[test]
fn sections_that_say_nothing_are_refused_in_one_line() {
    let rows = [
        ("[assert]\n\"bad_debt.p94\" = \"<= 2%\"", "assert.\"bad_debt.p94\"", "is no figure"),
        ("[assert]\n\"bad_debt.p95\" = \"about 2\"", "assert", "is no assertion"),
        ("[assert]\n\"untouched\" = \"<= 2\"", "assert.\"untouched\"", "is true or false"),
        ("[assert]\n\"bad_debt.p95\" = \"= true\"", "assert", "is a number"),
        ("[assert]\n\"delay_s.p95\" = \"< 2%\"", "assert", "no share"),
        ("[assert]\n\"pools.no.untouched\" = \"= true\"", "assert", "no pool of the scenario"),
        ("[assert]\n\"delay_s.p95\" = \"< bad_debt.p95\"", "assert", "not of one unit"),
        ("[assert]\n\"bad_debt.p95\" = 2", "assert", "invalid type"),
        ("[sweep]\n\"oracle.lag_s\" = []", "sweep", "has no values"),
        ("[sweep]\n\"oracle.lag_s\" = [60, 60]", "sweep", "has the value 60 twice"),
    ];
    for (section, key, reason) in rows {
        let error = parse("bad.toml", &with(section)).unwrap_err().to_string();
        assert!(error.starts_with(&format!("bad.toml: {key}")), "{error}");
        assert!(error.contains(reason) && !error.contains('\n'), "{section}: {error}");
    }
}

#[test]
fn a_sweep_keeps_its_values_as_they_are_written() {
    let text = with("[sweep]\n\"oracle.lag_s\" = [60, 600]\n\"a.b\" = [\"1.50\", true, 0.25]");
    let sweep = parse("sweep.toml", &text).unwrap().sweep.0;
    assert_eq!(
        (sweep[0].key.as_str(), &sweep[0].values[..]),
        ("a.b", &["1.50", "true", "0.25"].map(String::from)[..])
    );
    assert_eq!(sweep[1].values, ["60", "600"]);
}
