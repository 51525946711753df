//! Campaigns on the command line.

use std::{fs, path::Path, thread, time::Duration};

use crate::{cofferdam, refusal, small_scenario};

fn read(dir: &Path, name: &str) -> Vec<u8> {
    fs::read(dir.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Few people, quarter-hour steps and a short warm-up: a path takes little without optimisation.
fn tiny(dir: &Path, more: &str) -> std::path::PathBuf {
    let path = small_scenario(dir);
    let text = fs::read_to_string(&path)
        .unwrap()
        .replace("count = 14", "count = 4")
        .replace("count = 12", "count = 2")
        .replace("step_s = 600", "step_s = 900")
        .replace("warmup_s = 2_592_000", "warmup_s = 3_600");
    fs::write(&path, format!("{text}\n{more}\n")).unwrap();
    path
}

#[test]
fn shards_of_many_commands_are_the_result_of_one() {
    let dir = tempfile::tempdir().unwrap();
    let (scenario, one, many) =
        (tiny(dir.path(), ""), dir.path().join("one"), dir.path().join("many"));
    let stress = ["stress", text(&scenario), "--paths", "4"];
    let run = cofferdam().args(stress).args(["--jobs", "2", "--out"]).arg(&one).assert().success();
    let table = String::from_utf8(run.get_output().stdout.clone()).unwrap();
    assert!(table.contains("VaR 95 %") && table.contains("summary.json"), "{table}");
    assert!(String::from_utf8_lossy(&read(&one, "report.html")).contains("<svg"));

    let plan = many.join("plan.json");
    let verb = ["stress", "plan", text(&scenario), "--paths", "4", "--shards", "4", "-o"];
    cofferdam().args(verb).arg(&plan).assert().success();
    for shards in ["2..4", "0", "1..2"] {
        cofferdam().args(["stress", "shard", text(&plan), shards]).assert().success();
    }
    let again = cofferdam().args(["stress", "shard", text(&plan), "0..4"]).assert().success();
    let again = String::from_utf8(again.get_output().stdout.clone()).unwrap();
    assert_eq!(again.matches("was there").count(), 4, "{again}");
    cofferdam().args(["stress", "merge", text(&plan)]).assert().success();
    for name in ["summary.json", "paths.csv", "plan.json"] {
        assert_eq!(read(&one, name), read(&many, name), "{name}");
    }
}

#[test]
fn a_killed_campaign_goes_on_where_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let scenario = tiny(dir.path(), "");
    let (whole, cut) = (dir.path().join("whole"), dir.path().join("cut"));
    let args = ["stress", text(&scenario), "--paths", "8", "--out"];
    cofferdam().args(args).arg(&whole).assert().success();
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_cofferdam"))
        .args(args)
        .args([text(&cut), "--jobs", "1"])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    while shards(&cut) == 0 && child.try_wait().unwrap().is_none() {
        thread::sleep(Duration::from_millis(1));
    }
    let _ = child.kill();
    let _status = child.wait().unwrap();
    let before = shards(&cut);
    assert!(before > 0 && !cut.join("summary.json").exists(), "the kill came too late");
    let run = cofferdam().args(args).arg(&cut).assert().success();
    let told = String::from_utf8(run.get_output().stderr.clone()).unwrap();
    assert!(told.contains(&format!("{before} from before")), "{told}");
    for name in ["summary.json", "paths.csv"] {
        assert_eq!(read(&whole, name), read(&cut, name), "{name}");
    }
}

fn shards(dir: &Path) -> usize {
    let Ok(plans) = fs::read_dir(dir.join("shards")) else { return 0 };
    let files = plans.flatten().flat_map(|plan| fs::read_dir(plan.path()).unwrap().flatten());
    files.filter(|file| file.path().extension().is_some_and(|end| end == "shard")).count()
}

#[test]
fn an_assertion_that_does_not_hold_is_exit_code_1_and_its_line() {
    let dir = tempfile::tempdir().unwrap();
    let (scenario, out) = (tiny(dir.path(), ""), dir.path().join("out"));
    let own = fs::read_to_string(&scenario).unwrap();
    let (before, after) = own.split_once("\n[assert]\n").unwrap();
    let (_, after) = after.split_once("\n\n").unwrap();
    let lines = "\"pools.usdc-dai.untouched\" = \"= true\"\n\"bad_debt.mean\" = \"<= 0\"";
    fs::write(&scenario, format!("{before}\n[assert]\n{lines}\n\n{after}")).unwrap();
    let output = cofferdam()
        .args(["stress", text(&scenario), "--paths", "1", "--out", text(&out)])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    let error = error.lines().last().unwrap();
    assert!(
        error.starts_with("error: assert \"bad_debt.mean\" = \"<= 0\" does not hold: it is $"),
        "{error}"
    );
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.contains("assert \"pools.usdc-dai.untouched\" = \"= true\" holds: true"),
        "{said}"
    );
    assert!(out.join("summary.json").exists());
}

#[test]
fn sweeps_and_advice_leave_their_evidence() {
    let dir = tempfile::tempdir().unwrap();
    let (scenario, out) = (tiny(dir.path(), ""), dir.path().join("out"));
    let verb = ["stress", "sweep", text(&scenario), "--paths", "1", "--out", text(&out)];
    let axes = ["--vary", "oracle.lag_s=1800,7200", "--vary", "keepers.count=1,2"];
    cofferdam().args(verb).args(axes).assert().success();
    let csv = String::from_utf8(read(&out, "sweep.csv")).unwrap();
    assert_eq!(csv.lines().count(), 5, "{csv}");
    assert!(read(&out, "sweep-0.svg").starts_with(b"<svg"));
    let question =
        ["--key", "pools.eth-dai.DAI.insurance", "--smallest", "--between", "0..100000000"];
    let target = ["--step", "25000000", "--target", "bad_debt.suppliers.max <= 0"];
    let advise = ["advise", text(&scenario), "--paths", "2", "--out", text(&out)];
    let run = cofferdam().args(advise).args(question).args(target).assert().success();
    let said = String::from_utf8(run.get_output().stdout.clone()).unwrap();
    assert!(said.contains("the smallest value with bad_debt.suppliers.max <= 0 is "), "{said}");
    let advice: serde_json::Value = serde_json::from_slice(&read(&out, "advice.json")).unwrap();
    assert!(advice["trials"].as_array().unwrap().len() > 2, "{advice}");
}

#[test]
fn a_break_replays() {
    let dir = tempfile::tempdir().unwrap();
    let (scenario, out) = (tiny(dir.path(), ""), dir.path().join("out"));
    let args = ["break", text(&scenario), "--paths", "1", "--shocks", "price", "--out", text(&out)];
    let run = cofferdam().args(args).assert().success();
    let said = String::from_utf8(run.get_output().stdout.clone()).unwrap();
    assert!(said.contains("bad_debt.suppliers.max > 1 from "), "{said}");
    let broken = out.join("break-price.toml");
    cofferdam().args(["run", text(&broken), "--out", text(&out)]).assert().success();
    let summary: serde_json::Value = serde_json::from_slice(&read(&out, "summary.json")).unwrap();
    let paid = summary["pools"][0]["reserves"][1]["bad_debt"]["suppliers"].as_str().unwrap();
    assert!(paid.parse::<u128>().unwrap() > 1_000_000_000, "{paid}");
}

#[test]
fn every_policy_has_its_row() {
    let dir = tempfile::tempdir().unwrap();
    let (scenario, out) = (tiny(dir.path(), ""), dir.path().join("out"));
    let args =
        ["stress", text(&scenario), "--paths", "1", "--policies", "all", "--out", text(&out)];
    let run = cofferdam().args(args).assert().success();
    let said = String::from_utf8(run.get_output().stdout.clone()).unwrap();
    let row = |name: &str| -> Vec<u64> {
        let line = said.lines().find(|line| line.starts_with(&format!("{name} "))).unwrap();
        let cells = line.split_whitespace().skip(1).map(|cell| cell.replace(',', ""));
        cells.map(|cell| cell.parse().unwrap()).collect()
    };
    // Bad debt, fees, insurance, suppliers, deficit, uncollected.
    let (own, haircut, deficit) = (row("waterfall"), row("haircut"), row("deficit"));
    assert!(own[2] > 0 && own[3] > 0, "{said}");
    assert!(haircut[1] == 0 && haircut[2] == 0 && haircut[3] > own[3], "{said}");
    assert!(deficit[3] == 0 && deficit[4] > 0, "{said}");
}

#[test]
fn a_report_has_the_figures_that_were_validated() {
    let dir = tempfile::tempdir().unwrap();
    let (scenario, out, figures) =
        (tiny(dir.path(), ""), dir.path().join("out"), dir.path().join("figures"));
    let validate = ["stress", "validate", "--quick", "--only", "B6", "--out", text(&figures)];
    let run = cofferdam().args(validate).assert().success();
    let said = String::from_utf8(run.get_output().stdout.clone()).unwrap();
    let first = said.lines().find(|line| line.starts_with("B6")).unwrap();
    let validation: serde_json::Value =
        serde_json::from_slice(&read(&figures, "validation.json")).unwrap();
    let rows = validation["rows"].as_array().unwrap();
    let figure = rows[0]["figure"].as_str().unwrap();
    assert!(first.contains(figure), "{first}");

    let file = figures.join("validation.json");
    let stress = ["stress", text(&scenario), "--paths", "1", "--out", text(&out)];
    cofferdam().args(stress).args(["--validation", text(&file)]).assert().success();
    for page in [read(&out, "report.html"), read(&figures, "report.html")] {
        let page = String::from_utf8(page).unwrap();
        let (_, section) = page.split_once("<section id=\"validation\">").unwrap();
        let (section, _) = section.split_once("</section>").unwrap();
        let count = section.matches("<th scope=\"row\">").count();
        assert_eq!(count, rows.len(), "{section}");
        assert!(section.contains("<th scope=\"row\">B6 "), "{section}");
        assert!(section.contains(">agrees</span>"), "{section}");
    }
    let (code, line) = refusal(&["stress", text(&scenario), "--validation", "nowhere.json"]);
    assert_eq!(code, 2, "{line}");
    assert!(line.contains("nowhere.json"), "{line}");
}

#[test]
fn wrong_campaigns_are_one_line() {
    let dir = tempfile::tempdir().unwrap();
    let scenario = tiny(dir.path(), "");
    let (scenario, missing) = (text(&scenario), dir.path().join("none.json"));
    let advise = ["advise", scenario, "--key", "oracle.lag_s", "--largest", "--between"];
    let rows: [(Vec<&str>, &str); 9] = [
        (vec!["stress"], "no scenario given"),
        (vec!["stress", "nowhere.toml"], "nowhere.toml"),
        (vec!["stress", scenario, "--set", "x"], "is no change"),
        (vec!["stress", scenario, "--set", "oracle.lagg_s=1"], "oracle.lagg_s"),
        (vec!["stress", scenario, "--paths", "0"], "paths are 1 to"),
        (vec!["stress", scenario, "--policies", "mercy"], "mercy"),
        (vec!["stress", "shard", text(&missing), "0"], "none.json"),
        (vec!["stress", "sweep", scenario], "no axis"),
        ([&advise[..], &["5..1", "--target", "bad_debt.p95 <= 1%"]].concat(), "above its start"),
    ];
    for (args, reason) in rows {
        let (code, line) = refusal(&args);
        assert_eq!(code, 2, "{line}");
        assert!(line.contains(reason), "{line}");
    }
}
