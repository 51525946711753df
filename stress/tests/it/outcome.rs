use std::fs;
use std::path::Path;

use cofferdam_stress::outcome::{
    BadDebt, HealthDistribution, NativeAmount, Summary, write_outputs,
};
use serde_json::json;

use crate::fixture;

#[test]
fn summary_json_has_the_agreed_keys() {
    let summary = fixture::run().summary;
    let value = serde_json::to_value(&summary).expect("serialises");
    let pool = &value["pools"][0];
    let reserve = &pool["reserves"][1];
    assert_eq!(value["scenario"], "black-thursday");
    assert_eq!(value["seed"], 21_412);
    assert_eq!(value["state_root"], "5b".repeat(32));
    assert_eq!(
        value["transactions"],
        json!({"submitted": 6_412, "succeeded": 6_299, "failed": 101, "rejected": 12})
    );
    assert_eq!((&pool["name"], &pool["role"]), (&json!("eth-dai"), &json!("shocked")));
    assert_eq!(pool["accounts_hash"]["before"], "1a".repeat(32));
    assert_eq!(
        *reserve,
        json!({
            "symbol": "DAI",
            "decimals": 9,
            "bad_debt": {
                "recognised": "5670000000000000",
                "fees": "76543000000000",
                "insurance": "500000000000000",
                "suppliers": "5000000000000000",
                "deficit": "93457000000000",
            },
            "uncollected": "0",
            "share_price": {"before": "1.002465", "after": "0.968166"},
            "insurance_fund": {"before": "500000000000000", "after": "0"},
            "liquidations": {"executed": 71, "late": 38, "missed": 6},
        })
    );
    let read: Summary = serde_json::from_value(value).expect("reads back");
    assert_eq!(read, summary);
}

#[test]
fn an_amount_beyond_a_double_survives_json() {
    let text = serde_json::to_string(&NativeAmount(u128::MAX)).expect("serialises");
    assert_eq!(text, format!("\"{}\"", u128::MAX));
    assert_eq!(
        serde_json::from_str::<NativeAmount>(&text).expect("reads"),
        NativeAmount(u128::MAX)
    );
    let error = serde_json::from_str::<NativeAmount>("\"1.5\"").expect_err("no whole number");
    assert!(error.to_string().starts_with("`1.5` is no whole number of native units"));
}

#[test]
fn attribution_is_exact() {
    let [zero, one, two, three] = [0, 1, 2, 3].map(NativeAmount);
    let debt = |recognised| BadDebt { recognised, fees: one, suppliers: one, ..BadDebt::default() };
    assert!(debt(two).is_attributed());
    assert!(!debt(one).is_attributed());
    assert!(!debt(three).is_attributed());
    let huge = NativeAmount(u128::MAX);
    let overflow = BadDebt { fees: huge, insurance: two, suppliers: zero, ..debt(one) };
    assert!(!overflow.is_attributed());
    // What nobody has paid yet counts too.
    assert!(BadDebt { deficit: one, ..debt(three) }.is_attributed());
    assert!(!BadDebt { deficit: huge, ..debt(one) }.is_attributed());
}

#[test]
fn healths_fall_into_bins_and_none_is_lost() {
    let before = [Some(0), Some(999), Some(1_000), Some(9_999), Some(10_000), None];
    let after = [Some(25_000), Some(u64::MAX), None, None, Some(24_999), None];
    let counted = HealthDistribution::count("p", before, after);
    let mut expected = vec![0; 26];
    (expected[0], expected[1], expected[9], expected[10]) = (2, 1, 1, 1);
    assert_eq!((counted.before, counted.debt_free_before), (expected, 1));
    let mut expected = vec![0; 26];
    (expected[24], expected[25]) = (1, 2);
    assert_eq!((counted.after, counted.debt_free_after), (expected, 3));
}

#[test]
fn outputs_are_whole_and_nothing_else_is_left() {
    let root = tempfile::tempdir().expect("a directory");
    let dir = root.path().join("out/black-thursday");
    let summary = fixture::run().summary;
    for html in ["<p>first</p>", "<p>second</p>"] {
        let files = write_outputs(&dir, &summary, html, "[]").expect("written");
        assert_eq!(fs::read_to_string(&files.report).unwrap(), html);
        assert_eq!(fs::read_to_string(&files.journal).unwrap(), "[]");
        let text = fs::read_to_string(&files.summary).unwrap();
        assert_eq!(serde_json::from_str::<Summary>(&text).unwrap(), summary);
    }
    assert_eq!(names(&dir), ["journal.json", "report.html", "summary.json"]);
}

#[test]
fn a_failed_write_names_the_file_and_leaves_no_part_of_it() {
    let root = tempfile::tempdir().expect("a directory");
    // A directory in the file's place makes the rename fail after the bytes were written.
    fs::create_dir_all(root.path().join("report.html/taken")).expect("made");
    let error = write_outputs(root.path(), &fixture::run().summary, "", "[]").expect_err("fails");
    assert_eq!(error.path, root.path().join("report.html"));
    assert!(error.to_string().contains("report.html: cannot write it: "));
    assert_eq!(names(root.path()), ["journal.json", "report.html"]);
}

fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).expect("a directory");
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
